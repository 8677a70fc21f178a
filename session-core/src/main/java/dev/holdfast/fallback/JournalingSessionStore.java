package dev.holdfast.fallback;

import dev.holdfast.model.Delta;
import dev.holdfast.model.NewSession;
import dev.holdfast.model.OfflineDelta;
import dev.holdfast.model.SessionId;
import dev.holdfast.store.Committed;
import dev.holdfast.store.Created;
import dev.holdfast.store.Deadline;
import dev.holdfast.store.DueSessions;
import dev.holdfast.store.FailureDomains;
import dev.holdfast.store.Known;
import dev.holdfast.store.Listing;
import dev.holdfast.store.Loaded;
import dev.holdfast.store.Reconciled;
import dev.holdfast.store.Removed;
import dev.holdfast.store.Renamed;
import dev.holdfast.store.SessionLocks;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoreException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store that takes what this node writes also while it does not answer: it goes into a journal, and is brought to the
 * store when it answers again. Thread-safe.
 *
 * <p>What is written never fails for that reason, unless the journal is full. A look-up does, for what is not known here:
 * the store's answer cannot be made up. The caller then decides by its own copy. What the journal knows, it answers: a
 * session that was born here, or that has ended here or got another id.
 *
 * <p>As long as a session has an entry in the journal, its calls bring the entry to the store first. If that fails, they
 * add to the entry. So the store hears of everything in order.
 *
 * <p><b>Locks.</b> Each entry has one, held while something is noted in it or while it is brought, the calls to the store
 * included. Who waits for it may hold the commit lock of the session; whoever holds it takes no other lock of ours. It is
 * never waited for without a limit.
 */
public final class JournalingSessionStore implements SessionStore {

    /** The epoch that goes with an answer of this node: none. */
    private static final String NO_EPOCH = "";

    /** Within this time every node has compared its copies with a store that has come back. */
    private static final long LATELY_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final GuardedSessionStore store;
    private final Journal journal;
    private final Replay replay;
    private final OrderedCalls calls;
    private final SessionLocks locks;
    private final DueSessions due;
    private final AtomicLong recoveriesSeen = new AtomicLong();
    private volatile long recoveredNanos;

    /**
     * @param store the store; closed with this one
     * @param application whose sessions it keeps, for the name of a thread
     * @param options how much this node remembers
     * @param file what an earlier process has left to be brought to the store, and where what happens here is kept, too;
     *     closed with this store. Null: what is noted ends with this process
     */
    public JournalingSessionStore(
            GuardedSessionStore store, String application, JournalOptions options, @Nullable JournalFile file) {
        this.store = store;
        this.journal = new Journal(options.maxBytes(), file);
        this.replay = new Replay(store, journal, application, options.patience());
        this.calls = new OrderedCalls(store, journal, replay, options.patience().multipliedBy(2));
        this.locks = new JournalingSessionLocks(this, store.locks());
        this.due = new PatientDueSessions(store, journal);
        replay.wakeIfNeeded();
    }

    /** Without a file. */
    JournalingSessionStore(GuardedSessionStore store, String application, JournalOptions options) {
        this(store, application, options, null);
    }

    @Override
    public Loaded load(SessionId id, Known known, boolean touch) {
        return look(id, known, touch, () -> store.load(id, known, touch));
    }

    /** A look-up, with a lock or without. */
    Loaded look(SessionId id, Known known, boolean touch, Supplier<Loaded> call) {
        if (journal.isFormerId(id)) {
            return new Loaded.Absent(NO_EPOCH);
        }
        journal.brought().seen(id, known.revision());
        boolean hasCopy = known.revision() > 0 || known.createdMillis() > 0;
        Supplier<Loaded> whole = () -> withSetAside(id, call);
        return calls.inOrder(id, hasCopy ? () -> current(id, whole) : whole, new OrderedCalls.Here<>() {
            @Override
            public Loaded entered(JournalEntry entry) {
                return answer(entry, known, touch);
            }

            @Override
            public Loaded unanswered(StoreException away) {
                if (touch && known.revision() > 0) {
                    noteUse(id, known.createdMillis(), known.revision());
                }
                throw away;
            }
        });
    }

    /** A session that has just been put back lacks what this node did to it in the outage, until that is brought, too. */
    private Loaded withSetAside(SessionId id, Supplier<Loaded> call) {
        Loaded loaded = call.get();
        if (!(loaded instanceof Loaded.Everything whole)) {
            return loaded;
        }
        JournalEntry aside = journal.setAside().of(id, whole.metadata().createdMillis());
        return aside != null && replay.bringSetAside(aside) ? call.get() : loaded;
    }

    /**
     * An answer may have been given before something that this node has noted meanwhile, or has brought already. It would
     * take that out of the copy, which is newer.
     */
    private Loaded current(SessionId id, Supplier<Loaded> call) {
        long askedNanos = System.nanoTime();
        Loaded loaded = call.get();
        OptionalLong revision = revisionOf(loaded);
        if (revision.isPresent() && journal.hasOvertaken(id, revision.getAsLong(), askedNanos)) {
            throw StoreException.notAsked("HF-615 Redis was slow to answer for session " + id
                    + ", which has changed on this node since; its own copy counts.");
        }
        return loaded;
    }

    private static OptionalLong revisionOf(Loaded loaded) {
        if (loaded instanceof Loaded.Unchanged unchanged) {
            return OptionalLong.of(unchanged.metadata().revision());
        }
        if (loaded instanceof Loaded.Changed changed) {
            return OptionalLong.of(changed.metadata().revision());
        }
        if (loaded instanceof Loaded.Behind behind) {
            return OptionalLong.of(behind.metadata().revision());
        }
        return loaded instanceof Loaded.Everything whole
                ? OptionalLong.of(whole.metadata().revision())
                : OptionalLong.empty();
    }

    private Loaded answer(JournalEntry entry, Known known, boolean touch) {
        if (entry.isRemoved()) {
            return new Loaded.Absent(NO_EPOCH);
        }
        if (entry.isOver(System.nanoTime())) {
            return new Loaded.Due();
        }
        // Without a revision the caller has no copy that counts, and so nobody uses the session.
        if (touch && (entry.birth().isUnconfirmed() || (known.revision() > 0 && entry.isOf(known.createdMillis())))) {
            entry.used(System.nanoTime());
        }
        if (entry.birth().isUnconfirmed() && known.revision() == 0) {
            return new Loaded.Everything(entry.metadata(), entry.changes().values(), NO_EPOCH);
        }
        throw StoreException.notAsked("HF-615 Redis does not answer; this node's own copy of session " + entry.id()
                + " counts, and its changes are brought to Redis later.");
    }

    @Override
    public Created create(NewSession session) {
        JournalEntry aside = journal.setAside().of(session.id(), session.createdMillis());
        if (aside == null) {
            return create(session, () -> store.create(session));
        }
        // The store has lost it, and a copy brings it back. What this node noted comes as what it is: changes at a
        // later revision, of which other nodes learn.
        NewSession before = aside.without(session);
        Created created = create(before, () -> store.create(before));
        return created instanceof Created.Done && replay.bringSetAside(aside) ? store.create(before) : created;
    }

    Created create(NewSession session, Supplier<Created> call) {
        return calls.write(session.id(), session.createdMillis(), session.revision(), call, (entry, away) -> {
            journal.requireRoom();
            if (entry.isRemoved() || !entry.isOf(session.createdMillis())) {
                throw StoreException.notAsked(
                        "HF-615 Redis does not answer, and has yet to hear of the session that had the" + " id "
                                + entry.id() + " before. The new one stays in memory until then.");
            }
            entry.born(session, wasSent(away), System.nanoTime());
            return new Created.Done(entry.metadata(), NO_EPOCH);
        });
    }

    @Override
    public Committed commit(SessionId id, Known known, Delta delta, int token) {
        return commit(id, known, delta, token, null, () -> store.commit(id, known, delta, token));
    }

    /** @param lockLeft the owner of a lock that is given back with the commit, or null */
    Committed commit(
            SessionId id, Known known, Delta delta, int token, @Nullable String lockLeft, Supplier<Committed> call) {
        Supplier<Committed> counting = () -> {
            Committed outcome = call.get();
            if (outcome instanceof Committed.Applied applied) {
                journal.brought().committed(id, applied.previousRevision(), applied.revision());
            }
            return outcome;
        };
        return calls.write(id, known.createdMillis(), known.revision(), counting, (entry, away) -> {
            if (entry.isRemoved() || !entry.isOf(known.createdMillis())) {
                return new Committed.Gone(NO_EPOCH);
            }
            journal.requireRoom();
            entry.changed(
                    journal.brought().known(id, known.createdMillis(), known.revision()),
                    delta,
                    wasSent(away) ? token : null,
                    System.nanoTime());
            if (lockLeft != null) {
                entry.lockLeft(lockLeft);
            }
            return new Committed.Applied(known.revision(), known.revision());
        });
    }

    /** Not while the store is away: a copy that leaves would be missed. */
    @Override
    public boolean commitLeaving(SessionId id, Known known, Delta delta, int token) {
        return calls.inOrder(id, () -> store.commitLeaving(id, known, delta, token), new OrderedCalls.Here<>() {
            @Override
            public Boolean entered(JournalEntry entry) {
                throw StoreException.notAsked("HF-615 Redis does not answer; the copy of session " + id + " stays.");
            }

            @Override
            public Boolean unanswered(StoreException away) {
                throw away;
            }
        });
    }

    @Override
    public Renamed rename(SessionId id, long createdMillis, SessionId newId) {
        Supplier<Renamed> moving = () -> {
            Renamed outcome = store.rename(id, createdMillis, newId);
            if (outcome instanceof Renamed.Done) {
                journal.brought().moved(id, newId);
                buryIfLately(id, createdMillis);
            }
            return outcome;
        };
        return calls.end(id, createdMillis, moving, (entry, away) -> {
            if (entry.isRemoved() || !entry.isOf(createdMillis)) {
                return new Renamed.Gone();
            }
            if (journal.entryOf(newId) != null || journal.isFormerId(newId)) {
                return new Renamed.Taken();
            }
            entry.renamed(newId, wasSent(away));
            journal.rekey(entry, id);
            return new Renamed.Done();
        });
    }

    @Override
    public Removed remove(SessionId id, long createdMillis) {
        return calls.end(id, createdMillis, () -> removeForGood(id, createdMillis), (entry, away) -> {
            if (entry.isRemoved() || !entry.isOf(createdMillis)) {
                return new Removed.Absent();
            }
            entry.removed();
            if (entry.birth().isUnheardOf()) {
                journal.finish(entry);
            }
            return new Removed.Done();
        });
    }

    /** Other nodes may take what is over now for something that was lost, and put their copies back. */
    private Removed removeForGood(SessionId id, long createdMillis) {
        if (wasAwayLately()) {
            return store.bury(id, createdMillis);
        }
        Removed outcome = store.remove(id, createdMillis);
        if (outcome instanceof Removed.Absent) {
            buryIfLately(id, createdMillis);
        }
        return outcome;
    }

    private void buryIfLately(SessionId id, long createdMillis) {
        if (wasAwayLately()) {
            var unused = store.bury(id, createdMillis);
        }
    }

    private boolean wasAwayLately() {
        long now = System.nanoTime();
        long recoveries = recoveries();
        if (recoveriesSeen.getAndSet(recoveries) != recoveries) {
            recoveredNanos = now;
        }
        return recoveries > 0 && now - recoveredNanos < LATELY_NANOS;
    }

    /** Not what is in the journal: that is brought by its replay, and the store may still have the session under this id. */
    @Override
    public Removed bury(SessionId id, long createdMillis) {
        return journal.isFormerId(id) || journal.entryOf(id) != null
                ? new Removed.Absent()
                : store.bury(id, createdMillis);
    }

    @Override
    public Superseded supersede(SessionId id, long createdMillis, long revision, SessionId successor) {
        Superseded outcome = store.supersede(id, createdMillis, revision, successor);
        if (outcome == Superseded.DONE) {
            buryIfLately(id, createdMillis);
        }
        return outcome;
    }

    @Override
    public void keep(SessionId id, long createdMillis) {
        calls.write(
                id,
                createdMillis,
                0,
                () -> {
                    store.keep(id, createdMillis);
                    return id;
                },
                (entry, away) -> {
                    if (entry.isOf(createdMillis)) {
                        entry.used(System.nanoTime());
                    }
                    return id;
                });
    }

    /**
     * What this node noted and the store could not take, because it had lost what came before, is brought right after. Not
     * while the store is away: the copy stays as it is.
     */
    @Override
    public Loaded restore(NewSession copy, Set<String> removed, int token) {
        SessionId id = copy.id();
        return calls.inOrder(id, () -> restoreInOrder(copy, removed, token), new OrderedCalls.Here<>() {
            @Override
            public Loaded entered(JournalEntry entry) {
                throw StoreException.notAsked("HF-615 Redis does not answer; the copy of session " + id
                        + " stays on this node, and is put back later.");
            }

            @Override
            public Loaded unanswered(StoreException away) {
                throw away;
            }
        });
    }

    private Loaded restoreInOrder(NewSession copy, Set<String> removed, int token) {
        Loaded restored = store.restore(copy, removed, token);
        JournalEntry aside = journal.setAside().of(copy.id(), copy.createdMillis());
        boolean brought = restored instanceof Loaded.Everything && aside != null && replay.bringSetAside(aside);
        return brought ? store.load(copy.id(), Known.NOTHING, false) : restored;
    }

    private void noteUse(SessionId id, long createdMillis, long knownRevision) {
        calls.note(id, createdMillis, knownRevision, null, entry -> {
            if (entry.isOf(createdMillis)) {
                entry.used(System.nanoTime());
            }
            return id;
        });
    }

    @Override
    public Reconciled reconcile(SessionId id, long createdMillis, long knownRevision, OfflineDelta delta, int token) {
        return store.reconcile(id, createdMillis, knownRevision, delta, token);
    }

    @Override
    public String epochOf(SessionId id) {
        return store.epochOf(id);
    }

    @Override
    public void listen(EndListener listener) {
        store.listen(listener);
    }

    @Override
    public boolean isAway(SessionId id) {
        return !store.permits(id) || journal.entryOf(id) != null;
    }

    @Override
    public boolean hasUnheard(SessionId id) {
        return journal.entryOf(id) != null;
    }

    private static boolean wasSent(@Nullable StoreException away) {
        return away != null && away.reason() != StoreException.Reason.NOT_ASKED;
    }

    @Override
    public long recoveries() {
        return store.recoveries() + replay.surprises();
    }

    // ---- the rest ------------------------------------------------------------------------------------------------

    @Override
    public DueSessions due() {
        return due;
    }

    @Override
    public SessionLocks locks() {
        return locks;
    }

    @Override
    public Listing list(Duration patience) {
        return store.list(patience);
    }

    @Override
    public boolean colocated(SessionId one, SessionId other) {
        return store.colocated(one, other);
    }

    @Override
    public FailureDomains failureDomains() {
        return store.failureDomains();
    }

    @Override
    public long nowMillis() {
        return store.nowMillis();
    }

    @Override
    public void close() {
        replay.close(Deadline.in(Duration.ofSeconds(2)));
        store.close();
    }

    @Override
    public void close(Deadline deadline) {
        replay.close(deadline.part(0.5, Duration.ofSeconds(10)));
        store.close(deadline);
    }
}
