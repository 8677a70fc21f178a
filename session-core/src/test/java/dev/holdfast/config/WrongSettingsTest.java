package dev.holdfast.config;

import static dev.holdfast.config.Given.APPLICATION;
import static dev.holdfast.config.Given.attributes;
import static dev.holdfast.config.Given.attributesBesideRedis;
import static dev.holdfast.config.Given.parser;
import static dev.holdfast.config.Given.problems;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WrongSettingsTest {

    @TempDir
    private Path base;

    @Test
    void one_message_lists_every_problem_on_its_own_line() {
        Map<String, String> attributes = attributes(
                "redis", "redis://:s3cret@cache:99999",
                "operationTimeout", "250",
                "partitions", "2000",
                "lock", "uri:(");

        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(() -> parser(base, Map.of()).parse(attributes, APPLICATION))
                .withMessage(String.join(
                        "\n  ",
                        "HF-001 Holdfast does not start, because 4 settings are wrong:",
                        "redis=\"redis://***@cache:99999\": a port is not between 1 and 65535. Allowed: "
                                + "redis[s]://[[user]:password@]host[:port][/database], "
                                + "redis[s]-sentinel://[[user]:password@]host[:port],.../master[/database], "
                                + "redis[s]-cluster://[[user]:password@]host[:port],.... "
                                + "Write redis=\"redis://localhost:6379\"",
                        "operationTimeout=\"250\": the unit is missing. Allowed: 10ms to 60s, with one of the units "
                                + "ms, s, m, h, d. Write operationTimeout=\"250ms\"",
                        "partitions=\"2000\": it is too large. Allowed: 1 to 1024. Write partitions=\"1024\"",
                        "lock=\"uri:(\": the regular expression is wrong: Unclosed group near index 1. Allowed: none, request, "
                                + "uri:<regex>, with a regular expression for the path within the application. "
                                + "Write lock=\"none\""));
    }

    @ParameterizedTest
    @CsvSource({
        "operationTimeout, 250,    the unit is missing,     250ms",
        "operationTimeout, 5,      the unit is missing,     5s",
        "ttlMargin,        3600,   the unit is missing,     3600s",
        "touchInterval,    0,      the unit is missing,     0s",
        "operationTimeout, 999999999, the unit is missing,  2s",
        "operationTimeout, 9ms,    it is too short,         10ms",
        "operationTimeout, 61s,    it is too long,          60s",
        "operationTimeout, 999999999d, it is too long,      60s",
        "connectTimeout,   999ms,  it is too short,         1s",
        "connectTimeout,   2m,     it is too long,          60s",
        "ttlMargin,        59s,    it is too short,         1m",
        "ttlMargin,        8d,     it is too long,          7d",
        "touchInterval,    301s,   it is too long,          5m",
        "localIdleTimeout, 9s,     it is too short,         10s",
        "localIdleTimeout, 2d,     it is too long,          24h",
        "maxLocalSessions, 99,     it is too small,         100",
        "maxLocalSessions, 1e6,    it is not a whole number, 100000",
        "shutdownTimeout,  500ms,  it is too short,         1s",
        "shutdownTimeout,  6m,     it is too long,          5m",
        "sweepLease,       4s,     it is too short,         5s",
        "operationTimeout, 5 S,    it is not a whole number and a unit, 5s",
        "operationTimeout, 1.5s,   it is not a whole number and a unit, 2s",
        "operationTimeout, -1s,    it is not a whole number and a unit, 2s",
        "operationTimeout, PT5S,   it is not a whole number and a unit, 2s",
        "ttlMargin,        1h30m,  it is not a whole number and a unit, 1h",
        "partitions,       0,      it is too small,         1",
        "partitions,       -5,     it is too small,         1",
        "partitions,       1025,   it is too large,         1024",
        "partitions,       many,   it is not a whole number, 16",
        "partitions,       99999999999, it is not a whole number, 16",
        "connectionPoolSize, 0,    it is too small,         1",
        "connectionPoolSize, 65,   it is too large,         64",
        "applicationName,  {shop}, it has characters that are not allowed, -shop-",
        "keyPrefix,        my app, it has characters that are not allowed, my-app",
        "consistency,      Strict, it is written in lower case, strict",
        "consistency,      sticky, this value is not in this version, strict",
        "consistency,      weak,   it is not one of the known values, strict",
        "lock,             session, it is not one of the known values, none",
        "lock,             Request, it is written in lower case, request",
        "lock,             uri:,   the regular expression is missing, none",
        "lockTimeout,      11m,    it is too long,          10m",
        "lockLease,        1s,     it is too short,         2s",
        "onLockTimeout,    500,    it is not one of the known values, 503",
        "write,            async,  this value is not in this version, sync",
        "fingerprint,      Log,    it is written in lower case, log",
        "fingerprint,      strict, it is not one of the known values, off",
        "fingerprintPrefix, 24,    it is not two whole numbers with a slash between them, 24/56",
        "fingerprintPrefix, -1/56, it is not two whole numbers with a slash between them, 24/56",
        "fingerprintPrefix, 33/56, an IPv4 address has 0 to 32 bits, 24/56",
        "fingerprintPrefix, 24/129, an IPv6 address has 0 to 128 bits, 24/56",
        "deserialization,  off,    it is not one of the known values, enforce",
        "allowedClasses,   com.*.Cart, com.*.Cart is no pattern for names of classes, com.shop.model.**",
        "allowedClasses,   com/shop, com/shop is no pattern for names of classes, com.shop.model.**",
        "classAliases,     com.shop.Cart, com.shop.Cart has not the form old=new, com.shop.Basket=com.shop.model.Cart",
        "classAliases,     a=b c,  b c is not the name of a class, com.shop.Basket=com.shop.model.Cart",
        "classAliases,     a=b;b=c, b is a new name and an old one, com.shop.Basket=com.shop.model.Cart",
        "writeFormat,      2,      it is too large,         1",
        "partitions,       '',     it is empty,             16"
    })
    void the_reason_and_the_line_to_write_are_named(String name, String value, String reason, String better) {
        assertThat(problems(attributesBesideRedis(name, value)))
                .singleElement()
                .asString()
                .startsWith(name + "=\"" + value + "\": " + reason)
                .contains(" Allowed: ")
                .endsWith(" Write " + name + "=\"" + better + "\"");
    }

    @Test
    void keys_are_never_shown() {
        String key = "k1:5Qm0zZ7oH1kq3hZ8yq1x3N4l0o6mJp0aWm2rV9cT7uE=";
        String cut = key.substring(0, 40);
        assertThat(problems(attributesBesideRedis("encryptionKeys", cut)))
                .singleElement()
                .asString()
                .startsWith("encryptionKeys=\"***\": the key k1 ")
                .doesNotContain("5Qm0");
        assertThat(problems(attributesBesideRedis(
                        "encryptionKeys", key, "encryptionKeysFile", "no/such/file", "encryption", "ON")))
                .hasSize(3)
                .noneMatch(problem -> problem.contains("5Qm0"));
        assertThat(Given.settings("encryptionKeys", key).toString())
                .contains("KeyRing[k1]")
                .doesNotContain("5Qm0");
    }

    @Test
    void encryption_needs_keys_and_opaque_ids_need_one_of_their_own() {
        String key = "k1:5Qm0zZ7oH1kq3hZ8yq1x3N4l0o6mJp0aWm2rV9cT7uE=";
        String ids = ",ids:1vYQ3m7s8pZb2kXo9hJ6tR4w5nE0uC1dLxGfAaSgB8M=";

        assertThat(problems(attributesBesideRedis("encryption", "migrate")))
                .singleElement()
                .asString()
                .contains("there are no keys");
        assertThat(problems(attributesBesideRedis("encryptionKeys", key, "opaqueIds", "true")))
                .singleElement()
                .asString()
                .contains("no key with the name ids");
        assertThat(problems(
                        attributesBesideRedis("encryptionKeys", key + ids, "opaqueIds", "true", "encryption", "off")))
                .singleElement()
                .asString()
                .contains("encryption is off");
        assertThat(Given.settings("encryptionKeys", key + ids, "opaqueIds", "true")
                        .encryption())
                .satisfies(encryption -> assertThat(encryption.mode()).isEqualTo(Encryption.ON))
                .satisfies(encryption -> assertThat(encryption.opaqueIds()).isTrue());
        assertThat(Given.settings("encryptionKeys", key, "encryption", "off")
                        .encryption()
                        .mode())
                .isEqualTo(Encryption.OFF);
    }

    @Test
    void a_name_has_a_greatest_length_and_no_control_characters() {
        assertThat(problems(attributesBesideRedis("keyPrefix", "x".repeat(65), "applicationName", "a\u0000b")))
                .satisfiesExactly(
                        prefix -> assertThat(prefix).contains("it is too long", "1 to 64 characters"),
                        name -> assertThat(name)
                                .startsWith("applicationName=\"a?b\"")
                                .endsWith("\"a-b\""));
    }

    @Test
    void the_container_may_give_a_name_that_is_not_allowed() {
        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(() -> parser(base, Map.of()).parse(attributesBesideRedis(), "localhost/{a}"))
                .withMessageEndingWith("Write applicationName=\"localhost/-a-\"");
    }

    @Test
    void without_a_redis_three_lines_to_choose_from_are_shown() {
        assertThat(problems(attributes()))
                .singleElement()
                .asString()
                .contains(
                        "redis=\"redis://localhost:6379\"",
                        "redissonConfig=\"conf/redisson-single.yaml\"",
                        "client=\"java:comp/env/redis/sessions\"");
    }

    @Test
    void two_ways_to_name_a_redis_are_one_too_many() throws IOException {
        Files.writeString(base.resolve("redisson.yaml"), "");

        assertThat(problems(parser(base, Map.of()), attributesBesideRedis("redissonConfig", "redisson.yaml")))
                .singleElement()
                .asString()
                .startsWith("redis and redissonConfig are both given");
    }

    @Test
    void a_client_beside_a_redis_is_one_too_many() {
        assertThat(problems(attributesBesideRedis("client", "java:comp/env/redis/sessions")))
                .containsExactly("redis and client are both given: they are two ways to say the same thing. Keep one of"
                        + " them");
    }

    @Test
    void a_uri_in_place_of_a_client_is_recognised_and_its_password_not_shown() {
        assertThat(problems(attributes("client", "redis://:s3cret@cache:6379")))
                .singleElement()
                .asString()
                .startsWith("client=\"redis://***@cache:6379\": it is a URI, and belongs into redis. Allowed: ")
                .doesNotContain("s3cret");
        assertThat(problems(attributes("client", "redis://s3cret:cache")))
                .singleElement()
                .asString()
                .doesNotContain("s3cret:cache");
    }

    @Test
    void a_wrong_redis_is_not_also_called_missing() {
        assertThat(problems(attributes("redis", "localhost:6379")))
                .singleElement()
                .asString()
                .contains("the scheme is missing")
                .endsWith("Write redis=\"redis://localhost:6379\"");
    }

    @Test
    void a_file_in_place_of_a_uri_is_recognised() {
        assertThat(problems(attributes("redis", "conf/redisson.yaml")))
                .singleElement()
                .asString()
                .contains("this is a file")
                .endsWith("Write redissonConfig=\"conf/redisson.yaml\"");
    }

    @Test
    void a_uri_in_place_of_a_file_is_recognised_and_its_password_not_shown() {
        assertThat(problems(attributes("redissonConfig", "redis://:s3cret@cache")))
                .singleElement()
                .asString()
                .contains("it is a URI", "redis://***@cache")
                .doesNotContain("s3cret");
    }

    @Test
    void a_missing_file_is_named_with_its_full_path() {
        assertThat(problems(parser(base, Map.of()), attributes("redissonConfig", "conf/none.yaml")))
                .singleElement()
                .asString()
                .contains("there is no readable file " + base.resolve("conf/none.yaml"));
        assertThat(problems(parser(base, Map.of()), attributesBesideRedis("config", "none.yaml")))
                .singleElement()
                .asString()
                .startsWith("config=\"none.yaml\": there is no readable file " + base.resolve("none.yaml"));
    }

    @Test
    void a_problem_in_the_file_names_its_line_and_shows_what_to_write_there() throws IOException {
        Files.writeString(base.resolve("holdfast.yaml"), "# ours\nredis: redis://localhost\npartitions: 0\n");

        assertThat(problems(parser(base, Map.of()), attributes("config", "holdfast.yaml")))
                .containsExactly("partitions: 0 (holdfast.yaml, line 3): it is too small. Allowed: 1 to 1024. "
                        + "Write partitions: 1");
    }

    @Test
    void unset_variables_are_all_named() {
        assertThat(problems(attributes("redis", "redis://${USER_X}:${PASSWORD_X}@${HOST_X:cache}")))
                .singleElement()
                .asString()
                .startsWith("redis=\"redis://***@***\": not set in the environment of the server: USER_X, PASSWORD_X");
    }

    @Test
    void a_password_from_the_environment_is_not_shown() {
        SettingsParser parser = parser(base, Map.of("PASSWORD", "s3@cret", "EMPTY", ""));

        assertThat(problems(parser, attributes("redis", "redis://:${PASSWORD}@cache")))
                .singleElement()
                .asString()
                .contains("percent-encoded")
                .doesNotContain("s3", "cret");
        assertThat(problems(parser, attributes("redis", "redis://:${EMPTY}@cache")))
                .singleElement()
                .asString()
                .contains("the password is empty");
    }
}
