package dev.holdfast.config;

import static dev.holdfast.config.Given.attributes;
import static dev.holdfast.config.Given.parser;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The settings of a client that several applications share. */
class ConnectionSettingsTest {

    private static ParsedConnection parsed(String... namesAndValues) {
        return parser(Path.of(""), Map.of("REDIS_PASSWORD", "s3cret")).parseConnection(attributes(namesAndValues));
    }

    private static List<String> problems(String... namesAndValues) {
        try {
            throw new AssertionError("Nothing was found to be wrong: " + parsed(namesAndValues));
        } catch (InvalidSettingsException invalid) {
            return invalid.problems();
        }
    }

    @Test
    void what_is_not_written_has_its_default() {
        ParsedConnection parsed = parsed("redis", "redis://localhost");

        assertThat(parsed.settings())
                .isEqualTo(new ConnectionSettings(
                        RedisAddress.parse("redis://localhost"),
                        null,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(2),
                        8));
        assertThat(parsed.warnings()).isEmpty();
    }

    @Test
    void a_variable_is_replaced_and_the_password_never_shown() {
        ConnectionSettings settings = parsed(
                        "redis", "redis://:${REDIS_PASSWORD}@cache:6379", "connectionPoolSize", "4")
                .settings();

        assertThat(settings.redis()).isEqualTo(RedisAddress.parse("redis://:s3cret@cache:6379"));
        assertThat(settings.connectionPoolSize()).isEqualTo(4);
        assertThat(settings.toString()).doesNotContain("s3cret");
        assertThat(settings.location()).isEqualTo("redis://:***@cache:6379");
    }

    @Test
    void all_problems_are_listed_at_once() {
        assertThat(problems("connectTimeout", "5", "connectionPoolSize", "0"))
                .satisfiesExactlyInAnyOrder(
                        timeout -> assertThat(timeout).contains("connectTimeout=\"5\": the unit is missing"),
                        size -> assertThat(size).contains("connectionPoolSize=\"0\": it is too small"),
                        redis -> assertThat(redis)
                                .startsWith("redis is missing, and so is redissonConfig: ")
                                .doesNotContain("client"));
    }

    @Test
    void a_setting_of_an_application_has_no_effect_and_a_misspelt_one_is_recognised() {
        ParsedConnection parsed =
                parsed("redis", "redis://localhost", "keyPrefix", "hf", "connectTimeOut", "5s", "client", "x");

        assertThat(parsed.warnings())
                .satisfiesExactly(
                        prefix -> assertThat(prefix)
                                .startsWith("HF-002 keyPrefix is not a setting of a Redis client")
                                .contains("Write it in the <Manager>"),
                        timeout -> assertThat(timeout).endsWith("The nearest known name is connectTimeout"),
                        client -> assertThat(client).startsWith("HF-002 client is not a setting of a Redis client"));
    }

    @Test
    void the_ranges_hold_in_java_too() {
        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(() -> new ConnectionSettings(null, null, Duration.ZERO, Duration.ZERO, 0))
                .satisfies(invalid -> assertThat(invalid.problems()).hasSize(4));
    }
}
