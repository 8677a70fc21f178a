package dev.holdfast.codec;

import org.jspecify.annotations.Nullable;

/** A class that stands in the bytes, and that this application does not have. */
final class UnknownClass extends GraphException {

    private static final long serialVersionUID = 1L;

    private final String className;

    UnknownClass(String className, @Nullable Throwable cause) {
        super("class " + className + " is not known to the web application", cause);
        this.className = className;
    }

    String className() {
        return className;
    }
}
