package dev.holdfast.session;

import dev.holdfast.model.SessionId;
import dev.holdfast.store.LockRequest;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Locks that only this node knows of: while the store is away, requests of this node still use a session one at a time.
 * Thread-safe.
 *
 * <p>Such a lock is taken when the store has been asked for one and has not answered, unless another request of this node
 * holds one of either kind: so who has got one from the store before the outage is waited for, too. When the store is back,
 * it gives its locks to others as if there were none of these; then the request that got one waits here for the owner of the
 * lock of this node, who asks the store for nothing. So nobody waits for somebody who waits. It has no lease: its owner and
 * it are of one process.
 */
final class LocksHere {

    /** All locks of requests of this node, those of the store and these. */
    private final Map<HeldLock, LiveSession> held;

    private final Map<String, HeldLock> byOwner = new ConcurrentHashMap<>();

    /** Sessions of which a lock was refused for the sake of another request of this node. */
    private final Set<SessionId> awaited = ConcurrentHashMap.newKeySet();

    LocksHere(Map<HeldLock, LiveSession> held) {
        this.held = held;
    }

    /** Takes a lock of this node, unless another request of this node has the session; says whether it did. */
    synchronized boolean take(LiveSession session, LockRequest wanted) {
        SessionId id = session.id();
        if (byOwner.containsKey(wanted.owner())) {
            return true;
        }
        if (isHeldByOther(id, wanted, true)) {
            return false;
        }
        HeldLock lock = HeldLock.here(wanted);
        byOwner.put(wanted.owner(), lock);
        held.put(lock, session);
        return true;
    }

    /** Whether the owner of a lock of the store has to wait for that of a lock of this node. */
    boolean isBefore(SessionId id, LockRequest wanted) {
        return !byOwner.isEmpty() && isHeldByOther(id, wanted, false);
    }

    private synchronized boolean isHeldByOther(SessionId id, LockRequest wanted, boolean ofStoreToo) {
        boolean refused = held.entrySet().stream()
                .anyMatch(entry -> (entry.getKey().isHere()
                                || (ofStoreToo && entry.getKey().isHeld()))
                        && !entry.getKey().isOf(wanted)
                        && entry.getValue().id().equals(id));
        if (refused) {
            awaited.add(id);
        }
        return refused;
    }

    /** The lock of an owner, if it has one of this node. */
    @Nullable
    HeldLock of(LockRequest wanted) {
        return byOwner.get(wanted.owner());
    }

    /** Takes a lock of this node from its owner. */
    synchronized void remove(LockRequest wanted) {
        HeldLock lock = byOwner.remove(wanted.owner());
        LiveSession session = lock == null ? null : held.remove(lock);
        if (session != null) {
            awaited.remove(session.id());
        }
    }

    /** Whether somebody waits for a session that has become free. */
    synchronized boolean wasAwaited(SessionId id) {
        return awaited.remove(id);
    }
}
