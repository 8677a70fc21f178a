package dev.holdfast.store;

import dev.holdfast.model.SignOnMember;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a node knows of a single sign-on that the store may have missed or lost. Nobody changes the collections.
 *
 * @param epoch the epoch of the store in which this node knew it; empty if it has begun here and the store has not heard
 *     of it
 * @param login the login, or null if this node does not know it: then nothing can be put back
 * @param loginChanged whether this node has replaced the login
 * @param sessions all sessions that this node knows, with their max-inactive intervals in seconds
 * @param joined those that have come or changed here
 * @param left those that have left here
 * @param idleMillis for how long nobody has used the sign-on on this node
 */
public record OfflineSignOn(
        String epoch,
        @Nullable StoredSignOn login,
        boolean loginChanged,
        Map<SignOnMember, Integer> sessions,
        Map<SignOnMember, Integer> joined,
        Set<SignOnMember> left,
        long idleMillis) {}
