package dev.holdfast.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The path of a file. That the file is there and readable is checked where the base directory is known. */
final class FileKind implements Kind<Path> {

    @Override
    public Path read(String text) {
        if (text.contains(RedisScheme.SEPARATOR)) {
            throw BadValueException.because("it is a URI, not the path of a file");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException malformed) {
            throw BadValueException.because("it is not the path of a file");
        }
    }

    @Override
    public void check(Path value) {
        // The file may still come before it is needed.
    }

    @Override
    public String write(Path value) {
        return value.toString();
    }

    @Override
    public String allowed() {
        return "the path of a readable file, absolute or relative to the container's base directory";
    }
}
