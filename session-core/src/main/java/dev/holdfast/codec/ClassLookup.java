package dev.holdfast.codec;

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

    ClassLookup(ClassLoader application) {
        this.application = application;
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
     * @param name as {@link Class#getName()} gives it: arrays as {@code [Lname;}, primitives by their keyword
     * @throws ClassNotFoundException if neither the web application nor we know it
     */
    Class<?> byName(String name) throws ClassNotFoundException {
        Class<?> primitive = PRIMITIVES.get(name);
        if (primitive != null) {
            return primitive;
        }
        try {
            return Class.forName(name, false, application);
        } catch (ClassNotFoundException notThere) {
            // A container may hide the JDK's outer modules and its own classes from web applications.
            return Class.forName(name, false, ClassLookup.class.getClassLoader());
        }
    }
}
