package dev.holdfast.fallback;

/** The file that is set for the journal cannot be used. It was left as it is. */
public final class JournalFileRefusedException extends Exception {

    private static final long serialVersionUID = 1;

    /** @param message for the operator: which file, why, and what to do */
    JournalFileRefusedException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The same without a cause. */
    JournalFileRefusedException(String message) {
        super(message);
    }
}
