package dev.holdfast.store;

import dev.holdfast.model.Delta;
import dev.holdfast.model.NewSession;
import dev.holdfast.model.OfflineDelta;
import dev.holdfast.model.SessionId;
import java.time.Duration;
import java.util.Set;

/**
 * Keeps the sessions of one application for all its nodes.
 *
 * <p>Every method is one atomic step that all nodes see at once, and is safe to repeat: a call that timed out may still
 * have run, and a repeated call changes nothing that the first one has changed. Every method throws a
 * {@link StoreException} when the store did not answer in time or refused to work; what was asked may then have happened
 * or not. Implementations are thread-safe.
 */
public interface SessionStore extends AutoCloseable {

    /**
     * Looks a session up, and returns no more than what the caller does not know yet.
     *
     * @param id the session
     * @param known the caller's copy, if there is one. A record with another creation time is another session, and is
     *     returned whole
     * @param touch whether this is a request's access: it then becomes the last access, and the time of expiry moves
     * @return what the store knows
     */
    Loaded load(SessionId id, Known known, boolean touch);

    /**
     * Stores a session that is new. If the very same session (same id, same creation time) is there already, it is left
     * as it is and reported as created. Another session with the id keeps it until its time is over, and is replaced
     * then.
     *
     * @param session the session
     * @return whether it was created; not so if it was {@linkplain #bury buried}
     */
    Created create(NewSession session);

    /**
     * Writes what a request changed.
     *
     * @param id the session, as the request knows it
     * @param known the caller's copy; a record with another creation time is another session. The new revision is greater
     *     than that of the copy
     * @param delta the changes
     * @param token a random number that names this commit; a repeated call, with the same token and the same known
     *     revision, is not applied again
     * @return what became of it; {@link Behind} if the store has lost what the copy knows, and then nothing was written
     */
    Committed commit(SessionId id, Known known, Delta delta, int token);

    /**
     * Writes what has changed in a copy that leaves its node, while nobody uses it there: the last word of a copy, but not
     * the last word on the session. It is no use of the session, whose end stays where it is.
     *
     * @param id the session
     * @param known the copy
     * @param delta the changes
     * @param token see {@link #commit}
     * @return whether it was written; not so if anybody has written since, or uses the session exclusively, or if the
     *     session is over or has another id
     */
    boolean commitLeaving(SessionId id, Known known, Delta delta, int token);

    /**
     * Brings what a node did to a session while the store did not answer together with what others have written: what only
     * one of them has changed is taken, and of the same attribute the later change. Idle time goes on from the last access
     * on that node, if that is later than what the store knows; a session whose time is over by the store's account may so
     * come back, unless its end has begun. Commits that were never answered and arrive later than this change nothing any
     * more.
     *
     * @param id the session, as the node knows it
     * @param createdMillis its creation time; a record with another one is another session
     * @param knownRevision the revision of the node's copy, before any of the changes; if there was anything to write, the
     *     new revision is greater than it
     * @param delta the changes
     * @param token a random number that names this call; a repeated one, with the same token and the same known revision,
     *     is not applied again, and tells of the same conflicts if nobody has written much meanwhile, otherwise of none
     * @return what became of it
     */
    Reconciled reconcile(SessionId id, long createdMillis, long knownRevision, OfflineDelta delta, int token);

    /**
     * Puts back what the store has lost of a session, see {@link Loaded.Behind}: of each attribute the copy counts, unless
     * the store has a value, or has heard of a removal, that is later than the moment at which the copy was last known to
     * be up to date. No use of the session.
     *
     * @param copy the session as the caller knows it: the revision is that of its copy, and all attributes count as
     *     written at {@link NewSession#writtenMillis()}, when the copy was last known to be up to date
     * @param removed attributes that the store has and the copy has not
     * @param token a random number that names this call; a repeated one changes nothing
     * @return {@link Loaded.Everything} that the store knows then, at a revision that is greater than that of the copy; or
     *     {@link Loaded.Absent} if the session has ended, has another id, or another one has its id
     */
    Loaded restore(NewSession copy, Set<String> removed, int token);

    /**
     * Gives a session another id in one step. After it the old id is unknown, save to a {@link #commit} or
     * {@link #remove} of a request that already runs under it: such a call is told the new id, for as
     * long as the session would live if nobody used it: so do nodes that were cut off learn of the change.
     *
     * @param id the present id
     * @param createdMillis the creation time of the session
     * @param newId the new id, {@linkplain #colocated colocated} with the present one
     * @return what became of it
     * @throws IllegalArgumentException if the ids are not colocated
     */
    Renamed rename(SessionId id, long createdMillis, SessionId newId);

    /**
     * Ends a session.
     *
     * @param id the session
     * @param createdMillis its creation time; a record with another one is another session and stays
     * @return whether it was there
     */
    Removed remove(SessionId id, long createdMillis);

    /**
     * Ends a session for good: as {@link #remove}, and for ten minutes the very same session (same id, same creation time)
     * cannot be {@linkplain #create created} again, also if it was not there. It is for an end of which the store hears
     * late. It may have lost the session meanwhile, and other nodes may be about to put their copies back.
     *
     * <p>If the session has another id now, the old one is buried, and the answer says where to go on.
     *
     * @param id the session
     * @param createdMillis its creation time; a record with another one is another session and stays
     * @return whether it was there
     */
    Removed bury(SessionId id, long createdMillis);

    /**
     * Ends the old copy of a session that was copied to another id, and leaves the marker that {@link #rename} leaves.
     *
     * @param id the old id
     * @param createdMillis the creation time of the session
     * @param revision the revision that was copied; a record that is ahead of it is left alone
     * @param successor the id that now carries the session
     * @return what became of it
     */
    Superseded supersede(SessionId id, long createdMillis, long revision, SessionId successor);

    /**
     * Keeps a session from ending while a request uses it that takes longer than the max-inactive interval. Not an
     * access: the time of the last access stays.
     *
     * @param id the session
     * @param createdMillis its creation time; a record with another one is another session and stays
     */
    void keep(SessionId id, long createdMillis);

    /**
     * Whether the store is known not to answer for a session at present, or not to know yet what was done to it here: a
     * copy on this node is then more than a copy.
     */
    default boolean isAway(SessionId id) {
        return false;
    }

    /** Whether something was done to a session on this node that the store does not know yet. */
    default boolean hasUnheard(SessionId id) {
        return false;
    }

    /**
     * How often it has been back after it had been away, or was found to lack sessions: then copies on this node should be
     * compared with it.
     */
    default long recoveries() {
        return 0;
    }

    /**
     * Begins to tell of sessions that somebody has ended, this node or another one, and of ids that were given up, so that
     * nobody keeps a copy for long of what is over. Some may be missed.
     *
     * @param listener is told, on any thread; must not wait
     * @throws StoreException if the store does not answer
     */
    void listen(EndListener listener);

    /**
     * The epoch that this node has seen last where a session of this id is, or would be; empty if there was none. Asks
     * nobody.
     */
    default String epochOf(SessionId id) {
        return "";
    }

    /** The sessions whose time is over. */
    DueSessions due();

    /** Exclusive use of sessions. */
    SessionLocks locks();

    /**
     * Lists the sessions of the application, those that never end among them, for people who look: it costs a call for
     * every thousand entries that the store holds, of whichever application.
     *
     * @param patience how long to go on, if there is much to look at
     * @return the ids that clients have
     */
    Listing list(Duration patience);

    /**
     * The time of the store, by which all instants but creation times are noted, in milliseconds since the epoch. It is
     * estimated from the last answers, and asks nobody, so it is also there when the store does not answer. As long as
     * there was no answer at all, it is the time of this node.
     */
    long nowMillis();

    /** Whether {@link #rename} can take a session from one of the ids to the other. */
    boolean colocated(SessionId one, SessionId other);

    /** The parts that may fail each by itself. */
    FailureDomains failureDomains();

    /** Gives back connections and threads. Sessions stay. Idempotent. */
    @Override
    void close();

    /** As {@link #close()}, and in time; what is not given back then comes back later by itself. */
    default void close(Deadline deadline) {
        close();
    }

    /** Hears of the ends of sessions. */
    interface EndListener {

        /** There is no such session of this id any more. */
        void ended(SessionId id, long createdMillis);

        /** Some may have ended without word, because the connection was away. */
        void missedEnds();
    }

    /** What {@link #supersede} found. */
    enum Superseded {
        /** The old copy is gone, and the marker stands. */
        DONE,
        /** The record was written meanwhile: copy it again. */
        BEHIND,
        /** There was no such session. */
        ABSENT
    }
}
