package dev.holdfast.fallback;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out in the background when a store answers again, and tells operators of both ends of an outage. Its one thread
 * does nothing while all is well. Thread-safe.
 */
final class Prober implements Outages, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger("dev.holdfast.fallback");

    private final String location;
    private final int domains;
    private final Duration openInterval;
    private final AtomicLongArray beganNanos;
    private final ScheduledThreadPoolExecutor thread;
    private volatile @Nullable GuardedCalls calls;

    Prober(String application, String location, int domains, Duration openInterval) {
        this.location = location;
        this.domains = domains;
        this.openInterval = openInterval;
        this.beganNanos = new AtomicLongArray(domains);
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread created = new Thread(task, "holdfast-probe " + application);
            created.setDaemon(true);
            // Or it would keep the class loader of the web application that is just being started.
            created.setContextClassLoader(Prober.class.getClassLoader());
            return created;
        });
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        // Now, and not by the thread of the request that meets the outage first.
        thread.prestartCoreThread();
    }

    /** To be called once, before anything is asked. */
    void start(GuardedCalls guarded) {
        calls = guarded;
    }

    @Override
    public void began(int domain, int failures, int calls, String cause) {
        beganNanos.set(domain, System.nanoTime());
        log.error(
                "HF-602 Redis {}{} does not answer ({} of the last {} calls): {} It is not asked any more until it does."
                        + " Requests that need it are answered with 503 meanwhile; no session is ended, and nobody is logged"
                        + " out. Holdfast looks every {} ms whether it is back.",
                location,
                part(domain),
                failures,
                calls,
                cause,
                openInterval.toMillis());
        scheduleProbe(domain);
    }

    @Override
    public void ended(int domain) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - beganNanos.get(domain));
        log.warn(
                "HF-603 Redis {}{} answers again, after {} s. It is asked again, and written to.",
                location,
                part(domain),
                seconds);
    }

    private String part(int domain) {
        return domains == 1 ? "" : " (partition " + domain + " of " + domains + ")";
    }

    private void scheduleProbe(int domain) {
        try {
            var unused = thread.schedule(() -> probe(domain), openInterval.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException stopped) {
            log.debug("No further probe: the node is stopping");
        }
    }

    private void probe(int domain) {
        GuardedCalls guarded = calls;
        boolean answered = false;
        try {
            answered = guarded != null && guarded.probe(domain);
        } catch (RuntimeException unexpected) {
            log.error("HF-604 Unexpected error while Redis was looked for; it is looked for again", unexpected);
        } finally {
            if (!answered) {
                scheduleProbe(domain);
            }
        }
    }

    /** Ends the thread. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
