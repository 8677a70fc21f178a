package dev.holdfast.fallback;

import dev.holdfast.model.SignOnId;
import dev.holdfast.model.SignOnMember;
import dev.holdfast.store.RequestBudget;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.StoredSignOn;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings to the store what this node has done to single sign-ons while it was away: in the background, and at once when a
 * request asks. After an outage all copies are compared with the store, so that one that has lost them gets them back, and
 * knows when they were used. Thread-safe.
 */
final class SignOnReplay {

    private static final Logger log = LoggerFactory.getLogger("dev.holdfast.fallback");

    private static final long INTERVAL_MILLIS = 200;
    private static final int ROUNDS_BETWEEN_TIDYING = 25;
    private static final Duration LAST_TRY = Duration.ofSeconds(2);
    private static final long TROUBLE_INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** A single call without an answer is no outage, and nobody need know. */
    private static final long OUTAGE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What is done while one is being brought is brought with it, but not for ever. */
    private static final int MOST_TIMES = 3;

    private static final long NEVER = 0;

    private final GuardedSignOnStore store;
    private final SignOnEntries entries;
    private final Duration patience;
    private final Consumer<List<SignOnMember>> ended;
    private final LongSupplier nanoTicker;
    private final ScheduledThreadPoolExecutor thread;
    private final Queue<List<SignOnMember>> ends = new ConcurrentLinkedQueue<>();
    private final AtomicInteger brought = new AtomicInteger();
    private final AtomicInteger over = new AtomicInteger();
    private final AtomicInteger putBack = new AtomicInteger();
    private final AtomicLong firstNanos = new AtomicLong(NEVER);
    private final AtomicLong troubleNanos;
    private final AtomicLong fullNanos;
    private long comparedAfter;

    /** What was not compared yet since the last outage: only for the thread. */
    private final Queue<SignOnId> toCompare = new ArrayDeque<>();

    private int rounds;

    /**
     * @param patience how long it may take to bring one in the background: a request may wait for it
     * @param ended hears of the sessions of sign-ons whose end the store has heard of late
     */
    SignOnReplay(
            GuardedSignOnStore store,
            String name,
            SignOnEntries entries,
            Duration patience,
            Consumer<List<SignOnMember>> ended,
            LongSupplier nanoTicker) {
        this.store = store;
        this.entries = entries;
        this.patience = patience;
        this.ended = ended;
        this.nanoTicker = nanoTicker;
        this.comparedAfter = store.recoveries();
        this.troubleNanos = new AtomicLong(nanoTicker.getAsLong() - TROUBLE_INTERVAL_NANOS);
        this.fullNanos = new AtomicLong(troubleNanos.get());
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread created = new Thread(task, "holdfast-replay sign-on " + name);
            created.setDaemon(true);
            // Or it would keep the class loader of the web application that is just being started.
            created.setContextClassLoader(SignOnReplay.class.getClassLoader());
            return created;
        });
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        var unused =
                thread.scheduleWithFixedDelay(this::round, INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** There is something to bring. */
    void wake() {
        firstNanos.compareAndSet(NEVER, nanoTicker.getAsLong() | 1);
    }

    private void round() {
        try {
            if (store.permits()) {
                bringAll();
                compareAfterOutage();
            }
            if (++rounds % ROUNDS_BETWEEN_TIDYING == 0) {
                entries.tidy();
            }
        } catch (StoreException unanswered) {
            log.debug("Sign-ons were not compared: {}", unanswered.getMessage());
        } catch (RuntimeException | Error unexpected) {
            unexpected(unexpected);
        }
    }

    private void bringAll() {
        for (SignOnId id : entries.untold()) {
            SignOnEntry entry = entries.get(id);
            if (entry != null && store.permits()) {
                patiently(() -> bring(id, entry));
            }
        }
        for (List<SignOnMember> sessions = ends.poll(); sessions != null; sessions = ends.poll()) {
            ended.accept(sessions);
        }
        if (entries.countUntold() == 0) {
            tellAllBrought();
        }
    }

    private void patiently(Runnable call) {
        RequestBudget previous = RequestBudget.enter(new RequestBudget(patience));
        try {
            call.run();
        } finally {
            RequestBudget.enter(previous);
        }
    }

    /** Where the store does not answer, the next round goes on; one sign-on that cannot be compared keeps no other waiting. */
    private void compareAfterOutage() {
        long recoveries = store.recoveries();
        if (recoveries != comparedAfter) {
            comparedAfter = recoveries;
            toCompare.clear();
            toCompare.addAll(entries.alive());
        }
        for (int rest = toCompare.size(); rest > 0; rest--) {
            SignOnId id = toCompare.remove();
            SignOnEntry entry = entries.get(id);
            if (entry == null || entry.hasUntold()) {
                continue;
            }
            try {
                patiently(() -> compare(id, entry));
            } catch (StoreException unanswered) {
                tellTrouble(id, unanswered);
                if (unanswered.storeIsAway()) {
                    toCompare.add(id);
                    throw unanswered;
                }
            }
        }
        tellPutBack();
    }

    /**
     * Brings one to the store, unless the store is known to be away or another thread is just at it. Does not wait for that.
     *
     * @return whether the store has heard of everything
     */
    boolean bring(SignOnId id, SignOnEntry entry) {
        if (!store.permits() || !entry.bringing.tryLock()) {
            return false;
        }
        try {
            for (int times = 0; times < MOST_TIMES && entry.hasUntold(); times++) {
                if (entry.isEndUntold()) {
                    store.bury(id, entry.longestInterval()).ifPresent(ends::add);
                    entries.ifPresent(id, SignOnEntry::endTold);
                } else {
                    boolean unused = compare(id, entry).isPresent();
                }
                brought.incrementAndGet();
            }
        } catch (StoreException unanswered) {
            tellTrouble(id, unanswered);
            return false;
        } finally {
            entry.bringing.unlock();
        }
        return !entry.hasUntold();
    }

    /**
     * Tells the store what this node knows, and learns what there is.
     *
     * @return empty if it has ended
     * @throws StoreException if the store does not answer
     */
    Optional<StoredSignOn.Found> compare(SignOnId id, SignOnEntry entry) {
        SignOnEntry.Untold untold = entry.untold(nanoTicker.getAsLong());
        Optional<StoredSignOn.Found> found = store.reconcile(id, untold.signOn());
        String before = untold.signOn().epoch();
        if (found.isEmpty()) {
            over.incrementAndGet();
            entries.ifPresent(id, present -> {
                var unused = present.ended(true, nanoTicker.getAsLong());
            });
            return found;
        }
        if (!before.isEmpty() && !before.equals(found.get().epoch())) {
            putBack.incrementAndGet();
        }
        entries.ifPresent(id, present -> present.told(untold, found.get()));
        return found;
    }

    // ---- what operators hear -------------------------------------------------------------------------------------

    private void tellAllBrought() {
        long first = firstNanos.getAndSet(NEVER);
        int all = brought.getAndSet(0);
        int late = over.getAndSet(0);
        if (first != NEVER && nanoTicker.getAsLong() - first > OUTAGE_NANOS) {
            log.warn(
                    "HF-645 Redis knows everything that was done to single sign-ons while it did not answer: {} were"
                            + " brought; {} had ended elsewhere, and stay ended.",
                    all,
                    late);
        }
    }

    private void tellPutBack() {
        int all = putBack.getAndSet(0);
        if (all > 0) {
            log.warn(
                    "HF-641 Redis had lost {} single sign-ons that this node knows, and has them again: nobody who is"
                            + " known here was logged out. See why Redis has lost its data.",
                    all);
        }
    }

    private void tellTrouble(SignOnId id, StoreException cause) {
        if (!cause.storeIsAway() && isToBeTold(troubleNanos)) {
            log.error(
                    "HF-643 What was done here to single sign-on {} cannot be brought to Redis; it counts on this node"
                            + " and is tried again: {}",
                    id,
                    cause.getMessage());
        }
    }

    /** Once a minute. */
    private boolean isToBeTold(AtomicLong toldNanos) {
        long now = nanoTicker.getAsLong();
        long last = toldNanos.get();
        return now - last >= TROUBLE_INTERVAL_NANOS && toldNanos.compareAndSet(last, now);
    }

    void tellFull() {
        if (isToBeTold(fullNanos)) {
            log.error(entries.full());
        }
    }

    private static void unexpected(Throwable unexpected) {
        log.error(
                "HF-644 Unexpected error while single sign-ons were brought to Redis; it is tried again. Please report"
                        + " this.",
                unexpected);
    }

    /** Tries a last time, and ends the thread. Idempotent. */
    void close() {
        if (thread.isShutdown()) {
            return;
        }
        try {
            thread.submit(this::round).get(LAST_TRY.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RejectedExecutionException late) {
            log.debug("Sign-ons were not brought to Redis in time", late);
        }
        thread.shutdownNow();
        int left = entries.countUntold();
        if (left > 0) {
            log.error(
                    "HF-646 This node stops while Redis does not answer. What was done here to {} single sign-ons since"
                            + " the outage began is lost: their users log in again, and who has logged out here only may"
                            + " still be signed on elsewhere.",
                    left);
        }
    }
}
