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

/** Locks of a store that is not asked while it does not answer. Thread-safe. */
final class GuardedSessionLocks implements SessionLocks {

    private final SessionLocks locks;
    private final GuardedCalls calls;

    GuardedSessionLocks(SessionLocks locks, GuardedCalls calls) {
        this.locks = locks;
        this.calls = calls;
    }

    @Override
    public Loaded load(SessionId id, Known known, boolean touch, LockRequest lock) {
        return calls.forSession("load", id, () -> locks.load(id, known, touch, lock));
    }

    @Override
    public Created create(NewSession session, LockRequest lock) {
        return calls.forSession("create", session.id(), () -> locks.create(session, lock));
    }

    @Override
    public Committed commit(SessionId id, Known known, Delta delta, int token, String owner, boolean release) {
        return calls.forSession("commit", id, () -> locks.commit(id, known, delta, token, owner, release));
    }

    @Override
    public LockAnswer unlock(SessionId id, long createdMillis, String owner) {
        return calls.forSession("unlock", id, () -> locks.unlock(id, createdMillis, owner));
    }

    @Override
    public LockAnswer renew(SessionId id, long createdMillis, LockRequest lock, long knownRevision, String knownEpoch) {
        return calls.forSession("renew", id, () -> locks.renew(id, createdMillis, lock, knownRevision, knownEpoch));
    }

    @Override
    public void listen(Listener listener) {
        locks.listen(listener);
    }
}
