package dev.holdfast;

import dev.holdfast.config.ConnectionSettings;
import dev.holdfast.config.RedisAddress;
import dev.holdfast.store.Deadline;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.StoreException.Reason;
import dev.holdfast.store.redis.ConnectionAttempt;
import dev.holdfast.store.redis.RedisConnections;
import dev.holdfast.store.redis.RedisSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A Redis and the connections to it, for one application or for several. The first user opens the connections, the last
 * one closes them; who comes later opens them again. Thread-safe.
 *
 * <p>Who wants to use it while an attempt to connect is under way waits for that one. It runs in a thread of its own, so
 * that nobody depends on who has begun it: who gives up leaves, and only when nobody is left the attempt is ended. One lock
 * guards the counts, and is never held while anybody waits.
 */
public final class SharedRedis {

    private static final Duration MOST_CLOSE = Duration.ofSeconds(2);

    private final ConnectionSettings settings;
    private final Object lock = new Object();
    private @Nullable ConnectionAttempt attempt;
    private int waiting;
    private int users;

    /** @param settings how to reach it; nothing is opened yet */
    public SharedRedis(ConnectionSettings settings) {
        this.settings = settings;
    }

    /**
     * Begins to use it. Takes up to some seconds: not a task for the thread of a request.
     *
     * @return to be closed by who has begun
     * @throws StoreException if there is no connection, or user or password are refused; or if the calling thread was
     *     interrupted
     * @throws IllegalArgumentException if the Redisson file cannot be understood
     * @throws UncheckedIOException if it cannot be read
     */
    public Use use() {
        ConnectionAttempt joined = join();
        boolean connected = false;
        try {
            Use use = new Use(this, joined.await());
            connected = true;
            return use;
        } catch (InterruptedException givenUp) {
            throw new StoreException(
                    Reason.INTERRUPTED, "HF-210 Nobody waits for Redis " + location() + " any more.", givenUp);
        } finally {
            endWait(connected);
        }
    }

    /**
     * Begins to use it by opening something.
     *
     * @param opening opens what closes the use with itself
     * @throws RuntimeException as {@link #use()} and the opening do; the use has ended then
     */
    <T> T open(Function<Use, T> opening) {
        Use use = use();
        try {
            return opening.apply(use);
        } catch (RuntimeException | Error failed) {
            // Of who gives up: what is waited for below would not be.
            boolean interrupted = Thread.interrupted();
            use.close();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            throw failed;
        }
    }

    private ConnectionAttempt join() {
        synchronized (lock) {
            ConnectionAttempt present = attempt;
            if (present == null || present.hasFailed()) {
                present = ConnectionAttempt.begin(this::source, settings.operationTimeout());
                attempt = present;
            }
            waiting++;
            return present;
        }
    }

    private void endWait(boolean connected) {
        ConnectionAttempt unused;
        synchronized (lock) {
            waiting--;
            users += connected ? 1 : 0;
            unused = takeUnused();
        }
        if (unused != null) {
            unused.close(Deadline.in(MOST_CLOSE));
        }
    }

    private void leave(Deadline deadline) {
        ConnectionAttempt unused;
        synchronized (lock) {
            users--;
            unused = takeUnused();
        }
        if (unused != null) {
            unused.close(deadline);
        }
    }

    /** To be called with the lock, and closed without it: it takes some time. */
    private @Nullable ConnectionAttempt takeUnused() {
        if (users > 0 || waiting > 0) {
            return null;
        }
        ConnectionAttempt unused = attempt;
        attempt = null;
        return unused;
    }

    private RedisSource source() {
        RedisAddress redis = settings.redis();
        if (redis != null) {
            return RedisSource.at(redis, settings.connectionPoolSize(), settings.connectTimeout());
        }
        Path file = settings.redissonConfig();
        if (file == null) {
            throw new IllegalStateException("Settings without an address of Redis");
        }
        try {
            return RedisSource.yaml(Files.readString(file), file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException("The Redisson file " + file + " cannot be read", e);
        }
    }

    /** Whether it is a Redis Cluster, as far as settings say. May throw as {@link #use()} does because of a file. */
    boolean isCluster() {
        return source().isCluster();
    }

    /** Whether anybody lives there, see {@link RedisSource#reacts}. */
    boolean reacts(Duration patience) {
        return source().reacts(patience);
    }

    /** How many use it now. */
    public int users() {
        synchronized (lock) {
            return users;
        }
    }

    /** Where it is, for a message: the URI without its password, or the Redisson file. */
    public String location() {
        return settings.location();
    }

    /** One user, from its beginning to its end. Thread-safe. */
    public static final class Use implements AutoCloseable {

        private final SharedRedis redis;
        private final RedisConnections connections;
        private final AtomicBoolean ended = new AtomicBoolean();

        private Use(SharedRedis redis, RedisConnections connections) {
            this.redis = redis;
            this.connections = connections;
        }

        String location() {
            return redis.location();
        }

        RedisConnections connections() {
            return connections;
        }

        /** Ends the use; the last one closes the connections. Idempotent. */
        @Override
        public void close() {
            close(Deadline.in(MOST_CLOSE));
        }

        /** Ends the use, in time. Idempotent. */
        void close(Deadline deadline) {
            if (ended.compareAndSet(false, true)) {
                redis.leave(deadline);
            }
        }
    }
}
