package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {

    private static final RedisAddress REDIS = RedisAddress.parse("redis://localhost");

    @Test
    void what_is_not_set_has_its_default() {
        Settings settings = Settings.builder("shop").redis(REDIS).build();

        assertThat(settings)
                .isEqualTo(new Settings(
                        REDIS,
                        null,
                        null,
                        "shop",
                        "holdfast",
                        16,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(2),
                        8,
                        Duration.ofHours(1),
                        Duration.ZERO,
                        Duration.ofMinutes(10),
                        100_000,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(60),
                        Consistency.STRICT,
                        Locking.NONE,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30),
                        OnLockTimeout.UNAVAILABLE,
                        WriteMode.SYNC,
                        FingerprintMode.OFF,
                        new FingerprintPrefix(24, 56),
                        50,
                        20,
                        Duration.ofMillis(500),
                        Duration.ofMillis(500),
                        OnUnknown.NEW,
                        64L << 20,
                        null,
                        Startup.TOLERANT,
                        Deserialization.ENFORCE,
                        List.of(),
                        Map.of(),
                        1,
                        2048,
                        4L << 20,
                        16L << 20,
                        OnOversize.WARN,
                        false,
                        EncryptionSettings.NONE));
    }

    @Test
    void every_setting_can_be_made_in_java() {
        Settings settings = Settings.builder("shop")
                .redissonConfig(Path.of("redisson.yaml"))
                .applicationName("other")
                .keyPrefix("hf")
                .partitions(1)
                .operationTimeout(Duration.ofMillis(10))
                .connectTimeout(Duration.ofSeconds(60))
                .connectionPoolSize(64)
                .ttlMargin(Duration.ofDays(7))
                .touchInterval(Duration.ofMinutes(5))
                .localIdleTimeout(Duration.ofSeconds(10))
                .maxLocalSessions(100)
                .shutdownTimeout(Duration.ofMinutes(5))
                .sweepInterval(Duration.ofMinutes(1))
                .sweepLease(Duration.ofSeconds(5))
                .consistency(Consistency.STRICT)
                .lock(Locking.uri("/cart/.*"))
                .lockTimeout(Duration.ZERO)
                .lockLease(Duration.ofMinutes(10))
                .onLockTimeout(OnLockTimeout.PROCEED)
                .write(WriteMode.SYNC)
                .fingerprint(FingerprintMode.ENFORCE)
                .fingerprintPrefix(new FingerprintPrefix(32, 0))
                .failureRateThreshold(1)
                .slidingWindowSize(1000)
                .openInterval(Duration.ofMillis(50))
                .requestBudget(Duration.ofSeconds(60))
                .onUnknown(OnUnknown.UNAVAILABLE)
                .journalMaxBytes(1L << 34)
                .journalFile(Path.of("holdfast.journal"))
                .startup(Startup.STRICT)
                .deserialization(Deserialization.AUDIT)
                .allowedClasses(List.of("com.shop.**", "!com.shop.Evil"))
                .classAliases(Map.of("com.shop.Old", "com.shop.New"))
                .writeFormat(1)
                .compressionThreshold(0)
                .maxAttributeBytes(1024)
                .maxSessionBytes(0)
                .onOversize(OnOversize.REJECT)
                .allowNonSerializable(true)
                .build();

        assertThat(settings)
                .isEqualTo(new Settings(
                        null,
                        Path.of("redisson.yaml"),
                        null,
                        "other",
                        "hf",
                        1,
                        Duration.ofMillis(10),
                        Duration.ofSeconds(60),
                        64,
                        Duration.ofDays(7),
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(10),
                        100,
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(5),
                        Consistency.STRICT,
                        new Locking("uri:/cart/.*"),
                        Duration.ZERO,
                        Duration.ofMinutes(10),
                        OnLockTimeout.PROCEED,
                        WriteMode.SYNC,
                        FingerprintMode.ENFORCE,
                        new FingerprintPrefix(32, 0),
                        1,
                        1000,
                        Duration.ofMillis(50),
                        Duration.ofSeconds(60),
                        OnUnknown.UNAVAILABLE,
                        1L << 34,
                        Path.of("holdfast.journal"),
                        Startup.STRICT,
                        Deserialization.AUDIT,
                        List.of("com.shop.**", "!com.shop.Evil"),
                        Map.of("com.shop.Old", "com.shop.New"),
                        1,
                        0,
                        1024,
                        0,
                        OnOversize.REJECT,
                        true,
                        EncryptionSettings.NONE));
        assertThat(settings.location()).isEqualTo("the Redis of redisson.yaml");
        assertThat(settings.connection())
                .isEqualTo(new ConnectionSettings(
                        null, Path.of("redisson.yaml"), Duration.ofMillis(10), Duration.ofSeconds(60), 64));
    }

    @Test
    void a_client_of_the_container_says_which_redis_to_use() {
        Settings settings =
                Settings.builder("shop").client("java:comp/env/redis/sessions").build();

        assertThat(settings.client()).isEqualTo("java:comp/env/redis/sessions");
        assertThat(settings.location()).isEqualTo("the Redis of the client java:comp/env/redis/sessions");
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(settings::connection);
    }

    @Test
    void three_ways_to_name_a_redis_are_two_too_many() {
        SettingsBuilder builder = Settings.builder("shop")
                .redis(REDIS)
                .redissonConfig(Path.of("redisson.yaml"))
                .client("redis/sessions");

        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(builder::build)
                .withMessageContaining("redis, redissonConfig and client are all given");
    }

    @Test
    void the_ranges_hold_in_java_too_and_all_problems_are_listed() {
        SettingsBuilder builder = Settings.builder(" ")
                .keyPrefix("{x}")
                .partitions(0)
                .operationTimeout(Duration.ofNanos(1))
                .connectTimeout(Duration.ZERO)
                .connectionPoolSize(65)
                .ttlMargin(Duration.ofDays(8))
                .touchInterval(Duration.ofSeconds(-1))
                .localIdleTimeout(Duration.ofDays(2));

        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(builder::build)
                .satisfies(invalid -> assertThat(invalid.problems())
                        .hasSize(10)
                        .anySatisfy(problem -> assertThat(problem)
                                .isEqualTo("ttlMargin=\"8d\": it is too long. Allowed: 1m to 7d, with one of the units "
                                        + "ms, s, m, h, d. Write ttlMargin=\"7d\"")));
    }

    @Test
    void a_lock_is_for_no_request_for_all_or_for_those_to_some_paths() {
        assertThat(Locking.NONE.isOn()).isFalse();
        assertThat(Locking.NONE.paths()).rejects("/cart/add");
        assertThat(Locking.REQUEST.paths()).accepts("/cart/add", "/");
        assertThat(Locking.uri("/cart/.*").paths()).accepts("/cart/add").rejects("/", "/shop/cart/add");
    }

    @Test
    void two_ways_to_name_a_redis_are_one_too_many() {
        SettingsBuilder builder = Settings.builder("shop").redis(REDIS).redissonConfig(Path.of("redisson.yaml"));

        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(builder::build)
                .withMessageContaining("both given");
    }
}
