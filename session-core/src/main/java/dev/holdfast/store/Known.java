package dev.holdfast.store;

import java.util.OptionalInt;

/**
 * What a caller knows of a session already: its copy. Immutable.
 *
 * @param createdMillis the creation time of the copy; a record with another one is another session
 * @param revision the revision of the copy; 0 if there is none
 * @param token names the call that wrote this revision: after a failover that lost some, the same number may name another
 *     one. Empty: not compared
 */
public record Known(long createdMillis, long revision, OptionalInt token) {

    /** No copy. */
    public static final Known NOTHING = new Known(0, 0, OptionalInt.empty());

    /** A copy of which no more than its revision is known. */
    public static Known of(long createdMillis, long revision) {
        return new Known(createdMillis, revision, OptionalInt.empty());
    }

    /** A copy. */
    public static Known of(long createdMillis, long revision, int token) {
        return new Known(createdMillis, revision, OptionalInt.of(token));
    }
}
