package dev.holdfast.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads a flat YAML file. Values stay text, as written: YAML's own types would make 8 of {@code 010} and true of {@code
 * yes}. No object is ever made from a tag.
 */
final class YamlFile {

    /** Far more than all settings with comments need. */
    static final int MAX_BYTES = 64 * 1024;

    private static final int MAX_NESTING = 8;

    private final Path file;
    private final String shownName;
    private final List<String> problems;

    /**
     * @param file what to read
     * @param shownName how the person named it
     * @param problems takes a line for each problem
     */
    YamlFile(Path file, String shownName, List<String> problems) {
        this.file = file;
        this.shownName = shownName;
        this.problems = problems;
    }

    /** Its settings, in order; without those that have a problem. */
    List<RawSetting> read() {
        String content = content();
        return content == null ? List.of() : settings(content);
    }

    private @Nullable String content() {
        try {
            long bytes = Files.size(file);
            if (bytes > MAX_BYTES) {
                problems.add(shownName + " has " + bytes + " bytes. Allowed: up to " + MAX_BYTES + " bytes");
                return null;
            }
            return Files.readString(file);
        } catch (CharacterCodingException malformed) {
            problems.add(shownName + " is not written in UTF-8. Save it in UTF-8");
        } catch (IOException unreadable) {
            problems.add(shownName + " cannot be read (" + unreadable.getClass().getSimpleName() + ": "
                    + file.toAbsolutePath() + ")");
        }
        return null;
    }

    private List<RawSetting> settings(String content) {
        try {
            LoaderOptions options = new LoaderOptions();
            options.setCodePointLimit(MAX_BYTES);
            options.setNestingDepthLimit(MAX_NESTING);
            options.setMaxAliasesForCollections(0);
            Node root = new Yaml(new SafeConstructor(options)).compose(new StringReader(content));
            return root == null ? List.of() : settings(root);
        } catch (MarkedYAMLException malformed) {
            // Its message quotes the file, and with it perhaps a password.
            int line = malformed.getProblemMark() == null ? 1 : line(malformed.getProblemMark());
            problems.add(place(line) + ": not YAML: " + Masking.shown(malformed.getProblem()));
        } catch (YAMLException refused) {
            problems.add(shownName + ": not YAML, or with characters that YAML does not allow");
        }
        return List.of();
    }

    private List<RawSetting> settings(Node root) {
        if (!(root instanceof MappingNode mapping)) {
            problems.add(place(line(root.getStartMark())) + ": a setting is written as name: value");
            return List.of();
        }
        List<RawSetting> settings = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (NodeTuple entry : mapping.getValue()) {
            setting(entry, names).ifPresent(settings::add);
        }
        return settings;
    }

    private Optional<RawSetting> setting(NodeTuple entry, Set<String> names) {
        int line = line(entry.getKeyNode().getStartMark());
        if (!(entry.getKeyNode() instanceof ScalarNode key)) {
            problems.add(place(line) + ": the name of a setting is one word");
            return Optional.empty();
        }
        String name = key.getValue();
        if (!names.add(name)) {
            problems.add(place(line) + ": " + Masking.shown(name) + " is written twice. Keep one of them");
            return Optional.empty();
        }
        if (!(entry.getValueNode() instanceof ScalarNode value)) {
            problems.add(place(line) + ": " + Masking.shown(name) + " is a list or has settings of its own. "
                    + "Every setting is written as name: value");
            return Optional.empty();
        }
        String text = value.getTag().equals(Tag.NULL) ? "" : value.getValue();
        return Optional.of(new RawSetting(name, text, new Origin(shownName, line)));
    }

    private String place(int line) {
        return shownName + ", line " + line;
    }

    private static int line(Mark mark) {
        return mark.getLine() + 1;
    }
}
