package dev.holdfast.codec;

/** The bytes name a class that {@link ClassRules} refuse. It was neither loaded nor initialised. */
public final class DeniedClassException extends CodecException {

    private static final long serialVersionUID = 1L;

    private final String className;
    private final boolean dangerous;

    DeniedClassException(String className, boolean dangerous, String message, Throwable cause) {
        super(message, cause);
        this.className = className;
        this.dangerous = dangerous;
    }

    /** The class, as {@link Class#getName()} would give it. */
    public String className() {
        return className;
    }

    /** Whether it is known from attacks, so that no setting allows it. */
    public boolean isDangerous() {
        return dangerous;
    }
}
