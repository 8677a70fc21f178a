package dev.holdfast;

import dev.holdfast.codec.ClassRules;
import dev.holdfast.codec.CodecOptions;
import dev.holdfast.codec.KryoAttributeCodec;
import dev.holdfast.config.Deserialization;
import dev.holdfast.config.Encryption;
import dev.holdfast.config.OnLockTimeout;
import dev.holdfast.config.OnOversize;
import dev.holdfast.config.OnUnknown;
import dev.holdfast.config.Settings;
import dev.holdfast.config.Startup;
import dev.holdfast.crypto.KeyRing;
import dev.holdfast.crypto.Protection;
import dev.holdfast.expiry.Sweeper;
import dev.holdfast.expiry.Sweeper.EndOfSession;
import dev.holdfast.fallback.BreakerOptions;
import dev.holdfast.fallback.Connector;
import dev.holdfast.fallback.EndRelay;
import dev.holdfast.fallback.GuardedSessionStore;
import dev.holdfast.fallback.JournalFile;
import dev.holdfast.fallback.JournalFileRefusedException;
import dev.holdfast.fallback.JournalOptions;
import dev.holdfast.fallback.JournalingSessionStore;
import dev.holdfast.fallback.LateSessionStore;
import dev.holdfast.fallback.LockRelay;
import dev.holdfast.fallback.StoreErrors;
import dev.holdfast.session.AttributeFilter;
import dev.holdfast.session.CopyLifecycle;
import dev.holdfast.session.Leftovers;
import dev.holdfast.session.LockOptions;
import dev.holdfast.session.OutageOptions;
import dev.holdfast.session.SessionRepository;
import dev.holdfast.session.SizeLimits;
import dev.holdfast.store.Deadline;
import dev.holdfast.store.Listing;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.redis.RedisPartitioning;
import dev.holdfast.store.redis.RedisSessionStore;
import dev.holdfast.store.redis.RedisStoreOptions;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
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

    private static final String WITHOUT_REDIS = "Sessions live in the memory of this node until then.";

    private static final Duration LONGEST_LISTING = Duration.ofSeconds(5);

    private final SessionStore store;
    private final StoreErrors errors;
    private final SessionRepository sessions;
    private final Housekeeping housekeeping;
    private final Duration sweepLease;

    private Holdfast(
            SessionStore store,
            StoreErrors errors,
            SessionRepository sessions,
            Housekeeping housekeeping,
            Duration sweepLease) {
        this.store = store;
        this.errors = errors;
        this.sessions = sessions;
        this.housekeeping = housekeeping;
        this.sweepLease = sweepLease;
    }

    /**
     * Connects to Redis, or begins to: if it is not there within some 1.5 s, and need not be, it is connected to in the
     * background.
     *
     * @param settings how sessions are kept there
     * @param redis the Redis, which other applications may use, too
     * @param classes knows the classes of the application's session attributes
     * @param filter which attributes may leave this node
     * @param lifecycle what the container does when copies of sessions come to this node and leave it
     * @param idleFromStart whether idle time counts from the arrival of the last request, and not from its end
     * @param clock of this node; nothing depends on it once Redis has told its own time, but for some milliseconds of
     *     the times of creation
     * @return the sessions; to be closed
     * @throws StoreException if Redis does not fit; or if it does not answer, and the start is strict
     * @throws IllegalArgumentException if the Redisson file cannot be understood
     * @throws java.io.UncheckedIOException if it cannot be read
     * @throws IllegalStateException if the file of the journal cannot be used, and the start is strict
     */
    public static Holdfast open(
            Settings settings,
            SharedRedis redis,
            ClassLoader classes,
            AttributeFilter filter,
            CopyLifecycle lifecycle,
            boolean idleFromStart,
            InstantSource clock) {
        if (settings.encryption().keys() != null && settings.encryption().mode() == Encryption.OFF) {
            log.warn(
                    "HF-233 There are encryptionKeys for the sessions of {}, and encryption is \"off\": session content"
                            + " goes to Redis as it is, and the keys only read what is encrypted already. When all nodes"
                            + " have the keys, set encryption=\"migrate\", and later \"on\".",
                    settings.applicationName());
        }
        StoreErrors errors = new StoreErrors();
        JournalFile journal = journalOf(settings);
        SessionStore store;
        try {
            store = storeOf(settings, redis, idleFromStart, clock, errors, journal);
        } catch (RuntimeException | Error failed) {
            if (journal != null) {
                journal.close();
            }
            throw failed;
        }
        try {
            SessionRepository sessions = new SessionRepository(
                    store,
                    new KryoAttributeCodec(
                            classes, codecOptionsOf(settings, classes).withFilter(filter::mayBeLoaded)),
                    filter,
                    new SizeLimits(
                            settings.maxAttributeBytes(),
                            settings.maxSessionBytes(),
                            settings.onOversize() == OnOversize.REJECT),
                    new CheckedClock(clock, store::nowMillis),
                    System::nanoTime,
                    lockOptionsOf(settings),
                    new OutageOptions(settings.requestBudget(), settings.onUnknown() == OnUnknown.NEW),
                    lifecycle);
            sessions.listenForEnds();
            if (settings.lock().isOn()) {
                sessions.listenForLocks();
            }
            return new Holdfast(store, errors, sessions, new Housekeeping(settings), settings.sweepLease());
        } catch (RuntimeException failed) {
            store.close();
            throw failed;
        }
    }

    private static SessionStore storeOf(
            Settings settings,
            SharedRedis redis,
            boolean idleFromStart,
            InstantSource clock,
            StoreErrors errors,
            @Nullable JournalFile journal) {
        RedisStoreOptions options = optionsOf(settings, idleFromStart);
        LockRelay relay = new LockRelay();
        LockRelay listener = settings.lock().isOn() ? relay : null;
        EndRelay ends = new EndRelay();
        Connector<SessionStore> connector = new Connector<>(
                new Connector.Names(settings.applicationName(), redis.location(), WITHOUT_REDIS),
                () -> errors.counting("connect", () -> redis.open(use -> openStore(use, options, listener, ends))),
                SessionStore::close,
                redis::reacts,
                new SecureRandom(),
                System::nanoTime);
        LateSessionStore late =
                new LateSessionStore(connector, new RedisPartitioning(options, redis.isCluster()), relay, ends, clock);
        connector.start(settings.startup() == Startup.STRICT);
        return new JournalingSessionStore(
                new GuardedSessionStore(
                        late,
                        settings.applicationName(),
                        redis.location(),
                        breakerOptionsOf(settings).withProbePatience(settings.requestBudget()),
                        errors),
                settings.applicationName(),
                new JournalOptions(settings.journalMaxBytes(), settings.requestBudget()),
                journal);
    }

    /** Without its file a node serves all the same: who has set it may do without it sooner than without the application. */
    private static @Nullable JournalFile journalOf(Settings settings) {
        Path file = settings.journalFile();
        if (file == null) {
            return null;
        }
        try {
            return JournalFile.open(
                    file, settings.applicationName(), settings.journalMaxBytes(), protectionOf(settings));
        } catch (JournalFileRefusedException refused) {
            if (settings.startup() == Startup.STRICT) {
                throw new IllegalStateException(
                        "HF-632 " + refused.getMessage() + " The start is refused, because startup is strict.",
                        refused);
            }
            log.error(
                    "HF-632 {} This node goes on without a journal file: what is done here while Redis does not answer is"
                            + " lost if the node stops before Redis is back, and what is in the file is not brought to"
                            + " Redis.",
                    refused.getMessage());
            return null;
        }
    }

    private static SessionStore openStore(
            SharedRedis.Use use, RedisStoreOptions options, @Nullable LockRelay listener, EndRelay ends) {
        RedisSessionStore store = RedisSessionStore.open(use.connections(), options, use::close);
        try {
            store.listen(ends);
            if (listener != null) {
                store.locks().listen(listener);
            }
            return store;
        } catch (RuntimeException failed) {
            store.close();
            throw failed;
        }
    }

    private static LockOptions lockOptionsOf(Settings settings) {
        return new LockOptions(
                settings.lockTimeout(), settings.lockLease(), settings.onLockTimeout() == OnLockTimeout.PROCEED);
    }

    static CodecOptions codecOptionsOf(Settings settings, ClassLoader classes) {
        return CodecOptions.DEFAULTS
                .withRules(ClassRules.of(
                        classes, settings.allowedClasses(), settings.deserialization() == Deserialization.ENFORCE))
                .withClassAliases(settings.classAliases())
                .withWriteFormat(settings.writeFormat())
                .withCompressionThreshold((int) settings.compressionThreshold());
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
                        idleFromStart)
                .withProtection(protectionOf(settings));
    }

    /** What becomes of what leaves this node: for Redis, and for a file. */
    static Protection protectionOf(Settings settings) {
        KeyRing keys = settings.encryption().keys();
        Encryption mode = settings.encryption().mode();
        String whose = settings.applicationName();
        if (keys == null) {
            return Protection.none(whose);
        }
        Protection protection = Protection.with(keys, mode != Encryption.OFF, mode != Encryption.ON, whose);
        return settings.encryption().opaqueIds() ? protection.withHiddenIds(keys, whose) : protection;
    }

    /** The sessions. */
    public SessionRepository sessions() {
        return sessions;
    }

    /**
     * How often what failed since the start: {@code operation/error_type} and a number. The operations are those that messages
     * name, such as {@code load} and {@code commit}, and {@code connect} and {@code probe}; attributes that could not be
     * read or written count as {@code decode/codec} and {@code encode/codec}, and those that are too large, or make their
     * session too large, as {@code encode/oversize} and {@code commit/oversize}.
     *
     * @return a new map, without what did not occur
     */
    public SortedMap<String, Long> errors() {
        SortedMap<String, Long> all = errors.counts();
        addErrors(all, "decode/codec", sessions.undecodable());
        addErrors(all, "encode/codec", sessions.unwritable());
        addErrors(all, "encode/oversize", sessions.oversizeAttributes());
        addErrors(all, "commit/oversize", sessions.oversizeSessions());
        return all;
    }

    private static void addErrors(SortedMap<String, Long> all, String kind, long count) {
        if (count > 0) {
            all.put(kind, count);
        }
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
    }
}
