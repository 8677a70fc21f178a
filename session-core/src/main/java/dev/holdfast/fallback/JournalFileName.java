package dev.holdfast.fallback;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The names of the files of one application. A setting that several applications share, in a common context.xml, must not
 * lead them to one file.
 */
final class JournalFileName {

    private static final int MOST_CHARACTERS = 60;
    private static final int HASH_BYTES = 4;

    private JournalFileName() {}

    /** The journal of an application: the given name, and what is left of the application's, with a hash of it. */
    static Path of(Path setting, String application) {
        String readable = application.replaceAll("[^A-Za-z0-9_-]+", "_").replaceAll("^_+|_+$", "");
        String cut = readable.substring(0, Math.min(MOST_CHARACTERS, readable.length()));
        return sibling(setting, (cut.isEmpty() ? "" : "." + cut) + "." + hash(application));
    }

    /** A file beside another one. */
    static Path sibling(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    private static String hash(String application) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(application.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
