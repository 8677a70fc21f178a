package dev.holdfast.fallback;

import dev.holdfast.model.SessionId;
import dev.holdfast.store.RequestBudget;
import dev.holdfast.store.StoreException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What this node did while the store did not answer, one entry per session: bytes, bounded by a size. Thread-safe.
 *
 * <p>As long as a session has an entry, whatever happens to it here goes there first: the store hears of it in order.
 */
final class Journal {

    /** How long a request waits while another thread brings the entry of its session to the store, within its budget. */
    private static final Duration MOST_WAIT = Duration.ofSeconds(1);

    /** For another request that is noting something: also if the budget is spent. */
    private static final Duration LEAST_WAIT = Duration.ofMillis(20);

    /** If there are more, conflicts may be told that are none. */
    private static final int MOST_BROUGHT = 10_000;

    private final Map<SessionId, JournalEntry> entries = new ConcurrentHashMap<>();
    private final Map<SessionId, JournalEntry> formerIds = new ConcurrentHashMap<>();
    /** What was done to sessions that the store does not know, or no more: it may have lost them. */
    private final Map<SessionId, JournalEntry> orphans = new ConcurrentHashMap<>();

    /**
     * What this node has brought to the store itself, and its copies have not seen there yet. Or it would take its own
     * earlier changes for those of another node, and tell of conflicts that are none.
     */
    private final Map<SessionId, Brought> brought = new ConcurrentHashMap<>();

    private final AtomicLong bytes = new AtomicLong();
    private final long maxBytes;
    private volatile boolean closed;

    /** @param maxBytes how much it may hold, about */
    Journal(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** The entry of a session, or null. */
    @Nullable
    JournalEntry entryOf(SessionId id) {
        return entries.get(id);
    }

    /** Whether this node has given the session another id, and the store does not know that yet. */
    boolean isFormerId(SessionId id) {
        return formerIds.containsKey(id);
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Whether any session has an entry whose id fits. */
    boolean hasAny(Predicate<SessionId> fitting) {
        return entries.keySet().stream().anyMatch(fitting);
    }

    int size() {
        return entries.size();
    }

    long bytes() {
        return bytes.get();
    }

    long maxBytes() {
        return maxBytes;
    }

    /** All entries, the oldest first: a snapshot. */
    List<JournalEntry> oldestFirst() {
        return entries.values().stream()
                .sorted(Comparator.comparingLong(JournalEntry::begunNanos))
                .toList();
    }

    /**
     * Notes something that happened to a session.
     *
     * @param id the present id
     * @param patience how long to wait for another thread; null: as the budget of the request allows
     * @param begin makes the entry if there is none
     * @param change notes it, with the entry locked; may throw
     * @return what the change returns
     * @throws StoreException if another thread does not end in time
     */
    <T> T note(
            SessionId id, @Nullable Duration patience, Supplier<JournalEntry> begin, Function<JournalEntry, T> change) {
        while (true) {
            requireOpen();
            JournalEntry entry = entries.computeIfAbsent(id, key -> begin.get());
            lock(entry, patience);
            try {
                if (!entry.isDone()) {
                    return noted(entry, change);
                }
            } finally {
                entry.lock.unlock();
            }
        }
    }

    /**
     * Does something with the entry of a session, if it has one.
     *
     * @param patience how long to wait for another thread; null: as the budget of the request allows
     * @param step with the entry locked; may bring it to the store
     * @return what the step returns; null if there was no entry, or it has just been brought to the store
     * @throws StoreException if another thread does not end in time
     */
    <T> @Nullable T ifPresent(SessionId id, @Nullable Duration patience, Function<JournalEntry, @Nullable T> step) {
        JournalEntry entry = entries.get(id);
        if (entry == null) {
            return null;
        }
        lock(entry, patience);
        try {
            return entry.isDone() ? null : noted(entry, step);
        } finally {
            entry.lock.unlock();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw StoreException.notAsked(
                    "HF-619 This node has stopped while Redis does not answer: what is done here now"
                            + " is not noted any more.");
        }
    }

    /** From now on nothing is noted: nobody would bring it. */
    void close() {
        closed = true;
    }

    /** Whether a thread is just at work on an entry. */
    boolean isBusy() {
        return entries.values().stream().anyMatch(entry -> entry.lock.isLocked());
    }

    private <T extends @Nullable Object> T noted(JournalEntry entry, Function<JournalEntry, T> change) {
        long before = entry.notedBytes();
        try {
            return change.apply(entry);
        } finally {
            if (!entry.isDone() && entry.isEmpty()) {
                // Begun for a change that found no room.
                finish(entry);
            } else if (!entry.isDone()) {
                bytes.addAndGet(entry.bytes() - before);
                entry.noteBytes();
            }
        }
    }

    /** Gives the entry of a session the id that the session has now. Call with the entry locked. */
    void rekey(JournalEntry entry, SessionId formerId) {
        entries.put(entry.id(), entry);
        formerIds.put(formerId, entry);
        moved(formerId, entry.id());
        entries.remove(formerId, entry);
    }

    /** Takes an entry out: the store knows everything. Call with the entry locked. */
    void finish(JournalEntry entry) {
        noteBrought(entry);
        entry.done();
        entries.remove(entry.id(), entry);
        entry.formerIds().forEach(id -> formerIds.remove(id, entry));
        bytes.addAndGet(-entry.notedBytes());
    }

    /** The store has the changes of an entry, or of what was set aside. */
    void noteBrought(JournalEntry entry) {
        if (entry.broughtRevision() > 0) {
            if (brought.size() >= MOST_BROUGHT) {
                brought.clear();
            }
            brought.put(entry.id(), new Brought(entry.createdMillis(), entry.broughtRevision(), System.nanoTime()));
        }
    }

    /** This node has committed something besides. */
    void committed(SessionId id, long previousRevision, long revision) {
        brought.computeIfPresent(
                id,
                (key, last) -> last.revision == previousRevision
                        ? new Brought(last.createdMillis, revision, last.nanos)
                        : last);
    }

    /** The copy of this node is at this revision. */
    void seen(SessionId id, long revision) {
        brought.computeIfPresent(id, (key, last) -> last.revision > revision ? last : null);
    }

    /** The session has another id in the store. */
    void moved(SessionId id, SessionId newId) {
        Brought last = brought.remove(id);
        if (last != null) {
            brought.put(newId, last);
        }
    }

    /** Up to which revision this node knows a session: its copy, or what it has brought since that was brought up to date. */
    long knownRevision(SessionId id, long createdMillis, long revisionOfCopy) {
        Brought last = brought.get(id);
        return revisionOfCopy > 0 && last != null && last.createdMillis == createdMillis
                ? Math.max(revisionOfCopy, last.revision)
                : revisionOfCopy;
    }

    /**
     * Whether this node has done something to a session while the store was being asked for it, that the answer lacks.
     *
     * @param revision of the answer
     * @param askedNanos when the question was sent; there was no entry then
     */
    boolean hasOvertaken(SessionId id, long revision, long askedNanos) {
        Brought last = brought.get(id);
        return entries.containsKey(id) || (last != null && last.nanos - askedNanos > 0 && last.revision > revision);
    }

    /** @param nanos when it was brought */
    private record Brought(long createdMillis, long revision, long nanos) {}

    private static void lock(JournalEntry entry, @Nullable Duration patience) {
        if (entry.lock.tryLock()) {
            return;
        }
        Duration most = patience == null ? RequestBudget.limit(MOST_WAIT) : patience;
        long begunNanos = System.nanoTime();
        try {
            if (entry.lock.tryLock(Math.max(LEAST_WAIT.toNanos(), most.toNanos()), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            RequestBudget.spent(System.nanoTime() - begunNanos);
        }
        throw StoreException.notAsked(
                "HF-613 What this node did to session " + entry.id()
                        + " is just being brought to Redis, which takes long. The change stays in memory and is written later.");
    }

    /**
     * Sets an entry aside whose session the store does not know: if the store has lost it, whoever has a copy creates it
     * again, and the entry is brought then. Call with the entry locked.
     */
    void orphan(JournalEntry entry, long nowNanos) {
        entries.remove(entry.id(), entry);
        entry.formerIds().forEach(id -> formerIds.remove(id, entry));
        entry.orphaned(nowNanos);
        JournalEntry earlier = orphans.put(entry.id(), entry);
        if (earlier != null) {
            bytes.addAndGet(-earlier.notedBytes());
        }
    }

    /** What was set aside: a snapshot. */
    List<JournalEntry> orphans() {
        return List.copyOf(orphans.values());
    }

    /** What was set aside for a session, or null. */
    @Nullable
    JournalEntry orphanOf(SessionId id, long createdMillis) {
        JournalEntry orphan = orphans.get(id);
        return orphan != null && orphan.createdMillis() == createdMillis ? orphan : null;
    }

    /** Whether it is still set aside. */
    boolean isOrphan(JournalEntry entry) {
        return orphans.get(entry.id()) == entry;
    }

    /** Forgets what was set aside. */
    void giveUp(JournalEntry orphan) {
        if (orphans.remove(orphan.id(), orphan)) {
            bytes.addAndGet(-orphan.notedBytes());
        }
    }

    boolean hasOrphans() {
        return !orphans.isEmpty();
    }

    /**
     * To be called before something is noted that takes room. Ends and changes of id always find some.
     *
     * @throws StoreException if there is none
     */
    void requireRoom() {
        if (bytes.get() >= maxBytes) {
            throw StoreException.notAsked("HF-614 Redis does not answer, and the journal of this node is full ("
                    + size()
                    + " sessions, " + bytes.get() + " bytes; journalMaxBytes is " + maxBytes + "). Further changes stay"
                    + " in memory as objects and are written when Redis is back. Check Redis, or raise"
                    + " journalMaxBytes.");
        }
    }
}
