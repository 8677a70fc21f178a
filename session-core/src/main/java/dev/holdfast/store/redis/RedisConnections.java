package dev.holdfast.store.redis;

import dev.holdfast.store.Deadline;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.StoreException.Reason;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/**
 * The connections of one node to Redis, shared by all that needs Redis. Thread-safe.
 *
 * <p>Once open, connections are made again by themselves after a failure.
 */
public final class RedisConnections implements AutoCloseable {

    /** How long it takes at most to close what does not answer, unless there is less time. */
    static final Duration MOST_CLOSE = Duration.ofSeconds(3);

    private static final double CLIENT_SHARE = 0.7;

    private final RedissonClient client;
    private final DriverThreads threads;
    private final StoreFaults faults;
    private final AtomicBoolean closed = new AtomicBoolean();

    private RedisConnections(RedissonClient client, DriverThreads threads, StoreFaults faults) {
        this.client = client;
        this.threads = threads;
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
        Config config = source.config(operationTimeout);
        DriverThreads threads = DriverThreads.install(config);
        try {
            RedissonClient client = DriverThreads.underOurClassLoader(() -> Redisson.create(config));
            return new RedisConnections(client, threads, faults);
        } catch (RuntimeException e) {
            threads.close(Deadline.in(MOST_CLOSE));
            StoreException fault = faults.classify(e, "connect", UriConfig.LEAST_TIMEOUT);
            // What the driver does not even try will not mend by itself.
            throw e instanceof IllegalArgumentException
                    ? new StoreException(Reason.INCOMPATIBLE, String.valueOf(fault.getMessage()), fault)
                    : fault;
        }
    }

    RedissonClient client() {
        return client;
    }

    /** Whether the keys are spread over several servers. */
    boolean isCluster() {
        return client.getConfig().isClusterConfig();
    }

    StoreFaults faults() {
        return faults;
    }

    /** Closes the connections and ends their threads. Idempotent. */
    @Override
    public void close() {
        close(Deadline.in(MOST_CLOSE));
    }

    /** Closes the connections and ends their threads, in time. Idempotent. */
    public void close(Deadline deadline) {
        if (closed.compareAndSet(false, true)) {
            client.shutdown(
                    0, deadline.part(CLIENT_SHARE, MOST_CLOSE).remaining().toMillis(), TimeUnit.MILLISECONDS);
            threads.close(deadline.part(1, MOST_CLOSE));
        }
    }
}
