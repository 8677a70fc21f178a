package dev.holdfast.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What the tests of the parser start from. */
final class Given {

    static final String APPLICATION = "localhost/shop##2";
    static final Set<String> TOMCAT_NAMES = Set.of("className", "maxActiveSessions", "sessionAttributeNameFilter");

    private Given() {}

    /** Names and values in turns. */
    static Map<String, String> attributes(String... namesAndValues) {
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            attributes.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return attributes;
    }

    /** Also a Redis, so that only the other attributes can be wrong. */
    static Map<String, String> attributesBesideRedis(String... namesAndValues) {
        Map<String, String> attributes = attributes("redis", "redis://localhost:6379");
        attributes.putAll(attributes(namesAndValues));
        return attributes;
    }

    /** What stands in a {@code <Resource>} element of a server, without what the server itself understands. */
    static Map<String, String> attributesOfResource(String xml) {
        Map<String, String> attributes = new LinkedHashMap<>();
        Pattern.compile("(\\w+)=\"([^\"]*)\"")
                .matcher(xml)
                .results()
                .forEach(part -> attributes.put(part.group(1), part.group(2)));
        attributes.keySet().removeAll(Set.of("name", "type", "factory"));
        return attributes;
    }

    static SettingsParser parser(Path baseDirectory, Map<String, String> environment) {
        return new SettingsParser(baseDirectory, environment::get, TOMCAT_NAMES);
    }

    static ParsedSettings parsed(Map<String, String> attributes) {
        return parser(Path.of(""), Map.of()).parse(attributes, APPLICATION);
    }

    static Settings settings(String... namesAndValues) {
        return parsed(attributesBesideRedis(namesAndValues)).settings();
    }

    static List<String> problems(Map<String, String> attributes) {
        return problems(parser(Path.of(""), Map.of()), attributes);
    }

    static List<String> problems(SettingsParser parser, Map<String, String> attributes) {
        try {
            ParsedSettings parsed = parser.parse(attributes, APPLICATION);
            throw new AssertionError("Nothing was found to be wrong: " + parsed);
        } catch (InvalidSettingsException invalid) {
            return invalid.problems();
        }
    }
}
