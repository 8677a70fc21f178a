package dev.holdfast.store.redis;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * What time it is in Redis, without asking: answers of scripts carry it, and from one to the next a monotonic clock of
 * this node goes on. Thread-safe.
 *
 * <p>The time of an answer was that of some moment between the question and its arrival, so each answer bounds how far the
 * two clocks are apart. The estimate only moves if it is out of bounds: what came late says little and changes little,
 * while a clock that was set is followed with the next quick answer. The clock of the node's operating system, which may
 * be minutes off, only serves as long as there was no answer at all.
 *
 * <p>Servers of a cluster are taken to have the same time.
 */
final class StoreClock {

    private static final long UNKNOWN = Long.MIN_VALUE;
    private static final long MICROS_PER_MILLI = 1000;
    private static final long NANOS_PER_MICRO = 1000;

    private final LongSupplier nanoTime;
    private final InstantSource fallback;

    /** How far the time of Redis is ahead of the monotonic clock, in microseconds. */
    private final AtomicLong offsetMicros = new AtomicLong(UNKNOWN);

    /**
     * @param nanoTime a monotonic clock, see {@link System#nanoTime()}
     * @param fallback the time before the first answer
     */
    StoreClock(LongSupplier nanoTime, InstantSource fallback) {
        this.nanoTime = nanoTime;
        this.fallback = fallback;
    }

    /** A clock of this process. */
    static StoreClock ofThisNode() {
        return new StoreClock(System::nanoTime, InstantSource.system());
    }

    /** Before a call: what {@link #answered} needs to know. */
    long asking() {
        return nanoTime.getAsLong();
    }

    /**
     * Learns from an answer that has just arrived.
     *
     * @param storeMillis the time that it carries
     * @param askedNanos what {@link #asking} returned
     */
    void answered(long storeMillis, long askedNanos) {
        long least = storeMillis * MICROS_PER_MILLI - nanoTime.getAsLong() / NANOS_PER_MICRO;
        long most = (storeMillis + 1) * MICROS_PER_MILLI - askedNanos / NANOS_PER_MICRO;
        offsetMicros.updateAndGet(
                known -> known == UNKNOWN ? least + (most - least) / 2 : Math.max(least, Math.min(most, known)));
    }

    /** The time of Redis, in milliseconds since the epoch. */
    long millis() {
        long offset = offsetMicros.get();
        return offset == UNKNOWN
                ? fallback.millis()
                : Math.floorDiv(nanoTime.getAsLong() / NANOS_PER_MICRO + offset, MICROS_PER_MILLI);
    }
}
