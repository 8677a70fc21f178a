package dev.holdfast.codec;

import java.io.ObjectStreamClass;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds classes by name: those of the web application first, as it may bring its own copy of a library. Every name that
 * was read from bytes passes through here.
 */
final class ClassLookup {

    private static final Map<String, Class<?>> PRIMITIVES = Stream.of(
                    boolean.class,
                    byte.class,
                    char.class,
                    short.class,
                    int.class,
                    long.class,
                    float.class,
                    double.class,
                    void.class)
            .collect(Collectors.toUnmodifiableMap(Class::getName, Function.identity()));

    private final ClassLoader application;
    private final CodecOptions options;

    ClassLookup(ClassLoader application, CodecOptions options) {
        this.application = application;
        this.options = options;
    }

    /** For names that do not come from bytes. */
    ClassLookup unfiltered() {
        return new ClassLookup(application, CodecOptions.DEFAULTS);
    }

    /** Whether a class comes with the JDK: its fields are closed to reflection. */
    static boolean isOfTheJdk(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return loader == null || loader == ClassLoader.getPlatformClassLoader();
    }

    ClassLoader application() {
        return application;
    }

    /**
     * The class of a name, not initialised.
     *
     * @param stored as {@link Class#getName()} gives it: arrays as {@code [Lname;}, primitives by their keyword
     * @throws ClassNotFoundException if neither the web application nor we know it
     * @throws RefusedClass if the filter refuses it, or what it is an array of; it was not loaded then
     */
    Class<?> byName(String stored) throws ClassNotFoundException {
        Class<?> primitive = PRIMITIVES.get(stored);
        if (primitive != null) {
            return primitive;
        }
        String name = today(stored);
        check(name);
        if (!name.startsWith("[")) {
            options.rules().check(name);
        } else if (name.endsWith(";")) {
            checkElement(elementOf(name));
        }
        return load(name);
    }

    private Class<?> load(String name) throws ClassNotFoundException {
        try {
            return Class.forName(name, false, application);
        } catch (ClassNotFoundException notThere) {
            // A container may hide the JDK's outer modules and its own classes from web applications.
            return Class.forName(name, false, ClassLookup.class.getClassLoader());
        }
    }

    /** What a class, or the class of an array's elements, is called here. */
    String today(String stored) {
        if (options.classAliases().isEmpty()) {
            return stored;
        }
        if (stored.startsWith("[") && stored.endsWith(";")) {
            String element = elementOf(stored);
            return stored.replace(element, options.classAliases().getOrDefault(element, element));
        }
        return options.classAliases().getOrDefault(stored, stored);
    }

    private static String elementOf(String array) {
        return array.substring(array.lastIndexOf('[') + 2, array.length() - 1);
    }

    /**
     * The version by which Java serialization knows a class: the stored one, unless the class is one of the application
     * that declares none.
     */
    long versionOf(String name, long stored) {
        try {
            boolean ours = name.equals(Outside.class.getName());
            Class<?> type = ours || name.startsWith("[") ? null : byName(name);
            ObjectStreamClass today =
                    type == null || isOfTheJdk(type) || declaresVersion(type) ? null : ObjectStreamClass.lookup(type);
            return today == null ? stored : today.getSerialVersionUID();
        } catch (ClassNotFoundException gone) {
            return stored;
        }
    }

    private static boolean declaresVersion(Class<?> type) {
        return Arrays.stream(type.getDeclaredFields())
                .anyMatch(field -> field.getName().equals("serialVersionUID"));
    }

    private void checkElement(String name) {
        // As a string inside of a graph: it is part of what was allowed.
        if (!name.equals(String.class.getName())) {
            check(name);
        }
        options.rules().check(name);
    }

    ClassRules rules() {
        return options.rules();
    }

    /**
     * Asks the filter.
     *
     * @throws RefusedClass if it refuses the class
     */
    void check(String name) {
        if (!allows(name)) {
            throw new RefusedClass(name);
        }
    }

    boolean allows(String name) {
        return options.filter().allows(name);
    }
}
