package dev.holdfast.session;

import dev.holdfast.store.Deadline;
import dev.holdfast.store.StoreException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The last that a node does for its copies: all that is left is written, then all of them leave. In threads of its own: a
 * listener of the application can wait for something for ever, and nobody can stop it. Then it is left where it is.
 */
final class NodeStop {

    /** At once, for each step: one listener that waits must not keep the others from being told. */
    private static final int THREADS = 4;

    /** A store that did not answer so often is not asked again: each question would cost a whole time-out. */
    private static final int MOST_SILENCES = 2;

    private static final long LEAST_SILENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** The rest is for listeners: they are told also if the store hangs. */
    private static final double SHARE_FOR_SAVING = 0.5;

    private final SessionRepository repository;
    private final Departures departures;
    private final OutsideUse outsideUse;
    private final AtomicInteger saved = new AtomicInteger();

    /** By failure domain: one part of a cluster may be down, and sessions of the others are still to be written. */
    private final Map<Integer, AtomicInteger> silences = new ConcurrentHashMap<>();

    private volatile boolean allSilent;
    private final Set<LiveSession> leftUnsaved = ConcurrentHashMap.newKeySet();

    NodeStop(SessionRepository repository, Departures departures) {
        this.repository = repository;
        this.departures = departures;
        this.outsideUse = repository.outsideUse();
    }

    Leftovers run(Deadline deadline) {
        int copies = repository.localCopies().size();
        ExecutorService threads = Executors.newCachedThreadPool(NodeStop::thread);
        try {
            outsideUse.watchWhatIsLent();
            Deadline forSaving = deadline.part(SHARE_FOR_SAVING, deadline.remaining());
            inParallel(threads, forSaving, repository.localCopies(), copy -> save(copy, repository::settle));
            inParallel(threads, forSaving, outsideUse.strays(), stray -> save(stray, outsideUse::settle));
            if (forSaving.isOver() && saved.get() == 0) {
                allSilent = true;
            }
            inParallel(threads, deadline, repository.localCopies(), this::letGo);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        Leftovers leftovers = leftovers(copies);
        // Whom this interrupts has not done its work.
        threads.shutdownNow();
        return leftovers;
    }

    private Leftovers leftovers(int copies) {
        int inUse = 0;
        Set<LiveSession> unsaved = new HashSet<>(leftUnsaved);
        for (LiveSession copy : repository.localCopies()) {
            inUse += copy.hasRequests() ? 1 : 0;
        }
        Stream.concat(repository.localCopies().stream(), outsideUse.strays().stream())
                .filter(LiveSession::isUnsaved)
                .forEach(unsaved::add);
        return new Leftovers(copies, unsaved.size(), inUse, departures.untold(), departures.unwritten());
    }

    private static Thread thread(Runnable task) {
        Thread created = new Thread(task, "holdfast-stop");
        created.setDaemon(true);
        // Or it would keep the class loader of the application that is being stopped.
        created.setContextClassLoader(NodeStop.class.getClassLoader());
        return created;
    }

    /** Returns when all is done or the time is up. */
    private static void inParallel(
            ExecutorService threads, Deadline deadline, Collection<LiveSession> all, Consumer<LiveSession> task)
            throws InterruptedException {
        Queue<LiveSession> copies = new ConcurrentLinkedQueue<>(all);
        CountDownLatch done = new CountDownLatch(THREADS);
        for (int thread = 0; thread < THREADS; thread++) {
            threads.execute(() -> {
                try {
                    work(copies, deadline, task);
                } finally {
                    done.countDown();
                }
            });
        }
        var unused = done.await(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    }

    private static void work(Queue<LiveSession> copies, Deadline deadline, Consumer<LiveSession> task) {
        for (LiveSession copy = copies.poll(); copy != null && !deadline.isOver(); copy = copies.poll()) {
            task.accept(copy);
        }
    }

    private boolean isSilent(LiveSession copy) {
        return allSilent || silencesOf(copy).get() >= MOST_SILENCES;
    }

    private AtomicInteger silencesOf(LiveSession copy) {
        return silences.computeIfAbsent(repository.failureDomainOf(copy), domain -> new AtomicInteger());
    }

    /** What fails at once costs no time, and may be about one session only. */
    private void failed(LiveSession copy, long begunNanos) {
        if (System.nanoTime() - begunNanos > LEAST_SILENCE_NANOS) {
            silencesOf(copy).incrementAndGet();
        }
    }

    private void save(LiveSession copy, Predicate<LiveSession> settling) {
        if (!isSilent(copy) && copy.isUnsaved()) {
            long begunNanos = System.nanoTime();
            if (settling.test(copy)) {
                saved.incrementAndGet();
            } else {
                failed(copy, begunNanos);
            }
        }
    }

    private void letGo(LiveSession copy) {
        long begunNanos = System.nanoTime();
        try {
            if (!isSilent(copy) && departures.release(copy)) {
                return;
            }
        } catch (StoreException unanswered) {
            failed(copy, begunNanos);
        } catch (RuntimeException unexpected) {
            repository.reports().unexpected(copy.id(), unexpected);
        }
        boolean unsaved = copy.isUnsaved();
        if (departures.leaveUnheard(copy) && unsaved) {
            leftUnsaved.add(copy);
        }
    }
}
