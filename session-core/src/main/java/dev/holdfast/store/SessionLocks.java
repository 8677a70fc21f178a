package dev.holdfast.store;

import dev.holdfast.model.Delta;
import dev.holdfast.model.NewSession;
import dev.holdfast.model.SessionId;

/**
 * Exclusive use of sessions: what {@link SessionStore} does, for callers that hold a lock or want one. A lock belongs to
 * an owner, not to a thread. It is taken with the look-up and given back with the last commit, so that it costs no call
 * of its own; it has a lease, so that an owner that died frees it.
 *
 * <p>A lock keeps out only who asks for it: {@link SessionStore#load} and {@link SessionStore#commit} do not look at it.
 * The end of a session ends its lock, and a change of id takes it along. Whatever is said there of atomicity, repetition
 * and exceptions holds here, too.
 */
public interface SessionLocks {

    /**
     * {@linkplain SessionStore#load Looks a session up} and takes its lock. Of a session that is absent or due no lock is
     * taken. An owner that has the lock already has it again, with a new lease.
     *
     * @return what the store knows, or {@link Loaded.Locked} if another owner has the lock; nothing is touched then
     */
    Loaded load(SessionId id, Known known, boolean touch, LockRequest lock);

    /**
     * {@linkplain SessionStore#create Stores a new session} and takes its lock, if the session is stored.
     *
     * @return whether it was created
     */
    Created create(NewSession session, LockRequest lock);

    /**
     * {@linkplain SessionStore#commit Writes what a request changed}, if the owner still has the lock.
     *
     * @param owner who has the lock
     * @param release whether the lock is given back if the changes are stored
     * @return what became of it; {@link Committed.Fenced} if the lock is not the owner's any more
     */
    Committed commit(SessionId id, Known known, Delta delta, int token, String owner, boolean release);

    /**
     * Gives a lock back when there is nothing to write.
     *
     * @param id the session, as the request knows it
     * @param createdMillis its creation time
     * @param owner who has the lock
     */
    LockAnswer unlock(SessionId id, long createdMillis, String owner);

    /**
     * Begins the lease of a lock anew. A lock that the store has lost, or whose lease has run out, is taken again, unless
     * somebody has it now or has written to the session since: so nobody overwrites who had it in between.
     *
     * @param id the session, as the request knows it
     * @param createdMillis its creation time
     * @param lock the owner, and the new lease
     * @param knownRevision the revision that the owner has seen when it got the lock, or has written since;
     *     with 0 and an empty epoch nothing is taken again
     * @param knownEpoch the epoch of the store in which the owner knows the session; of a session that is absent under
     *     another one, a lock is taken again, too
     */
    LockAnswer renew(SessionId id, long createdMillis, LockRequest lock, long knownRevision, String knownEpoch);

    /**
     * Begins to tell of locks that have become free. Only those are told of that an owner was refused meanwhile; a lease
     * that runs out is not told of at all.
     *
     * @param listener is told, on any thread; must not wait
     */
    void listen(Listener listener);

    /** Hears of locks that have become free. */
    interface Listener {

        /** The lock of a session was given back, or the session has ended or changed its id. */
        void unlocked(SessionId id);

        /** Some locks may have become free without word, because the connection was away. */
        void missedSome();
    }
}
