package dev.holdfast.model;

import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What one request changed in a session. The maps are copied, the bytes are not: nobody may change them afterwards.
 *
 * @param set encoded attributes by name: new ones, replaced ones, and those that were changed in place
 * @param removed names of attributes that are gone; none of them is also in {@code set}
 * @param maxInactiveSeconds the new max-inactive interval in seconds, if the request changed it; 0 or less means for
 *     ever
 */
public record Delta(Map<String, byte[]> set, Set<String> removed, OptionalInt maxInactiveSeconds) {

    private static final Delta NOTHING = new Delta(Map.of(), Set.of(), OptionalInt.empty());

    /**
     * Copies the collections.
     *
     * @throws IllegalArgumentException if a name is both set and removed
     */
    public Delta {
        set = Map.copyOf(set);
        removed = Set.copyOf(removed);
        for (String name : removed) {
            if (set.containsKey(name)) {
                throw new IllegalArgumentException("Attribute both set and removed: " + name);
            }
        }
    }

    /** A delta of a request that changed nothing. */
    public static Delta nothing() {
        return NOTHING;
    }

    /** A delta that only sets and removes attributes. */
    public static Delta of(Map<String, byte[]> set, Set<String> removed) {
        return new Delta(set, removed, OptionalInt.empty());
    }

    /** Whether there is nothing to write. */
    public boolean isEmpty() {
        return set.isEmpty() && removed.isEmpty() && maxInactiveSeconds.isEmpty();
    }
}
