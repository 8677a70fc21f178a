package dev.holdfast.codec;

/** An object that cannot become bytes, or bytes that cannot become an object. Names classes, never values. */
public class CodecException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * @param message what happened
     * @param cause what the encoder said
     */
    public CodecException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * @param message what happened
     */
    public CodecException(String message) {
        super(message);
    }
}
