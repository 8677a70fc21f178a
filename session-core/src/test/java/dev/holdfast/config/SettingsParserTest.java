package dev.holdfast.config;

import static dev.holdfast.config.Given.APPLICATION;
import static dev.holdfast.config.Given.attributes;
import static dev.holdfast.config.Given.attributesBesideRedis;
import static dev.holdfast.config.Given.parsed;
import static dev.holdfast.config.Given.parser;
import static dev.holdfast.config.Given.settings;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsParserTest {

    @TempDir
    private Path base;

    @Test
    void one_attribute_is_enough() {
        ParsedSettings parsed = parsed(attributes("redis", "redis://localhost:6379"));

        assertThat(parsed.settings())
                .isEqualTo(Settings.builder(APPLICATION)
                        .redis(RedisAddress.parse("redis://localhost:6379"))
                        .build());
        assertThat(parsed.warnings()).isEmpty();
    }

    @Test
    void versions_side_by_side_have_a_name_each() {
        SettingsParser parser = new SettingsParser(Path.of("."), name -> null, Set.of());
        Map<String, String> named = Map.of("redis", "redis://localhost:6379", "applicationName", "shop");
        Map<String, String> unnamed = Map.of("redis", "redis://localhost:6379");

        assertThat(parser.parse(named, "localhost/shop##2", "2").settings().applicationName())
                .isEqualTo("shop##2");
        assertThat(parser.parse(named, "localhost/shop", "").settings().applicationName())
                .isEqualTo("shop");
        assertThat(parser.parse(unnamed, "localhost/shop##2", "2").settings().applicationName())
                .isEqualTo("localhost/shop##2");
    }

    @Test
    void every_attribute_is_read() {
        Settings settings = settings(
                "applicationName", "shop",
                "keyPrefix", "prod:hf",
                "partitions", "64",
                "operationTimeout", "250ms",
                "connectTimeout", "3s",
                "connectionPoolSize", "4",
                "ttlMargin", "2h",
                "touchInterval", "1m",
                "localIdleTimeout", "24h",
                "sweepInterval", "5s",
                "sweepLease", "30s",
                "shutdownTimeout", "20s",
                "maxLocalSessions", "5000",
                "consistency", "strict",
                "lock", "none",
                "write", "sync",
                "fingerprint", "log",
                "fingerprintPrefix", "0/128",
                "failureRateThreshold", "80",
                "slidingWindowSize", "100",
                "openInterval", "2s",
                "requestBudget", "1s",
                "onUnknown", "503",
                "journalMaxBytes", "3GiB",
                "journalFile", "/var/lib/holdfast/journal",
                "startup", "strict",
                "deserialization", "audit",
                "allowedClasses", " com.shop.** ; !com.shop.Evil;org.joda.time.*,com.lib.Mo*;",
                "classAliases", "com.shop.Old = com.shop.New; a.B$C=a.D",
                "writeFormat", "1",
                "compressionThreshold", "off",
                "maxAttributeBytes", "64KiB",
                "maxSessionBytes", "1MiB",
                "onOversize", "reject",
                "allowNonSerializable", "true");

        assertThat(settings)
                .isEqualTo(new Settings(
                        RedisAddress.parse("redis://localhost:6379"),
                        null,
                        null,
                        "shop",
                        "prod:hf",
                        64,
                        Duration.ofMillis(250),
                        Duration.ofSeconds(3),
                        4,
                        Duration.ofHours(2),
                        Duration.ofMinutes(1),
                        Duration.ofDays(1),
                        5000,
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30),
                        Consistency.STRICT,
                        Locking.NONE,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30),
                        OnLockTimeout.UNAVAILABLE,
                        WriteMode.SYNC,
                        FingerprintMode.LOG,
                        new FingerprintPrefix(0, 128),
                        80,
                        100,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(1),
                        OnUnknown.UNAVAILABLE,
                        3L << 30,
                        Path.of("/var/lib/holdfast/journal"),
                        Startup.STRICT,
                        Deserialization.AUDIT,
                        List.of("com.shop.**", "!com.shop.Evil", "org.joda.time.*", "com.lib.Mo*"),
                        Map.of("com.shop.Old", "com.shop.New", "a.B$C", "a.D"),
                        1,
                        0,
                        64 << 10,
                        1L << 20,
                        OnOversize.REJECT,
                        true,
                        EncryptionSettings.NONE));
    }

    @Test
    void space_around_a_value_does_not_matter() {
        assertThat(settings("partitions", " 8\n").partitions()).isEqualTo(8);
    }

    @Test
    void a_relative_redisson_file_lies_in_the_base_directory() throws IOException {
        Files.createDirectories(base.resolve("conf"));
        Path file = Files.writeString(base.resolve("conf/redisson.yaml"), "");

        Settings settings = parser(base, Map.of())
                .parse(attributes("redissonConfig", "conf/redisson.yaml"), APPLICATION)
                .settings();

        assertThat(settings.redissonConfig()).isEqualTo(file);
        assertThat(settings.redis()).isNull();
    }

    @Test
    void a_journal_file_need_not_be_there_and_lies_in_the_base_directory() {
        Settings settings = parser(base, Map.of())
                .parse(attributesBesideRedis("journalFile", "work/journal"), APPLICATION)
                .settings();

        assertThat(settings.journalFile()).isEqualTo(base.resolve("work/journal"));
    }

    @Test
    void an_attribute_wins_over_the_file() throws IOException {
        Files.writeString(
                base.resolve("holdfast.yaml"), "redis: redis://from-file\npartitions: 4\ntouchInterval: 5s\n");

        Settings settings = parser(base, Map.of())
                .parse(attributes("partitions", "8", "config", "holdfast.yaml"), APPLICATION)
                .settings();

        assertThat(settings.redis()).isEqualTo(RedisAddress.parse("redis://from-file"));
        assertThat(settings.partitions()).isEqualTo(8);
        assertThat(settings.touchInterval()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void a_value_of_the_file_that_an_attribute_replaces_may_be_wrong() throws IOException {
        Files.writeString(base.resolve("holdfast.yaml"), "redis: nonsense\n");

        Settings settings = parser(base, Map.of())
                .parse(attributesBesideRedis("config", "holdfast.yaml"), APPLICATION)
                .settings();

        assertThat(settings.redis()).isEqualTo(RedisAddress.parse("redis://localhost:6379"));
    }

    @Test
    void variables_are_replaced_in_attributes_in_the_file_and_in_the_name_of_the_file() throws IOException {
        Files.writeString(base.resolve("eu.yaml"), "redis: redis://:${PASSWORD}@${HOST:localhost}\n");

        Settings settings = parser(base, Map.of("REGION", "eu", "PASSWORD", "p%40s", "SIZE", "3"))
                .parse(attributes("config", "${REGION}.yaml", "connectionPoolSize", "${SIZE}"), APPLICATION)
                .settings();

        assertThat(settings.redis()).isEqualTo(RedisAddress.parse("redis://:p%40s@localhost"));
        assertThat(settings.connectionPoolSize()).isEqualTo(3);
    }

    @Test
    void the_text_form_of_settings_shows_no_password() {
        Settings settings =
                parsed(attributes("redis", "redis://shop:s3cret@cache/1")).settings();

        assertThat(settings.toString()).doesNotContain("s3cret").contains("redis://shop:***@cache:6379/1");
        assertThat(settings.location()).isEqualTo("redis://shop:***@cache:6379/1");
    }
}
