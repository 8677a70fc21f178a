package dev.holdfast.config;

/** What becomes of a request whose session another one does not give up in time. */
public enum OnLockTimeout {
    /** It is answered with status 503, and nothing of it is done. */
    UNAVAILABLE("503"),
    /** It goes on without the lock. */
    PROCEED("proceed");

    private final String word;

    OnLockTimeout(String word) {
        this.word = word;
    }

    /** The word in settings. */
    @Override
    public String toString() {
        return word;
    }
}
