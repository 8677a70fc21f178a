package dev.holdfast.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The temporary directory of the demo: Redis's executable and log, and what Tomcat wants to have on a disk. */
final class Directory {

    private Directory() {}

    static Path temporary() throws IOException {
        return Files.createTempDirectory("holdfast-demo-");
    }

    static void delete(Path directory) throws IOException {
        for (Path path : contents(directory)) {
            Files.deleteIfExists(path);
        }
    }

    private static List<Path> contents(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.sorted(Comparator.reverseOrder()).toList();
        }
    }
}
