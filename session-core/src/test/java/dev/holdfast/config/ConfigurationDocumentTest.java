package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** docs/configuration.md says what the code does. */
class ConfigurationDocumentTest {

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern MANAGER = Pattern.compile("<Manager ([^>]*)/>");
    private static final Pattern RESOURCE = Pattern.compile("<Resource ([^>]*)/>");
    private static final Pattern ATTRIBUTE = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    private static List<String> lines = List.of();

    @BeforeAll
    static void readDocument() throws IOException {
        lines = Files.readAllLines(Repository.file("docs/configuration.md"));
    }

    @Test
    void every_setting_is_listed_with_its_default_and_no_other_one() {
        Map<String, String> documented = new LinkedHashMap<>();
        for (String section : List.of("Essential", "Frequent", "Rare")) {
            for (List<String> row : table(section)) {
                assertThat(documented.put(code(row.get(0)), row.get(1))).isNull();
            }
        }

        Map<String, String> expected = new LinkedHashMap<>();
        for (Setting<?> setting : Vocabulary.ALL) {
            expected.put(setting.name(), setting.defaultText() == null ? "none" : "`" + setting.defaultText() + "`");
        }
        expected.put("config", "none");
        expected.put("applicationName", "host and context path, such as `localhost/shop##2`");
        assertThat(documented).containsExactlyInAnyOrderEntriesOf(expected);
    }

    @Test
    void the_bounds_of_a_range_are_those_of_the_code() {
        for (String section : List.of("Frequent", "Rare")) {
            for (List<String> row : table(section)) {
                if (row.get(2).startsWith("`")) {
                    Setting<?> setting = Vocabulary.find(code(row.get(0))).orElseThrow();
                    String range = row.get(2).replace("`", "");
                    assertThat(setting.kind().allowed())
                            .satisfiesAnyOf(
                                    allowed -> assertThat(allowed).isEqualTo(range),
                                    allowed -> assertThat(allowed).startsWith(range + ","));
                }
            }
        }
    }

    @Test
    void every_uri_is_one_that_can_be_read() {
        List<List<String>> rows = table("The Redis URI");

        assertThat(rows).hasSizeGreaterThan(6);
        for (List<String> row : rows) {
            assertThat(RedisAddress.parse(code(row.get(1))).toUri()).startsWith(code(row.get(1)));
        }
    }

    @Test
    void every_name_of_redisson_tomcat_is_listed() {
        assertThat(table("Coming from redisson-tomcat"))
                .extracting(row -> code(row.get(0)))
                .containsAll(RedissonTomcatNames.all())
                .hasSize(RedissonTomcatNames.all().size() + 1);
    }

    @Test
    void every_example_of_a_manager_is_right() {
        List<MatchResult> managers =
                MANAGER.matcher(String.join("\n", lines)).results().toList();

        assertThat(managers).hasSizeGreaterThan(2);
        for (MatchResult manager : managers) {
            Map<String, String> attributes = new LinkedHashMap<>();
            ATTRIBUTE.matcher(manager.group(1)).results().forEach(part -> attributes.put(part.group(1), part.group(2)));
            attributes.remove("className");
            assertThat(Given.parser(Repository.file(""), Map.of("REDIS_PASSWORD", "pass"))
                            .parse(attributes, Given.APPLICATION)
                            .warnings())
                    .isEmpty();
        }
    }

    @Test
    void every_example_of_a_shared_client_is_right() {
        List<MatchResult> resources =
                RESOURCE.matcher(String.join("\n", lines)).results().toList();

        assertThat(resources).isNotEmpty();
        for (MatchResult resource : resources) {
            assertThat(Given.parser(Repository.file(""), Map.of("REDIS_PASSWORD", "pass"))
                            .parseConnection(Given.attributesOfResource(resource.group(1)))
                            .warnings())
                    .isEmpty();
        }
    }

    /** The rows below the heading of a section, without the head of the table. */
    private static List<List<String>> table(String section) {
        int start = lines.indexOf("## " + section);
        assertThat(start).as(section).isNotNegative();
        return lines.stream()
                .skip(start + 1L)
                .takeWhile(line -> !line.startsWith("## "))
                .filter(line -> line.startsWith("|"))
                .skip(2)
                .map(line -> Arrays.stream(line.split("\\|"))
                        .skip(1)
                        .map(String::strip)
                        .toList())
                .toList();
    }

    private static String code(String cell) {
        var matcher = CODE.matcher(cell);
        assertThat(matcher.find()).as(cell).isTrue();
        return matcher.group(1);
    }
}
