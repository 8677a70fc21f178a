package dev.holdfast.config;

import java.util.List;

/**
 * What came out of reading settings. Immutable.
 *
 * @param settings the settings
 * @param warnings a line for each name that has no effect, or that has another name here; to be logged once
 */
public record ParsedSettings(Settings settings, List<String> warnings) {

    /** Copies the list. */
    public ParsedSettings {
        warnings = List.copyOf(warnings);
    }
}
