package dev.holdfast.model;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What a node did to a session while the store did not answer: of each attribute the last change. Instants are in
 * milliseconds since the epoch, by the time of the store as the node estimates it, and 0 or more. The collections are
 * copied.
 *
 * @param attributes the changes by name
 * @param maxInactiveSeconds the new max-inactive interval in seconds, if it was changed; 0 or less means for ever
 * @param lastAccessedMillis when the session was last accessed on the node; 0 if it was not
 * @param sinceMillis since when the node may have missed what others wrote: the last instant when it knew the session as
 *     the store had it
 * @param tokens names the commits that were sent and never answered: they may have been applied, and may still arrive. The
 *     changes that they carried are among {@code attributes}
 */
public record OfflineDelta(
        Map<String, OfflineChange> attributes,
        OptionalInt maxInactiveSeconds,
        long lastAccessedMillis,
        long sinceMillis,
        List<Integer> tokens) {

    /**
     * Copies the collections, and checks the instants.
     *
     * @throws IllegalArgumentException if one of them is negative
     */
    public OfflineDelta {
        attributes = Map.copyOf(attributes);
        tokens = List.copyOf(tokens);
        checkInstant("last access", lastAccessedMillis);
        checkInstant("beginning", sinceMillis);
    }

    static void checkInstant(String what, long millis) {
        if (millis < 0) {
            throw new IllegalArgumentException(
                    "The instant of the " + what + " is " + millis + " (allowed: 0 or more)");
        }
    }
}
