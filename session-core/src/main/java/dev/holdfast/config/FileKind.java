package dev.holdfast.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The path of a file. That the file is there and readable is checked where the base directory is known. */
final class FileKind implements Kind<Path> {

    private final boolean toRead;

    /** A file that is read. */
    FileKind() {
        this(true);
    }

    /** @param toRead whether it has to be there; otherwise it is made */
    FileKind(boolean toRead) {
        this.toRead = toRead;
    }

    @Override
    public Path read(String text) {
        if (text.contains(RedisScheme.SEPARATOR)) {
            throw BadValueException.because("it is a URI, not the path of a file");
        }
        try {
            Path path = Path.of(text);
            if (path.getFileName() == null) {
                throw BadValueException.because("it is not the path of a file");
            }
            return path;
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
        return "the path of a " + (toRead ? "readable" : "new or existing")
                + " file, absolute or relative to the container's base directory";
    }
}
