package dev.holdfast.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Temporary directories. */
final class Directories {
    private static final Set<Path> LEFT = ConcurrentHashMap.newKeySet();

    private Directories() {}

    static Path temporary(String prefix) {
        try {
            Path directory = Files.createTempDirectory(prefix);
            LEFT.add(directory);
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot create a temporary directory", e);
        }
    }

    /** Deletes all that were not deleted yet. */
    static void deleteAll() {
        LEFT.forEach(Directories::delete);
    }

    /** Deletes a directory and what is in it; what is not there is deleted already. */
    static void delete(Path directory) {
        try {
            for (Path path : contents(directory)) {
                Files.deleteIfExists(path);
            }
            LEFT.remove(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + directory, e);
        }
    }

    private static List<Path> contents(Path directory) throws IOException {
        if (Files.notExists(directory)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.sorted(Comparator.reverseOrder()).toList();
        }
    }
}
