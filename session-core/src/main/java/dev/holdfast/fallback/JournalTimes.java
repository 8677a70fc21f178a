package dev.holdfast.fallback;

import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Instants of a monotonic ticker mean nothing to another process: in a file they are those of the clock of this machine.
 * When they are read back, how long ago it was is told by the same clock, so that it does not matter whether it is right,
 * only whether it was set in between. Immutable.
 */
final class JournalTimes {

    /** What is older counts as this old. */
    private static final long OLDEST_MILLIS = TimeUnit.DAYS.toMillis(365);

    private final InstantSource clock;
    private final LongSupplier ticker;

    JournalTimes(InstantSource clock, LongSupplier ticker) {
        this.clock = clock;
        this.ticker = ticker;
    }

    static JournalTimes ofThisMachine() {
        return new JournalTimes(InstantSource.system(), System::nanoTime);
    }

    /** For the file. */
    long millisOf(long nanos) {
        return clock.millis() - TimeUnit.NANOSECONDS.toMillis(ticker.getAsLong() - nanos);
    }

    /** From the file. What lies ahead was before the clock was set back: it counts as now. */
    long nanosOf(long millis) {
        long now = clock.millis();
        long age = millis > now ? 0 : millis < now - OLDEST_MILLIS ? OLDEST_MILLIS : now - millis;
        return ticker.getAsLong() - TimeUnit.MILLISECONDS.toNanos(age);
    }
}
