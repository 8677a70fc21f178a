package dev.holdfast.config;

import dev.holdfast.crypto.KeyRing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** All settings, in the order in which the documents list them. */
final class Vocabulary {

    static final Setting<RedisAddress> REDIS =
            Setting.withoutDefault("redis", new RedisKind(), "redis://localhost:6379");

    static final Setting<Path> REDISSON_CONFIG =
            Setting.withoutDefault("redissonConfig", new FileKind(), "conf/redisson-single.yaml");

    static final Setting<String> CLIENT =
            Setting.withoutDefault("client", new JndiNameKind(), "java:comp/env/redis/sessions");

    static final Setting<String> APPLICATION_NAME =
            Setting.withoutDefault("applicationName", new NameKind(200, true), "shop");

    static final Setting<Duration> OPERATION_TIMEOUT =
            Setting.withDefault("operationTimeout", new DurationKind("10ms", "60s"), "2s");

    static final Setting<Integer> CONNECTION_POOL_SIZE =
            Setting.withDefault("connectionPoolSize", new WholeNumberKind(1, 64), "8");

    static final Setting<Duration> CONNECT_TIMEOUT =
            Setting.withDefault("connectTimeout", new DurationKind("1s", "60s"), "2s");

    static final Setting<String> KEY_PREFIX = Setting.withDefault("keyPrefix", new NameKind(64, false), "holdfast");

    static final Setting<Duration> LOCAL_IDLE_TIMEOUT =
            Setting.withDefault("localIdleTimeout", new DurationKind("10s", "24h"), "10m");

    static final Setting<Integer> MAX_LOCAL_SESSIONS =
            Setting.withDefault("maxLocalSessions", new WholeNumberKind(100, 10_000_000), "100000");

    static final Setting<Duration> SHUTDOWN_TIMEOUT =
            Setting.withDefault("shutdownTimeout", new DurationKind("1s", "5m"), "10s");

    static final Setting<Duration> SWEEP_INTERVAL =
            Setting.withDefault("sweepInterval", new DurationKind("1s", "10m"), "10s");

    static final Setting<Duration> SWEEP_LEASE =
            Setting.withDefault("sweepLease", new DurationKind("5s", "10m"), "60s");

    static final Setting<Integer> PARTITIONS = Setting.withDefault("partitions", new WholeNumberKind(1, 1024), "16");

    static final Setting<Duration> TOUCH_INTERVAL =
            Setting.withDefault("touchInterval", new DurationKind("0s", "5m"), "0s");

    static final Setting<Duration> TTL_MARGIN = Setting.withDefault("ttlMargin", new DurationKind("1m", "7d"), "1h");

    static final Setting<Consistency> CONSISTENCY =
            Setting.withDefault("consistency", new ChoiceKind<>(Consistency.class, "sticky"), "strict");

    static final Setting<Locking> LOCK = Setting.withDefault("lock", new LockingKind(), "none");

    static final Setting<Duration> LOCK_TIMEOUT =
            Setting.withDefault("lockTimeout", new DurationKind("0s", "10m"), "10s");

    static final Setting<Duration> LOCK_LEASE = Setting.withDefault("lockLease", new DurationKind("2s", "10m"), "30s");

    static final Setting<OnLockTimeout> ON_LOCK_TIMEOUT =
            Setting.withDefault("onLockTimeout", new ChoiceKind<>(OnLockTimeout.class), "503");

    static final Setting<WriteMode> WRITE =
            Setting.withDefault("write", new ChoiceKind<>(WriteMode.class, "async"), "sync");

    static final Setting<FingerprintMode> FINGERPRINT =
            Setting.withDefault("fingerprint", new ChoiceKind<>(FingerprintMode.class), "off");

    static final Setting<FingerprintPrefix> FINGERPRINT_PREFIX =
            Setting.withDefault("fingerprintPrefix", new FingerprintPrefixKind(), "24/56");

    static final Setting<Integer> FAILURE_RATE_THRESHOLD =
            Setting.withDefault("failureRateThreshold", new WholeNumberKind(1, 100), "50");

    static final Setting<Integer> SLIDING_WINDOW_SIZE =
            Setting.withDefault("slidingWindowSize", new WholeNumberKind(5, 1000), "20");

    static final Setting<Duration> OPEN_INTERVAL =
            Setting.withDefault("openInterval", new DurationKind("50ms", "60s"), "500ms");

    static final Setting<Duration> REQUEST_BUDGET =
            Setting.withDefault("requestBudget", new DurationKind("10ms", "60s"), "500ms");

    static final Setting<OnUnknown> ON_UNKNOWN =
            Setting.withDefault("onUnknown", new ChoiceKind<>(OnUnknown.class), "new");

    static final Setting<Long> JOURNAL_MAX_BYTES =
            Setting.withDefault("journalMaxBytes", new ByteSizeKind("1MiB", "16GiB"), "64MiB");

    static final Setting<Path> JOURNAL_FILE =
            Setting.withoutDefault("journalFile", new FileKind(false), "work/holdfast.journal");

    static final Setting<Startup> STARTUP = Setting.withDefault("startup", new ChoiceKind<>(Startup.class), "tolerant");

    static final Setting<Deserialization> DESERIALIZATION =
            Setting.withDefault("deserialization", new ChoiceKind<>(Deserialization.class), "enforce");

    static final Setting<List<String>> ALLOWED_CLASSES =
            Setting.withoutDefault("allowedClasses", new ClassPatternsKind(), "com.shop.model.**");

    static final Setting<Map<String, String>> CLASS_ALIASES =
            Setting.withoutDefault("classAliases", new ClassAliasesKind(), "com.shop.Basket=com.shop.model.Cart");

    static final Setting<Integer> WRITE_FORMAT = Setting.withDefault("writeFormat", new WholeNumberKind(1, 1), "1");

    static final Setting<Long> COMPRESSION_THRESHOLD =
            Setting.withDefault("compressionThreshold", ByteSizeKind.orOff("1KiB", "64MiB"), "2KiB");

    static final Setting<Long> MAX_ATTRIBUTE_BYTES =
            Setting.withDefault("maxAttributeBytes", ByteSizeKind.orOff("1KiB", "512MiB"), "4MiB");

    static final Setting<Long> MAX_SESSION_BYTES =
            Setting.withDefault("maxSessionBytes", ByteSizeKind.orOff("1KiB", "16GiB"), "16MiB");

    static final Setting<OnOversize> ON_OVERSIZE =
            Setting.withDefault("onOversize", new ChoiceKind<>(OnOversize.class), "warn");

    static final Setting<Boolean> ALLOW_NON_SERIALIZABLE =
            Setting.withDefault("allowNonSerializable", new TrueOrFalseKind(), "false");

    static final Setting<Encryption> ENCRYPTION =
            Setting.withoutDefault("encryption", new ChoiceKind<>(Encryption.class), "on");

    static final Setting<KeyRing> ENCRYPTION_KEYS =
            Setting.withoutDefault("encryptionKeys", new KeyRingKind(), "${HOLDFAST_KEYS}");

    static final Setting<Path> ENCRYPTION_KEYS_FILE =
            Setting.withoutDefault("encryptionKeysFile", new FileKind(), "conf/holdfast.keys");

    static final Setting<Boolean> OPAQUE_IDS = Setting.withDefault("opaqueIds", new TrueOrFalseKind(), "false");

    /** Names the YAML file; itself it stands only among the attributes. */
    static final Setting<Path> CONFIG = Setting.withoutDefault("config", new FileKind(), "conf/holdfast.yaml");

    /** What stands in a YAML file, or among the attributes. */
    static final List<Setting<?>> ALL = List.of(
            REDIS,
            REDISSON_CONFIG,
            CLIENT,
            APPLICATION_NAME,
            OPERATION_TIMEOUT,
            CONNECTION_POOL_SIZE,
            CONNECT_TIMEOUT,
            KEY_PREFIX,
            LOCAL_IDLE_TIMEOUT,
            MAX_LOCAL_SESSIONS,
            SHUTDOWN_TIMEOUT,
            SWEEP_INTERVAL,
            SWEEP_LEASE,
            PARTITIONS,
            TOUCH_INTERVAL,
            TTL_MARGIN,
            CONSISTENCY,
            LOCK,
            LOCK_TIMEOUT,
            LOCK_LEASE,
            ON_LOCK_TIMEOUT,
            WRITE,
            FINGERPRINT,
            FINGERPRINT_PREFIX,
            FAILURE_RATE_THRESHOLD,
            SLIDING_WINDOW_SIZE,
            OPEN_INTERVAL,
            REQUEST_BUDGET,
            ON_UNKNOWN,
            JOURNAL_MAX_BYTES,
            JOURNAL_FILE,
            STARTUP,
            DESERIALIZATION,
            ALLOWED_CLASSES,
            CLASS_ALIASES,
            WRITE_FORMAT,
            COMPRESSION_THRESHOLD,
            MAX_ATTRIBUTE_BYTES,
            MAX_SESSION_BYTES,
            ON_OVERSIZE,
            ALLOW_NON_SERIALIZABLE,
            ENCRYPTION,
            ENCRYPTION_KEYS,
            ENCRYPTION_KEYS_FILE,
            OPAQUE_IDS);

    /** What says how to reach Redis: all that a client has that several applications share. */
    static final List<Setting<?>> OF_A_CONNECTION =
            List.of(REDIS, REDISSON_CONFIG, OPERATION_TIMEOUT, CONNECTION_POOL_SIZE, CONNECT_TIMEOUT);

    /** The ways to name a Redis. */
    private static final List<Setting<?>> WAYS = List.of(REDIS, REDISSON_CONFIG, CLIENT);

    private Vocabulary() {}

    static Optional<Setting<?>> find(String name) {
        return ALL.stream().filter(setting -> setting.name().equals(name)).findFirst();
    }

    /**
     * Says of the ways to name a Redis that there must be exactly one.
     *
     * @param allowed the settings that there are
     * @param isGiven whether one of them is given
     */
    static Optional<String> oneRedis(List<Setting<?>> allowed, Predicate<Setting<?>> isGiven) {
        List<Setting<?>> ways = WAYS.stream().filter(allowed::contains).toList();
        List<String> given = ways.stream().filter(isGiven).map(Setting::name).toList();
        return given.size() == 1
                ? Optional.empty()
                : Optional.of(given.isEmpty() ? noneGiven(ways) : severalGiven(given));
    }

    private static String severalGiven(List<String> given) {
        return enumerated(given)
                + (given.size() == 2 ? " are both given: they are two" : " are all given: they are three")
                + " ways to say the same thing. Keep one of them";
    }

    private static String noneGiven(List<Setting<?>> ways) {
        List<String> others = ways.stream().skip(1).map(Setting::name).toList();
        return ways.get(0).name() + " is missing, and so " + (others.size() == 1 ? "is " : "are ") + enumerated(others)
                + ": Holdfast does not know which Redis to use. Write "
                + ways.stream()
                        .map(way -> Origin.ATTRIBUTE.assignment(way.name(), way.example()))
                        .collect(Collectors.joining(" or "));
    }

    private static String enumerated(List<String> names) {
        int last = names.size() - 1;
        return last == 0 ? names.get(0) : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
    }
}
