package dev.holdfast.session;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A kind of trouble that may come with every request: it is told once, then once a minute with its count. Thread-safe. */
final class Recurrence {

    private static final long QUIET_NANOS = 60_000_000_000L;

    private final LongSupplier nanoTicker;
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong lastToldNanos;

    Recurrence(LongSupplier nanoTicker) {
        this.nanoTicker = nanoTicker;
        this.lastToldNanos = new AtomicLong(nanoTicker.getAsLong() - QUIET_NANOS);
    }

    /** It has come once more; whether to tell it. */
    boolean isToBeTold() {
        count.incrementAndGet();
        long now = nanoTicker.getAsLong();
        long last = lastToldNanos.get();
        return now - last >= QUIET_NANOS && lastToldNanos.compareAndSet(last, now);
    }

    /** How often it has come. */
    long count() {
        return count.get();
    }
}
