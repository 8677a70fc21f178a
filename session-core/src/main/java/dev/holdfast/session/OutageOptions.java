package dev.holdfast.session;

import java.time.Duration;

/**
 * What requests do when the store does not answer.
 *
 * @param requestBudget how long a request may wait for the store, over all its calls; more than zero
 * @param unknownIsNew whether a session that this node has no copy of counts as unknown; otherwise the look-up fails
 */
public record OutageOptions(Duration requestBudget, boolean unknownIsNew) {

    /** Nothing is guessed, and only the time-out of each call limits a request. */
    static final OutageOptions STRICT = new OutageOptions(Duration.ofMinutes(1), false);

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if the budget is not more than zero
     */
    public OutageOptions {
        if (requestBudget.isNegative() || requestBudget.isZero()) {
            throw new IllegalArgumentException("requestBudget is " + requestBudget + " (more than zero)");
        }
    }
}
