package dev.holdfast.config;

import java.util.List;

/**
 * What came out of reading the settings of a client that several applications share. Immutable.
 *
 * @param settings the settings
 * @param warnings a line for each name that has no effect; to be logged once
 */
public record ParsedConnection(ConnectionSettings settings, List<String> warnings) {

    /** Copies the list. */
    public ParsedConnection {
        warnings = List.copyOf(warnings);
    }
}
