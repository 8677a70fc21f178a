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
    private final ClassNameFilter filter;

    ClassLookup(ClassLoader application, ClassNameFilter filter) {
        this.application = application;
        this.filter = filter;
    }

    /** For names that do not come from bytes. */
    ClassLookup unfiltered() {
        return new ClassLookup(application, ClassNameFilter.ALL);
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
     * @throws RefusedClass if the filter refuses it, or what it is an array of; it was not loaded then
     */
    Class<?> byName(String name) throws ClassNotFoundException {
        Class<?> primitive = PRIMITIVES.get(name);
        if (primitive != null) {
            return primitive;
        }
        check(name);
        if (name.startsWith("[") && name.endsWith(";")) {
            checkElement(name.substring(name.lastIndexOf('[') + 2, name.length() - 1));
        }
        try {
            return Class.forName(name, false, application);
        } catch (ClassNotFoundException notThere) {
            // A container may hide the JDK's outer modules and its own classes from web applications.
            return Class.forName(name, false, ClassLookup.class.getClassLoader());
        }
    }

    private void checkElement(String name) {
        // As a string inside of a graph: it is part of what was allowed.
        if (!name.equals(String.class.getName())) {
            check(name);
        }
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
        return filter.allows(name);
    }
}
