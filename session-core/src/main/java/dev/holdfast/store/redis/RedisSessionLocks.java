package dev.holdfast.store.redis;

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
 * Locks in Redis: a string for each, with the lease as its TTL. Locks that are given back are told of on one channel of
 * the application. Thread-safe.
 */
final class RedisSessionLocks implements SessionLocks {

    private final RedisSessionStore store;
    private final IdNames ids;
    private final Channel channel;

    RedisSessionLocks(RedisSessionStore store, Keys keys, RedisConnections connections) {
        this.store = store;
        this.ids = keys.ids();
        this.channel = new Channel(connections, keys.unlocked());
    }

    @Override
    public Loaded load(SessionId id, Known known, boolean touch, LockRequest lock) {
        return store.load(id, known, touch, lock);
    }

    @Override
    public Created create(NewSession session, LockRequest lock) {
        return store.create(session, lock);
    }

    @Override
    public Committed commit(SessionId id, Known known, Delta delta, int token, String owner, boolean release) {
        return store.commit(id, known, delta, token, owner + (release ? channel.name() : ""));
    }

    @Override
    public LockAnswer unlock(SessionId id, long createdMillis, String owner) {
        return store.unlock(id, createdMillis, owner);
    }

    @Override
    public LockAnswer renew(SessionId id, long createdMillis, LockRequest lock, long knownRevision, String knownEpoch) {
        return store.renew(id, createdMillis, lock, knownRevision, knownEpoch);
    }

    @Override
    public void listen(Listener listener) {
        channel.listen(message -> ids.session(message).ifPresent(listener::unlocked), listener::missedSome);
    }

    void close() {
        channel.close();
    }
}
