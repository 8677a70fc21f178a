package dev.holdfast.tomcat;

/**
 * A request wants a new session in the place of one that cannot be told to be its client's or not: this node cannot read
 * whom it belongs to. The cookie of the new one would take the other one away from its owner. Has no stack trace: it may
 * be many requests, and containers log each.
 */
final class UnreadableBindingException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnreadableBindingException() {
        super(
                "HF-253 The request came with a session whose client this node cannot read. It does not get this session,"
                        + " and no new one, because that would replace the cookie of one that other nodes may be able to read."
                        + " The request is answered with 503. HF-251 in the log says more.",
                null,
                false,
                false);
    }
}
