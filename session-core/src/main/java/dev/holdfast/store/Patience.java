package dev.holdfast.store;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * How long one call waits for the store. Only time in which this process ran is counted: when a garbage collection, a
 * throttled container or a virtual machine that was moved is over, the answer lies in the buffer of the socket, and is
 * read before the store is said to be silent. Waits are cut into slices, and a slice counts for no more than its length,
 * however late the thread woke. For one thread.
 */
public final class Patience {

    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final LongSupplier nanoTicker;
    private long leftNanos;
    private long spentNanos;
    private boolean isExtended;

    /** @param limit the longest wait, over all steps of the call; zero means that only what is there already counts */
    public Patience(Duration limit) {
        this(limit, System::nanoTime);
    }

    Patience(Duration limit, LongSupplier nanoTicker) {
        this.leftNanos = limit.toNanos();
        this.nanoTicker = nanoTicker;
    }

    /** How long was waited, without the time in which this process stood still. */
    public long spentNanos() {
        return spentNanos;
    }

    /**
     * Waits for a result, and cancels what is late: a command that has not been sent yet is then never sent.
     *
     * @throws TimeoutException if it has not come in time
     */
    public <T> T await(Future<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        try {
            while (true) {
                long slice = Math.min(SLICE_NANOS, leftNanos);
                long began = nanoTicker.getAsLong();
                try {
                    return future.get(slice, TimeUnit.NANOSECONDS);
                } catch (TimeoutException e) {
                    if (leftNanos <= slice && !isExtended(nanoTicker.getAsLong() - began)) {
                        throw e;
                    }
                } finally {
                    long counted = Math.min(nanoTicker.getAsLong() - began, slice);
                    leftNanos -= counted;
                    spentNanos += counted;
                }
            }
        } catch (TimeoutException | InterruptedException e) {
            future.cancel(true);
            throw e;
        }
    }

    /** If it stood still in its last slice, there is one more, and only one: a process may be short of time for long. */
    private boolean isExtended(long lastNanos) {
        if (isExtended || lastNanos < 2 * SLICE_NANOS) {
            return false;
        }
        isExtended = true;
        leftNanos += SLICE_NANOS;
        return true;
    }
}
