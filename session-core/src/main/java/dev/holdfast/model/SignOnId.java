package dev.holdfast.model;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The id of a single sign-on: what the cookie of it carries. It has the form of a {@link SessionId}, is as good as a
 * password, and is masked in {@link #toString()} for that reason. Immutable.
 *
 * @param value the id as the client sends it
 */
public record SignOnId(String value) {

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException if the value is not a well-formed id
     */
    public SignOnId {
        if (SessionId.parse(value).isEmpty()) {
            throw new IllegalArgumentException("Not the id of a single sign-on: " + SessionId.mask(value));
        }
    }

    /**
     * Reads an id that a client sent.
     *
     * @param candidate anything at all
     * @return the id, or empty if the candidate is malformed
     */
    public static Optional<SignOnId> parse(@Nullable String candidate) {
        return SessionId.parse(candidate).map(id -> new SignOnId(id.value()));
    }

    /** The masked id. */
    @Override
    public String toString() {
        return SessionId.mask(value);
    }
}
