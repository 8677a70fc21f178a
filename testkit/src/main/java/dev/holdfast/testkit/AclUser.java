package dev.holdfast.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A user of Redis and what it may do. Immutable.
 *
 * @param name its name
 * @param password its password, without the {@code >} of the rule
 * @param words the line of an ACL file, without the word {@code user}
 */
public record AclUser(String name, String password, List<String> words) {

    /** Keeps its own copy of the words. */
    public AclUser {
        words = List.copyOf(words);
    }

    /**
     * The user of an ACL file.
     *
     * @throws IllegalArgumentException if the file does not have exactly one user, with a password
     * @throws UncheckedIOException if it cannot be read
     */
    public static AclUser onlyOneOf(Path aclFile) {
        List<String> users;
        try {
            users = Files.readAllLines(aclFile).stream()
                    .filter(line -> line.startsWith("user "))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (users.size() != 1) {
            throw new IllegalArgumentException(aclFile + " has " + users.size() + " users, not one");
        }
        return parse(users.get(0));
    }

    /**
     * Reads a line such as {@code user shop on >secret ~shop:* +get}.
     *
     * @throws IllegalArgumentException if it has no name or no password
     */
    public static AclUser parse(String line) {
        List<String> all = List.of(line.strip().split("\\s+"));
        if (all.size() < 2 || !all.get(0).equals("user")) {
            throw new IllegalArgumentException("Not a line of an ACL file: " + line);
        }
        List<String> words = all.subList(1, all.size());
        String password = words.stream()
                .filter(word -> word.startsWith(">"))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("The user " + words.get(0) + " has no password"))
                .substring(1);
        return new AclUser(words.get(0), password, words);
    }
}
