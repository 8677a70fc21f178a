package dev.holdfast.model;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The id of a session, without the route of a node: 16 to 128 characters out of {@code A-Z a-z 0-9 _ -}.
 *
 * <p>An id is a credential: who knows it is logged in. {@link #toString()} therefore masks it. Only this form ever
 * becomes part of a key in Redis, so an id cannot name a foreign key or leave its hash tag. Immutable.
 *
 * @param value the id as the client sends it, without its route
 */
public record SessionId(String value) {

    /** The shortest id, in characters: 64 random bits written in hexadecimal digits. */
    public static final int MIN_LENGTH = 16;

    /** The longest id, in characters. */
    public static final int MAX_LENGTH = 128;

    private static final int VISIBLE_CHARACTERS = 4;

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException if the value is not a well-formed id
     */
    public SessionId {
        if (!isWellFormed(value)) {
            throw new IllegalArgumentException("Not a session id: " + mask(value) + " (expected " + MIN_LENGTH + " to "
                    + MAX_LENGTH + " characters out of A-Z a-z 0-9 _ -)");
        }
    }

    /**
     * Reads an id that a client sent.
     *
     * @param candidate anything at all
     * @return the id, or empty if the candidate is malformed
     */
    public static Optional<SessionId> parse(@Nullable String candidate) {
        return candidate != null && isWellFormed(candidate) ? Optional.of(new SessionId(candidate)) : Optional.empty();
    }

    /**
     * The form in which an id may be logged: its first characters only.
     *
     * @param id an id, well-formed or not
     * @return at most four characters of it
     */
    public static String mask(@Nullable String id) {
        if (id == null) {
            return "-";
        }
        StringBuilder masked = new StringBuilder();
        for (int i = 0; i < Math.min(VISIBLE_CHARACTERS, id.length() / 2); i++) {
            char character = id.charAt(i);
            masked.append(isAllowed(character) ? character : '?');
        }
        return masked.append('…').toString();
    }

    private static boolean isWellFormed(String candidate) {
        if (candidate.length() < MIN_LENGTH || candidate.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < candidate.length(); i++) {
            if (!isAllowed(candidate.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAllowed(char character) {
        return (character >= '0' && character <= '9')
                || (character >= 'A' && character <= 'Z')
                || (character >= 'a' && character <= 'z')
                || character == '_'
                || character == '-';
    }

    /** The masked id. */
    @Override
    public String toString() {
        return mask(value);
    }
}
