package dev.holdfast.store;

import dev.holdfast.model.Metadata;
import dev.holdfast.model.SessionId;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Sessions whose time is over, on their way to their end. Any number of nodes share the work: a node claims some of
 * them, takes one after the other, tells its listeners, and finishes it. Who dies in between loses its lease, and another
 * node takes over. The store's clock alone decides what is over.
 *
 * <p>Every method throws a {@link StoreException} when the store does not answer. Implementations are thread-safe.
 */
public interface DueSessions {

    /** Over how many partitions the sessions are spread; claims go partition by partition. */
    int partitions();

    /**
     * Leases sessions whose time is over to the caller.
     *
     * @param partition 0 to {@link #partitions()} - 1
     * @param limit the most sessions to claim
     * @param lease how long no other node claims them; 1 second to 1 hour
     * @return the sessions, the longest overdue first; fewer than the limit if there are no more
     */
    List<DueSession> claim(int partition, int limit, Duration lease);

    /**
     * Begins the end of a claimed session. If it is the caller's to end, nobody can write or end it any more while the
     * lease lasts.
     *
     * @param session a claimed session
     * @param token a random number that names this caller
     * @param lease how long the caller may take, see {@link #claim}
     * @return whether the session is to be ended by the caller, and what it holds
     */
    Taken take(DueSession session, long token, Duration lease);

    /**
     * Completes the end of a session that was taken.
     *
     * @param session the session
     * @param token as given to {@link #take}
     * @return false if the lease ran out and another node has taken it
     */
    boolean finish(DueSession session, long token);

    /**
     * A session whose time may be over.
     *
     * @param partition where it is
     * @param key the id under which it is kept; another one than the client's if its id has been used again since
     */
    record DueSession(int partition, SessionId key) {}

    /** What came of taking a session. */
    sealed interface Taken {

        /**
         * The caller is to end it.
         *
         * @param id the id that the client knew
         * @param metadata its metadata
         * @param attributes all encoded attributes
         */
        record Mine(SessionId id, Metadata metadata, Map<String, byte[]> attributes) implements Taken {}

        /** There is nothing to do: it is not due after all, or gone, or another node is ending it. */
        record Nothing() implements Taken {}
    }
}
