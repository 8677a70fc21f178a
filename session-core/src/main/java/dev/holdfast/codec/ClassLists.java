package dev.holdfast.codec;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The lists of classes that come with Holdfast: files with a pattern in each line, and {@code #} before comments. */
final class ClassLists {

    /** Classes of the JDK that bytes may name. */
    static final List<ClassPattern> SAFE = read("safe-classes.txt");

    /** Classes that are known for what can be done with them by bytes alone; a {@code !} takes one out. */
    static final List<ClassPattern> DANGEROUS = read("dangerous-classes.txt");

    private ClassLists() {}

    /** Whether the first pattern that matches a name is one without {@code !}. */
    static boolean contains(List<ClassPattern> patterns, String className) {
        for (ClassPattern pattern : patterns) {
            if (pattern.matches(className)) {
                return pattern.allows();
            }
        }
        return false;
    }

    private static List<ClassPattern> read(String file) {
        try (InputStream in = ClassLists.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is missing in the jar of Holdfast");
            }
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .map(ClassPattern::of)
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
