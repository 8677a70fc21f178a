package dev.holdfast;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The clock of this node, as long as it is about right: otherwise sessions would begin after their own last access, which
 * is told by the time of the store. Thread-safe.
 */
final class CheckedClock implements InstantSource {

    /** Less than this is what the clocks of nodes that are kept in step may differ by, and a slow answer may hide. */
    static final Duration TOLERANCE = Duration.ofSeconds(1);

    private final InstantSource node;
    private final LongSupplier storeMillis;

    /**
     * @param node the clock of this node
     * @param storeMillis the time of the store, in milliseconds since the epoch
     */
    CheckedClock(InstantSource node, LongSupplier storeMillis) {
        this.node = node;
        this.storeMillis = storeMillis;
    }

    @Override
    public long millis() {
        long here = node.millis();
        long there = storeMillis.getAsLong();
        return Math.abs(here - there) > TOLERANCE.toMillis() ? there : here;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }
}
