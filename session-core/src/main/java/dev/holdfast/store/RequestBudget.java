package dev.holdfast.store;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How long one request may wait for the store, over all its calls: a store that answers late does not add up to seconds.
 * Only time spent in calls counts. A small part of the time that passes is given back: a stream that goes on for hours, and
 * asks a store that is well now and then, never runs out. Belongs to a request and not to a thread, and is entered by each thread that works for
 * it. Thread-safe.
 */
public final class RequestBudget {

    private static final ThreadLocal<RequestBudget> CURRENT = new ThreadLocal<>();

    /** The part of the time that is given back: for a request of a second, 50 ms. */
    private static final int REFUND = 20;

    private final LongSupplier nanoTicker;
    /** With less, also a store in good health would seem not to answer. */
    private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final long budgetNanos;
    private long remainingNanos;
    private long countedNanos;

    /** @param budget all that the request may wait; more than zero */
    public RequestBudget(Duration budget) {
        this(budget, System::nanoTime);
    }

    RequestBudget(Duration budget, LongSupplier nanoTicker) {
        this.nanoTicker = nanoTicker;
        this.budgetNanos = budget.toNanos();
        this.remainingNanos = budgetNanos;
        this.countedNanos = nanoTicker.getAsLong();
    }

    private synchronized long remainingNanos() {
        long now = nanoTicker.getAsLong();
        remainingNanos = Math.min(budgetNanos, remainingNanos + (now - countedNanos) / REFUND);
        countedNanos = now;
        return remainingNanos;
    }

    private synchronized void take(long nanos) {
        remainingNanos -= nanos;
    }

    /** The budget of the request that the calling thread works for; null if it works for none. */
    public static @Nullable RequestBudget current() {
        return CURRENT.get();
    }

    /**
     * Makes a budget the one of the calling thread.
     *
     * @param budget the budget; null if the thread works for no request
     * @return the one that it replaces, to be entered again
     */
    public static @Nullable RequestBudget enter(@Nullable RequestBudget budget) {
        RequestBudget previous = CURRENT.get();
        if (budget == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(budget);
        }
        return previous;
    }

    /**
     * How long the next call of the calling thread may take.
     *
     * @param timeout the longest that any call may take
     * @return the timeout, or what is left of the budget if that is less; zero if no call can be made of it
     */
    public static Duration limit(Duration timeout) {
        RequestBudget budget = CURRENT.get();
        if (budget == null) {
            return timeout;
        }
        long remaining = budget.remainingNanos();
        return remaining < LEAST_NANOS ? Duration.ZERO : Duration.ofNanos(Math.min(timeout.toNanos(), remaining));
    }

    /** A call of the calling thread is over. */
    public static void spent(long nanos) {
        RequestBudget budget = CURRENT.get();
        if (budget != null) {
            budget.take(nanos);
        }
    }
}
