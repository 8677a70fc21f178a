package dev.holdfast.codec;

import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.util.Util;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What types that are written as numbers are called, for the filter of class names. Several classes of the JDK may share
 * a number, as all lists of {@code List.of} do: it then is enough that the filter allows one of them. Thread-safe.
 */
final class NumberedNames {

    private final ClassLookup classes;
    private final Map<Integer, Set<String>> aliases = new HashMap<>();
    private final Map<Integer, Boolean> answers = new ConcurrentHashMap<>();

    NumberedNames(NumberedTypes types, ClassLookup classes) {
        this.classes = classes;
        types.aliases()
                .forEach((type, registration) -> aliases.computeIfAbsent(registration.getId(), id -> new HashSet<>())
                        .add(type.getName()));
    }

    /** @throws RefusedClass if the filter refuses the type */
    void check(Registration type) {
        if (!answers.computeIfAbsent(type.getId(), id -> isAllowed(type))) {
            throw new RefusedClass(nameOf(type));
        }
    }

    private boolean isAllowed(Registration type) {
        // A box says itself what is in it; strings are only asked about where they are an attribute themselves.
        return type.getId() == JdkTypes.BOX
                || type.getType() == String.class
                || classes.allows(nameOf(type))
                || aliases.getOrDefault(type.getId(), Set.of()).stream().anyMatch(classes::allows);
    }

    private static String nameOf(Registration type) {
        Class<?> named = type.getType() == StreamList.class ? StreamList.TYPE : type.getType();
        return (named.isPrimitive() ? Util.getWrapperClass(named) : named).getName();
    }
}
