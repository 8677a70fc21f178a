package dev.holdfast.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All settings of one application, checked. Immutable; {@link #toString()} shows no password.
 *
 * @param redis which Redis to use, or null if another one of the three says it
 * @param redissonConfig the Redisson file that says which Redis to use, or null if another one of the three does
 * @param client the name under which the container keeps a client that says which Redis to use, and that other
 *     applications use, too; null if another one of the three says it. Exactly one of the three is given
 * @param applicationName the namespace that nodes share; 1 to 200 characters, no braces, no control characters. By
 *     default the container's name for the application, such as {@code localhost/shop##2}
 * @param keyPrefix what every key in Redis starts with; 1 to 64 characters, no braces, spaces or control characters;
 *     {@code holdfast} by default
 * @param partitions over how many hash slots the sessions are spread, the same on all nodes; 1 to 1024, 16 by default
 * @param operationTimeout the longest that a request waits for one call to Redis; 10 ms to 60 s, 2 s by default
 * @param connectTimeout the longest that making a connection may take; 1 s to 60 s, 2 s by default
 * @param connectionPoolSize connections to each Redis server, shared by all requests; 1 to 64, 8 by default
 * @param ttlMargin how much longer than its session a key lives in Redis, so that the session's end can still be
 *     reported; 1 min to 7 d, 1 h by default
 * @param touchInterval how old the stored time of last access may become before a request that only reads renews it; 0
 *     (always) to 5 min, 0 by default
 * @param localIdleTimeout how long a node keeps the copy of a session that no request uses; 10 s to 24 h, 10 min by
 *     default. It ends no session
 * @param maxLocalSessions how many copies of sessions a node keeps in memory; 100 to 10 000 000, 100 000 by default. Those
 *     beyond it leave, the least recently used first; their sessions go on
 * @param shutdownTimeout how long a node may take to stop; 1 s to 5 min, 10 s by default
 * @param sweepInterval how long a node rests, on average, between looks for sessions whose time is over; 1 s to 10 min,
 *     10 s by default
 * @param sweepLease how long a node may take to end a session whose time is over, until another one takes it over; 5 s to
 *     10 min, 60 s by default
 * @param consistency what a request may trust when it looks at its session
 * @param lock which requests use their session one at a time; none by default
 * @param lockTimeout how long a request waits for its session; 0 to 10 min, 10 s by default
 * @param lockLease how long a session stays locked after its node has died; 2 s to 10 min, 30 s by default
 * @param onLockTimeout what becomes of a request that has waited so long; 503 by default
 * @param write when changes are written
 * @param fingerprint what becomes of a request whose client is not the one that its session is bound to; sessions are not
 *     bound, by default
 * @param fingerprintPrefix how much of a client's address its session is bound to; 24/56 bits by default
 * @param failureRateThreshold the share of the latest calls, in percent, that must fail until Redis is no longer asked;
 *     1 to 100, 50 by default. Five failures in a row are enough in any case
 * @param slidingWindowSize how many of the latest calls are counted for it; 5 to 1000, 20 by default
 * @param openInterval how often a node looks whether a Redis that is no longer asked is back; 50 ms to 60 s, 500 ms by
 *     default
 * @param requestBudget how long a request waits for Redis, over all its calls; 10 ms to 60 s, 500 ms by default
 * @param onUnknown what becomes of a request whose session this node does not know, while Redis does not answer; a new
 *     session by default
 * @param journalMaxBytes how much a node remembers of what it did while Redis did not answer, in bytes; 1 MiB to 16 GiB,
 *     64 MiB by default
 * @param journalFile where that survives the end of the process: the name of the application is added to this name. Null,
 *     the default: nowhere
 * @param startup what becomes of a start when Redis is not there; tolerant by default
 * @param deserialization what becomes of attributes that name a class which is not allowed; they are not read, by default
 * @param allowedClasses patterns for classes that attributes may hold beside those of the application and the usual ones of
 *     the JDK; none by default
 * @param classAliases what classes are called now that stand in Redis under another name; none by default
 * @param writeFormat the version of the format that attributes are written in; 1
 * @param compressionThreshold how many bytes an encoded attribute may have that is not compressed; 1 KiB to 64 MiB, or 0 to
 *     compress none; 2 KiB by default
 * @param maxAttributeBytes how many bytes an attribute may take in Redis; 1 KiB to 512 MiB, or 0 for no limit; 4 MiB by
 *     default
 * @param maxSessionBytes how many bytes the attributes of a session may take in Redis together; 1 KiB to 16 GiB, or 0 for no
 *     limit; 16 MiB by default
 * @param onOversize what becomes of what is larger; it is stored and told of, by default
 * @param allowNonSerializable whether an application that is marked as distributable may set attributes whose class is not
 *     serializable; not so by default
 * @param encryption whether session content is encrypted on its way to Redis, and with what; it is not by default, and is if
 *     there are keys
 */
public record Settings(
        @Nullable RedisAddress redis,
        @Nullable Path redissonConfig,
        @Nullable String client,
        String applicationName,
        String keyPrefix,
        int partitions,
        Duration operationTimeout,
        Duration connectTimeout,
        int connectionPoolSize,
        Duration ttlMargin,
        Duration touchInterval,
        Duration localIdleTimeout,
        int maxLocalSessions,
        Duration shutdownTimeout,
        Duration sweepInterval,
        Duration sweepLease,
        Consistency consistency,
        Locking lock,
        Duration lockTimeout,
        Duration lockLease,
        OnLockTimeout onLockTimeout,
        WriteMode write,
        FingerprintMode fingerprint,
        FingerprintPrefix fingerprintPrefix,
        int failureRateThreshold,
        int slidingWindowSize,
        Duration openInterval,
        Duration requestBudget,
        OnUnknown onUnknown,
        long journalMaxBytes,
        @Nullable Path journalFile,
        Startup startup,
        Deserialization deserialization,
        List<String> allowedClasses,
        Map<String, String> classAliases,
        int writeFormat,
        long compressionThreshold,
        long maxAttributeBytes,
        long maxSessionBytes,
        OnOversize onOversize,
        boolean allowNonSerializable,
        EncryptionSettings encryption) {

    /**
     * Checks every range.
     *
     * @throws InvalidSettingsException if a value is out of its range, or if not exactly one of {@code redis},
     *     {@code redissonConfig} and {@code client} is given; it lists all problems
     */
    public Settings {
        List<String> problems = new ArrayList<>();
        Set<Setting<?>> ways = new HashSet<>();
        if (redis != null) {
            ways.add(Vocabulary.REDIS);
        }
        if (redissonConfig != null) {
            ways.add(Vocabulary.REDISSON_CONFIG);
        }
        if (client != null) {
            ways.add(Vocabulary.CLIENT);
            Vocabulary.CLIENT.check(client, problems);
        }
        Vocabulary.oneRedis(Vocabulary.ALL, ways::contains).ifPresent(problems::add);
        Vocabulary.APPLICATION_NAME.check(applicationName, problems);
        Vocabulary.KEY_PREFIX.check(keyPrefix, problems);
        Vocabulary.PARTITIONS.check(partitions, problems);
        Vocabulary.OPERATION_TIMEOUT.check(operationTimeout, problems);
        Vocabulary.CONNECT_TIMEOUT.check(connectTimeout, problems);
        Vocabulary.CONNECTION_POOL_SIZE.check(connectionPoolSize, problems);
        Vocabulary.TTL_MARGIN.check(ttlMargin, problems);
        Vocabulary.TOUCH_INTERVAL.check(touchInterval, problems);
        Vocabulary.LOCAL_IDLE_TIMEOUT.check(localIdleTimeout, problems);
        Vocabulary.MAX_LOCAL_SESSIONS.check(maxLocalSessions, problems);
        Vocabulary.SHUTDOWN_TIMEOUT.check(shutdownTimeout, problems);
        Vocabulary.SWEEP_INTERVAL.check(sweepInterval, problems);
        Vocabulary.SWEEP_LEASE.check(sweepLease, problems);
        Vocabulary.LOCK_TIMEOUT.check(lockTimeout, problems);
        Vocabulary.LOCK_LEASE.check(lockLease, problems);
        Vocabulary.FAILURE_RATE_THRESHOLD.check(failureRateThreshold, problems);
        Vocabulary.SLIDING_WINDOW_SIZE.check(slidingWindowSize, problems);
        Vocabulary.OPEN_INTERVAL.check(openInterval, problems);
        Vocabulary.REQUEST_BUDGET.check(requestBudget, problems);
        Vocabulary.JOURNAL_MAX_BYTES.check(journalMaxBytes, problems);
        if (journalFile != null) {
            Vocabulary.JOURNAL_FILE.check(journalFile, problems);
        }
        Vocabulary.ALLOWED_CLASSES.check(allowedClasses, problems);
        Vocabulary.CLASS_ALIASES.check(classAliases, problems);
        Vocabulary.WRITE_FORMAT.check(writeFormat, problems);
        Vocabulary.COMPRESSION_THRESHOLD.check(compressionThreshold, problems);
        Vocabulary.MAX_ATTRIBUTE_BYTES.check(maxAttributeBytes, problems);
        Vocabulary.MAX_SESSION_BYTES.check(maxSessionBytes, problems);
        encryption.problem().ifPresent(problems::add);
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(problems);
        }
        allowedClasses = List.copyOf(allowedClasses);
        classAliases = Map.copyOf(classAliases);
    }

    /**
     * Starts from the defaults.
     *
     * @param applicationName the namespace that nodes share
     * @return a builder that still needs to know which Redis to use
     */
    public static SettingsBuilder builder(String applicationName) {
        return new SettingsBuilder().applicationName(applicationName);
    }

    /** Where the sessions are kept, for a message: the URI without its password, the Redisson file, or the client. */
    public String location() {
        return client == null ? connection().location() : "the Redis of the client " + client;
    }

    /**
     * How to reach Redis.
     *
     * @throws IllegalStateException if {@code client} says it
     */
    public ConnectionSettings connection() {
        if (client != null) {
            throw new IllegalStateException("The client " + client + " says how to reach Redis");
        }
        return new ConnectionSettings(redis, redissonConfig, operationTimeout, connectTimeout, connectionPoolSize);
    }
}
