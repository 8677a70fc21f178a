package dev.holdfast.model;

/**
 * What the store knows of a session besides its attributes. Immutable.
 *
 * @param revision the number that every commit raises, from 1
 * @param createdMillis when the session was created, in milliseconds since the epoch, by the clock of the node that
 *     created it. It never changes, so it also tells two sessions apart that had the same id one after the other
 * @param lastAccessedMillis when the request before this one arrived, in milliseconds since the epoch: by the store's
 *     clock; the creation time, as long as there was no other request
 * @param maxInactiveSeconds how long the session may be idle, in seconds; 0 or less means for ever
 * @param token names the call that wrote this revision; 0 if the session was created with it
 */
public record Metadata(long revision, long createdMillis, long lastAccessedMillis, int maxInactiveSeconds, int token) {

    /**
     * Checks the revision.
     *
     * @throws IllegalArgumentException if the revision is less than 1
     */
    public Metadata {
        if (revision < 1) {
            throw new IllegalArgumentException("A stored revision is at least 1, not " + revision);
        }
    }

    /** At a revision with which the session was created. */
    public Metadata(long revision, long createdMillis, long lastAccessedMillis, int maxInactiveSeconds) {
        this(revision, createdMillis, lastAccessedMillis, maxInactiveSeconds, 0);
    }

    /** Whether the session ends when it is idle for too long. */
    public boolean expires() {
        return maxInactiveSeconds > 0;
    }
}
