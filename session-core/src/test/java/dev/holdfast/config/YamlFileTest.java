package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlFileTest {

    @TempDir
    private Path directory;

    private final List<String> problems = new ArrayList<>();

    @Test
    void values_stay_as_they_are_written() throws IOException {
        List<RawSetting> settings =
                read("octal: 010\nyes: yes\nunderscores: 1_000\nquoted: \"a: b\" # why\ndate: 2026-01-01\n");

        assertThat(settings).extracting(RawSetting::text).containsExactly("010", "yes", "1_000", "a: b", "2026-01-01");
        assertThat(settings).extracting(setting -> setting.origin().line()).containsExactly(1, 2, 3, 4, 5);
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"name:\n", "name: null\n", "name: ~\n"})
    void no_value_is_an_empty_text(String content) throws IOException {
        assertThat(read(content)).extracting(RawSetting::text).containsExactly("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "---\n", "{}\n"})
    void a_file_may_say_nothing(String content) throws IOException {
        assertThat(read(content)).isEmpty();
        assertThat(problems.stream().filter(problem -> !problem.contains("name: value")))
                .isEmpty();
    }

    @Test
    void a_name_that_is_written_twice_is_refused() throws IOException {
        read("partitions: 1\nlock: none\npartitions: 2\n");

        assertThat(problems).containsExactly("holdfast.yaml, line 3: partitions is written twice. Keep one of them");
    }

    @Test
    void every_list_and_nested_value_is_named() throws IOException {
        List<RawSetting> settings = read("redis:\n  host: a\npartitions: [1, 2]\nlock: none\n");

        assertThat(problems)
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("holdfast.yaml, line 1: redis is a list or has settings"),
                        second -> assertThat(second).startsWith("holdfast.yaml, line 3: partitions is a list"));
        assertThat(settings).extracting(RawSetting::name).containsExactly("lock");
    }

    @ParameterizedTest
    @ValueSource(strings = {"just text\n", "- a\n- b\n", "[a]: b\n", "? {a: b}\n: c\n"})
    void another_shape_is_refused(String content) throws IOException {
        read(content);

        assertThat(problems).singleElement().asString().startsWith("holdfast.yaml, line 1: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis: redis://:s3cret@cache\n  bad: indent\n",
                "redis: \"redis://:s3cret@cache\n",
                "redis: redis://:s3cret@cache: x\n",
                "redis: redis://:s3cret@cache\n\tbad: tab\n",
                "redis: redis://:s3cret@cache\n---\nb: c\n",
                "redis: redis://:s3cret@cache\u0007\n",
                "redis: redis://:s3cret@cache\nb: *s3cret\n"
            })
    void what_is_not_yaml_is_refused_without_quoting_the_file(String content) throws IOException {
        assertThat(read(content)).isEmpty();
        assertThat(problems)
                .singleElement()
                .asString()
                .startsWith("holdfast.yaml")
                .contains("not YAML");
        assertThat(problems.toString()).doesNotContain("s3cret@");
    }

    @Test
    void a_tag_that_names_a_class_is_refused() throws IOException {
        assertThat(read("lock: none\nwrite: !!java.net.URL http://localhost\n")).isEmpty();
        assertThat(problems).singleElement().asString().startsWith("holdfast.yaml, line 2: not YAML: ");
    }

    @Test
    void aliases_do_not_multiply() throws IOException {
        read("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n");

        assertThat(problems).isNotEmpty();
    }

    @Test
    void a_deeply_nested_file_is_refused() throws IOException {
        read("a: " + "[".repeat(5_000) + "\n");

        assertThat(problems).singleElement().asString().contains("not YAML");
    }

    @Test
    void a_large_file_is_refused() throws IOException {
        read("#".repeat(YamlFile.MAX_BYTES + 1));

        assertThat(problems).containsExactly("holdfast.yaml has 65537 bytes. Allowed: up to 65536 bytes");
    }

    @Test
    void another_encoding_is_refused() throws IOException {
        Path file = Files.write(
                directory.resolve("holdfast.yaml"), "applicationName: café\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(new YamlFile(file, "holdfast.yaml", problems).read()).isEmpty();
        assertThat(problems).singleElement().asString().contains("not written in UTF-8");
    }

    private List<RawSetting> read(String content) throws IOException {
        Path file = Files.writeString(directory.resolve("holdfast.yaml"), content);
        return new YamlFile(file, "holdfast.yaml", problems).read();
    }
}
