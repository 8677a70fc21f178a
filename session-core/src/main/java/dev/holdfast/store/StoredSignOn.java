package dev.holdfast.store;

import dev.holdfast.model.SignOnMember;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a store keeps of a single sign-on, beside its sessions. The bytes are neither copied nor looked into.
 *
 * @param principal the encoded principal, or null if only one node can know it
 * @param ticket what names the principal on the node that knows it; null if the principal is here
 * @param authType how the user was authenticated, or null
 * @param username what the user has typed as the name, or null
 * @param password the password, or null if it is not kept
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares these but tests of sign-ons without a principal.
public record StoredSignOn(
        byte @Nullable [] principal,
        @Nullable String ticket,
        @Nullable String authType,
        @Nullable String username,
        @Nullable String password) {

    /** Nothing of the user. */
    @Override
    public String toString() {
        return "StoredSignOn[" + (principal == null ? "of one node" : principal.length + " bytes") + "]";
    }

    /**
     * What {@link SignOnStore#look} found.
     *
     * @param signOn the sign-on
     * @param longestIntervalSeconds the longest max-inactive interval of its sessions; empty if one of them never ends
     * @param sessions its sessions and their max-inactive intervals in seconds; none if they are too many to be told
     * @param epoch what names the data of the store, and is another one when it has lost them
     */
    public record Found(
            StoredSignOn signOn,
            OptionalInt longestIntervalSeconds,
            Map<SignOnMember, Integer> sessions,
            String epoch) {}
}
