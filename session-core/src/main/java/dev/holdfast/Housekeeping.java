package dev.holdfast;

import dev.holdfast.expiry.Sweeper;
import dev.holdfast.session.SessionRepository;
import dev.holdfast.store.StoreException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node does beside its requests, in one thread: it ends sessions whose time is over, and keeps those that long
 * requests use. If requests lock their sessions, a second thread keeps the locks: no listener of an application may delay
 * that. Sweeps are a random time apart, so that nodes that were started together do not sweep together.
 */
final class Housekeeping implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);
    private static final long KEEP_INTERVAL_MILLIS = 250;
    private static final long MOST_STOP_SECONDS = 2;

    private final Duration sweepInterval;
    private final boolean locking;
    private final ScheduledThreadPoolExecutor thread;
    private final AtomicBoolean running = new AtomicBoolean(true);

    Housekeeping(String applicationName, Duration sweepInterval, boolean locking) {
        this.locking = locking;
        this.sweepInterval = sweepInterval;
        this.thread = new ScheduledThreadPoolExecutor(locking ? 2 : 1, task -> {
            Thread created = new Thread(task, "holdfast-housekeeping " + applicationName);
            created.setDaemon(true);
            // Or it would keep the class loader of the web application that is just being started.
            created.setContextClassLoader(Housekeeping.class.getClassLoader());
            return created;
        });
        thread.setRemoveOnCancelPolicy(true);
    }

    void start(Sweeper sweeper, SessionRepository sessions) {
        // Tasks handle what they throw; nothing is to be asked of the future.
        var unused = thread.scheduleWithFixedDelay(
                () -> keep(sessions), KEEP_INTERVAL_MILLIS, KEEP_INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        if (locking) {
            var unusedToo = thread.scheduleWithFixedDelay(
                    () -> renewLocks(sessions), KEEP_INTERVAL_MILLIS, KEEP_INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        }
        scheduleSweep(sweeper);
    }

    private void scheduleSweep(Sweeper sweeper) {
        if (running.get()) {
            long half = sweepInterval.toMillis() / 2;
            long delay = half + ThreadLocalRandom.current().nextLong(2 * half + 1);
            try {
                var unused = thread.schedule(() -> sweep(sweeper), delay, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException stopped) {
                log.debug("No further sweep: the node is stopping");
            }
        }
    }

    private void sweep(Sweeper sweeper) {
        try {
            sweeper.sweep(running::get);
        } catch (RuntimeException unexpected) {
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
        } catch (RuntimeException unexpected) {
            log.error("HF-404 Unexpected error while sessions in use were being kept", unexpected);
        }
    }

    private static void renewLocks(SessionRepository sessions) {
        try {
            sessions.renewLocks();
        } catch (StoreException unanswered) {
            log.debug("Locks were not renewed: {}", unanswered.getMessage());
        } catch (RuntimeException unexpected) {
            log.error("HF-406 Unexpected error while the locks of requests were being renewed", unexpected);
        }
    }

    /** Ends the thread. What it is just doing is completed, for a short while. */
    @Override
    public void close() {
        running.set(false);
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(MOST_STOP_SECONDS, TimeUnit.SECONDS)) {
                log.warn("HF-405 The end of a session takes long; this node stops without it, another one ends it");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
