package dev.holdfast.fallback;

import dev.holdfast.model.SessionId;
import dev.holdfast.store.RequestBudget;
import dev.holdfast.store.StoreException;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
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

    private final Map<SessionId, JournalEntry> entries = new ConcurrentHashMap<>();
    private final Map<SessionId, JournalEntry> formerIds = new ConcurrentHashMap<>();
    private final SetAside setAside = new SetAside();
    private final BroughtRevisions brought = new BroughtRevisions();
    private final AtomicLong bytes = new AtomicLong();
    private final long maxBytes;
    private final @Nullable JournalFile file;
    private volatile boolean closed;

    /** One that ends with this process. */
    Journal(long maxBytes) {
        this(maxBytes, null);
    }

    /**
     * @param maxBytes how much it may hold, about
     * @param file what an earlier process has left, and what is to survive this one; null: nothing
     */
    Journal(long maxBytes, @Nullable JournalFile file) {
        this.maxBytes = maxBytes;
        this.file = file;
        if (file != null) {
            file.takeFound().forEach(this::add);
        }
    }

    private void add(JournalEntry found) {
        found.noteBytes();
        bytes.addAndGet(found.bytes());
        if (found.isSetAside()) {
            putAside(found);
        } else {
            entries.put(found.id(), found);
            found.ids().former().forEach(id -> formerIds.put(id, found));
        }
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

    /** Whether there is nothing to bring, but for what was set aside. */
    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** What the store did not know. */
    SetAside setAside() {
        return setAside;
    }

    /** What this node has brought to the store itself. */
    BroughtRevisions brought() {
        return brought;
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
                if (entry.isUnwritten()) {
                    save(entry);
                }
            }
        }
    }

    /**
     * Gives the entry of a session the id that the session has now. If there is another entry of that id, because this
     * node has used the session under both, each is brought by itself. Call with the entry locked.
     */
    void rekey(JournalEntry entry, SessionId formerId) {
        if (entries.putIfAbsent(entry.id(), entry) == null) {
            entries.remove(formerId, entry);
        }
        formerIds.put(formerId, entry);
        brought.moved(formerId, entry.id());
    }

    /** Takes an entry out: the store knows everything. Call with the entry locked. */
    void finish(JournalEntry entry) {
        brought.note(entry);
        entry.done();
        takeOut(entry);
        forget(entry);
    }

    private void takeOut(JournalEntry entry) {
        entries.remove(entry.id(), entry);
        entry.ids().former().forEach(id -> {
            entries.remove(id, entry);
            formerIds.remove(id, entry);
        });
    }

    private void forget(JournalEntry entry) {
        bytes.addAndGet(-entry.notedBytes());
        if (file != null) {
            file.finished(entry);
        }
    }

    /**
     * Whether this node has done something to a session while the store was being asked for it, that the answer lacks.
     *
     * @param revision of the answer
     * @param askedNanos when the question was sent; there was no entry then
     */
    boolean hasOvertaken(SessionId id, long revision, long askedNanos) {
        return entries.containsKey(id) || brought.isLater(id, revision, askedNanos);
    }

    private static void lock(JournalEntry entry, @Nullable Duration patience) {
        if (entry.lock.tryLock()) {
            return;
        }
        Duration most = patience == null ? RequestBudget.limit(MOST_WAIT) : patience;
        Duration wait = most.compareTo(LEAST_WAIT) < 0 ? LEAST_WAIT : most;
        long begunNanos = System.nanoTime();
        try {
            if (entry.lock.tryLock(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            RequestBudget.spent(Math.min(System.nanoTime() - begunNanos, wait.toNanos()));
        }
        throw StoreException.notAsked(
                "HF-613 What this node did to session " + entry.id()
                        + " is just being brought to Redis, which takes long. The change stays in memory and is written later.");
    }

    /**
     * Sets an entry aside whose session the store does not know: if the store has lost it, whoever has a copy creates it
     * again, and the entry is brought then. Call with the entry locked.
     */
    void setAside(JournalEntry entry, long nowNanos) {
        takeOut(entry);
        entry.setAside(nowNanos);
        putAside(entry);
        save(entry);
    }

    private void putAside(JournalEntry entry) {
        JournalEntry earlier = setAside.put(entry);
        if (earlier != null) {
            forget(earlier);
        }
    }

    /** Forgets what was set aside: it was brought, or is given up. Call with the entry locked. */
    void giveUp(JournalEntry aside) {
        if (setAside.remove(aside)) {
            forget(aside);
        }
    }

    // ---- in the file ---------------------------------------------------------------------------------------------

    /** What is known of an entry is to survive this process. Call with the entry locked. */
    void save(JournalEntry entry) {
        if (file != null) {
            file.write(entry);
        }
    }

    /** To be called now and then as long as there is something in the journal, and once after that. */
    void tendFile() {
        if (file != null) {
            file.tend(this::all, this::isLive, isEmpty() && setAside.isEmpty() ? 0 : Math.max(1, bytes.get()));
        }
    }

    /** Whether there is a file that has everything. */
    boolean isInFile() {
        return file != null && file.isWhole();
    }

    /** No more comes. Says whether the file has everything that is left, so that nothing is lost. */
    boolean completeFile() {
        return file != null && file.complete(this::all, this::isLive);
    }

    @Nullable
    JournalFile file() {
        return file;
    }

    /** Everything that is still to be brought: a snapshot. */
    Collection<JournalEntry> all() {
        List<JournalEntry> all = oldestFirst();
        return Stream.concat(all.stream(), setAside.all().stream()).toList();
    }

    private boolean isLive(JournalEntry entry) {
        return entries.get(entry.id()) == entry
                || entry.ids().former().stream().anyMatch(id -> entries.get(id) == entry)
                || setAside.has(entry);
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
