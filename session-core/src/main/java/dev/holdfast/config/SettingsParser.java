package dev.holdfast.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a person wrote into settings: attributes of the container's configuration, and the YAML file that the
 * attribute {@code config} names. An attribute wins over the same name in the file. In all values {@code ${NAME}} and
 * {@code ${NAME:default}} are replaced by the environment. Immutable, for any number of threads.
 */
public final class SettingsParser {

    private final Path baseDirectory;
    private final Function<String, @Nullable String> environment;
    private final Set<String> containerNames;

    /**
     * @param baseDirectory what relative paths are relative to, such as Tomcat's {@code catalina.base}
     * @param environment gives the value of a variable, or null if it is not set; {@code System::getenv} for example
     * @param containerNames names that the container handles itself, such as {@code maxActiveSessions}: they never get
     *     here unless misspelt or written in the file, and then the warning can name them
     */
    public SettingsParser(
            Path baseDirectory, Function<String, @Nullable String> environment, Set<String> containerNames) {
        this.baseDirectory = baseDirectory;
        this.environment = environment;
        this.containerNames = Set.copyOf(containerNames);
    }

    /**
     * Reads and checks.
     *
     * @param attributes name to text, in the order of the configuration
     * @param defaultApplicationName what the container calls the application, such as {@code localhost/shop##2}
     * @return the settings, and a warning for each name that has no effect
     * @throws InvalidSettingsException if anything is wrong; it lists all problems
     */
    public ParsedSettings parse(Map<String, String> attributes, String defaultApplicationName) {
        return parse(attributes, defaultApplicationName, "");
    }

    /**
     * As {@link #parse(Map, String)}, for one of several versions of an application that run side by side: each has its
     * own sessions, also if they are given one name.
     *
     * @param version is appended to a name that is given, after {@code ##}; empty if there are no versions. The default
     *     name has it already
     */
    public ParsedSettings parse(Map<String, String> attributes, String defaultApplicationName, String version) {
        return reading(Vocabulary.ALL).read(attributes, defaultApplicationName, version);
    }

    /**
     * Reads and checks what says how to reach Redis, for a client that several applications share.
     *
     * @param attributes name to text, in the order of the configuration
     * @return the settings, and a warning for each name that has no effect
     * @throws InvalidSettingsException if anything is wrong; it lists all problems
     */
    public ParsedConnection parseConnection(Map<String, String> attributes) {
        return reading(Vocabulary.OF_A_CONNECTION).readConnection(attributes);
    }

    private SettingsReading reading(List<Setting<?>> known) {
        return new SettingsReading(baseDirectory, new Placeholders(environment), containerNames, known);
    }
}
