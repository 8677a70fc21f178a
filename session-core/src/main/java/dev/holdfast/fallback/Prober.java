package dev.holdfast.fallback;

import dev.holdfast.store.RequestBudget;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out in the background when a store answers again, and tells operators of both ends of an outage. Thread-safe.
 *
 * <p>A probe of a dead server lasts until its time-out. In a cluster there is one probe for each partition of that server;
 * one after the other, they would keep partitions of a server that is back waiting for all those time-outs. So there are up
 * to four threads, which probe as many partitions at once, and none twice: with the partitions of a dead server being more
 * than that, one that is back waits for a time-out or two. They do nothing while all is well.
 */
final class Prober implements Outages, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger("dev.holdfast.fallback");

    private static final int MOST_THREADS = 4;
    private static final long NOT_BEGUN = 0;

    private final String location;
    private final String meaning;
    private final int domains;
    private final BreakerOptions options;
    private final AtomicLongArray beganNanos;
    private final ScheduledThreadPoolExecutor threads;
    private volatile @Nullable GuardedCalls calls;

    /** @param meaning what an outage means for users, a sentence */
    Prober(String application, String location, String meaning, int domains, BreakerOptions options) {
        this.location = location;
        this.meaning = meaning;
        this.domains = domains;
        this.options = options;
        this.beganNanos = new AtomicLongArray(domains);
        this.threads = new ScheduledThreadPoolExecutor(Math.min(domains, MOST_THREADS), task -> {
            Thread created = new Thread(task, "holdfast-probe " + application);
            created.setDaemon(true);
            // Or it would keep the class loader of the web application that is just being started.
            created.setContextClassLoader(Prober.class.getClassLoader());
            return created;
        });
        threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        // Now, and not by the thread of the request that meets the outage first.
        threads.prestartAllCoreThreads();
    }

    /** To be called once, before anything is asked. */
    void start(GuardedCalls guarded) {
        calls = guarded;
    }

    @Override
    public void began(int domain, int failures, int calls, String cause) {
        beganNanos.set(domain, System.nanoTime() | 1);
        log.error(
                "HF-602 Redis {}{} does not answer ({} of the last {} calls): {} It is not asked any more until it does."
                        + " {} No session is ended. Holdfast looks every {} ms whether it is back.",
                location,
                part(domain),
                failures,
                calls,
                cause,
                meaning,
                options.openInterval().toMillis());
        scheduleProbe(domain);
    }

    @Override
    public void lasts(int domain, String cause) {
        log.error(
                "HF-627 Redis {}{} still does not answer, for another reason: {} {} Holdfast goes on looking.",
                location,
                part(domain),
                cause,
                meaning);
    }

    @Override
    public void ended(int domain) {
        long began = beganNanos.getAndSet(domain, NOT_BEGUN);
        if (began == NOT_BEGUN) {
            // Of a store that was not there at the start its connector has told.
            return;
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
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
            var unused =
                    threads.schedule(() -> probe(domain), options.openInterval().toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException stopped) {
            log.debug("No further probe: the node is stopping");
        }
    }

    private void probe(int domain) {
        GuardedCalls guarded = calls;
        boolean answered = false;
        // What a dead network has swallowed is not waited for while the store is back already.
        RequestBudget.enter(new RequestBudget(options.probePatience()));
        try {
            answered = guarded != null && guarded.probe(domain);
        } catch (RuntimeException unexpected) {
            log.error("HF-604 Unexpected error while Redis was looked for; it is looked for again", unexpected);
        } finally {
            RequestBudget.enter(null);
            if (!answered) {
                scheduleProbe(domain);
            }
        }
    }

    /** Ends the threads. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
