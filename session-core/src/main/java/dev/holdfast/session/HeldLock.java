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
    private volatile State state;
    private volatile long revision;
    private volatile boolean finished;

    /**
     * @param askedNanos when the store was asked for the lock
     * @param revision of the session as the owner has it
     */
    HeldLock(LockRequest request, long askedNanos, long revision) {
        this(request, askedNanos, revision, State.HELD);
    }

    private HeldLock(LockRequest request, long askedNanos, long revision, State state) {
        this.request = request;
        this.leasedNanos = askedNanos;
        this.revision = revision;
        this.state = state;
    }

    /** One of this node only, taken while the store is away. */
    static HeldLock here(LockRequest request) {
        return new HeldLock(request, 0, 0, State.HERE);
    }

    LockRequest request() {
        return request;
    }

    /** Whether the store was told of it, and not that it is given back. */
    boolean isHeld() {
        return state == State.HELD;
    }

    /** Whether only this node knows of it. */
    boolean isHere() {
        return state == State.HERE;
    }

    boolean isOf(LockRequest other) {
        return request.owner().equals(other.owner());
    }

    /** The revision that its owner has seen, or has written last: who has the lock after it has written a later one. */
    long revision() {
        return revision;
    }

    void wrote(long written) {
        revision = written;
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

    /** It was found not to be this owner's any more. */
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
            case GIVEN_BACK, HERE -> false;
        };
    }

    private enum State {
        HELD,
        HERE,
        GIVING_BACK,
        GIVEN_BACK,
        LOST
    }
}
