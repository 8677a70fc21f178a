package dev.holdfast.config;

import static dev.holdfast.config.Given.APPLICATION;
import static dev.holdfast.config.Given.attributes;
import static dev.holdfast.config.Given.attributesBesideRedis;
import static dev.holdfast.config.Given.parsed;
import static dev.holdfast.config.Given.parser;
import static dev.holdfast.config.Given.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {

    @TempDir
    private Path base;

    @ParameterizedTest
    @CsvSource({
        "operationTimout,   operationTimeout",
        "operationtimeout,  operationTimeout",
        "operation-timeout, operationTimeout",
        "redisonConfig,     redissonConfig",
        "Partitions,        partitions",
        "keyprefix,         keyPrefix",
        "conifg,            config",
        "maxActiveSession,  maxActiveSessions",
        "updatemode,        updateMode"
    })
    void a_misspelt_name_is_a_warning_that_names_the_nearest_one(String written, String nearest) {
        assertThat(parsed(attributesBesideRedis(written, "1")).warnings())
                .containsExactly("HF-002 " + written + " is not a setting and has no effect. The nearest known name is "
                        + nearest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"codec", "maximumThroughput", "x", ""})
    void a_name_that_is_near_to_nothing_gets_no_suggestion(String written) {
        assertThat(parsed(attributesBesideRedis(written, "1")).warnings())
                .singleElement()
                .asString()
                .endsWith("No known name is near to it");
    }

    @Test
    void the_value_of_an_unknown_name_is_not_shown() {
        assertThat(parsed(attributesBesideRedis("password", "s3cret"))
                        .warnings()
                        .toString())
                .contains("password")
                .doesNotContain("s3cret");
    }

    @Test
    void a_setting_of_the_container_does_not_belong_into_the_file() throws IOException {
        Files.writeString(base.resolve("holdfast.yaml"), "maxActiveSessions: 10\nconfig: other.yaml\n");

        assertThat(parser(base, Map.of())
                        .parse(attributesBesideRedis("config", "holdfast.yaml"), APPLICATION)
                        .warnings())
                .satisfiesExactly(
                        first -> assertThat(first)
                                .startsWith(
                                        "HF-002 maxActiveSessions (holdfast.yaml, line 1) is a setting of the container"),
                        second -> assertThat(second).startsWith("HF-002 config (holdfast.yaml, line 2) has no effect"));
    }

    @Test
    void the_redisson_file_may_have_the_name_that_redisson_tomcat_gave_it() throws IOException {
        Path file = Files.writeString(base.resolve("redisson.yaml"), "");

        ParsedSettings parsed = parser(base, Map.of()).parse(attributes("configPath", "redisson.yaml"), APPLICATION);

        assertThat(parsed.settings().redissonConfig()).isEqualTo(file);
        assertThat(parsed.warnings())
                .containsExactly("HF-003 configPath is a name of redisson-tomcat. It is called redissonConfig in "
                        + "Holdfast, and is read as that");
    }

    @ParameterizedTest
    @ValueSource(strings = {"readMode", "updateMode", "broadcastSessionEvents", "broadcastSessionUpdates", "jndiName"})
    void other_names_of_redisson_tomcat_are_accepted_with_a_notice(String name) {
        assertThat(parsed(attributesBesideRedis(name, "REDIS")).warnings())
                .singleElement()
                .asString()
                .startsWith("HF-003 " + name + " is a name of redisson-tomcat. It is not ");
    }

    @Test
    void the_key_prefix_of_redisson_tomcat_has_our_name_and_needs_no_notice() {
        assertThat(parsed(attributesBesideRedis("keyPrefix", "x")).warnings()).isEmpty();
    }

    @Test
    void two_names_of_the_redisson_file_are_one_too_many() throws IOException {
        Files.writeString(base.resolve("redisson.yaml"), "");

        assertThat(problems(
                        parser(base, Map.of()),
                        attributes("configPath", "redisson.yaml", "redissonConfig", "redisson.yaml")))
                .singleElement()
                .asString()
                .contains("Keep redissonConfig");
    }
}
