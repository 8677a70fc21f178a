package dev.holdfast.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import redis.embedded.core.ExecutableProvider;

/** The redis-server that the tests run: the one that is named by a system property, or else the embedded one. */
final class RedisExecutable {
    /** The path of a redis-server. */
    static final String PROPERTY = "holdfast.test.redis";

    private RedisExecutable() {}

    /**
     * Its path.
     *
     * @throws IllegalStateException if the property names no executable file
     */
    static Path path() {
        String named = System.getProperty(PROPERTY, "");
        if (named.isBlank()) {
            return Embedded.PATH;
        }
        Path path = Path.of(named);
        if (!Files.isExecutable(path)) {
            throw new IllegalStateException(PROPERTY + " names no executable file: " + named);
        }
        return path;
    }

    /** Extracted when it is first asked for, once in a JVM. */
    private static final class Embedded {
        static final Path PATH = extract();

        private static Path extract() {
            try {
                Path directory = Directories.temporary("holdfast-redis-executable-");
                return ExecutableProvider.newJarResourceProvider(directory.toFile())
                        .get()
                        .toPath();
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot extract the embedded redis-server", e);
            }
        }
    }
}
