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
import dev.holdfast.store.SessionStore;

/** Locks of a store that may not be there yet. Thread-safe. */
final class LateSessionLocks implements SessionLocks {

    private final Connector<SessionStore> connector;
    private final LockRelay relay;

    LateSessionLocks(Connector<SessionStore> connector, LockRelay relay) {
        this.connector = connector;
        this.relay = relay;
    }

    private SessionLocks locks() {
        return connector.store().locks();
    }

    @Override
    public Loaded load(SessionId id, Known known, boolean touch, LockRequest lock) {
        return locks().load(id, known, touch, lock);
    }

    @Override
    public Created create(NewSession session, LockRequest lock) {
        return locks().create(session, lock);
    }

    @Override
    public Committed commit(SessionId id, Known known, Delta delta, int token, String owner, boolean release) {
        return locks().commit(id, known, delta, token, owner, release);
    }

    @Override
    public LockAnswer unlock(SessionId id, long createdMillis, String owner) {
        return locks().unlock(id, createdMillis, owner);
    }

    @Override
    public LockAnswer renew(SessionId id, long createdMillis, LockRequest lock, long knownRevision, String knownEpoch) {
        return locks().renew(id, createdMillis, lock, knownRevision, knownEpoch);
    }

    /** Before the store is there, too. */
    @Override
    public void listen(Listener listener) {
        relay.to(listener);
    }
}
