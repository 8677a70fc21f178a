package dev.holdfast.codec;

/** The bytes name a class that the application does not have: another version of it may have written them. */
public final class UnknownClassException extends CodecException {

    private static final long serialVersionUID = 1L;

    private final String className;

    UnknownClassException(String className, String message, Throwable cause) {
        super(message, cause);
        this.className = className;
    }

    /** The class, as {@link Class#getName()} would give it. */
    public String className() {
        return className;
    }
}
