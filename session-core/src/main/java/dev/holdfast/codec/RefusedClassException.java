package dev.holdfast.codec;

/** The bytes name a class that the {@link ClassNameFilter} refuses. It was not loaded. */
public final class RefusedClassException extends CodecException {

    private static final long serialVersionUID = 1L;

    private final String className;

    RefusedClassException(String className, String message, Throwable cause) {
        super(message, cause);
        this.className = className;
    }

    /** The class, as {@link Class#getName()} would give it. */
    public String className() {
        return className;
    }
}
