package dev.holdfast.config;

import dev.holdfast.crypto.KeyRing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes settings in Java; what is not set has its default. {@link Settings} says what each setting is, with range and
 * default. Not for use by several threads.
 */
public final class SettingsBuilder {

    private final Map<Setting<?>, Object> values = new HashMap<>();

    SettingsBuilder() {}

    /** Which Redis to use; not together with {@link #redissonConfig} or {@link #client}. */
    public SettingsBuilder redis(RedisAddress address) {
        return set(Vocabulary.REDIS, address);
    }

    /** The Redisson file that says which Redis to use; not together with {@link #redis} or {@link #client}. */
    public SettingsBuilder redissonConfig(Path file) {
        return set(Vocabulary.REDISSON_CONFIG, file);
    }

    /** The container's name for a client that says which Redis to use; not together with the other two. */
    public SettingsBuilder client(String jndiName) {
        return set(Vocabulary.CLIENT, jndiName);
    }

    /** The namespace that nodes share. */
    public SettingsBuilder applicationName(String name) {
        return set(Vocabulary.APPLICATION_NAME, name);
    }

    /** Appended to the name, if there is one that does not end like that. */
    void applicationVersion(String suffix) {
        String name = given(Vocabulary.APPLICATION_NAME);
        if (name != null && !name.endsWith(suffix)) {
            applicationName(name + suffix);
        }
    }

    /** What every key in Redis starts with. */
    public SettingsBuilder keyPrefix(String prefix) {
        return set(Vocabulary.KEY_PREFIX, prefix);
    }

    /** Over how many hash slots the sessions are spread. */
    public SettingsBuilder partitions(int count) {
        return set(Vocabulary.PARTITIONS, count);
    }

    /** The longest that a request waits for one call to Redis. */
    public SettingsBuilder operationTimeout(Duration timeout) {
        return set(Vocabulary.OPERATION_TIMEOUT, timeout);
    }

    /** The longest that making a connection may take. */
    public SettingsBuilder connectTimeout(Duration timeout) {
        return set(Vocabulary.CONNECT_TIMEOUT, timeout);
    }

    /** Connections to each Redis server. */
    public SettingsBuilder connectionPoolSize(int connections) {
        return set(Vocabulary.CONNECTION_POOL_SIZE, connections);
    }

    /** How much longer than its session a key lives in Redis. */
    public SettingsBuilder ttlMargin(Duration margin) {
        return set(Vocabulary.TTL_MARGIN, margin);
    }

    /** How old the stored time of last access may become before a request that only reads renews it. */
    public SettingsBuilder touchInterval(Duration interval) {
        return set(Vocabulary.TOUCH_INTERVAL, interval);
    }

    /** How long a node keeps the copy of a session that no request uses. */
    public SettingsBuilder localIdleTimeout(Duration timeout) {
        return set(Vocabulary.LOCAL_IDLE_TIMEOUT, timeout);
    }

    /** How many copies of sessions a node keeps in memory. */
    public SettingsBuilder maxLocalSessions(int most) {
        return set(Vocabulary.MAX_LOCAL_SESSIONS, most);
    }

    /** How long a node may take to stop. */
    public SettingsBuilder shutdownTimeout(Duration timeout) {
        return set(Vocabulary.SHUTDOWN_TIMEOUT, timeout);
    }

    /** See {@link Settings#sweepInterval()}. */
    public SettingsBuilder sweepInterval(Duration interval) {
        return set(Vocabulary.SWEEP_INTERVAL, interval);
    }

    /** See {@link Settings#sweepLease()}. */
    public SettingsBuilder sweepLease(Duration lease) {
        return set(Vocabulary.SWEEP_LEASE, lease);
    }

    /** What a request may trust when it looks at its session. */
    public SettingsBuilder consistency(Consistency consistency) {
        return set(Vocabulary.CONSISTENCY, consistency);
    }

    /** Which requests use their session one at a time. */
    public SettingsBuilder lock(Locking lock) {
        return set(Vocabulary.LOCK, lock);
    }

    /** How long a request waits for its session. */
    public SettingsBuilder lockTimeout(Duration timeout) {
        return set(Vocabulary.LOCK_TIMEOUT, timeout);
    }

    /** How long a session stays locked after its node has died. */
    public SettingsBuilder lockLease(Duration lease) {
        return set(Vocabulary.LOCK_LEASE, lease);
    }

    /** What becomes of a request that has waited for too long. */
    public SettingsBuilder onLockTimeout(OnLockTimeout what) {
        return set(Vocabulary.ON_LOCK_TIMEOUT, what);
    }

    /** When changes are written. */
    public SettingsBuilder write(WriteMode write) {
        return set(Vocabulary.WRITE, write);
    }

    /** What becomes of a request whose client is not the one that its session is bound to. */
    public SettingsBuilder fingerprint(FingerprintMode mode) {
        return set(Vocabulary.FINGERPRINT, mode);
    }

    /** How much of a client's address its session is bound to. */
    public SettingsBuilder fingerprintPrefix(FingerprintPrefix lengths) {
        return set(Vocabulary.FINGERPRINT_PREFIX, lengths);
    }

    /** See {@link Settings#failureRateThreshold()}. */
    public SettingsBuilder failureRateThreshold(int percent) {
        return set(Vocabulary.FAILURE_RATE_THRESHOLD, percent);
    }

    /** See {@link Settings#slidingWindowSize()}. */
    public SettingsBuilder slidingWindowSize(int calls) {
        return set(Vocabulary.SLIDING_WINDOW_SIZE, calls);
    }

    /** See {@link Settings#openInterval()}. */
    public SettingsBuilder openInterval(Duration interval) {
        return set(Vocabulary.OPEN_INTERVAL, interval);
    }

    /** How long a request waits for Redis, over all its calls. */
    public SettingsBuilder requestBudget(Duration budget) {
        return set(Vocabulary.REQUEST_BUDGET, budget);
    }

    /** What becomes of a request whose session this node does not know, while Redis does not answer. */
    public SettingsBuilder onUnknown(OnUnknown what) {
        return set(Vocabulary.ON_UNKNOWN, what);
    }

    /** How much a node remembers of what it did while Redis did not answer, in bytes. */
    public SettingsBuilder journalMaxBytes(long bytes) {
        return set(Vocabulary.JOURNAL_MAX_BYTES, bytes);
    }

    /** See {@link Settings#journalFile()}. */
    public SettingsBuilder journalFile(Path file) {
        return set(Vocabulary.JOURNAL_FILE, file);
    }

    /** What becomes of a start when Redis is not there. */
    public SettingsBuilder startup(Startup startup) {
        return set(Vocabulary.STARTUP, startup);
    }

    /** What becomes of attributes that name a class which is not allowed. */
    public SettingsBuilder deserialization(Deserialization what) {
        return set(Vocabulary.DESERIALIZATION, what);
    }

    /** Patterns for classes that attributes may hold beside those of the application; see {@link Settings}. */
    public SettingsBuilder allowedClasses(List<String> patterns) {
        return set(Vocabulary.ALLOWED_CLASSES, patterns);
    }

    /** What classes are called now, by the name that they had. */
    public SettingsBuilder classAliases(Map<String, String> newByOldName) {
        return set(Vocabulary.CLASS_ALIASES, newByOldName);
    }

    /** The version of the format that attributes are written in. */
    public SettingsBuilder writeFormat(int version) {
        return set(Vocabulary.WRITE_FORMAT, version);
    }

    /** How many bytes an encoded attribute may have that is not compressed; 0 to compress none. */
    public SettingsBuilder compressionThreshold(long bytes) {
        return set(Vocabulary.COMPRESSION_THRESHOLD, bytes);
    }

    /** How many bytes an attribute may take in Redis; 0 for no limit. */
    public SettingsBuilder maxAttributeBytes(long bytes) {
        return set(Vocabulary.MAX_ATTRIBUTE_BYTES, bytes);
    }

    /** How many bytes the attributes of a session may take in Redis together; 0 for no limit. */
    public SettingsBuilder maxSessionBytes(long bytes) {
        return set(Vocabulary.MAX_SESSION_BYTES, bytes);
    }

    /** What becomes of what is larger. */
    public SettingsBuilder onOversize(OnOversize what) {
        return set(Vocabulary.ON_OVERSIZE, what);
    }

    /** See {@link Settings#allowNonSerializable()}. */
    public SettingsBuilder allowNonSerializable(boolean allow) {
        return set(Vocabulary.ALLOW_NON_SERIALIZABLE, allow);
    }

    /** What becomes of session content on its way to Redis; on by default if there are keys. */
    public SettingsBuilder encryption(Encryption what) {
        return set(Vocabulary.ENCRYPTION, what);
    }

    /** The keys that encrypt it. */
    public SettingsBuilder encryptionKeys(KeyRing keys) {
        return set(Vocabulary.ENCRYPTION_KEYS, keys);
    }

    /** Whether Redis has no id of a session as clients have it. */
    public SettingsBuilder opaqueIds(boolean opaque) {
        return set(Vocabulary.OPAQUE_IDS, opaque);
    }

    /**
     * Checks the settings.
     *
     * @return the settings
     * @throws InvalidSettingsException if a value is out of its range, or if not exactly one of {@code redis},
     *     {@code redissonConfig} and {@code client} is set; it lists all problems
     */
    public Settings build() {
        return new Settings(
                given(Vocabulary.REDIS),
                given(Vocabulary.REDISSON_CONFIG),
                given(Vocabulary.CLIENT),
                Objects.requireNonNull(given(Vocabulary.APPLICATION_NAME)),
                valueOf(Vocabulary.KEY_PREFIX),
                valueOf(Vocabulary.PARTITIONS),
                valueOf(Vocabulary.OPERATION_TIMEOUT),
                valueOf(Vocabulary.CONNECT_TIMEOUT),
                valueOf(Vocabulary.CONNECTION_POOL_SIZE),
                valueOf(Vocabulary.TTL_MARGIN),
                valueOf(Vocabulary.TOUCH_INTERVAL),
                valueOf(Vocabulary.LOCAL_IDLE_TIMEOUT),
                valueOf(Vocabulary.MAX_LOCAL_SESSIONS),
                valueOf(Vocabulary.SHUTDOWN_TIMEOUT),
                valueOf(Vocabulary.SWEEP_INTERVAL),
                valueOf(Vocabulary.SWEEP_LEASE),
                valueOf(Vocabulary.CONSISTENCY),
                valueOf(Vocabulary.LOCK),
                valueOf(Vocabulary.LOCK_TIMEOUT),
                valueOf(Vocabulary.LOCK_LEASE),
                valueOf(Vocabulary.ON_LOCK_TIMEOUT),
                valueOf(Vocabulary.WRITE),
                valueOf(Vocabulary.FINGERPRINT),
                valueOf(Vocabulary.FINGERPRINT_PREFIX),
                valueOf(Vocabulary.FAILURE_RATE_THRESHOLD),
                valueOf(Vocabulary.SLIDING_WINDOW_SIZE),
                valueOf(Vocabulary.OPEN_INTERVAL),
                valueOf(Vocabulary.REQUEST_BUDGET),
                valueOf(Vocabulary.ON_UNKNOWN),
                valueOf(Vocabulary.JOURNAL_MAX_BYTES),
                given(Vocabulary.JOURNAL_FILE),
                valueOf(Vocabulary.STARTUP),
                valueOf(Vocabulary.DESERIALIZATION),
                Objects.requireNonNullElse(given(Vocabulary.ALLOWED_CLASSES), List.of()),
                Objects.requireNonNullElse(given(Vocabulary.CLASS_ALIASES), Map.of()),
                valueOf(Vocabulary.WRITE_FORMAT),
                valueOf(Vocabulary.COMPRESSION_THRESHOLD),
                valueOf(Vocabulary.MAX_ATTRIBUTE_BYTES),
                valueOf(Vocabulary.MAX_SESSION_BYTES),
                valueOf(Vocabulary.ON_OVERSIZE),
                valueOf(Vocabulary.ALLOW_NON_SERIALIZABLE),
                EncryptionSettings.of(
                        given(Vocabulary.ENCRYPTION),
                        given(Vocabulary.ENCRYPTION_KEYS),
                        valueOf(Vocabulary.OPAQUE_IDS)));
    }

    ConnectionSettings buildConnection() {
        return new ConnectionSettings(
                given(Vocabulary.REDIS),
                given(Vocabulary.REDISSON_CONFIG),
                valueOf(Vocabulary.OPERATION_TIMEOUT),
                valueOf(Vocabulary.CONNECT_TIMEOUT),
                valueOf(Vocabulary.CONNECTION_POOL_SIZE));
    }

    <T> SettingsBuilder set(Setting<T> setting, T value) {
        values.put(setting, Objects.requireNonNull(value, setting.name()));
        return this;
    }

    boolean has(Setting<?> setting) {
        return values.containsKey(setting);
    }

    private <T> T valueOf(Setting<T> setting) {
        T value = given(setting);
        return value == null ? setting.defaultValue() : value;
    }

    @SuppressWarnings("unchecked") // set(Setting<T>, T) is the only way in
    private <T> @Nullable T given(Setting<T> setting) {
        return (T) values.get(setting);
    }
}
