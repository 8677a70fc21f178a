package dev.holdfast.config;

import java.nio.file.Path;

/** Files of the repository outside of this module. */
final class Repository {

    private Repository() {}

    static Path file(String name) {
        return Path.of(System.getProperty("basedir", ""))
                .toAbsolutePath()
                .getParent()
                .resolve(name);
    }
}
