package dev.holdfast.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** All settings, in the order in which the documents list them. */
final class Vocabulary {

    static final Setting<RedisAddress> REDIS =
            Setting.withoutDefault("redis", new RedisKind(), "redis://localhost:6379");

    static final Setting<Path> REDISSON_CONFIG =
            Setting.withoutDefault("redissonConfig", new FileKind(), "conf/redisson-single.yaml");

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
    static final Setting<Duration> SWEEP_INTERVAL =
            Setting.withDefault("sweepInterval", new DurationKind("1s", "10m"), "10s");

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

    /** Names the YAML file; itself it stands only among the attributes. */
    static final Setting<Path> CONFIG = Setting.withoutDefault("config", new FileKind(), "conf/holdfast.yaml");

    /** What stands in a YAML file, or among the attributes. */
    static final List<Setting<?>> ALL = List.of(
            REDIS,
            REDISSON_CONFIG,
            APPLICATION_NAME,
            OPERATION_TIMEOUT,
            CONNECTION_POOL_SIZE,
            CONNECT_TIMEOUT,
            KEY_PREFIX,
            LOCAL_IDLE_TIMEOUT,
            SWEEP_INTERVAL,
            PARTITIONS,
            TOUCH_INTERVAL,
            TTL_MARGIN,
            CONSISTENCY,
            LOCK,
            LOCK_TIMEOUT,
            LOCK_LEASE,
            ON_LOCK_TIMEOUT,
            WRITE);

    private Vocabulary() {}

    static Optional<Setting<?>> find(String name) {
        return ALL.stream().filter(setting -> setting.name().equals(name)).findFirst();
    }

    /** Says of the two ways to name a Redis that there must be exactly one. */
    static String bothGiven() {
        return "redis and redissonConfig are both given: they are two ways to say the same thing. Keep one of them";
    }

    static String noneGiven() {
        return "redis is missing, and so is redissonConfig: Holdfast does not know which Redis to use. Write "
                + Origin.ATTRIBUTE.assignment(REDIS.name(), REDIS.example()) + " or "
                + Origin.ATTRIBUTE.assignment(REDISSON_CONFIG.name(), REDISSON_CONFIG.example());
    }
}
