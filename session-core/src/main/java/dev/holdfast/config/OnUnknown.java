package dev.holdfast.config;

/** What becomes of a request whose session this node does not know, while Redis does not answer. */
public enum OnUnknown {
    /** Its user is one without a session: the application makes a new one. */
    NEW("new"),
    /** It is answered with status 503, so that a load balancer tries the node that knows the session. */
    UNAVAILABLE("503");

    private final String word;

    OnUnknown(String word) {
        this.word = word;
    }

    /** The word in settings. */
    @Override
    public String toString() {
        return word;
    }
}
