package dev.holdfast.fallback;

import dev.holdfast.store.Deadline;
import dev.holdfast.store.RequestBudget;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
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

    /** Between attempts of a node that stops. */
    private static final long LAST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** So many calls are under way at a time: they share sockets, and do not wait for one another. */
    private static final int AT_A_TIME = 8;

    /** How long a node that stops tries, if its journal is kept in a file. */
    private static final Duration MOST_WITH_FILE = Duration.ofSeconds(1);

    private final GuardedSessionStore store;
    private final Journal journal;
    private final Duration patience;
    private final ScheduledThreadPoolExecutor threads;
    private final AtomicBoolean awake = new AtomicBoolean();
    private final ReplayReport report;
    private final Bringing bringing;

    /** @param patience how long it may take to bring one entry in the background: a request may wait for it */
    Replay(GuardedSessionStore store, Journal journal, String application, Duration patience) {
        this.store = store;
        this.patience = patience;
        this.journal = journal;
        this.report = new ReplayReport(application, journal);
        this.bringing = new Bringing(store, journal, report);
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
            journal.tendFile();
            report.still();
        } catch (RuntimeException | Error unexpected) {
            report.unexpected(unexpected);
        } finally {
            awake.set(false);
            wakeIfNeeded();
        }
    }

    /** There may be something in the journal. */
    void wakeIfNeeded() {
        if (hasWork()) {
            wake();
        }
    }

    private void bringAll() {
        List<JournalEntry> entries = journal.oldestFirst().stream()
                .filter(entry -> store.permits(entry.ids().stored()))
                .toList();
        if (!entries.isEmpty()) {
            bringInLanes(entries);
        }
        bringing.bringSetAside();
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
            if (store.permits(entry.ids().stored()) && entry.lock.tryLock()) {
                try {
                    if (!entry.isDone()) {
                        bringPatiently(entry);
                    }
                } catch (RuntimeException unexpected) {
                    report.unexpected(unexpected);
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
            if (!bringing.bring(entry)) {
                entry.failed();
            }
        } finally {
            RequestBudget.enter(previous);
        }
    }

    /** See {@link Bringing#bring}. */
    boolean bring(JournalEntry entry) {
        return bringing.bring(entry);
    }

    /** See {@link Bringing#bringSetAside(JournalEntry, Duration)}: for a request, which waits within its budget. */
    boolean bringSetAside(JournalEntry aside) {
        return bringing.bringSetAside(aside, RequestBudget.limit(patience));
    }

    /** How often copies of this node should be compared with the store, because of what the journal brought to it. */
    long surprises() {
        return bringing.losses() + report.outages();
    }

    /**
     * Tries until the time is up, and ends the threads. What is left in the journal then is in its file, or lost: that is
     * reported. No more is taken.
     */
    void close(Deadline deadline) {
        if (threads.isShutdown()) {
            return;
        }
        try {
            // With a file nothing is lost, and nobody need wait for long.
            bringLast(journal.isInFile() ? deadline.part(1, MOST_WITH_FILE) : deadline);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RejectedExecutionException late) {
            log.debug("The journal was not brought to Redis in time", late);
        }
        report.stopping();
        threads.shutdownNow();
        journal.close();
        try {
            var unused = threads.awaitTermination(
                    deadline.part(1, Duration.ofSeconds(1)).remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        report.left(journal.completeFile());
        JournalFile file = journal.file();
        if (file != null) {
            file.close();
        }
    }

    /** The store may come back within that time. What was set aside is tried once: whoever has a copy is another node. */
    private void bringLast(Deadline deadline) throws InterruptedException, ExecutionException, TimeoutException {
        boolean first = true;
        while (first ? hasWork() : !journal.isEmpty() && !deadline.isOver()) {
            if (!first) {
                TimeUnit.NANOSECONDS.sleep(
                        Math.min(LAST_PAUSE_NANOS, deadline.remaining().toNanos()));
            }
            first = false;
            deadline.await(threads.submit(this::bringAll));
        }
    }

    private boolean hasWork() {
        return !journal.isEmpty() || !journal.setAside().isEmpty();
    }
}
