package dev.holdfast;

import dev.holdfast.codec.KryoAttributeCodec;
import dev.holdfast.config.OnLockTimeout;
import dev.holdfast.config.RedisAddress;
import dev.holdfast.config.Settings;
import dev.holdfast.expiry.Sweeper;
import dev.holdfast.expiry.Sweeper.EndOfSession;
import dev.holdfast.session.AttributeFilter;
import dev.holdfast.session.LockOptions;
import dev.holdfast.session.SessionRepository;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.redis.RedisSessionStore;
import dev.holdfast.store.redis.RedisSource;
import dev.holdfast.store.redis.RedisStoreOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;

/** The sessions of one application on this node, from its start to its stop. Thread-safe. */
public final class Holdfast implements AutoCloseable {

    private final SessionStore store;
    private final SessionRepository sessions;
    private final Housekeeping housekeeping;

    private Holdfast(SessionStore store, SessionRepository sessions, Housekeeping housekeeping) {
        this.store = store;
        this.sessions = sessions;
        this.housekeeping = housekeeping;
    }

    /**
     * Connects to Redis.
     *
     * @param settings how to reach it, and how sessions are kept there
     * @param classes knows the classes of the application's session attributes
     * @param filter which attributes may leave this node
     * @return the sessions; to be closed
     * @throws StoreException if Redis does not answer or does not fit
     * @throws IllegalArgumentException if the Redisson file cannot be read
     */
    public static Holdfast open(Settings settings, ClassLoader classes, AttributeFilter filter) {
        SessionStore store = RedisSessionStore.open(sourceOf(settings), optionsOf(settings));
        try {
            SessionRepository sessions = new SessionRepository(
                    store,
                    new KryoAttributeCodec(classes),
                    filter,
                    InstantSource.system(),
                    System::nanoTime,
                    lockOptionsOf(settings));
            boolean locking = settings.lock().isOn();
            if (locking) {
                sessions.listenForLocks();
            }
            return new Holdfast(
                    store, sessions, new Housekeeping(settings.applicationName(), settings.sweepInterval(), locking));
        } catch (RuntimeException failed) {
            store.close();
            throw failed;
        }
    }

    private static LockOptions lockOptionsOf(Settings settings) {
        return new LockOptions(
                settings.lockTimeout(), settings.lockLease(), settings.onLockTimeout() == OnLockTimeout.PROCEED);
    }

    static RedisSource sourceOf(Settings settings) {
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

    static RedisStoreOptions optionsOf(Settings settings) {
        return new RedisStoreOptions(
                settings.keyPrefix(),
                settings.applicationName(),
                settings.partitions(),
                settings.ttlMargin(),
                settings.touchInterval(),
                settings.operationTimeout());
    }

    /** The sessions. */
    public SessionRepository sessions() {
        return sessions;
    }

    /**
     * Starts to end sessions whose time is over, and to keep those that long requests use, in a thread of its own.
     *
     * @param end tells the listeners of the application
     */
    public void startSweeping(EndOfSession end) {
        housekeeping.start(new Sweeper(store.due(), end, new SecureRandom()), sessions);
    }

    /** Gives connections and threads back. Sessions stay in Redis. Idempotent. */
    @Override
    public void close() {
        housekeeping.close();
        store.close();
    }
}
