package dev.holdfast.model;

import org.jspecify.annotations.Nullable;

/**
 * What a node did to one attribute while the store did not answer. The bytes are not copied: nobody may change them
 * afterwards.
 *
 * @param value the encoded attribute, or null if it was removed
 * @param changedMillis when, by the time of the store, in milliseconds since the epoch; 0 or more. One that is later than
 *     the store's present counts as that
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares these.
public record OfflineChange(byte @Nullable [] value, long changedMillis) {

    /**
     * Checks the instant.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public OfflineChange {
        OfflineDelta.checkInstant("change", changedMillis);
    }

    /** Whether the attribute was removed. */
    public boolean isRemoval() {
        return value == null;
    }

    /** Nothing of the value. */
    @Override
    public String toString() {
        return "OfflineChange[" + (value == null ? "removed" : value.length + " bytes") + " at " + changedMillis + "]";
    }
}
