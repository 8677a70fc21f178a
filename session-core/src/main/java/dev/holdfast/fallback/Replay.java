package dev.holdfast.fallback;

import dev.holdfast.model.SessionId;
import dev.holdfast.store.Created;
import dev.holdfast.store.Deadline;
import dev.holdfast.store.Moved;
import dev.holdfast.store.Reconciled;
import dev.holdfast.store.Removed;
import dev.holdfast.store.Renamed;
import dev.holdfast.store.RequestBudget;
import dev.holdfast.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings to the store what is in the journal: in the background, the oldest first, several sessions at a time; and at
 * once, when a request asks for its session. Its threads exist only while there is something to do. Thread-safe.
 */
final class Replay {

    private static final Logger log = LoggerFactory.getLogger("dev.holdfast.fallback");

    private static final long INTERVAL_MILLIS = 100;

    /** So many calls are under way at a time: they share sockets, and do not wait for one another. */
    private static final int AT_A_TIME = 8;

    /** How long a session that the store does not know may take to be created again by a copy. */
    private static final long ORPHANED_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** How often an id may have changed elsewhere. */
    private static final int MOST_HOPS = 16;

    private final GuardedSessionStore store;
    private final Journal journal;
    private final Duration patience;
    private final ScheduledThreadPoolExecutor threads;
    private final AtomicBoolean awake = new AtomicBoolean();
    private final ReplayReport report;
    private final AtomicLong losses = new AtomicLong();

    /** @param patience how long it may take to bring one entry in the background: a request may wait for it */
    Replay(GuardedSessionStore store, Journal journal, String application, Duration patience) {
        this.store = store;
        this.patience = patience;
        this.journal = journal;
        this.report = new ReplayReport(application, journal);
        this.threads = new ScheduledThreadPoolExecutor(AT_A_TIME + 1, task -> {
            Thread created = new Thread(task, "holdfast-replay " + application);
            created.setDaemon(true);
            // Or it would keep the class loader of the web application whose request has woken it.
            created.setContextClassLoader(Replay.class.getClassLoader());
            return created;
        });
        threads.setKeepAliveTime(10, TimeUnit.SECONDS);
        threads.allowCoreThreadTimeOut(true);
        threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** There is something in the journal. */
    void wake() {
        if (awake.compareAndSet(false, true)) {
            again();
        }
    }

    private void again() {
        try {
            var unused = threads.schedule(this::round, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException stopped) {
            log.debug("No further replay: the node is stopping");
        }
    }

    private void round() {
        try {
            bringAll();
        } catch (RuntimeException | Error unexpected) {
            log.error("HF-618 Unexpected error while changes were brought to Redis; they are tried again", unexpected);
        } finally {
            report.still();
            awake.set(false);
            if (!journal.isEmpty() || journal.hasOrphans()) {
                wake();
            }
        }
    }

    private void bringAll() {
        List<JournalEntry> entries = journal.oldestFirst().stream()
                .filter(entry -> store.permits(entry.storedId()))
                .toList();
        if (!entries.isEmpty()) {
            bringInLanes(entries);
        }
        bringOrphans();
        if (journal.isEmpty()) {
            report.allBrought();
        }
    }

    /** Can be interrupted, so that a node that stops does not leave a thread behind which waits for others that have ended. */
    private void bringInLanes(List<JournalEntry> entries) {
        List<Callable<Object>> lanes = IntStream.range(0, Math.min(AT_A_TIME, entries.size()))
                .mapToObj(lane -> Executors.callable(() -> bringLane(entries, lane)))
                .toList();
        try {
            threads.invokeAll(lanes);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (RejectedExecutionException stopped) {
            log.debug("Nothing more is brought in the background: the node is stopping");
        }
    }

    /** One session that cannot be brought says nothing of the others. If the store is away, the breaker does. */
    private void bringLane(List<JournalEntry> entries, int lane) {
        for (int i = lane; i < entries.size() && !Thread.currentThread().isInterrupted(); i += AT_A_TIME) {
            JournalEntry entry = entries.get(i);
            if (store.permits(entry.storedId()) && entry.lock.tryLock()) {
                try {
                    if (!entry.isDone()) {
                        bringPatiently(entry);
                    }
                } finally {
                    entry.lock.unlock();
                }
            }
        }
    }

    /** Not for as long as a call may take: a request of the session would wait, and so could not even end it. */
    private void bringPatiently(JournalEntry entry) {
        RequestBudget previous = RequestBudget.enter(new RequestBudget(entry.patience(patience)));
        try {
            if (!bring(entry)) {
                entry.failed();
            }
        } finally {
            RequestBudget.enter(previous);
        }
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
            return false;
        }
        if (!entry.isDone()) {
            journal.finish(entry);
        }
        return true;
    }

    /** What was set aside is tried again: somebody may have created its session from a copy. */
    private void bringOrphans() {
        for (JournalEntry orphan : journal.orphans()) {
            if (store.permits(orphan.id())) {
                bringOrphan(orphan);
            }
        }
    }

    /**
     * Brings what was set aside, if the store knows the session again. If it says for long that it does not, gives it up.
     *
     * @return whether it does
     */
    boolean bringOrphan(JournalEntry orphan) {
        if (!orphan.lock.tryLock()) {
            return false;
        }
        try {
            if (!journal.isOrphan(orphan)) {
                return false;
            }
            int changes = orphan.changes();
            if (!(reconcile(orphan) instanceof Reconciled.Done done)) {
                if (System.nanoTime() - orphan.orphanedNanos() > ORPHANED_NANOS) {
                    journal.giveUp(orphan);
                    report.ended(orphan);
                }
                return false;
            }
            orphan.broughtAt(done.revision());
            journal.noteBrought(orphan);
            journal.giveUp(orphan);
            report.brought(orphan, changes);
            report.conflicts(orphan, done.overruled(), done.overruling());
            return true;
        } catch (StoreException unanswered) {
            report.failed(orphan, unanswered);
            return false;
        } finally {
            orphan.lock.unlock();
        }
    }

    /** How often copies of this node should be compared with the store, because of what the journal brought to it. */
    long surprises() {
        return losses.get() + report.outages();
    }

    private void orphan(JournalEntry entry) {
        buryFormerIds(entry);
        journal.orphan(entry, System.nanoTime());
        losses.incrementAndGet();
    }

    /** It is over under every id that it had, whatever of its changes of id the store has heard of. */
    private void remove(JournalEntry entry) {
        for (SessionId id : entry.allIds()) {
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
        for (SessionId id : entry.allIds()) {
            if (!id.equals(entry.id())) {
                // Where a marker leads is not followed: the session goes on there.
                store.bury(id, entry.createdMillis());
            }
        }
    }

    private void tell(JournalEntry entry) {
        int changes = entry.changes();
        if (entry.isBorn()) {
            bear(entry);
        }
        if (!rename(entry)) {
            orphan(entry);
            return;
        }
        if (!entry.hasSomethingToTell()) {
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
                break;
            }
            entry.storedUnder(moved.newId());
        }
        orphan(entry);
    }

    private void bear(JournalEntry entry) {
        boolean perhapsKnown = entry.wasBirthSent();
        entry.birthSent();
        Created outcome = store.create(entry.newSession());
        if (outcome instanceof Created.Exists exists) {
            entry.joins(exists.metadata().createdMillis());
        }
        entry.birthDone(outcome instanceof Created.Done && !perhapsKnown);
    }

    /** @return false if the session has ended elsewhere */
    private boolean rename(JournalEntry entry) {
        for (int hop = 0; hop < MOST_HOPS && !entry.storedId().equals(entry.id()); hop++) {
            boolean perhapsDone = entry.wasRenameSent();
            entry.renameSent();
            Renamed outcome = store.rename(entry.storedId(), entry.createdMillis(), entry.id());
            if (outcome instanceof Moved moved) {
                entry.storedUnder(moved.newId());
            } else if (outcome instanceof Renamed.Done) {
                entry.storedUnder(entry.id());
            } else if (perhapsDone) {
                buryFormerIds(entry);
                entry.storedUnder(entry.id());
            } else {
                return false;
            }
        }
        return true;
    }

    private Reconciled reconcile(JournalEntry entry) {
        long nowNanos = System.nanoTime();
        long nowMillis = store.nowMillis();
        int token = ThreadLocalRandom.current().nextInt();
        try {
            return store.reconcile(
                    entry.storedId(),
                    entry.createdMillis(),
                    entry.knownRevision(),
                    entry.delta(nanos -> Math.max(0, nowMillis - TimeUnit.NANOSECONDS.toMillis(nowNanos - nanos))),
                    token);
        } catch (StoreException unanswered) {
            if (unanswered.reason() != StoreException.Reason.NOT_ASKED) {
                // It may have been applied: what it has written is then known for our own.
                entry.addToken(token);
            }
            throw unanswered;
        }
    }

    private void giveLockBack(JournalEntry entry) {
        String owner = entry.lockOwner();
        if (owner != null) {
            store.locks().unlock(entry.storedId(), entry.createdMillis(), owner);
            entry.lockGivenBack();
        }
    }

    /** Tries a last time, and ends the threads. What is left in the journal is lost, and reported; no more is taken. */
    void close(Deadline deadline) {
        if (threads.isShutdown()) {
            return;
        }
        try {
            bringLast(deadline);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RejectedExecutionException late) {
            log.debug("The journal was not brought to Redis in time", late);
        }
        threads.shutdownNow();
        journal.close();
        report.lost();
        try {
            var unused = threads.awaitTermination(
                    deadline.part(1, Duration.ofSeconds(1)).remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** More than once, as long as that helps: an entry may just be on its way in another thread, which is ended after this. */
    private void bringLast(Deadline deadline) throws InterruptedException, ExecutionException, TimeoutException {
        int left = Integer.MAX_VALUE;
        while (journal.size() > 0 && (journal.size() < left || journal.isBusy())) {
            left = journal.size();
            deadline.await(threads.submit(this::bringAll));
        }
    }
}
