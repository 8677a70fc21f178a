package dev.holdfast.model;

import java.util.Map;
import java.util.OptionalLong;

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
 * @param writtenMillis the instant at which all attributes count as written, by the time of the store in milliseconds since
 *     the epoch, 0 or more; one that is later than the store's present counts as that. Empty: when the store takes them. An
 *     {@link OfflineChange} that is later wins over them
 * @param token names the call that wrote the revision, if there was one: see {@link Metadata#token()}
 */
public record NewSession(
        SessionId id,
        long createdMillis,
        long lastAccessedMillis,
        long revision,
        int maxInactiveSeconds,
        Map<String, byte[]> attributes,
        OptionalLong writtenMillis,
        int token) {

    /**
     * Copies the map, and checks the instant.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public NewSession {
        attributes = Map.copyOf(attributes);
        if (writtenMillis.isPresent()) {
            OfflineDelta.checkInstant("writing", writtenMillis.getAsLong());
        }
    }

    /** A session that nobody has written to since it was created. */
    public NewSession(
            SessionId id,
            long createdMillis,
            long lastAccessedMillis,
            long revision,
            int maxInactiveSeconds,
            Map<String, byte[]> attributes,
            OptionalLong writtenMillis) {
        this(id, createdMillis, lastAccessedMillis, revision, maxInactiveSeconds, attributes, writtenMillis, 0);
    }

    /** A session whose attributes are written now. */
    public NewSession(
            SessionId id,
            long createdMillis,
            long lastAccessedMillis,
            long revision,
            int maxInactiveSeconds,
            Map<String, byte[]> attributes) {
        this(id, createdMillis, lastAccessedMillis, revision, maxInactiveSeconds, attributes, OptionalLong.empty());
    }

    /** A session that nobody has accessed but the request that creates it. */
    public NewSession(
            SessionId id, long createdMillis, long revision, int maxInactiveSeconds, Map<String, byte[]> attributes) {
        this(id, createdMillis, createdMillis, revision, maxInactiveSeconds, attributes);
    }
}
