package dev.holdfast.session;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A kind of trouble that may come with every request: it is told once, then once a minute with its count, so that a log does
 * not hide what else there is to read. Thread-safe.
 */
public final class Recurrence {

    private static final long QUIET_NANOS = 60_000_000_000L;

    private final LongSupplier nanoTicker;
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong lastToldNanos;

    /**
     * A kind of trouble that has not come yet.
     *
     * @param nanoTicker passes of time in nanoseconds, from any beginning, as {@link System#nanoTime()}
     */
    public Recurrence(LongSupplier nanoTicker) {
        this.nanoTicker = nanoTicker;
        this.lastToldNanos = new AtomicLong(nanoTicker.getAsLong() - QUIET_NANOS);
    }

    /**
     * It has come once more.
     *
     * @return whether to tell it: true for the first time, and then at most once in 60 seconds, for one of the threads that
     *     ask at the same time
     */
    public boolean isToBeTold() {
        count.incrementAndGet();
        long now = nanoTicker.getAsLong();
        long last = lastToldNanos.get();
        return now - last >= QUIET_NANOS && lastToldNanos.compareAndSet(last, now);
    }

    /** How often it has come since this object was made, told or not. */
    public long count() {
        return count.get();
    }
}
