package dev.holdfast;

import dev.holdfast.codec.KryoAttributeCodec;
import dev.holdfast.config.OnLockTimeout;
import dev.holdfast.config.Settings;
import dev.holdfast.expiry.Sweeper;
import dev.holdfast.expiry.Sweeper.EndOfSession;
import dev.holdfast.fallback.BreakerOptions;
import dev.holdfast.fallback.GuardedSessionStore;
import dev.holdfast.session.AttributeFilter;
import dev.holdfast.session.CopyLifecycle;
import dev.holdfast.session.Leftovers;
import dev.holdfast.session.LockOptions;
import dev.holdfast.session.SessionRepository;
import dev.holdfast.store.Deadline;
import dev.holdfast.store.Listing;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.redis.RedisSessionStore;
import dev.holdfast.store.redis.RedisStoreOptions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sessions of one application on this node, from its start to its stop. Thread-safe. */
public final class Holdfast implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Holdfast.class);

    /** How much of what is left of the time for its stop a node spends on what; the rest is for the connections. */
    private static final double HOUSEKEEPING_SHARE = 0.25;

    private static final double COPIES_SHARE = 0.75;
    private static final Duration MOST_HOUSEKEEPING = Duration.ofSeconds(2);
    private static final Duration MOST_COPIES = Duration.ofMinutes(5);

    private static final Duration LONGEST_LISTING = Duration.ofSeconds(5);

    private final SharedRedis.Use redis;
    private final SessionStore store;
    private final SessionRepository sessions;
    private final Housekeeping housekeeping;
    private final Duration sweepLease;

    private Holdfast(
            SharedRedis.Use redis,
            SessionStore store,
            SessionRepository sessions,
            Housekeeping housekeeping,
            Duration sweepLease) {
        this.redis = redis;
        this.store = store;
        this.sessions = sessions;
        this.housekeeping = housekeeping;
        this.sweepLease = sweepLease;
    }

    /**
     * Connects to Redis.
     *
     * @param settings how sessions are kept there
     * @param redis the Redis, which other applications may use, too
     * @param classes knows the classes of the application's session attributes
     * @param filter which attributes may leave this node
     * @param lifecycle what the container does when copies of sessions come to this node and leave it
     * @param idleFromStart whether idle time counts from the arrival of the last request, and not from its end
     * @return the sessions; to be closed
     * @throws StoreException if Redis does not answer or does not fit
     * @throws IllegalArgumentException if the Redisson file cannot be read
     */
    public static Holdfast open(
            Settings settings,
            SharedRedis redis,
            ClassLoader classes,
            AttributeFilter filter,
            CopyLifecycle lifecycle,
            boolean idleFromStart) {
        SharedRedis.Use use = redis.use();
        try {
            return open(settings, use, classes, filter, lifecycle, idleFromStart);
        } catch (RuntimeException failed) {
            use.close();
            throw failed;
        }
    }

    private static Holdfast open(
            Settings settings,
            SharedRedis.Use redis,
            ClassLoader classes,
            AttributeFilter filter,
            CopyLifecycle lifecycle,
            boolean idleFromStart) {
        SessionStore store = new GuardedSessionStore(
                RedisSessionStore.open(redis.connections(), optionsOf(settings, idleFromStart)),
                settings.applicationName(),
                redis.location(),
                breakerOptionsOf(settings));
        try {
            SessionRepository sessions = new SessionRepository(
                    store,
                    new KryoAttributeCodec(classes, filter::mayBeLoaded),
                    filter,
                    InstantSource.system(),
                    System::nanoTime,
                    lockOptionsOf(settings),
                    lifecycle);
            boolean locking = settings.lock().isOn();
            if (locking) {
                sessions.listenForLocks();
            }
            return new Holdfast(redis, store, sessions, new Housekeeping(settings), settings.sweepLease());
        } catch (RuntimeException failed) {
            store.close();
            throw failed;
        }
    }

    private static LockOptions lockOptionsOf(Settings settings) {
        return new LockOptions(
                settings.lockTimeout(), settings.lockLease(), settings.onLockTimeout() == OnLockTimeout.PROCEED);
    }

    static BreakerOptions breakerOptionsOf(Settings settings) {
        return new BreakerOptions(
                settings.failureRateThreshold(), settings.slidingWindowSize(), settings.openInterval());
    }

    static RedisStoreOptions optionsOf(Settings settings, boolean idleFromStart) {
        return new RedisStoreOptions(
                settings.keyPrefix(),
                settings.applicationName(),
                settings.partitions(),
                settings.ttlMargin(),
                settings.touchInterval(),
                settings.operationTimeout(),
                idleFromStart);
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
        housekeeping.start(new Sweeper(store.due(), end, new SecureRandom(), sweepLease), sessions);
    }

    /**
     * Stops this node, when its last requests are over: writes what is left, lets all copies go, and gives connections and
     * threads back. No session ends. What could not be done in time is reported to the log.
     */
    public void stop(Deadline deadline) {
        try {
            housekeeping.close(deadline.part(HOUSEKEEPING_SHARE, MOST_HOUSEKEEPING));
            report(sessions.departures().releaseAll(deadline.part(COPIES_SHARE, MOST_COPIES)));
        } finally {
            store.close(deadline);
            redis.close(deadline);
        }
    }

    private static void report(Leftovers leftovers) {
        if (!leftovers.areNone()) {
            log.warn(
                    "HF-316 This node stops without having done everything in shutdownTimeout. Of its {} copies of"
                            + " sessions, up to {} have changes that are not in Redis, {} are still used by requests, {}"
                            + " have passivation listeners that were not called or have not returned, and of {} what"
                            + " such listeners changed was not written. The sessions go on on other nodes as they were"
                            + " last written. See whether Redis answers, and what requests and listeners wait for; a"
                            + " thread named holdfast-stop may be waiting still. Or raise shutdownTimeout.",
                    leftovers.copies(),
                    leftovers.unsaved(),
                    leftovers.inUse(),
                    leftovers.untold(),
                    leftovers.unwritten());
        }
    }

    /** Gives connections and threads back at once. Sessions stay in Redis. Idempotent. */
    @Override
    public void close() {
        housekeeping.close(Deadline.in(MOST_HOUSEKEEPING));
        store.close();
        redis.close();
    }
}
