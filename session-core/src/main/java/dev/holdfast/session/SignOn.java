package dev.holdfast.session;

import java.security.Principal;
import org.jspecify.annotations.Nullable;

/**
 * Who has signed on, and how. Immutable.
 *
 * @param principal the user; null if this node cannot know it, and nobody is logged in here for that reason
 * @param authType how the user was authenticated, or null
 * @param username what the user has typed as the name, or null
 * @param password the password, or null if there is none or it is not kept
 */
public record SignOn(
        @Nullable Principal principal,
        @Nullable String authType,
        @Nullable String username,
        @Nullable String password) {

    /** Nothing of the user: neither name nor password. */
    @Override
    public String toString() {
        return "SignOn[" + authType + (principal == null ? ", of another node]" : "]");
    }
}
