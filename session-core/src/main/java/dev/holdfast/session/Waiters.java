package dev.holdfast.session;

import dev.holdfast.model.SessionId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Requests of this node that wait for sessions, in the order in which they came. Only the first one of each session is
 * woken: the others would ask in vain. Thread-safe; nobody waits while the monitor is held.
 */
final class Waiters {

    private final Map<SessionId, Deque<Waiter>> queues = new HashMap<>();

    synchronized boolean hasAny(SessionId id) {
        return queues.containsKey(id);
    }

    /** Asked by the first one: whether others wait behind it. */
    synchronized boolean hasSeveral(SessionId id) {
        Deque<Waiter> queue = queues.get(id);
        return queue != null && queue.size() > 1;
    }

    synchronized Waiter join(SessionId id) {
        Waiter waiter = new Waiter();
        queues.computeIfAbsent(id, key -> new ArrayDeque<>()).addLast(waiter);
        return waiter;
    }

    synchronized boolean isFirst(SessionId id, Waiter waiter) {
        Deque<Waiter> queue = queues.get(id);
        return queue != null && queue.peekFirst() == waiter;
    }

    /** @param passOn whether the next one is woken: what woke the one that leaves may have been meant for it */
    synchronized void leave(SessionId id, Waiter waiter, boolean passOn) {
        Deque<Waiter> queue = queues.get(id);
        if (queue == null) {
            return;
        }
        queue.remove(waiter);
        if (queue.isEmpty()) {
            queues.remove(id);
        } else if (passOn) {
            queue.getFirst().wake();
        }
    }

    /** A session may be free. */
    synchronized void wake(SessionId id) {
        Deque<Waiter> queue = queues.get(id);
        if (queue != null) {
            queue.getFirst().wake();
        }
    }

    /** The sessions that somebody waits for: a snapshot. */
    synchronized List<SessionId> ids() {
        return List.copyOf(queues.keySet());
    }

    /** Any session may be free. */
    synchronized void wakeAll() {
        ids().forEach(this::wake);
    }

    /** One waiting request. */
    static final class Waiter {

        private final Semaphore woken = new Semaphore(0);

        private void wake() {
            woken.release();
        }

        /** Waits until it is woken, or until the time is up. */
        void await(long nanos) throws InterruptedException {
            if (woken.tryAcquire(Math.max(0, nanos), TimeUnit.NANOSECONDS)) {
                woken.drainPermits();
            }
        }
    }
}
