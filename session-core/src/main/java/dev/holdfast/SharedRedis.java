package dev.holdfast;

import dev.holdfast.config.ConnectionSettings;
import dev.holdfast.config.RedisAddress;
import dev.holdfast.store.Deadline;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.redis.RedisConnections;
import dev.holdfast.store.redis.RedisSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A Redis and the connections to it, for one application or for several. The first user opens the connections, the last
 * one closes them; who comes later opens them again. Thread-safe.
 *
 * <p>One lock guards the count of users. It is held while connections are opened or closed, for some seconds at most, so
 * that there are never two sets of them.
 */
public final class SharedRedis {

    private static final Duration MOST_CLOSE = Duration.ofSeconds(2);

    private final ConnectionSettings settings;
    private final Object lock = new Object();
    private @Nullable RedisConnections connections;
    private int users;

    /** @param settings how to reach it; nothing is opened yet */
    public SharedRedis(ConnectionSettings settings) {
        this.settings = settings;
    }

    /**
     * Begins to use it.
     *
     * @return to be closed by who has begun
     * @throws StoreException if there is no connection, or user or password are refused
     * @throws IllegalArgumentException if the Redisson file cannot be understood
     * @throws UncheckedIOException if it cannot be read
     */
    public Use use() {
        synchronized (lock) {
            RedisConnections open = connections;
            if (open == null) {
                open = RedisConnections.open(source(), settings.operationTimeout());
                connections = open;
            }
            users++;
            return new Use(this, open);
        }
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

    private void leave(Deadline deadline) {
        synchronized (lock) {
            users--;
            RedisConnections open = connections;
            if (users == 0 && open != null) {
                connections = null;
                open.close(deadline);
            }
        }
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
