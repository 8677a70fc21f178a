package dev.holdfast.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what a person meant to write: the known name with the fewest typing errors, upper and lower case being equal. */
final class NearestName {

    /** One error in so many characters is still a typing error; more make another word. */
    private static final int CHARACTERS_PER_ERROR = 3;

    private NearestName() {}

    static Optional<String> among(Collection<String> knownNames, String written) {
        return knownNames.stream()
                .filter(known ->
                        distance(known, written) <= Math.max(known.length(), written.length()) / CHARACTERS_PER_ERROR)
                .min(Comparator.<String>comparingInt(known -> distance(known, written))
                        .thenComparing(known -> known));
    }

    /** The number of characters to insert, delete or replace. */
    private static int distance(String known, String written) {
        String from = known.toLowerCase(Locale.ROOT);
        String to = written.toLowerCase(Locale.ROOT);
        int[] row = new int[to.length() + 1];
        for (int column = 0; column <= to.length(); column++) {
            row[column] = column;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
