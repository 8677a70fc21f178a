package dev.holdfast.fallback;

import dev.holdfast.store.StoreException;
import dev.holdfast.store.StoreException.Reason;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What operators hear of a store that was not there when its application started: each reason once, and a line a minute. Of
 * a store that is there in time they hear nothing. Thread-safe.
 */
final class ConnectReports {

    private static final Logger log = LoggerFactory.getLogger("dev.holdfast.fallback");
    private static final long BETWEEN_LINES_NANOS = Duration.ofMinutes(1).toNanos();

    private final String what;
    private final String location;
    private final LongSupplier nanoTime;
    private final long beganNanos;
    private final Set<Reason> told = EnumSet.noneOf(Reason.class);
    private long lineNanos;
    private boolean goesOnWithout;

    /**
     * @param what is kept there, with what happens to it meanwhile: a sentence or two
     * @param location where the store is, without a password
     * @param nanoTime a clock
     */
    ConnectReports(String what, String location, LongSupplier nanoTime) {
        this.what = what;
        this.location = location;
        this.nanoTime = nanoTime;
        this.beganNanos = nanoTime.getAsLong();
    }

    /** @param failure of the first attempt, or null if that is still under way */
    synchronized void startsWithout(@Nullable RuntimeException failure) {
        goesOnWithout = true;
        lineNanos = nanoTime.getAsLong();
        if (failure != null) {
            told.add(reasonOf(failure));
        }
        log.error(
                "HF-605 There is no Redis {} yet, and the start goes on without it. {} It is tried again in the"
                        + " background, every {} s at last; startup=\"strict\" refuses to start instead. {}",
                location,
                what,
                Backoff.LONGEST.toSeconds(),
                failure == null ? "It has not answered so far." : messageOf(failure));
    }

    /** @param attempts how many there have been, this one included */
    synchronized void failed(Throwable failure, int attempts) {
        if (!goesOnWithout) {
            return;
        }
        if (!(failure instanceof RuntimeException)) {
            log.error("HF-609 Unexpected error while Redis {} was connected to; it is tried again", location, failure);
            return;
        }
        Reason reason = reasonOf(failure);
        if (told.add(reason)) {
            tellFirst(reason, failure);
        } else if (nanoTime.getAsLong() - lineNanos >= BETWEEN_LINES_NANOS) {
            log.warn(
                    "HF-608 There is still no Redis {}, after {} s and {} attempts. {} {}",
                    location,
                    seconds(),
                    attempts,
                    what,
                    messageOf(failure));
        } else {
            return;
        }
        lineNanos = nanoTime.getAsLong();
    }

    private void tellFirst(Reason reason, Throwable failure) {
        if (reason == Reason.INCOMPATIBLE) {
            log.error(
                    "HF-609 Redis {} is there now, but does not fit. It would have kept the application from starting."
                            + " {} It is tried again all the same. {}",
                    location,
                    what,
                    messageOf(failure));
        } else {
            log.error(
                    "HF-606 There is no Redis {} yet, and this is why now. {} It is tried again by itself.",
                    location,
                    messageOf(failure));
        }
    }

    /** @param attempts how many it took */
    synchronized void connected(int attempts) {
        if (goesOnWithout) {
            log.warn(
                    "HF-607 Redis {} is there, {} s after the start and at attempt {}. From now on it is used.",
                    location,
                    seconds(),
                    attempts);
        }
    }

    private long seconds() {
        return TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong() - beganNanos);
    }

    private static Reason reasonOf(Throwable failure) {
        return failure instanceof StoreException known ? known.reason() : Reason.OTHER;
    }

    static String messageOf(Throwable failure) {
        return failure instanceof StoreException ? String.valueOf(failure.getMessage()) : failure.toString();
    }
}
