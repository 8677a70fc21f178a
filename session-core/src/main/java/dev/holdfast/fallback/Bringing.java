package dev.holdfast.fallback;

import dev.holdfast.model.OfflineDelta;
import dev.holdfast.model.SessionId;
import dev.holdfast.store.Behind;
import dev.holdfast.store.Created;
import dev.holdfast.store.Moved;
import dev.holdfast.store.Reconciled;
import dev.holdfast.store.Relocation;
import dev.holdfast.store.Removed;
import dev.holdfast.store.Renamed;
import dev.holdfast.store.StoreException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Brings one entry of the journal to the store: its birth, its change of id, what was changed, or its end. Each step may
 * have been done before, by a call that was not answered, or by an earlier process that ended before it could note that:
 * so the file of the journal, if there is one, hears of each step that is not to be repeated blindly before it is made.
 * Thread-safe; entries are locked by who calls.
 */
final class Bringing {

    /** How long a session that the store does not know may take to be created again by a copy. */
    private static final long SET_ASIDE_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** How often an id may have changed elsewhere. */
    private static final int MOST_HOPS = 16;

    private final GuardedSessionStore store;
    private final Journal journal;
    private final ReplayReport report;
    private final Relocation relocation;
    private final AtomicLong losses = new AtomicLong();

    Bringing(GuardedSessionStore store, Journal journal, ReplayReport report) {
        this.store = store;
        this.journal = journal;
        this.report = report;
        this.relocation = new Relocation(store, store::create);
    }

    /**
     * Brings an entry to the store. Call with the entry locked.
     *
     * @return whether the store knows everything now; if not, the entry stays
     */
    boolean bring(JournalEntry entry) {
        try {
            if (entry.isRemoved()) {
                remove(entry);
            } else {
                tell(entry);
            }
            giveLockBack(entry);
        } catch (StoreException unanswered) {
            report.failed(entry, unanswered);
            journal.save(entry);
            return entry.isDone();
        }
        if (!entry.isDone()) {
            journal.finish(entry);
        }
        return true;
    }

    /** How often the store was found not to know a session. */
    long losses() {
        return losses.get();
    }

    // ---- an end --------------------------------------------------------------------------------------------------

    /** It is over under every id that it had, whatever of its changes of id the store has heard of. */
    private void remove(JournalEntry entry) {
        for (SessionId id : entry.ids().all()) {
            removeFrom(entry, id);
        }
        report.brought(entry, 0);
    }

    private void removeFrom(JournalEntry entry, SessionId from) {
        SessionId id = from;
        for (int hop = 0; hop < MOST_HOPS; hop++) {
            Removed outcome = store.bury(id, entry.createdMillis());
            if (!(outcome instanceof Moved moved)) {
                return;
            }
            id = moved.newId();
        }
    }

    /**
     * The store does not know of a change of id, and may have lost the session: no other node is to put its copy back under
     * an id that nobody may use any more.
     */
    private void buryFormerIds(JournalEntry entry) {
        for (SessionId id : entry.ids().all()) {
            if (!id.equals(entry.id())) {
                // Where a marker leads is not followed: the session goes on there.
                store.bury(id, entry.createdMillis());
            }
        }
    }

    // ---- what was done to a session that goes on -----------------------------------------------------------------

    private void tell(JournalEntry entry) {
        int changes = entry.changes().size();
        if (entry.birth().isUnconfirmed()) {
            bear(entry);
        }
        if (!rename(entry)) {
            setAside(entry);
            return;
        }
        if (entry.changes().isEmpty()) {
            report.brought(entry, changes);
            return;
        }
        for (int hop = 0; hop < MOST_HOPS; hop++) {
            Reconciled outcome = reconcile(entry);
            if (outcome instanceof Reconciled.Done done) {
                entry.broughtAt(done.revision());
                report.brought(entry, changes);
                report.conflicts(entry, done.overruled(), done.overruling());
                return;
            }
            if (!(outcome instanceof Moved moved)) {
                // It is not there, or it is behind the copy: whoever has a copy puts it back.
                break;
            }
            entry.ids().storedUnder(moved.newId());
        }
        setAside(entry);
    }

    private void setAside(JournalEntry entry) {
        buryFormerIds(entry);
        journal.setAside(entry, System.nanoTime());
        losses.incrementAndGet();
    }

    private void bear(JournalEntry entry) {
        NotedBirth birth = entry.birth();
        if (birth.isInDoubt()) {
            // An earlier process was just creating it. If the store does not know it, it was ended since.
            birth.confirmed();
            return;
        }
        boolean perhapsKnown = birth.wasSent();
        birth.sent(true);
        journal.save(entry);
        Created outcome;
        try {
            outcome = store.create(entry.newSession());
        } catch (StoreException unanswered) {
            birth.sent(false);
            throw unanswered;
        }
        if (outcome instanceof Created.Exists exists) {
            entry.joins(exists.metadata().createdMillis());
        }
        birth.confirmed();
        if (outcome instanceof Created.Done && !perhapsKnown) {
            entry.changes().clear();
        }
    }

    /** @return false if the session has ended elsewhere */
    private boolean rename(JournalEntry entry) {
        NotedIds ids = entry.ids();
        for (int hop = 0; hop < MOST_HOPS && !ids.stored().equals(ids.present()); hop++) {
            boolean perhapsDone = ids.isChangeSent();
            ids.changeSent();
            // Not if another node has taken it to an id of another partition meanwhile.
            Renamed outcome = store.colocated(ids.stored(), ids.present())
                    ? store.rename(ids.stored(), entry.createdMillis(), ids.present())
                    : relocation.move(ids.stored(), entry.createdMillis(), ids.present());
            if (outcome instanceof Moved moved && ids.former().contains(moved.newId())) {
                // This node itself has told the store of that change, and did not hear that it was done.
                ids.storedUnder(moved.newId());
            } else if (outcome instanceof Moved moved) {
                giveWay(entry, moved.newId());
            } else if (outcome instanceof Renamed.Done) {
                ids.storedUnder(ids.present());
                buryFormerIds(entry);
            } else if (perhapsDone) {
                buryFormerIds(entry);
                ids.storedUnder(ids.present());
            } else {
                return false;
            }
        }
        return true;
    }

    /**
     * Another node has given the session an id that the store knows: that one counts. It may be the id of a login, and who
     * holds ours may have had the old id from elsewhere.
     */
    private void giveWay(JournalEntry entry, SessionId elsewhere) {
        SessionId ours = entry.id();
        entry.ids().givenElsewhere(elsewhere);
        journal.rekey(entry, ours);
        buryFormerIds(entry);
        report.idConflict(entry, ours);
    }

    /** The token is noted first: what the call writes is then known for our own, also by a later process. */
    private Reconciled reconcile(JournalEntry entry) {
        long nowNanos = System.nanoTime();
        long nowMillis = store.nowMillis();
        int token = ThreadLocalRandom.current().nextInt();
        OfflineDelta delta =
                entry.delta(nanos -> Math.max(0, nowMillis - TimeUnit.NANOSECONDS.toMillis(nowNanos - nanos)));
        entry.changes().sending(token);
        journal.save(entry);
        try {
            Reconciled outcome =
                    store.reconcile(entry.ids().stored(), entry.createdMillis(), entry.knownRevision(), delta, token);
            entry.changes().answered(token);
            return outcome;
        } catch (StoreException unanswered) {
            if (unanswered.reason() == StoreException.Reason.NOT_ASKED) {
                entry.changes().answered(token);
            }
            entry.changes().forgetOldTokens();
            throw unanswered;
        }
    }

    private void giveLockBack(JournalEntry entry) {
        String owner = entry.lockOwner();
        if (owner != null) {
            store.locks().unlock(entry.ids().stored(), entry.createdMillis(), owner);
            entry.lockGivenBack();
        }
    }

    // ---- what was set aside --------------------------------------------------------------------------------------

    /** What was set aside is tried again: somebody may have created its session from a copy. */
    void bringSetAside() {
        for (JournalEntry aside : journal.setAside().all()) {
            if (store.permits(aside.id())) {
                var unused = bringSetAside(aside, Duration.ZERO);
            }
        }
    }

    /**
     * Brings what was set aside, if the store knows the session again. If it says for long that it does not, gives it up.
     *
     * @param patience how long to wait for another thread that is just at it
     * @return whether the store knows everything now, as far as it knows the session
     */
    boolean bringSetAside(JournalEntry aside, Duration patience) {
        if (!lock(aside, patience)) {
            return false;
        }
        try {
            return !journal.setAside().has(aside) || tellAgain(aside);
        } catch (StoreException unanswered) {
            report.failed(aside, unanswered);
            return false;
        } finally {
            aside.lock.unlock();
        }
    }

    private static boolean lock(JournalEntry aside, Duration patience) {
        try {
            return aside.lock.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean tellAgain(JournalEntry aside) {
        int changes = aside.changes().size();
        Reconciled outcome = reconcile(aside);
        if (!(outcome instanceof Reconciled.Done done)) {
            boolean tooLong = System.nanoTime() - aside.setAsideNanos() > SET_ASIDE_NANOS;
            if (tooLong && outcome instanceof Behind) {
                // Nobody has a copy of what came before: these changes are still to count.
                aside.knowsNothing();
            } else if (tooLong) {
                journal.giveUp(aside);
                report.ended(aside);
            }
            return false;
        }
        aside.broughtAt(done.revision());
        journal.brought().note(aside);
        journal.giveUp(aside);
        report.brought(aside, changes);
        report.conflicts(aside, done.overruled(), done.overruling());
        return true;
    }
}
