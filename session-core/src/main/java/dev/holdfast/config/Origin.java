package dev.holdfast.config;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a setting was written, for messages.
 *
 * @param file the YAML file as the person named it, or null for an attribute of the container
 * @param line the line in the file, from 1
 */
record Origin(@Nullable String file, int line) {

    /** An attribute of the container, or Java. */
    static final Origin ATTRIBUTE = new Origin(null, 0);

    private static final Pattern NEEDS_NO_QUOTES = Pattern.compile("[A-Za-z0-9./][A-Za-z0-9._/:@%=+,\\[\\]*-]*");

    /** How the setting is written there. */
    String assignment(String name, String value) {
        if (file == null) {
            return name + "=\""
                    + value.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;") + "\"";
        }
        boolean plain = NEEDS_NO_QUOTES.matcher(value).matches() && !value.endsWith(":");
        return name + ": " + (plain ? value : "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
    }

    /** Empty for an attribute: who wrote it knows where. */
    String place() {
        return file == null ? "" : " (" + file + ", line " + line + ")";
    }
}
