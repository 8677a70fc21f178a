package dev.holdfast.model;

import java.util.Objects;

/**
 * A session that belongs to a single sign-on. Immutable.
 *
 * @param application the name that the nodes of its application share
 * @param session its id
 */
public record SignOnMember(String application, SessionId session) {

    /** Checks that nothing is missing. */
    public SignOnMember {
        Objects.requireNonNull(application, "application");
        Objects.requireNonNull(session, "session");
    }
}
