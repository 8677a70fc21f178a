package dev.holdfast;

import dev.holdfast.config.Settings;
import dev.holdfast.expiry.Sweeper;
import dev.holdfast.session.SessionRepository;
import dev.holdfast.store.Deadline;
import dev.holdfast.store.StoreException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node does beside its requests: it ends sessions whose time is over, keeps those that long requests use, writes
 * what threads outside any request have changed, lets copies go if there are too many, and keeps the locks of requests.
 * There is a thread for each of these: listeners of the application that one of them calls must not delay another. Sweeps
 * are a random time apart, so that nodes that were started together do not sweep together.
 */
final class Housekeeping {

    private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);
    private static final long KEEP_INTERVAL_MILLIS = 250;
    private static final int THREADS = 5;

    private final Duration sweepInterval;
    private final int maxLocalSessions;
    private final boolean locking;
    private final ScheduledThreadPoolExecutor thread;
    private final AtomicBoolean running = new AtomicBoolean(true);

    Housekeeping(Settings settings) {
        this.locking = settings.lock().isOn();
        this.sweepInterval = settings.sweepInterval();
        this.maxLocalSessions = settings.maxLocalSessions();
        this.thread = new ScheduledThreadPoolExecutor(locking ? THREADS + 1 : THREADS, task -> {
            Thread created = new Thread(task, "holdfast-housekeeping " + settings.applicationName());
            created.setDaemon(true);
            // Or it would keep the class loader of the web application that is just being started.
            created.setContextClassLoader(Housekeeping.class.getClassLoader());
            return created;
        });
        thread.setRemoveOnCancelPolicy(true);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    void start(Sweeper sweeper, SessionRepository sessions) {
        repeat(() -> keep(sessions));
        repeat(() -> settle(sessions));
        repeat(() -> compare(sessions));
        repeat(() -> releaseSurplus(sessions));
        if (locking) {
            repeat(() -> renewLocks(sessions));
        }
        scheduleSweep(sweeper);
    }

    /** @param task handles what it throws: nothing is to be asked of the future */
    private void repeat(Runnable task) {
        var unused =
                thread.scheduleWithFixedDelay(task, KEEP_INTERVAL_MILLIS, KEEP_INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void scheduleSweep(Sweeper sweeper) {
        if (running.get()) {
            long delay = restMillis(sweepInterval, ThreadLocalRandom.current());
            try {
                var unused = thread.schedule(() -> sweep(sweeper), delay, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException stopped) {
                log.debug("No further sweep: the node is stopping");
            }
        }
    }

    /** How long a node rests until its next sweep: half the interval to one and a half, so that nodes drift apart. */
    static long restMillis(Duration sweepInterval, Random random) {
        long half = sweepInterval.toMillis() / 2;
        return half + random.nextLong(2 * half + 1);
    }

    // What these tasks throw would end them for good, without a word: hence errors, too.

    private void sweep(Sweeper sweeper) {
        try {
            sweeper.sweep(running::get);
        } catch (RuntimeException | Error unexpected) {
            log.error(
                    "HF-403 Unexpected error while sessions were being ended; the next sweep tries again", unexpected);
        } finally {
            scheduleSweep(sweeper);
        }
    }

    private static void keep(SessionRepository sessions) {
        try {
            sessions.keepWhatIsInUse();
        } catch (StoreException unanswered) {
            log.debug("Sessions in use were not kept: {}", unanswered.getMessage());
        } catch (RuntimeException | Error unexpected) {
            log.error("HF-404 Unexpected error while sessions in use were being kept", unexpected);
        }
    }

    private static void settle(SessionRepository sessions) {
        try {
            sessions.outsideUse().settleDue();
        } catch (RuntimeException | Error unexpected) {
            log.error(
                    "HF-325 Unexpected error while changes were being written that threads outside any request have"
                            + " made. They stay in this node's memory and are written with the next commit of their"
                            + " session here. Please report this.",
                    unexpected);
        }
    }

    private static void compare(SessionRepository sessions) {
        try {
            sessions.compareAfterOutage();
        } catch (StoreException unanswered) {
            log.debug("Copies of sessions were not compared: {}", unanswered.getMessage());
        } catch (RuntimeException | Error unexpected) {
            log.error("HF-409 Unexpected error while copies of sessions were being compared with Redis", unexpected);
        }
    }

    private void releaseSurplus(SessionRepository sessions) {
        try {
            sessions.departures().releaseSurplus(maxLocalSessions);
        } catch (StoreException unanswered) {
            log.debug("No local copies were released: {}", unanswered.getMessage());
        } catch (RuntimeException | Error unexpected) {
            log.error("HF-408 Unexpected error while local copies of sessions were being released", unexpected);
        }
    }

    private static void renewLocks(SessionRepository sessions) {
        try {
            sessions.renewLocks();
        } catch (StoreException unanswered) {
            log.debug("Locks were not renewed: {}", unanswered.getMessage());
        } catch (RuntimeException | Error unexpected) {
            log.error("HF-406 Unexpected error while the locks of requests were being renewed", unexpected);
        }
    }

    /** Ends the threads. What they are just doing is completed, if it is in time. A second call does nothing. */
    void close(Deadline deadline) {
        if (!running.compareAndSet(true, false)) {
            return;
        }
        thread.shutdown();
        try {
            if (!thread.awaitTermination(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                log.warn(
                        "HF-405 A listener takes long that hears of the end of a session, or of a copy that leaves; this"
                                + " node stops without it. Another one ends the session");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            thread.shutdownNow();
        }
    }
}
