package dev.holdfast.store.redis;

import dev.holdfast.store.Deadline;
import dev.holdfast.store.StoreException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Makes connections in a thread of its own, which ends with the attempt. Any number of others may wait for it, and each of
 * them may give up without the others noticing. Thread-safe.
 */
public final class ConnectionAttempt {

    private final CompletableFuture<RedisConnections> result = new CompletableFuture<>();
    private final Thread thread;

    private ConnectionAttempt(Supplier<RedisSource> source, Duration operationTimeout) {
        this.thread = DriverThreads.newThread("holdfast-redis-connect", () -> run(source, operationTimeout));
    }

    /**
     * Begins to connect.
     *
     * @param source says where Redis is; asked in the other thread
     * @param operationTimeout see {@link RedisConnections#open}
     */
    public static ConnectionAttempt begin(Supplier<RedisSource> source, Duration operationTimeout) {
        ConnectionAttempt attempt = new ConnectionAttempt(source, operationTimeout);
        attempt.thread.start();
        return attempt;
    }

    private void run(Supplier<RedisSource> source, Duration operationTimeout) {
        try {
            RedisConnections opened = RedisConnections.open(source.get(), operationTimeout);
            if (!result.complete(opened)) {
                // Or what is to be waited for below would not be.
                boolean unused = Thread.interrupted();
                opened.close();
            }
        } catch (RuntimeException | Error failed) {
            result.completeExceptionally(failed);
        }
    }

    /**
     * Waits until it is over, and its thread has ended.
     *
     * @return the connections
     * @throws StoreException if there are none, see {@link RedisConnections#open}
     * @throws InterruptedException if the calling thread was interrupted; the attempt goes on
     */
    public RedisConnections await() throws InterruptedException {
        thread.join();
        try {
            return result.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof RuntimeException known) {
                throw known;
            }
            if (failed.getCause() instanceof Error error) {
                throw error;
            }
            throw failed;
        }
    }

    /** Whether it is over, and there are no connections. */
    public boolean hasFailed() {
        return result.isCompletedExceptionally();
    }

    /**
     * Ends it, whether it is over or not: nobody wants its connections any more. What is not given back in time comes back
     * later by itself.
     */
    public void close(Deadline deadline) {
        if (result.cancel(false)) {
            thread.interrupt();
            join(deadline);
        } else if (!result.isCompletedExceptionally()) {
            result.join().close(deadline);
        }
    }

    private void join(Deadline deadline) {
        try {
            TimeUnit.NANOSECONDS.timedJoin(thread, deadline.remaining().toNanos());
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
