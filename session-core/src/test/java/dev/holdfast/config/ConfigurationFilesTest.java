package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.redisson.config.Config;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The files in conf/ work as they are. */
class ConfigurationFilesTest {

    private static final Path CONF = Repository.file("conf");
    private static final Pattern MANAGER = Pattern.compile("<Manager [^>]*/>");

    @Test
    void holdfast_yaml_has_every_setting_with_its_default() throws IOException {
        List<String> problems = new ArrayList<>();
        Map<String, String> written = new LinkedHashMap<>();
        new YamlFile(CONF.resolve("holdfast.yaml"), "holdfast.yaml", problems)
                .read()
                .forEach(setting -> written.put(setting.name(), setting.text()));

        Map<String, String> expected = new LinkedHashMap<>();
        for (Setting<?> setting : Vocabulary.ALL) {
            if (setting.defaultText() != null) {
                expected.put(setting.name(), setting.defaultText());
            }
        }
        expected.put("redis", "redis://localhost:6379");
        assertThat(problems).isEmpty();
        assertThat(written).containsExactlyInAnyOrderEntriesOf(expected);
        assertThat(Files.readString(CONF.resolve("holdfast.yaml")))
                .contains(
                        "# redissonConfig: conf/redisson-single.yaml",
                        "# applicationName: shop",
                        "# journalFile: work/holdfast.journal");
    }

    @Test
    void holdfast_yaml_makes_the_same_settings_as_no_file() {
        ParsedSettings fromFile =
                Given.parser(CONF, Map.of()).parse(Given.attributes("config", "holdfast.yaml"), Given.APPLICATION);

        assertThat(fromFile.settings()).isEqualTo(Given.settings());
        assertThat(fromFile.warnings()).isEmpty();
    }

    @Test
    void context_xml_names_the_manager_and_settings_that_are_right() throws Exception {
        String content = Files.readString(CONF.resolve("context.xml"));

        NodeList managers = parseXml(content).getElementsByTagName("Manager");

        assertThat(managers.getLength()).isEqualTo(1);
        assertThat(read((Element) managers.item(0))).isEqualTo(Given.settings());
    }

    @Test
    void server_redis_client_xml_describes_a_client_that_is_right() throws Exception {
        NodeList resources = parseXml(Files.readString(CONF.resolve("server-redis-client.xml")))
                .getElementsByTagName("Resource");

        assertThat(resources.getLength()).isEqualTo(1);
        Map<String, String> attributes = attributesOf((Element) resources.item(0));
        attributes.keySet().removeAll(List.of("name", "type", "factory"));
        ParsedConnection parsed = Given.parser(CONF, Map.of()).parseConnection(attributes);
        assertThat(parsed.settings()).isEqualTo(Given.settings().connection());
        assertThat(parsed.warnings()).isEmpty();
    }

    @Test
    void the_other_ways_in_the_comments_of_context_xml_are_right_too() throws Exception {
        List<String> managers = MANAGER.matcher(Files.readString(CONF.resolve("context.xml")))
                .results()
                .map(MatchResult::group)
                .toList();

        assertThat(managers).hasSizeGreaterThan(5);
        for (String manager : managers) {
            assertThat(read(parseXml(manager)).applicationName()).isEqualTo(Given.APPLICATION);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"single", "sentinel", "cluster", "tls"})
    void the_redisson_files_are_read_by_redisson(String name) throws IOException {
        Config config = Config.fromYAML(redissonFile(name).toFile());

        assertThat(config.isSingleConfig()).isEqualTo(name.equals("single") || name.equals("tls"));
        assertThat(config.isSentinelConfig()).isEqualTo(name.equals("sentinel"));
        assertThat(config.isClusterConfig()).isEqualTo(name.equals("cluster"));
        // Every value has arrived: it comes out again.
        assertThat(written(config)).containsAllEntriesOf(flat(parseYaml(Files.readString(redissonFile(name)))));
    }

    private static Map<String, Object> written(Config config) {
        URL truststore = config.getSslTruststore();
        // Redisson cannot write a URL on Java 17 and later.
        config.setSslTruststore(null);
        Map<String, Object> written = flat(parseYaml(toYaml(config)));
        if (truststore != null) {
            written.put("sslTruststore", truststore.toString());
        }
        return written;
    }

    private static String toYaml(Config config) {
        try {
            return config.toYAML();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static Path redissonFile(String name) {
        return CONF.resolve("redisson-" + name + ".yaml");
    }

    private static Map<String, String> attributesOf(Element element) {
        Map<String, String> attributes = new LinkedHashMap<>();
        NamedNodeMap nodes = element.getAttributes();
        for (int i = 0; i < nodes.getLength(); i++) {
            attributes.put(nodes.item(i).getNodeName(), nodes.item(i).getNodeValue());
        }
        return attributes;
    }

    private static Settings read(Element manager) {
        assertThat(manager.getAttribute("className")).isEqualTo("dev.holdfast.tomcat.RedisSessionManager");
        Map<String, String> attributes = attributesOf(manager);
        attributes.remove("className");
        ParsedSettings parsed =
                Given.parser(CONF.getParent(), Map.of("REDIS_PASSWORD", "pass")).parse(attributes, Given.APPLICATION);
        assertThat(parsed.warnings()).isEmpty();
        return parsed.settings();
    }

    private static Element parseXml(String content) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(content)))
                .getDocumentElement();
    }

    private static Map<String, Object> parseYaml(String content) {
        // Redisson writes tags of its own classes, which do not matter here.
        return new Yaml(new SafeConstructor(new LoaderOptions())).load(content.replaceAll("!<[^>]*>", ""));
    }

    /** Keys of all levels, joined by points. */
    private static Map<String, Object> flat(Map<String, Object> nested) {
        Map<String, Object> flat = new LinkedHashMap<>();
        nested.forEach((key, value) -> {
            if (value instanceof Map<?, ?> map) {
                map.forEach((inner, innerValue) -> flat.put(key + "." + inner, innerValue));
            } else {
                flat.put(key, value);
            }
        });
        return flat;
    }
}
