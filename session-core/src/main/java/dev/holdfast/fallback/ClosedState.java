package dev.holdfast.fallback;

import java.util.BitSet;

/** Calls go through, and the latest ones are counted. */
final class ClosedState implements BreakerState {

    private final BreakerOptions options;
    private final BitSet failures;
    private int calls;
    private int next;
    private int inARow;

    ClosedState(BreakerOptions options) {
        this.options = options;
        this.failures = new BitSet(options.slidingWindowSize());
    }

    @Override
    public boolean permitsCalls() {
        return true;
    }

    @Override
    public BreakerState succeeded() {
        record(false);
        return this;
    }

    @Override
    public BreakerState failed() {
        record(true);
        return isTooMuch() ? new OpenState() : this;
    }

    private void record(boolean failure) {
        failures.set(next, failure);
        next = (next + 1) % options.slidingWindowSize();
        calls = Math.min(calls + 1, options.slidingWindowSize());
        inARow = failure ? inARow + 1 : 0;
    }

    private boolean isTooMuch() {
        boolean full = calls == options.slidingWindowSize();
        return inARow >= BreakerOptions.MOST_FAILURES_IN_A_ROW
                || (full && failures() * 100 >= options.failureRateThreshold() * calls);
    }

    /** How many of the {@link #calls()} failed. */
    int failures() {
        return failures.cardinality();
    }

    /** How many calls are counted: at most the size of the window. */
    int calls() {
        return calls;
    }
}
