package dev.holdfast.session;

/** Another request has used the session exclusively for longer than this one may wait. Nothing was read or written. */
public final class SessionLockedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param message what happened, for an operator */
    SessionLockedException(String message) {
        // Many requests may get one at a time, and where they waited says nothing.
        super(message, null, false, false);
    }
}
