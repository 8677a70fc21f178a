package dev.holdfast.store;

/**
 * The store did not answer, or refused to work. Whether what was asked has happened is not known.
 *
 * <p>The message starts with a stable code, says what happened and what to do, and carries no secret and no whole
 * session id.
 */
public class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /**
     * @param reason why the store did not answer
     * @param message what happened, for an operator
     * @param cause what the driver said
     */
    public StoreException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /**
     * @param reason why the store did not answer
     * @param message what happened, for an operator
     */
    public StoreException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    private StoreException(String message) {
        super(message, null, false, false);
        this.reason = Reason.NOT_ASKED;
    }

    /**
     * Nothing was asked. Has no stack trace: during an outage every request gets one, and containers log them.
     *
     * @param message what happened, for an operator
     */
    public static StoreException notAsked(String message) {
        return new StoreException(message);
    }

    /** Why the store did not answer. */
    public Reason reason() {
        return reason;
    }

    /**
     * Whether this is about the store as a whole, and not about one session or the calling thread: if it happens again and
     * again, asking makes no sense for a while.
     */
    public boolean isOutage() {
        return switch (reason) {
            case TIMEOUT, CONNECT, AUTH, ACL, READONLY, OOM, LOADING, CLUSTERDOWN, OTHER -> true;
            case SCRIPT, INTERRUPTED, NOT_ASKED, INCOMPATIBLE -> false;
        };
    }

    /**
     * Whether the store is away, for whatever reason: what this node knows counts until it is back. Otherwise it is there,
     * and the trouble is about one session, the calling thread, or the settings.
     */
    public boolean storeIsAway() {
        return isOutage() || reason == Reason.NOT_ASKED;
    }

    /** Why a store did not answer. The lower-case name is the {@code error_type} of metrics. */
    public enum Reason {
        /** No answer within the operation timeout. */
        TIMEOUT,
        /** No connection. */
        CONNECT,
        /** Wrong user or password. */
        AUTH,
        /** The user may not run what we need. */
        ACL,
        /** The server only reads, as a replica does. */
        READONLY,
        /** The server's memory is full. */
        OOM,
        /** The server is still loading its data. */
        LOADING,
        /** Part of the cluster is down. */
        CLUSTERDOWN,
        /** A script failed, or its answer is not understood. */
        SCRIPT,
        /** The waiting thread was interrupted. */
        INTERRUPTED,
        /** Nothing was asked, because the store has not answered for a while. */
        NOT_ASKED,
        /** The server or its data does not fit these settings. */
        INCOMPATIBLE,
        /** Anything else. */
        OTHER
    }
}
