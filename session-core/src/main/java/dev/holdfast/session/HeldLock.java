package dev.holdfast.session;

import dev.holdfast.store.LockRequest;

/**
 * One request's exclusive use of one session, from the look-up until it is given back. Thread-safe.
 *
 * <p>Time is taken before Redis is asked, so that the lease lasts at least as long there as it does here.
 */
final class HeldLock {

    private final LockRequest request;
    private volatile long leasedNanos;
    private volatile State state = State.HELD;
    private volatile boolean finished;

    /** @param askedNanos when the store was asked for the lock */
    HeldLock(LockRequest request, long askedNanos) {
        this.request = request;
        this.leasedNanos = askedNanos;
    }

    LockRequest request() {
        return request;
    }

    boolean isHeld() {
        return state == State.HELD;
    }

    boolean isLost() {
        return state == State.LOST;
    }

    /** No application code of the request runs any more: if nobody gives the lock back now, the lease does. */
    void finish() {
        finished = true;
    }

    void renewed(long askedNanos) {
        leasedNanos = askedNanos;
    }

    boolean isToBeRenewed(long nowNanos) {
        return isHeld() && !finished && nowNanos - leasedNanos > request.lease().toNanos() / 3;
    }

    /** The store is about to be told that it is given back. */
    void givingBack() {
        state = State.GIVING_BACK;
    }

    /** It was given back while it was this owner's. */
    void givenBack() {
        state = State.GIVEN_BACK;
    }

    /** It was found to be another owner's. */
    void lost() {
        state = State.LOST;
    }

    /**
     * Whether this owner may have been overtaken by another one, so that what it changed and could not write must not be
     * seen. Asked when another owner has got the lock.
     */
    boolean mayBeOvertaken(long nowNanos) {
        return switch (state) {
            case HELD, LOST -> true;
            case GIVING_BACK -> nowNanos - leasedNanos >= request.lease().toNanos();
            case GIVEN_BACK -> false;
        };
    }

    private enum State {
        HELD,
        GIVING_BACK,
        GIVEN_BACK,
        LOST
    }
}
