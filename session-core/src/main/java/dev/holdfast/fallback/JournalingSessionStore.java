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
import java.util.function.Function;
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

    private final GuardedSessionStore store;
    private final Journal journal;
    private final Replay replay;
    private final Duration patienceOfEnds;
    private final SessionLocks locks;
    private final DueSessions due;

    /**
     * @param store the store; closed with this one
     * @param application whose sessions it keeps, for the name of a thread
     * @param options how much this node remembers
     */
    public JournalingSessionStore(GuardedSessionStore store, String application, JournalOptions options) {
        this.store = store;
        this.journal = new Journal(options.maxBytes());
        this.replay = new Replay(store, journal, application, options.patience());
        this.patienceOfEnds = options.patience().multipliedBy(2);
        this.locks = new JournalingSessionLocks(this, store.locks());
        this.due = new PatientDueSessions(store, journal);
    }

    @Override
    public Loaded load(SessionId id, long knownRevision, long knownCreatedMillis, boolean touch) {
        return look(
                id,
                knownRevision,
                knownCreatedMillis,
                touch,
                () -> store.load(id, knownRevision, knownCreatedMillis, touch));
    }

    /** A look-up, with a lock or without. */
    Loaded look(SessionId id, long knownRevision, long knownCreatedMillis, boolean touch, Supplier<Loaded> call) {
        if (journal.isFormerId(id)) {
            return new Loaded.Absent(NO_EPOCH);
        }
        journal.seen(id, knownRevision);
        boolean hasCopy = knownRevision > 0 || knownCreatedMillis > 0;
        return inOrder(id, hasCopy ? () -> current(id, call) : call, new Here<>() {
            @Override
            public Loaded entered(JournalEntry entry) {
                return answer(entry, knownRevision, knownCreatedMillis, touch);
            }

            @Override
            public Loaded unanswered(StoreException away) {
                if (touch && knownRevision > 0) {
                    noteUse(id, knownCreatedMillis, knownRevision);
                }
                throw away;
            }
        });
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
        return loaded instanceof Loaded.Everything whole
                ? OptionalLong.of(whole.metadata().revision())
                : OptionalLong.empty();
    }

    private Loaded answer(JournalEntry entry, long knownRevision, long knownCreatedMillis, boolean touch) {
        if (entry.isRemoved()) {
            return new Loaded.Absent(NO_EPOCH);
        }
        if (entry.isOver(System.nanoTime())) {
            return new Loaded.Due();
        }
        // Without a revision the caller has no copy that counts, and so nobody uses the session.
        if (touch && (entry.isBorn() || (knownRevision > 0 && entry.isOf(knownCreatedMillis)))) {
            entry.used(System.nanoTime());
        }
        if (entry.isBorn() && knownRevision == 0) {
            return new Loaded.Everything(entry.metadata(), entry.values(), NO_EPOCH);
        }
        throw StoreException.notAsked("HF-615 Redis does not answer; this node's own copy of session " + entry.id()
                + " counts, and its changes are brought to Redis later.");
    }

    @Override
    public Created create(NewSession session) {
        JournalEntry orphan = journal.orphanOf(session.id(), session.createdMillis());
        if (orphan == null) {
            return create(session, () -> store.create(session));
        }
        // The store has lost it, and a copy brings it back. What this node noted comes as what it is: changes at a
        // later revision, of which other nodes learn.
        NewSession before = orphan.without(session);
        Created created = create(before, () -> store.create(before));
        return created instanceof Created.Done && replay.bringOrphan(orphan) ? store.create(before) : created;
    }

    Created create(NewSession session, Supplier<Created> call) {
        return write(session.id(), session.createdMillis(), session.revision(), call, (entry, away) -> {
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
    public Committed commit(SessionId id, long createdMillis, long knownRevision, Delta delta, int token) {
        return commit(
                id,
                createdMillis,
                knownRevision,
                delta,
                token,
                null,
                () -> store.commit(id, createdMillis, knownRevision, delta, token));
    }

    /** @param lockLeft the owner of a lock that is given back with the commit, or null */
    Committed commit(
            SessionId id,
            long createdMillis,
            long knownRevision,
            Delta delta,
            int token,
            @Nullable String lockLeft,
            Supplier<Committed> call) {
        Supplier<Committed> counting = () -> {
            Committed outcome = call.get();
            if (outcome instanceof Committed.Applied applied) {
                journal.committed(id, applied.previousRevision(), applied.revision());
            }
            return outcome;
        };
        return write(id, createdMillis, knownRevision, counting, (entry, away) -> {
            if (entry.isRemoved() || !entry.isOf(createdMillis)) {
                return new Committed.Gone(NO_EPOCH);
            }
            journal.requireRoom();
            entry.changed(
                    journal.knownRevision(id, createdMillis, knownRevision),
                    delta,
                    wasSent(away) ? token : null,
                    System.nanoTime());
            if (lockLeft != null) {
                entry.lockLeft(lockLeft);
            }
            return new Committed.Applied(knownRevision, knownRevision);
        });
    }

    /** Not while the store is away: a copy that leaves would be missed. */
    @Override
    public boolean commitLeaving(SessionId id, long createdMillis, long knownRevision, Delta delta, int token) {
        return inOrder(id, () -> store.commitLeaving(id, createdMillis, knownRevision, delta, token), new Here<>() {
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
                journal.moved(id, newId);
            }
            return outcome;
        };
        return end(id, createdMillis, moving, (entry, away) -> {
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
        return end(id, createdMillis, () -> store.remove(id, createdMillis), (entry, away) -> {
            if (entry.isRemoved() || !entry.isOf(createdMillis)) {
                return new Removed.Absent();
            }
            entry.removed();
            if (entry.isUnheardOf()) {
                journal.finish(entry);
            }
            return new Removed.Done();
        });
    }

    /** Not while the store is away: what the journal brings is buried by its replay. */
    @Override
    public Removed bury(SessionId id, long createdMillis) {
        return store.bury(id, createdMillis);
    }

    @Override
    public Superseded supersede(SessionId id, long createdMillis, long revision, SessionId successor) {
        return store.supersede(id, createdMillis, revision, successor);
    }

    @Override
    public void keep(SessionId id, long createdMillis) {
        write(
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

    private void noteUse(SessionId id, long createdMillis, long knownRevision) {
        note(id, createdMillis, knownRevision, null, entry -> {
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
    public boolean isAway(SessionId id) {
        return !store.permits(id) || journal.entryOf(id) != null;
    }

    // ---- in order ------------------------------------------------------------------------------------------------

    /** What this node does instead of a call. */
    private interface Here<T> {

        /** The session has an entry, which cannot be brought to the store now. It is locked. */
        T entered(JournalEntry entry);

        /** The session has no entry, and the store does not answer. */
        T unanswered(StoreException away);
    }

    /** What this node notes instead of a call. */
    private interface Note<T> {

        /** @param away why the store did not answer this very call; null if it was not made */
        T in(JournalEntry entry, @Nullable StoreException away);
    }

    private <T> T write(SessionId id, long createdMillis, long knownRevision, Supplier<T> call, Note<T> note) {
        return write(id, createdMillis, knownRevision, null, call, note);
    }

    /** Ends an id. A change that has to wait for too long stays with its copy; this must not fail. */
    private <T> T end(SessionId id, long createdMillis, Supplier<T> call, Note<T> note) {
        return write(id, createdMillis, 0, patienceOfEnds, call, note);
    }

    private <T> T write(
            SessionId id,
            long createdMillis,
            long knownRevision,
            @Nullable Duration patience,
            Supplier<T> call,
            Note<T> note) {
        return inOrder(id, patience, call, new Here<>() {
            @Override
            public T entered(JournalEntry entry) {
                return note.in(entry, null);
            }

            @Override
            public T unanswered(StoreException away) {
                return note(id, createdMillis, knownRevision, patience, entry -> note.in(entry, away));
            }
        });
    }

    private <T> T inOrder(SessionId id, Supplier<T> call, Here<T> here) {
        return inOrder(id, null, call, here);
    }

    /** @param patience how long to wait for who brings the entry to the store; null: as the budget of the request allows */
    private <T> T inOrder(SessionId id, @Nullable Duration patience, Supplier<T> call, Here<T> here) {
        while (journal.entryOf(id) != null) {
            Noted<T> noted = journal.ifPresent(
                    id,
                    patience,
                    entry -> store.permits(id) && replay.bring(entry) ? null : new Noted<>(here.entered(entry)));
            if (noted != null) {
                return noted.answer;
            }
        }
        try {
            return call.get();
        } catch (StoreException unanswered) {
            if (!unanswered.storeIsAway()) {
                throw unanswered;
            }
            return here.unanswered(unanswered);
        }
    }

    private <T> T note(
            SessionId id,
            long createdMillis,
            long knownRevision,
            @Nullable Duration patience,
            Function<JournalEntry, T> change) {
        T answer = journal.note(
                id,
                patience,
                () -> new JournalEntry(
                        id,
                        createdMillis,
                        journal.knownRevision(id, createdMillis, knownRevision),
                        System.nanoTime(),
                        store.answeredNanos(id)),
                change);
        replay.wake();
        return answer;
    }

    private static boolean wasSent(@Nullable StoreException away) {
        return away != null && away.reason() != StoreException.Reason.NOT_ASKED;
    }

    private record Noted<T>(T answer) {}

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
