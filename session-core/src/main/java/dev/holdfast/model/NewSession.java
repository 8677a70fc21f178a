package dev.holdfast.model;

import java.util.Map;

/**
 * A session that the store does not know yet. The map is copied, the bytes are not.
 *
 * @param id its id
 * @param createdMillis when it was created, in milliseconds since the epoch; see {@link Metadata#createdMillis()}
 * @param lastAccessedMillis when it was last accessed, in milliseconds since the epoch: at its creation, or as it is when
 *     a record moves to another id
 * @param revision the revision to start at: 1, or the present one when a record moves to another id
 * @param maxInactiveSeconds how long it may be idle, in seconds; 0 or less means for ever
 * @param attributes all encoded attributes by name
 */
public record NewSession(
        SessionId id,
        long createdMillis,
        long lastAccessedMillis,
        long revision,
        int maxInactiveSeconds,
        Map<String, byte[]> attributes) {

    /** Copies the map. */
    public NewSession {
        attributes = Map.copyOf(attributes);
    }

    /** A session that nobody has accessed but the request that creates it. */
    public NewSession(
            SessionId id, long createdMillis, long revision, int maxInactiveSeconds, Map<String, byte[]> attributes) {
        this(id, createdMillis, createdMillis, revision, maxInactiveSeconds, attributes);
    }
}
