package dev.holdfast.store;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The end of somebody's patience, over all steps that it takes: those of one call to Redis, or those of the stop of a
 * node. Handed on from step to step, so that their waits do not add up. Immutable.
 */
public final class Deadline {

    private final long endNanos;

    private Deadline(long endNanos) {
        this.endNanos = endNanos;
    }

    /** A deadline that begins to run now. */
    public static Deadline in(Duration timeout) {
        return new Deadline(System.nanoTime() + timeout.toNanos());
    }

    /** What is left: zero when it has passed, never negative. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
    }

    /** Whether it has passed. */
    public boolean isOver() {
        return endNanos - System.nanoTime() <= 0;
    }

    /** One for the next step, after which there is still something to do: a part of what is left, but no more than so much. */
    public Deadline part(double share, Duration most) {
        long nanos = Math.min((long) (remaining().toNanos() * share), most.toNanos());
        return in(Duration.ofNanos(nanos));
    }

    /**
     * Waits for a result, and cancels what is late: a command that has not been sent yet is then never sent.
     *
     * @throws TimeoutException if it has not come in time
     */
    public <T> T await(Future<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return future.get(Math.max(0, endNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | InterruptedException e) {
            future.cancel(true);
            throw e;
        }
    }
}
