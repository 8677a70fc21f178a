package dev.holdfast.codec;

import org.jspecify.annotations.Nullable;

/** A class that the filter refuses, somewhere in a graph of objects. */
final class RefusedClass extends GraphException {

    private static final long serialVersionUID = 1L;
    private static final int LONGEST_CHAIN = 20;

    private final String className;

    RefusedClass(String className) {
        super("the filter of class names refuses " + className);
        this.className = className;
    }

    String className() {
        return className;
    }

    /** The refusal that is behind an exception, if there is one: code of the application may have wrapped it. */
    static @Nullable RefusedClass behind(Throwable failure) {
        Throwable current = failure;
        for (int i = 0; i < LONGEST_CHAIN && current != null; i++) {
            if (current instanceof RefusedClass refused) {
                return refused;
            }
            current = current.getCause();
        }
        return null;
    }
}
