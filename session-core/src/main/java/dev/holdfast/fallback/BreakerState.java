package dev.holdfast.fallback;

/** What a {@link CircuitBreaker} does with calls at present. Guarded by the breaker. */
sealed interface BreakerState permits ClosedState, OpenState, HalfOpenState {

    /** Whether calls go through. */
    boolean permitsCalls();

    /** A call that went through has got an answer. */
    default BreakerState succeeded() {
        return this;
    }

    /** A call that went through has got none. */
    default BreakerState failed() {
        return this;
    }
}
