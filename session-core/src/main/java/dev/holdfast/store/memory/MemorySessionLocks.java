package dev.holdfast.store.memory;

import dev.holdfast.model.Delta;
import dev.holdfast.model.NewSession;
import dev.holdfast.model.SessionId;
import dev.holdfast.store.Committed;
import dev.holdfast.store.Created;
import dev.holdfast.store.Known;
import dev.holdfast.store.Loaded;
import dev.holdfast.store.LockAnswer;
import dev.holdfast.store.LockRequest;
import dev.holdfast.store.Moved;
import dev.holdfast.store.SessionLocks;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Locks of a {@link MemorySessionStore}. Guarded by the store's monitor; listeners are told under it. */
final class MemorySessionLocks implements SessionLocks {

    private final MemorySessionStore store;
    private final InstantSource clock;
    private final Map<SessionId, Lock> locks = new HashMap<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    MemorySessionLocks(MemorySessionStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public Loaded load(SessionId id, Known known, boolean touch, LockRequest lock) {
        synchronized (store) {
            Lock held = held(id);
            boolean others = held != null && !held.owner.equals(lock.owner());
            Loaded loaded = store.load(id, known, touch && !others);
            if (loaded instanceof Loaded.Absent || loaded instanceof Loaded.Due) {
                return loaded;
            }
            if (held != null && others) {
                locks.put(id, new Lock(held.owner, held.untilMillis, true));
                return new Loaded.Locked(held.untilMillis - clock.millis());
            }
            take(id, lock);
            return loaded;
        }
    }

    @Override
    public Created create(NewSession session, LockRequest lock) {
        synchronized (store) {
            boolean again = store.has(session.id(), session.createdMillis());
            Created created = store.create(session);
            Lock held = held(session.id());
            if (created instanceof Created.Done && (!again || held == null || held.owner.equals(lock.owner()))) {
                take(session.id(), lock);
            }
            return created;
        }
    }

    @Override
    public Committed commit(SessionId id, Known known, Delta delta, int token, String owner, boolean release) {
        synchronized (store) {
            boolean repeated = store.knowsCommit(id, known.createdMillis(), known.revision(), token);
            if (store.has(id, known.createdMillis()) && !repeated && !isOwner(id, owner)) {
                return new Committed.Fenced();
            }
            Committed committed = store.commit(id, known, delta, token);
            if (release && committed instanceof Committed.Applied && isOwner(id, owner)) {
                free(id);
            }
            return committed;
        }
    }

    @Override
    public LockAnswer unlock(SessionId id, long createdMillis, String owner) {
        synchronized (store) {
            if (!isOwner(id, owner)) {
                return elsewhere(id, createdMillis);
            }
            free(id);
            return new LockAnswer.Done();
        }
    }

    @Override
    public LockAnswer renew(SessionId id, long createdMillis, LockRequest lock, long knownRevision, String knownEpoch) {
        synchronized (store) {
            Lock held = held(id);
            if (held == null && store.isUnwrittenSince(id, createdMillis, knownRevision, knownEpoch)) {
                take(id, lock);
                return new LockAnswer.Done();
            }
            if (held == null || !held.owner.equals(lock.owner())) {
                return elsewhere(id, createdMillis);
            }
            locks.put(id, new Lock(held.owner, clock.millis() + lock.lease().toMillis(), held.wanted));
            return new LockAnswer.Done();
        }
    }

    @Override
    public void listen(Listener listener) {
        listeners.add(listener);
    }

    /** The session has ended: so has its lock. */
    boolean isLocked(SessionId id) {
        return held(id) != null;
    }

    void free(SessionId id) {
        Lock held = held(id);
        locks.remove(id);
        if (held != null && held.wanted) {
            listeners.forEach(listener -> listener.unlocked(id));
        }
    }

    void renamed(SessionId oldId, SessionId newId) {
        Lock held = held(oldId);
        free(oldId);
        if (held != null) {
            locks.put(newId, held);
        }
    }

    void clear() {
        locks.clear();
    }

    private void take(SessionId id, LockRequest lock) {
        Lock held = held(id);
        locks.put(
                id,
                new Lock(
                        lock.owner(),
                        clock.millis() + lock.lease().toMillis(),
                        lock.wanted() || (held != null && held.wanted)));
    }

    private LockAnswer elsewhere(SessionId id, long createdMillis) {
        Optional<SessionId> successor = store.has(id, createdMillis) ? Optional.empty() : store.successor(id);
        return successor.isPresent() ? new Moved(successor.get()) : new LockAnswer.NotHeld();
    }

    private boolean isOwner(SessionId id, String owner) {
        Lock held = held(id);
        return held != null && held.owner.equals(owner);
    }

    private @Nullable Lock held(SessionId id) {
        Lock held = locks.get(id);
        return held != null && clock.millis() < held.untilMillis ? held : null;
    }

    /**
     * One lock.
     *
     * @param wanted whether another owner was refused
     */
    private record Lock(String owner, long untilMillis, boolean wanted) {}
}
