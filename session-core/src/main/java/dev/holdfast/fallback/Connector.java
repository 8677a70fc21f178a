package dev.holdfast.fallback;

import dev.holdfast.store.Deadline;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.StoreException.Reason;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Opens a store in the background, and tries again until it is there: an application need not wait for it with its start, and
 * a request never does. Its one thread ends when the store is there. Thread-safe.
 *
 * <p>The start waits for a short while, so that nobody notices anything when all is well. A store that gives a sign of life
 * but has not been opened by then is waited for as long as the attempt takes: it is this node that is slow, as a young JVM
 * on a busy machine is, and to begin without a healthy store would cost its users their sessions.
 *
 * @param <T> the store
 */
public final class Connector<T> {

    /** How long a start waits before it also looks for a sign of life, and then for that: 2 s are promised for all of it. */
    private static final Duration PATIENCE = Duration.ofMillis(400);

    private static final Duration PATIENCE_FOR_LIFE = Duration.ofMillis(1100);
    private static final Duration PATIENCE_WITH_SLOWNESS = Duration.ofSeconds(20);
    private static final Duration END_OF_THREAD = Duration.ofSeconds(1);

    private final Supplier<T> opening;
    private final Consumer<T> discard;
    private final Predicate<Duration> reacts;
    private final Backoff backoff;
    private final ConnectReports reports;
    private final Thread thread;
    private final CountDownLatch firstAttempt = new CountDownLatch(1);
    private final CountDownLatch closing = new CountDownLatch(1);

    /** Guards the fields below; never held while anything is waited for. */
    private final Object lock = new Object();

    private final List<Runnable> awaitingStore = new ArrayList<>();
    private boolean closed;
    private volatile @Nullable T store;
    private volatile @Nullable Throwable lastFailure;

    /**
     * @param names what is said of it
     * @param opening opens the store; throws a {@link StoreException} if that is not possible now. Is interrupted when
     *     nobody wants the store any more
     * @param discard closes a store that comes when nobody wants it any more
     * @param reacts whether anything lives where the store is, to be found out in the given time
     * @param random for the time between attempts
     * @param nanoTime a clock
     */
    public Connector(
            Names names,
            Supplier<T> opening,
            Consumer<T> discard,
            Predicate<Duration> reacts,
            RandomGenerator random,
            LongSupplier nanoTime) {
        this.opening = opening;
        this.discard = discard;
        this.reacts = reacts;
        this.backoff = new Backoff(random);
        this.reports = new ConnectReports(names.meanwhile(), names.location(), nanoTime);
        this.thread = newThread("holdfast-connect " + names.name(), this::run);
    }

    /**
     * What is said of a store.
     *
     * @param name for the name of the thread
     * @param location where it is, without a password
     * @param meanwhile what it means that the store is not there: whole sentences
     */
    public record Names(String name, String location, String meanwhile) {}

    /** One that is not on the way for good, and so must not hold on to the application that is being started. */
    @SuppressWarnings("removal") // the one way to begin a thread without the code that is on the stack
    private static Thread newThread(String name, Runnable task) {
        return AccessController.doPrivileged((PrivilegedAction<Thread>) () -> {
            Thread created = new Thread(null, task, name, 0, false);
            created.setDaemon(true);
            created.setContextClassLoader(Connector.class.getClassLoader());
            return created;
        });
    }

    /**
     * Begins, and waits until the store is there or can be done without.
     *
     * @param strict whether it cannot be done without
     * @throws StoreException if it is not there and is strictly needed, or if it can never be worked with as things are
     * @throws RuntimeException what else the opening throws: a mistake in the settings
     */
    public void start(boolean strict) {
        thread.start();
        try {
            if (strict) {
                firstAttempt.await();
            } else {
                awaitBriefly();
            }
            decide(strict);
        } catch (InterruptedException stopped) {
            close(Deadline.in(END_OF_THREAD));
            Thread.currentThread().interrupt();
            throw new StoreException(
                    Reason.INTERRUPTED, "HF-210 The start was interrupted while it waited for Redis.", stopped);
        }
    }

    private void awaitBriefly() throws InterruptedException {
        if (isOverIn(PATIENCE)) {
            return;
        }
        AtomicBoolean alive = new AtomicBoolean();
        // In a thread of its own: the name of a host may take long to resolve.
        newThread("holdfast-connect look", () -> alive.set(reacts.test(PATIENCE_FOR_LIFE)))
                .start();
        if (!isOverIn(PATIENCE_FOR_LIFE) && alive.get()) {
            boolean unused = isOverIn(PATIENCE_WITH_SLOWNESS);
        }
    }

    private boolean isOverIn(Duration patience) throws InterruptedException {
        return firstAttempt.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void decide(boolean strict) throws InterruptedException {
        boolean there;
        Throwable failure;
        synchronized (lock) {
            there = store != null;
            failure = lastFailure;
            if (!there && !isFatal(failure, strict)) {
                // Told with the lock, so that what comes next is told after it.
                reports.startsWithout((RuntimeException) failure);
                return;
            }
            closed = !there;
        }
        if (there) {
            TimeUnit.NANOSECONDS.timedJoin(thread, END_OF_THREAD.toNanos());
            return;
        }
        close(Deadline.in(END_OF_THREAD));
        rethrow(failure);
    }

    private static boolean isFatal(@Nullable Throwable failure, boolean strict) {
        boolean mayMend = failure == null
                || (failure instanceof StoreException unanswered && unanswered.reason() != Reason.INCOMPATIBLE);
        return strict || !mayMend;
    }

    private static void rethrow(@Nullable Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof RuntimeException refusal) {
            throw refusal;
        }
        throw new IllegalStateException("An attempt has ended with nothing");
    }

    // ---- the thread ----------------------------------------------------------------------------------------------

    private void run() {
        for (int attempt = 1; !tryOnce(attempt); attempt++) {
            if (isClosingIn(backoff.next())) {
                return;
            }
        }
    }

    private boolean isClosingIn(Duration rest) {
        try {
            return closing.await(rest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            // Of an attempt that was ended; if it is all over, that was said first.
            return closing.getCount() == 0;
        }
    }

    /** @return whether there is nothing more to do */
    private boolean tryOnce(int attempt) {
        T opened = null;
        try {
            opened = opening.get();
        } catch (RuntimeException | Error failed) {
            failed(failed, attempt);
        }
        if (opened != null) {
            arrived(opened, attempt);
        }
        firstAttempt.countDown();
        return opened != null || closing.getCount() == 0;
    }

    private void failed(Throwable failure, int attempt) {
        synchronized (lock) {
            if (closed) {
                return;
            }
            lastFailure = failure;
            reports.failed(failure, attempt);
        }
    }

    private void arrived(T opened, int attempt) {
        List<Runnable> tasks = List.of();
        boolean wanted;
        synchronized (lock) {
            wanted = !closed;
            if (wanted) {
                store = opened;
                reports.connected(attempt);
                tasks = List.copyOf(awaitingStore);
                awaitingStore.clear();
            }
        }
        if (!wanted) {
            // Or the closing would not be waited for.
            boolean unused = Thread.interrupted();
            discard.accept(opened);
        }
        tasks.forEach(Runnable::run);
    }

    // ---- for those who use the store -----------------------------------------------------------------------------

    /** The store, or null if it is not there yet. Stays when this is closed. */
    @Nullable
    T storeOrNull() {
        return store;
    }

    /**
     * The store.
     *
     * @throws StoreException if it is not there yet; with the reason
     */
    T store() {
        T present = store;
        if (present == null) {
            throw notYet();
        }
        return present;
    }

    private StoreException notYet() {
        Throwable last = lastFailure;
        return StoreException.notAsked("HF-605 There has been no Redis since the start. "
                + (last == null ? "It has not answered so far." : ConnectReports.messageOf(last)));
    }

    /** Why the store is not there yet; null if it is. */
    @Nullable
    StoreException absence() {
        return store == null ? notYet() : null;
    }

    /** Runs something when the store is there: now, or later in another thread. */
    void whenThere(Runnable task) {
        synchronized (lock) {
            if (store == null) {
                awaitingStore.add(task);
                return;
            }
        }
        task.run();
    }

    /** Ends its thread, in time; an attempt that is under way ends at the latest by its own time-outs. */
    void close(Deadline deadline) {
        synchronized (lock) {
            closed = true;
            awaitingStore.clear();
        }
        closing.countDown();
        thread.interrupt();
        try {
            TimeUnit.NANOSECONDS.timedJoin(thread, deadline.remaining().toNanos());
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
