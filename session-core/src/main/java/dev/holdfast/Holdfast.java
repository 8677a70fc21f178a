package dev.holdfast;

import dev.holdfast.codec.KryoAttributeCodec;
import dev.holdfast.config.OnLockTimeout;
import dev.holdfast.config.Settings;
import dev.holdfast.expiry.Sweeper;
import dev.holdfast.expiry.Sweeper.EndOfSession;
import dev.holdfast.session.AttributeFilter;
import dev.holdfast.session.LockOptions;
import dev.holdfast.session.SessionRepository;
import dev.holdfast.store.Listing;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.redis.RedisSessionStore;
import dev.holdfast.store.redis.RedisStoreOptions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;

/** The sessions of one application on this node, from its start to its stop. Thread-safe. */
public final class Holdfast implements AutoCloseable {

    private static final Duration LONGEST_LISTING = Duration.ofSeconds(5);

    private final SharedRedis.Use redis;
    private final SessionStore store;
    private final SessionRepository sessions;
    private final Housekeeping housekeeping;

    private Holdfast(SharedRedis.Use redis, SessionStore store, SessionRepository sessions, Housekeeping housekeeping) {
        this.redis = redis;
        this.store = store;
        this.sessions = sessions;
        this.housekeeping = housekeeping;
    }

    /**
     * Connects to Redis.
     *
     * @param settings how sessions are kept there
     * @param redis the Redis, which other applications may use, too
     * @param classes knows the classes of the application's session attributes
     * @param filter which attributes may leave this node
     * @return the sessions; to be closed
     * @throws StoreException if Redis does not answer or does not fit
     * @throws IllegalArgumentException if the Redisson file cannot be read
     */
    public static Holdfast open(Settings settings, SharedRedis redis, ClassLoader classes, AttributeFilter filter) {
        SharedRedis.Use use = redis.use();
        try {
            return open(settings, use, classes, filter);
        } catch (RuntimeException failed) {
            use.close();
            throw failed;
        }
    }

    private static Holdfast open(
            Settings settings, SharedRedis.Use redis, ClassLoader classes, AttributeFilter filter) {
        SessionStore store = RedisSessionStore.open(redis.connections(), optionsOf(settings));
        try {
            SessionRepository sessions = new SessionRepository(
                    store,
                    new KryoAttributeCodec(classes, filter::mayBeLoaded),
                    filter,
                    InstantSource.system(),
                    System::nanoTime,
                    lockOptionsOf(settings));
            boolean locking = settings.lock().isOn();
            if (locking) {
                sessions.listenForLocks();
            }
            return new Holdfast(
                    redis,
                    store,
                    sessions,
                    new Housekeeping(settings.applicationName(), settings.sweepInterval(), locking));
        } catch (RuntimeException failed) {
            store.close();
            throw failed;
        }
    }

    private static LockOptions lockOptionsOf(Settings settings) {
        return new LockOptions(
                settings.lockTimeout(), settings.lockLease(), settings.onLockTimeout() == OnLockTimeout.PROCEED);
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
     * Lists the sessions of all nodes, for an operator. Takes some seconds at most.
     *
     * @return the ids, also of sessions that this node has never seen
     * @throws StoreException if Redis does not answer, or if its user may not run SCAN
     */
    public Listing listSessions() {
        return store.list(LONGEST_LISTING);
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
        redis.close();
    }
}
