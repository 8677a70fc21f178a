package dev.holdfast.store.memory;

import dev.holdfast.model.SessionId;
import dev.holdfast.store.DueSessions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Sessions of a {@link MemorySessionStore} whose time is over; one partition. Guarded by the store's monitor. */
final class MemoryDueSessions implements DueSessions {

    private final MemorySessionStore store;
    private final InstantSource clock;
    private final Map<SessionId, Entry> entries;
    private final MemorySessionLocks locks;
    private final Map<SessionId, Long> leasedUntil = new HashMap<>();
    private final Map<SessionId, SessionId> clientIds = new HashMap<>();

    MemoryDueSessions(
            MemorySessionStore store, InstantSource clock, Map<SessionId, Entry> entries, MemorySessionLocks locks) {
        this.store = store;
        this.clock = clock;
        this.entries = entries;
        this.locks = locks;
    }

    /** An old session makes room for a new one of the same id, and waits for its end under another. */
    void stepAside(SessionId id, Entry old) {
        SessionId aside = new SessionId(UUID.randomUUID().toString());
        clientIds.put(aside, id);
        leasedUntil.remove(id);
        entries.put(aside, old);
    }

    boolean isAside(SessionId id) {
        return clientIds.containsKey(id);
    }

    @Override
    public int partitions() {
        return 1;
    }

    @Override
    public List<DueSession> claim(int partition, int limit, Duration lease) {
        synchronized (store) {
            long now = clock.millis();
            leasedUntil.keySet().retainAll(entries.keySet());
            clientIds.keySet().retainAll(entries.keySet());
            List<DueSession> claimed = entries.entrySet().stream()
                    .filter(entry -> entry.getValue().isDueSince(0, now))
                    .filter(entry -> leasedUntil.getOrDefault(entry.getKey(), 0L) <= now)
                    .sorted(Comparator.comparingLong(entry -> entry.getValue().dueMillis()))
                    .limit(limit)
                    .map(entry -> new DueSession(0, entry.getKey()))
                    .toList();
            claimed.forEach(session -> leasedUntil.put(session.key(), now + lease.toMillis()));
            return claimed;
        }
    }

    @Override
    public Taken take(DueSession session, long token, Duration lease) {
        synchronized (store) {
            Entry entry = entries.get(session.key());
            long now = clock.millis();
            if (entry == null
                    || !entry.isDueSince(0, now)
                    || (entry.isBeingEnded(now) && !entry.isBeingEndedBy(token))) {
                return new Taken.Nothing();
            }
            entry.beginEnd(token, now + lease.toMillis());
            leasedUntil.put(session.key(), now + lease.toMillis());
            return new Taken.Mine(
                    clientIds.getOrDefault(session.key(), session.key()), entry.metadata(), entry.attributes());
        }
    }

    @Override
    public boolean finish(DueSession session, long token) {
        synchronized (store) {
            Entry entry = entries.get(session.key());
            if (entry == null || !entry.isBeingEndedBy(token)) {
                return false;
            }
            entries.remove(session.key());
            locks.free(session.key());
            return true;
        }
    }
}
