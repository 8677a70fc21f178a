package dev.holdfast.codec;

import org.jspecify.annotations.Nullable;

/**
 * Text for messages that has come in bytes, such as the name of a class: anybody who can write to the store may have chosen
 * it. It must not forge further lines in a log, nor fill it.
 */
final class Shown {

    private static final int MOST_LENGTH = 400;
    private static final String INSTEAD = "?";

    private Shown() {}

    /** The text without control characters, and cut off where it is longer than any name that is meant. */
    static String of(@Nullable String text) {
        if (text == null) {
            return "null";
        }
        boolean whole = text.length() <= MOST_LENGTH;
        String beginning = whole ? text : text.substring(0, MOST_LENGTH);
        // Controls, what changes the direction of the text, and the other characters that end a line.
        return beginning.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", INSTEAD) + (whole ? "" : "…");
    }
}
