package dev.holdfast.config;

import dev.holdfast.crypto.KeyRing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One run of the parser: goes on after a problem, so that a person sees all of them at once. */
final class SettingsReading {

    private final Path baseDirectory;
    private final Placeholders placeholders;
    private final Set<String> containerNames;
    private final List<Setting<?>> known;

    private final SettingsBuilder builder = new SettingsBuilder();
    private final Set<Setting<?>> written = new HashSet<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    SettingsReading(Path baseDirectory, Placeholders placeholders, Set<String> containerNames, List<Setting<?>> known) {
        this.baseDirectory = baseDirectory;
        this.placeholders = placeholders;
        this.containerNames = containerNames;
        this.known = known;
    }

    ParsedSettings read(Map<String, String> attributes, String defaultApplicationName, String version) {
        readAll(attributes);
        nameApplication(defaultApplicationName, version);
        throwProblems();
        return new ParsedSettings(builder.build(), warnings);
    }

    ParsedConnection readConnection(Map<String, String> attributes) {
        readAll(attributes);
        throwProblems();
        return new ParsedConnection(builder.buildConnection(), warnings);
    }

    private void readAll(Map<String, String> attributes) {
        for (RawSetting raw : collect(attributes)) {
            Vocabulary.find(raw.name())
                    .filter(known::contains)
                    .ifPresentOrElse(setting -> readValue(setting, raw), () -> warnUnknown(raw));
        }
        Vocabulary.oneRedis(known, written::contains).ifPresent(problems::add);
        checkKeysOnce();
    }

    private void checkKeysOnce() {
        if (written.contains(Vocabulary.ENCRYPTION_KEYS) && written.contains(Vocabulary.ENCRYPTION_KEYS_FILE)) {
            problems.add(
                    "encryptionKeys and encryptionKeysFile are both given: they are two ways to say the same thing."
                            + " Keep one of them");
        }
    }

    private void throwProblems() {
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(problems);
        }
    }

    /** Attributes and what the file adds to them, under our names. */
    private List<RawSetting> collect(Map<String, String> attributes) {
        Map<String, String> others = new LinkedHashMap<>(attributes);
        String file = others.remove(Vocabulary.CONFIG.name());
        List<RawSetting> fromAttributes = new ArrayList<>();
        others.forEach((name, text) -> fromAttributes.add(new RawSetting(name, text, Origin.ATTRIBUTE)));

        Map<String, RawSetting> collected = inOurWords(fromAttributes);
        if (file != null) {
            inOurWords(readFile(file)).forEach(collected::putIfAbsent);
        }
        return List.copyOf(collected.values());
    }

    private Map<String, RawSetting> inOurWords(List<RawSetting> settings) {
        Map<String, RawSetting> translated = new LinkedHashMap<>();
        for (RawSetting raw : settings) {
            String name = raw.name();
            if (RedissonTomcatNames.contains(name)) {
                warnings.add(RedissonTomcatNames.notice(raw));
            }
            if (name.equals(RedissonTomcatNames.CONFIG_PATH)) {
                name = Vocabulary.REDISSON_CONFIG.name();
            } else if (RedissonTomcatNames.contains(name)) {
                continue;
            }
            if (translated.put(name, raw.withName(name)) != null) {
                problems.add("configPath and redissonConfig are both given"
                        + raw.origin().place() + ": they are two names of one setting. Keep redissonConfig");
            }
        }
        return translated;
    }

    private List<RawSetting> readFile(String writtenName) {
        RawSetting raw = new RawSetting(Vocabulary.CONFIG.name(), writtenName, Origin.ATTRIBUTE);
        String text = writtenName.strip();
        try {
            text = resolve(raw);
            Path file = existingFile(Vocabulary.CONFIG.kind().read(text));
            return new YamlFile(file, Masking.shown(text), problems).read();
        } catch (BadValueException bad) {
            problems.add(Vocabulary.CONFIG.problem(raw.origin(), text, bad));
            return List.of();
        }
    }

    private <T> void readValue(Setting<T> setting, RawSetting raw) {
        written.add(setting);
        String text = raw.text().strip();
        try {
            text = resolve(raw);
            if (setting.equals(Vocabulary.REDISSON_CONFIG)) {
                Path path = Vocabulary.REDISSON_CONFIG.kind().read(text);
                builder.redissonConfig(existingFile(path));
            } else if (setting.equals(Vocabulary.JOURNAL_FILE)) {
                builder.journalFile(fileToBe(Vocabulary.JOURNAL_FILE.kind().read(text)));
            } else if (setting.equals(Vocabulary.ENCRYPTION_KEYS_FILE)) {
                builder.encryptionKeys(keysIn(
                        existingFile(Vocabulary.ENCRYPTION_KEYS_FILE.kind().read(text))));
            } else {
                builder.set(setting, setting.kind().read(text));
            }
        } catch (BadValueException bad) {
            problems.add(setting.problem(raw.origin(), text, bad));
        }
    }

    private static KeyRing keysIn(Path file) {
        try {
            return KeyRingKind.parse(Files.readString(file));
        } catch (IOException unreadable) {
            throw BadValueException.because("the file cannot be read as text");
        }
    }

    private String resolve(RawSetting raw) {
        String text = placeholders.replace(raw.text()).strip();
        if (text.isEmpty()) {
            throw BadValueException.because("it is empty; a setting that is left out has its default");
        }
        return text;
    }

    private Path absolute(Path path) {
        return baseDirectory.resolve(path).toAbsolutePath().normalize();
    }

    /** Whether it can be written shows itself when it is needed; that is no mistake of the settings. */
    private Path fileToBe(Path path) {
        Path file = absolute(path);
        if (Files.isDirectory(file)) {
            throw BadValueException.because(Masking.shown(file.toString()) + " is a directory");
        }
        return file;
    }

    private Path existingFile(Path path) {
        Path file = absolute(path);
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw BadValueException.because("there is no readable file " + Masking.shown(file.toString()));
        }
        return file;
    }

    private void nameApplication(String defaultApplicationName, String version) {
        if (written.contains(Vocabulary.APPLICATION_NAME)) {
            if (!version.isEmpty()) {
                builder.applicationVersion("##" + version);
            }
            return;
        }
        Vocabulary.APPLICATION_NAME.check(defaultApplicationName, problems);
        builder.applicationName(defaultApplicationName);
    }

    private void warnUnknown(RawSetting raw) {
        String what = "HF-002 " + Masking.shown(raw.name()) + raw.origin().place();
        if (containerNames.contains(raw.name())) {
            warnings.add(what + " is a setting of the container and has no effect here. "
                    + "Write it in the container's own configuration");
            return;
        }
        if (raw.name().equals(Vocabulary.CONFIG.name())) {
            warnings.add(what + " has no effect in a file: a file does not name a further one");
            return;
        }
        if (Vocabulary.find(raw.name()).isPresent()) {
            warnings.add(what + " is not a setting of a Redis client and has no effect here. Write it in the <Manager>"
                    + " of each application");
            return;
        }
        String unknown = what + " is not a setting and has no effect. ";
        warnings.add(NearestName.among(knownNames(), raw.name())
                .map(nearest -> unknown + "The nearest known name is " + nearest)
                .orElse(unknown + "No known name is near to it"));
    }

    private Set<String> knownNames() {
        Set<String> names = new HashSet<>(containerNames);
        known.forEach(setting -> names.add(setting.name()));
        names.add(Vocabulary.CONFIG.name());
        names.addAll(RedissonTomcatNames.all());
        return names;
    }
}
