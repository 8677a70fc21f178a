package dev.holdfast.store.redis;

import dev.holdfast.store.StoreException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;

/**
 * The connections of one node to Redis, shared by all that needs Redis. Thread-safe.
 *
 * <p>Once open, connections are made again by themselves after a failure.
 */
public final class RedisConnections implements AutoCloseable {

    private static final long SHUTDOWN_MILLIS = 2000;

    private final RedissonClient client;
    private final StoreFaults faults;
    private final AtomicBoolean closed = new AtomicBoolean();

    private RedisConnections(RedissonClient client, StoreFaults faults) {
        this.client = client;
        this.faults = faults;
    }

    /**
     * Connects. Takes up to some seconds: not a task for the thread of a request.
     *
     * @param source where Redis is
     * @param operationTimeout the longest that a single command may take
     * @return the connections
     * @throws StoreException if there is no connection, or user or password are refused
     */
    public static RedisConnections open(RedisSource source, Duration operationTimeout) {
        StoreFaults faults = new StoreFaults(source.toString());
        try {
            return new RedisConnections(Redisson.create(source.config(operationTimeout)), faults);
        } catch (RuntimeException e) {
            throw faults.classify(e, "connect", UriConfig.LEAST_TIMEOUT);
        }
    }

    RedissonClient client() {
        return client;
    }

    StoreFaults faults() {
        return faults;
    }

    /** Closes the connections and ends their threads. Idempotent. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            client.shutdown(0, SHUTDOWN_MILLIS, TimeUnit.MILLISECONDS);
        }
    }
}
