package dev.holdfast.session;

import dev.holdfast.model.SessionId;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoreException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which sessions have ended, so that no copy of one comes back after the store has lost its data: there is nobody else then
 * who knows. Copies of this node go when another node says that their session is over; and what this node has ended lately
 * is ended once more. Thread-safe.
 */
final class Ends implements SessionStore.EndListener {

    private static final Logger log = LoggerFactory.getLogger(Ends.class);

    /** As long as the store remembers what was buried. */
    private static final long REMEMBERED_NANOS = TimeUnit.MINUTES.toNanos(10);

    private static final int MOST_REMEMBERED = 2000;

    private final SessionStore store;
    private final Map<SessionId, LiveSession> local;
    private final LongSupplier nanoTicker;
    /** What others have ended: the creation times of the sessions. */
    private final Map<SessionId, Long> heard = new ConcurrentHashMap<>();

    private final AtomicLong silences = new AtomicLong();
    private final Deque<End> own = new ArrayDeque<>();

    /** @param local the copies of this node */
    Ends(SessionStore store, Map<SessionId, LiveSession> local, LongSupplier nanoTicker) {
        this.store = store;
        this.local = local;
        this.nanoTicker = nanoTicker;
    }

    @Override
    public void ended(SessionId id, long createdMillis) {
        if (local.containsKey(id)) {
            heard.put(id, createdMillis);
        }
    }

    @Override
    public void missedEnds() {
        silences.incrementAndGet();
    }

    /** How often ends may have been missed. */
    long silences() {
        return silences.get();
    }

    /** Lets the copies go whose sessions others have ended. Those that a request has ask the store themselves. */
    void followOthers() {
        Map.copyOf(heard).forEach((id, createdMillis) -> {
            LiveSession copy = local.get(id);
            if (copy == null || copy.createdMillis() != createdMillis || end(copy, id)) {
                heard.remove(id, createdMillis);
            }
        });
    }

    /** @return false if a request still has it */
    private boolean end(LiveSession copy, SessionId id) {
        boolean ordered = Commits.lock(copy);
        try {
            if (!ordered || copy.isUsedByRequests()) {
                return false;
            }
            // Or it is this node itself that has just changed the id.
            if (copy.id().equals(id)) {
                copy.end();
                local.remove(id, copy);
            }
            return true;
        } finally {
            Commits.unlock(copy, ordered);
        }
    }

    /** Whether another node has said that it has ended this session: then it is not to come back. */
    boolean isOver(LiveSession copy) {
        Long createdMillis = heard.get(copy.id());
        return createdMillis != null && createdMillis == copy.createdMillis();
    }

    /** This node has ended a session, or given up an id of it. */
    void remember(SessionId id, long createdMillis) {
        long now = nanoTicker.getAsLong();
        synchronized (own) {
            own.addLast(new End(id, createdMillis, now));
            while (own.size() > MOST_REMEMBERED || now - own.getFirst().nanos > REMEMBERED_NANOS) {
                own.removeFirst();
            }
        }
    }

    /**
     * Ends again what this node has ended lately: the store may have lost that, and others may be about to put their copies
     * back. What is on a part of the store that is away has its turn when that is back.
     */
    void repeat() {
        long now = nanoTicker.getAsLong();
        List<End> recent;
        synchronized (own) {
            recent = own.stream()
                    .filter(end -> now - end.nanos <= REMEMBERED_NANOS)
                    .toList();
        }
        for (End end : recent) {
            if (!store.isAway(end.id)) {
                repeat(end);
            }
        }
    }

    private void repeat(End end) {
        try {
            var unused = store.bury(end.id, end.createdMillis);
        } catch (StoreException unanswered) {
            log.debug("Not ended once more: {}", unanswered.getMessage());
        }
    }

    /** @param nanos when, by the ticker */
    private record End(SessionId id, long createdMillis, long nanos) {}
}
