package dev.holdfast.fallback;

import dev.holdfast.model.SessionId;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What a record of a journal file says of an entry. Instants are those of the clock of the machine, in milliseconds. */
sealed interface JournalRecord {

    /** The number of the entry in this file. */
    long number();

    /** The entry need not be brought any more. */
    record Finished(long number) implements JournalRecord {}

    /**
     * How an entry is now.
     *
     * @param sinceMillis when the store last answered before it
     * @param birth what is known of its birth; null if the store knows the session
     * @param setAside whether the store did not know the session
     * @param lockOwner whose lock is to be given back, or null
     */
    record Noted(
            long number,
            Ids ids,
            long createdHereMillis,
            long createdMillis,
            long knownRevision,
            long begunMillis,
            long sinceMillis,
            @Nullable Birth birth,
            boolean removed,
            boolean setAside,
            @Nullable String lockOwner,
            Changes changes)
            implements JournalRecord {}

    /**
     * The ids of a session: see {@link NotedIds}.
     *
     * @param changeSent whether the store may have been told of a change
     */
    record Ids(SessionId present, SessionId stored, List<SessionId> former, boolean changeSent) {}

    /**
     * What was done to a session: see {@link NotedChanges}.
     *
     * @param whole whether these are all its attributes: what earlier records say of them does not count
     * @param usedMillis when the session was last used here; empty if it was not
     * @param values the attributes that have changed since the last record
     */
    record Changes(
            boolean whole,
            OptionalLong usedMillis,
            OptionalInt maxInactiveSeconds,
            List<Integer> tokens,
            Map<String, Value> values) {}

    /**
     * A session that was born on this node.
     *
     * @param writtenMillis see {@link dev.holdfast.model.NewSession#writtenMillis()}
     * @param sent whether the store may have been told
     * @param underWay whether it was just being told: then it may have been done, and the session ended since
     */
    record Birth(OptionalLong writtenMillis, boolean sent, boolean underWay) {}

    /**
     * The latest value of an attribute.
     *
     * @param bytes null if it was removed
     */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares these.
    record Value(byte @Nullable [] bytes, long changedMillis) {}
}
