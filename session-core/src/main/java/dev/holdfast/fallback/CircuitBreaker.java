package dev.holdfast.fallback;

/**
 * Stops calls to a store that does not answer, so that requests need not find out one by one. Closed: calls go through.
 * Open: none does. Half-open: a probe is under way, and its result decides. Thread-safe; no method waits.
 *
 * <p>A call that began before the breaker opened may end after it has closed again: what it says is old, and ignored.
 */
final class CircuitBreaker {

    private final BreakerOptions options;
    private final Listener listener;
    private BreakerState state;
    private int generation;

    CircuitBreaker(BreakerOptions options, Listener listener) {
        this(options, listener, false);
    }

    /** @param open whether it is open from the start, without a word */
    CircuitBreaker(BreakerOptions options, Listener listener, boolean open) {
        this.options = options;
        this.listener = listener;
        this.state = open ? new OpenState() : new ClosedState(options);
    }

    /** What a call is told when it begins, or {@link #REFUSED}. To be given back with its result. */
    static final int REFUSED = -1;

    /** Asks whether a call may begin. */
    synchronized int begin() {
        return state.permitsCalls() ? generation : REFUSED;
    }

    /** A call has got an answer. */
    synchronized void succeeded(int begun) {
        if (begun == generation) {
            state = state.succeeded();
        }
    }

    /** A call has got no answer. */
    void failed(int begun) {
        int failures;
        int calls;
        synchronized (this) {
            if (begun != generation || !(state instanceof ClosedState closed)) {
                return;
            }
            state = closed.failed();
            if (state == closed) {
                return;
            }
            generation++;
            failures = closed.failures();
            calls = closed.calls();
        }
        listener.opened(failures, calls);
    }

    /**
     * Begins a probe.
     *
     * @return false if the breaker is not open: there is nothing to find out
     */
    synchronized boolean beginProbe() {
        if (!(state instanceof OpenState)) {
            return false;
        }
        state = new HalfOpenState();
        return true;
    }

    /** The probe has got an answer, or not. */
    void endProbe(boolean answered) {
        synchronized (this) {
            if (!(state instanceof HalfOpenState)) {
                return;
            }
            state = answered ? new ClosedState(options) : new OpenState();
        }
        if (answered) {
            listener.closed();
        }
    }

    /** What made it open from the start is over. */
    void close() {
        synchronized (this) {
            if (!(state instanceof OpenState)) {
                return;
            }
            state = new ClosedState(options);
        }
        listener.closed();
    }

    synchronized boolean isClosed() {
        return state instanceof ClosedState;
    }

    /** Hears of changes, on the thread that causes them, without any lock held. */
    interface Listener {

        /**
         * Calls are no longer made.
         *
         * @param failures how many of the latest calls failed
         * @param calls how many were counted
         */
        void opened(int failures, int calls);

        /** Calls are made again. */
        void closed();
    }
}
