package dev.holdfast.fallback;

import dev.holdfast.model.Delta;
import dev.holdfast.model.NewSession;
import dev.holdfast.model.SessionId;
import dev.holdfast.store.Committed;
import dev.holdfast.store.Created;
import dev.holdfast.store.Known;
import dev.holdfast.store.Loaded;
import dev.holdfast.store.LockAnswer;
import dev.holdfast.store.LockRequest;
import dev.holdfast.store.SessionLocks;

/**
 * Locks of a store that takes what is written also while it does not answer. What was changed under a lock is then noted
 * without it, and brought to the store as everything else: what a later owner of the lock has changed, stays. Thread-safe.
 */
final class JournalingSessionLocks implements SessionLocks {

    private final JournalingSessionStore store;
    private final SessionLocks locks;

    JournalingSessionLocks(JournalingSessionStore store, SessionLocks locks) {
        this.store = store;
        this.locks = locks;
    }

    @Override
    public Loaded load(SessionId id, Known known, boolean touch, LockRequest lock) {
        return store.look(id, known, touch, () -> locks.load(id, known, touch, lock));
    }

    @Override
    public Created create(NewSession session, LockRequest lock) {
        return store.create(session, () -> locks.create(session, lock));
    }

    @Override
    public Committed commit(SessionId id, Known known, Delta delta, int token, String owner, boolean release) {
        return store.commit(
                id,
                known,
                delta,
                token,
                release ? owner : null,
                () -> locks.commit(id, known, delta, token, owner, release));
    }

    @Override
    public LockAnswer unlock(SessionId id, long createdMillis, String owner) {
        return locks.unlock(id, createdMillis, owner);
    }

    @Override
    public LockAnswer renew(SessionId id, long createdMillis, LockRequest lock, long knownRevision, String knownEpoch) {
        return locks.renew(id, createdMillis, lock, knownRevision, knownEpoch);
    }

    @Override
    public void listen(Listener listener) {
        locks.listen(listener);
    }
}
