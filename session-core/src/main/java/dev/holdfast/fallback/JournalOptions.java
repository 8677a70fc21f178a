package dev.holdfast.fallback;

import java.time.Duration;

/**
 * How much a node remembers of what it did while Redis did not answer.
 *
 * @param maxBytes the most that the journal holds, in bytes, about; 1 MiB to 16 GiB
 * @param patience how long it may take to bring what was done to one session, before that is put off: a request for this
 *     session may be waiting; more than zero
 */
public record JournalOptions(long maxBytes, Duration patience) {

    private static final long LEAST_BYTES = 1L << 20;
    private static final long MOST_BYTES = 1L << 34;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public JournalOptions {
        if (maxBytes < LEAST_BYTES || maxBytes > MOST_BYTES) {
            throw new IllegalArgumentException("journalMaxBytes is " + maxBytes + " (1 MiB to 16 GiB)");
        }
        if (patience.isNegative() || patience.isZero()) {
            throw new IllegalArgumentException("patience is " + patience + " (more than zero)");
        }
    }

    /** With the patience of a request by default. */
    JournalOptions(long maxBytes) {
        this(maxBytes, Duration.ofMillis(500));
    }
}
