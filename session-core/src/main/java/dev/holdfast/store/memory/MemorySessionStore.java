package dev.holdfast.store.memory;

import dev.holdfast.model.Delta;
import dev.holdfast.model.NewSession;
import dev.holdfast.model.OfflineDelta;
import dev.holdfast.model.SessionId;
import dev.holdfast.store.Behind;
import dev.holdfast.store.Committed;
import dev.holdfast.store.Created;
import dev.holdfast.store.DueSessions;
import dev.holdfast.store.FailureDomains;
import dev.holdfast.store.Known;
import dev.holdfast.store.Listing;
import dev.holdfast.store.Loaded;
import dev.holdfast.store.Moved;
import dev.holdfast.store.Reconciled;
import dev.holdfast.store.Removed;
import dev.holdfast.store.Renamed;
import dev.holdfast.store.SessionLocks;
import dev.holdfast.store.SessionStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Sessions in the memory of this process. It is the reference of what a {@link SessionStore} does, and serves tests and
 * applications that run alone. Nodes that share an instance share sessions. Thread-safe; no call ever fails or waits.
 */
public final class MemorySessionStore implements SessionStore {

    /** How long a session that is over is kept for whoever ends sessions. */
    private static final long KEPT_MILLIS = 3_600_000;

    /** How long the old id of a session that never expires leads to the new one. */
    private static final long WEEK_MILLIS = 604_800_000;

    /** How long a session that was buried cannot be created again. */
    private static final long BURIED_MILLIS = 600_000;

    private final InstantSource clock;
    private final Map<SessionId, Entry> entries = new HashMap<>();
    private final Map<SessionId, Marker> markers = new HashMap<>();

    /** Until when sessions are buried. */
    private final Map<Grave, Long> graves = new HashMap<>();

    private final List<EndListener> listeners = new CopyOnWriteArrayList<>();

    private final MemoryDueSessions due;
    private final MemorySessionLocks locks;
    private String epoch = newEpoch();
    private long losses;

    /**
     * An empty store.
     *
     * @param clock the time by which sessions end
     */
    public MemorySessionStore(InstantSource clock) {
        this.clock = clock;
        this.locks = new MemorySessionLocks(this, clock);
        this.due = new MemoryDueSessions(this, clock, entries, locks);
    }

    @Override
    public synchronized Loaded load(SessionId id, Known known, boolean touch) {
        Entry entry = find(id);
        if (entry == null) {
            return new Loaded.Absent(epoch);
        }
        if (entry.isDueSince(0, clock.millis())) {
            return new Loaded.Due();
        }
        Loaded loaded = loaded(entry, entry.isSameSession(known.createdMillis()) ? known : Known.NOTHING);
        if (touch) {
            entry.touch(clock.millis());
        }
        return loaded;
    }

    @Override
    public synchronized Created create(NewSession session) {
        Entry present = find(session.id());
        if (present != null && present.isSameSession(session.createdMillis())) {
            return new Created.Done(present.metadata(), epoch);
        }
        long now = clock.millis();
        if (graves.getOrDefault(new Grave(session.id(), session.createdMillis()), 0L) > now) {
            return new Created.Buried();
        }
        if (present != null && !present.isDueSince(0, now)) {
            return new Created.Exists(present.metadata());
        }
        if (present != null && !present.isBeingEnded(now)) {
            due.stepAside(session.id(), present);
        }
        entries.values().removeIf(entry -> entry.isDueSince(KEPT_MILLIS, now));
        markers.values().removeIf(marker -> marker.endMillis <= now);
        graves.values().removeIf(endMillis -> endMillis <= now);

        Entry created = new Entry(session, now);
        entries.put(session.id(), created);
        return new Created.Done(created.metadata(), epoch);
    }

    /** Whether the session is as the caller knows it, or was lost. Nobody who writes has had its lock since. */
    synchronized boolean isUnwrittenSince(SessionId id, long createdMillis, long revision, String knownEpoch) {
        Entry entry = findUnended(id, createdMillis);
        if (entry != null) {
            return entry.revision() <= revision && !entry.isDueSince(0, clock.millis());
        }
        return entries.get(id) == null && !knownEpoch.isEmpty() && !knownEpoch.equals(epoch);
    }

    @Override
    public synchronized Committed commit(SessionId id, Known known, Delta delta, int token) {
        Entry entry = findUnended(id, known.createdMillis());
        if (entry != null) {
            return entry.knows(known.revision(), token) || !entry.isBehind(known)
                    ? entry.commit(known.revision(), delta, token, clock.millis())
                    : new Behind();
        }
        Optional<SessionId> successor = successor(id);
        return successor.isPresent() ? new Moved(successor.get()) : new Committed.Gone(epoch);
    }

    @Override
    public synchronized boolean commitLeaving(SessionId id, Known known, Delta delta, int token) {
        Entry entry = findUnended(id, known.createdMillis());
        if (entry == null) {
            return false;
        }
        if (entry.knows(known.revision(), token)) {
            return true;
        }
        if (entry.revision() != known.revision()
                || entry.isBehind(known)
                || entry.isDueSince(0, clock.millis())
                || locks.isLocked(id)) {
            return false;
        }
        entry.commitWithoutUse(known.revision(), delta, token, clock.millis());
        return true;
    }

    @Override
    public synchronized Reconciled reconcile(
            SessionId id, long createdMillis, long knownRevision, OfflineDelta delta, int token) {
        Entry entry = findUnended(id, createdMillis);
        if (entry != null) {
            return knownRevision > entry.revision()
                    ? new Behind()
                    : entry.reconcile(knownRevision, delta, token, clock.millis());
        }
        Optional<SessionId> successor = successor(id);
        return successor.isPresent() ? new Moved(successor.get()) : new Reconciled.Gone(epoch);
    }

    @Override
    public synchronized Loaded restore(NewSession copy, Set<String> removed, int token) {
        Entry entry = findUnended(copy.id(), copy.createdMillis());
        if (entry == null) {
            return new Loaded.Absent(successor(copy.id()).isPresent() ? "" : epoch);
        }
        entry.restore(copy, removed, token, clock.millis());
        return new Loaded.Everything(entry.metadata(), entry.attributes(), epoch);
    }

    @Override
    public long nowMillis() {
        return clock.millis();
    }

    @Override
    public synchronized Renamed rename(SessionId id, long createdMillis, SessionId newId) {
        Entry entry = findUnended(id, createdMillis);
        if (entry == null) {
            return renamedBefore(id, createdMillis, newId);
        }
        if (find(newId) != null) {
            return new Renamed.Taken();
        }
        entries.remove(id);
        entries.put(newId, entry);
        locks.renamed(id, newId);
        mark(id, newId, entry);
        markers.remove(newId);
        tellEnd(id, createdMillis);
        return new Renamed.Done();
    }

    @Override
    public synchronized Removed remove(SessionId id, long createdMillis) {
        if (findUnended(id, createdMillis) != null) {
            entries.remove(id);
            locks.free(id);
            tellEnd(id, createdMillis);
            return new Removed.Done();
        }
        Optional<SessionId> successor = successor(id);
        return successor.isPresent() ? new Moved(successor.get()) : new Removed.Absent();
    }

    @Override
    public synchronized Removed bury(SessionId id, long createdMillis) {
        graves.put(new Grave(id, createdMillis), clock.millis() + BURIED_MILLIS);
        return remove(id, createdMillis);
    }

    @Override
    public synchronized Superseded supersede(SessionId id, long createdMillis, long revision, SessionId successor) {
        Entry entry = findUnended(id, createdMillis);
        if (entry == null) {
            return successor(id).equals(Optional.of(successor)) ? Superseded.DONE : Superseded.ABSENT;
        }
        if (entry.revision() > revision) {
            return Superseded.BEHIND;
        }
        entries.remove(id);
        locks.free(id);
        mark(id, successor, entry);
        tellEnd(id, createdMillis);
        return Superseded.DONE;
    }

    @Override
    public synchronized void keep(SessionId id, long createdMillis) {
        Entry entry = findUnended(id, createdMillis);
        if (entry != null) {
            entry.keep(clock.millis());
        }
    }

    /** One domain, which never fails. */
    @Override
    public FailureDomains failureDomains() {
        return FailureDomains.single(() -> {
            // It answers.
        });
    }

    @Override
    public synchronized String epochOf(SessionId id) {
        return epoch;
    }

    @Override
    public void listen(EndListener listener) {
        listeners.add(listener);
    }

    private void tellEnd(SessionId id, long createdMillis) {
        listeners.forEach(listener -> listener.ended(id, createdMillis));
    }

    @Override
    public DueSessions due() {
        return due;
    }

    @Override
    public SessionLocks locks() {
        return locks;
    }

    /** Always: there is but one place. */
    @Override
    public synchronized Listing list(Duration patience) {
        Set<SessionId> ids = new HashSet<>(entries.keySet());
        ids.removeIf(due::isAside);
        return new Listing(ids, true);
    }

    @Override
    public boolean colocated(SessionId one, SessionId other) {
        return true;
    }

    /** Does nothing: the sessions stay until the store is garbage. */
    @Override
    public void close() {}

    /** Loses all data, as a server does that comes back empty. */
    public synchronized void loseEverything() {
        entries.clear();
        markers.clear();
        graves.clear();
        locks.clear();
        epoch = newEpoch();
        losses++;
    }

    /** How often it has lost all data. */
    @Override
    public synchronized long recoveries() {
        return losses;
    }

    private Loaded loaded(Entry entry, Known known) {
        Map<String, byte[]> attributes = entry.attributes();
        if (known.revision() > 0 && entry.isBehind(known)) {
            return new Loaded.Behind(entry.metadata(), attributes.keySet());
        }
        if (known.revision() > 0 && known.revision() == entry.revision()) {
            return new Loaded.Unchanged(entry.metadata());
        }
        Optional<Set<String>> changed = known.revision() > 0 ? entry.changedSince(known.revision()) : Optional.empty();
        if (changed.isEmpty()) {
            return new Loaded.Everything(entry.metadata(), attributes, epoch);
        }
        Map<String, byte[]> set = new HashMap<>(attributes);
        set.keySet().retainAll(changed.get());
        Set<String> removed = new HashSet<>(changed.get());
        removed.removeAll(set.keySet());
        return new Loaded.Changed(entry.metadata(), set, removed);
    }

    /** The answer for an old id that no longer carries the session: perhaps this very call was made before. */
    private Renamed renamedBefore(SessionId id, long createdMillis, SessionId newId) {
        Optional<SessionId> successor = successor(id);
        if (successor.isPresent() && !successor.get().equals(newId)) {
            return new Moved(successor.get());
        }
        if (successor.isPresent() && find(newId, createdMillis) != null) {
            return new Renamed.Done();
        }
        Optional<SessionId> next = successor.flatMap(this::successor);
        return next.isPresent() ? new Moved(next.get()) : new Renamed.Gone();
    }

    private @Nullable Entry find(SessionId id) {
        Entry entry = entries.get(id);
        return entry == null || entry.isDueSince(KEPT_MILLIS, clock.millis()) ? null : entry;
    }

    private @Nullable Entry find(SessionId id, long createdMillis) {
        Entry entry = find(id);
        return entry != null && entry.isSameSession(createdMillis) ? entry : null;
    }

    private @Nullable Entry findUnended(SessionId id, long createdMillis) {
        Entry entry = find(id, createdMillis);
        return entry == null || entry.isBeingEnded(clock.millis()) ? null : entry;
    }

    /** Under the monitor: whether the session can be written. */
    boolean has(SessionId id, long createdMillis) {
        return findUnended(id, createdMillis) != null;
    }

    /** Under the monitor: whether a commit is a repeated one. */
    boolean knowsCommit(SessionId id, long createdMillis, long knownRevision, int token) {
        Entry entry = findUnended(id, createdMillis);
        return entry != null && entry.knows(knownRevision, token);
    }

    /** Under the monitor: the id that a session has now. */
    Optional<SessionId> successor(SessionId id) {
        return Optional.ofNullable(markers.get(id))
                .filter(marker -> clock.millis() < marker.endMillis)
                .map(Marker::newId);
    }

    /** For as long as the session would live if nobody used it. */
    private void mark(SessionId oldId, SessionId newId, Entry entry) {
        long end = entry.expires() ? entry.dueMillis() + KEPT_MILLIS : clock.millis() + WEEK_MILLIS;
        markers.put(oldId, new Marker(newId, end));
    }

    private static String newEpoch() {
        return UUID.randomUUID().toString();
    }

    private record Marker(SessionId newId, long endMillis) {}

    private record Grave(SessionId id, long createdMillis) {}
}
