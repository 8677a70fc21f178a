package dev.holdfast.config;

import org.jspecify.annotations.Nullable;

/**
 * With what a connection logs in to Redis, not percent-encoded. Immutable; {@link #toString()} shows no password.
 *
 * @param user the ACL user, or null for the user {@code default}
 * @param password the password, at least one character
 */
public record RedisCredentials(@Nullable String user, Secret password) {

    /**
     * Checks that nothing is empty.
     *
     * @throws IllegalArgumentException if the user or the password is an empty text
     */
    public RedisCredentials {
        if (user != null && user.isEmpty()) {
            throw new IllegalArgumentException("An ACL user has a name; null means the user \"default\"");
        }
        if (password.value().isEmpty()) {
            throw new IllegalArgumentException("The password is empty");
        }
    }

    /** The user, a colon, and {@code ***}. */
    @Override
    public String toString() {
        return (user == null ? "" : user) + ":" + password;
    }
}
