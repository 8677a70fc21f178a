package dev.holdfast.codec;

/** The bytes are encrypted, and do not open on this node: who opens them has said why. */
public final class EncryptedException extends CodecException {

    private static final long serialVersionUID = 1L;

    EncryptedException() {
        super(
                "The attribute is encrypted, or was to be, and does not open on this node; HF-230, HF-231 or HF-232 in the log"
                        + " says why");
    }
}
