package dev.holdfast.session;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * When a local copy was used, what the store has been told of it and was asked for it, and whether the container has it
 * in use. Thread-safe; times are nanoseconds of a ticker.
 */
final class UseTimes {

    /** The end of a request is told to the store if it took longer than this part of the max-inactive interval. */
    private static final int USE_ACCURACY = 30;

    /** A session that a request goes on using is kept when this part of the max-inactive interval has passed. */
    private static final int KEEPING_ACCURACY = 3;

    private final LongSupplier nanoTicker;

    /** Requests of the container that have been given the session and are not yet recycled. */
    private final AtomicInteger containerUses = new AtomicInteger();

    private volatile long usedNanos;

    /** When the store was last told of a use, from which it counts idle time. Looks outside requests are none. */
    private volatile long toldNanos;

    /** When the store was last asked for what is new, and has answered. */
    private volatile long askedNanos;

    private volatile long answeredNanos;

    /** Of a copy that was made just now. */
    UseTimes(LongSupplier nanoTicker) {
        this.nanoTicker = nanoTicker;
        this.usedNanos = nanoTicker.getAsLong();
        this.askedNanos = usedNanos;
        this.answeredNanos = usedNanos;
        this.toldNanos = usedNanos;
    }

    /** Somebody has looked at it. */
    void used() {
        usedNanos = nanoTicker.getAsLong();
    }

    /** How long nobody has looked at it. */
    long idleNanos() {
        return nanoTicker.getAsLong() - usedNanos;
    }

    /** The store counts idle time from now on. */
    void told() {
        used();
        toldNanos = usedNanos;
    }

    /**
     * Whether the store counts idle time from a moment that lies back by more than a small part of the interval.
     *
     * @param maxInactiveSeconds the interval; 0 or less means for ever
     */
    boolean isBehind(int maxInactiveSeconds) {
        return isUntoldFor(maxInactiveSeconds, USE_ACCURACY);
    }

    /**
     * Whether the session would soon end if the store heard nothing.
     *
     * @param maxInactiveSeconds the interval; 0 or less means for ever
     */
    boolean endsSoon(int maxInactiveSeconds) {
        return isUntoldFor(maxInactiveSeconds, KEEPING_ACCURACY);
    }

    /**
     * Whether nobody of this node has used the session for as long as it may be idle.
     *
     * @param maxInactiveSeconds the interval; 0 or less means for ever
     */
    boolean isOver(int maxInactiveSeconds) {
        return isUntoldFor(maxInactiveSeconds, 1);
    }

    /** How long ago the store was last told of a use, or would have been if it was there, in milliseconds. */
    long untoldMillis() {
        return TimeUnit.NANOSECONDS.toMillis(nanoTicker.getAsLong() - toldNanos);
    }

    private boolean isUntoldFor(int maxInactiveSeconds, int part) {
        return maxInactiveSeconds > 0
                && nanoTicker.getAsLong() - toldNanos > TimeUnit.SECONDS.toNanos(maxInactiveSeconds) / part;
    }

    /** The store has just answered a question for what is new. */
    void asked(long nanos) {
        askedNanos = nanos;
        answeredNanos = nanoTicker.getAsLong();
    }

    /** When the store was last asked for what is new. */
    long askedNanos() {
        return askedNanos;
    }

    /** When the answer to the question of {@link #askedNanos()} was there. */
    long answeredNanos() {
        return answeredNanos;
    }

    void beginContainerUse() {
        containerUses.incrementAndGet();
    }

    void endContainerUse() {
        containerUses.updateAndGet(uses -> Math.max(0, uses - 1));
    }

    boolean isUsedByContainer() {
        return containerUses.get() > 0;
    }
}
