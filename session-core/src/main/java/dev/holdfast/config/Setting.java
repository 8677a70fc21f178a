package dev.holdfast.config;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One setting of the vocabulary.
 *
 * @param name what it is called, the same everywhere
 * @param kind how its text is read, and which values are allowed
 * @param defaultText its default, or null if it has none
 * @param example a text to show to who wrote something else; the default if there is one
 */
record Setting<T>(String name, Kind<T> kind, @Nullable String defaultText, String example) {

    static <T> Setting<T> withDefault(String name, Kind<T> kind, String defaultText) {
        return new Setting<>(name, kind, defaultText, defaultText);
    }

    static <T> Setting<T> withoutDefault(String name, Kind<T> kind, String example) {
        return new Setting<>(name, kind, null, example);
    }

    T defaultValue() {
        return kind.read(Objects.requireNonNull(defaultText, () -> name + " has no default"));
    }

    /** Adds a problem to the list if the value is not allowed. */
    void check(T value, List<String> problems) {
        try {
            kind.check(value);
        } catch (BadValueException bad) {
            problems.add(problem(Origin.ATTRIBUTE, kind.write(value), bad));
        }
    }

    /** The line that tells a person what is wrong, what is allowed, and what to write. */
    String problem(Origin origin, String text, BadValueException bad) {
        String better = origin.assignment(bad.betterNameOr(name), bad.betterValueOr(example));
        return origin.assignment(name, kind.shown(text)) + origin.place() + ": " + bad.reason() + ". Allowed: "
                + kind.allowed() + ". Write " + better;
    }
}
