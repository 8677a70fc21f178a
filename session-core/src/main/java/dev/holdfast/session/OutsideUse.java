package dev.holdfast.session;

import dev.holdfast.store.StoreException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Use of sessions by threads that belong to no request: WebSockets, schedulers, workers of asynchronous requests. Nobody
 * says when such a use begins or ends, so a clock has to. Thread-safe.
 *
 * <p><b>Reading.</b> Before such a thread uses a session, the store is asked for what is new, unless it was asked a moment
 * ago: a tenth of a millisecond since the answer, so that a message which reads ten attributes asks once, and yet a client
 * that has seen the answer of another node, which has asked the store itself, cannot send a message that is answered with
 * older data. An answer that was long under way, because the node stood still, counts for nothing. While a request of this
 * node uses the session, the thread is most likely its worker, which sees what its request sees, and the moment is a
 * second.
 *
 * <p><b>Changes in place.</b> What such a thread was given is looked at for changes after a while, and again after longer
 * ones: it may still be at work at the first look.
 */
public final class OutsideUse {

    /** How old an answer of the store may be for a thread that is alone with the session. */
    private static final long FRESH_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    /** How long ago it may have been asked for: it says how things were at some time since. */
    private static final long MOST_UNDER_WAY_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /** How long ago the store may have been asked while a request of this node uses the session. */
    private static final long FRESH_BESIDE_REQUESTS_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** When a session is looked at for changes, after it was last touched. */
    private static final long[] LOOKS_MILLIS = {200, 1_000, 4_000, 16_000, 60_000};

    private final SessionRepository repository;
    private final Looks looks;
    private final LongSupplier nanoTicker;
    private final Map<LiveSession, Watch> watches = new ConcurrentHashMap<>();

    OutsideUse(SessionRepository repository, Looks looks, LongSupplier nanoTicker) {
        this.repository = repository;
        this.looks = looks;
        this.nanoTicker = nanoTicker;
    }

    /**
     * Brings a session up to date for a thread that belongs to no request, such as that of a WebSocket, before it uses
     * the session. Asks the store, but not more often than once in a tenth of a millisecond, or in a second while a
     * request of this node uses the session. It is no access. Does nothing in a request.
     *
     * @return whether the calling thread may use the session: it has not ended, or a request of this node is about to
     *     finish with it
     * @throws StoreException if the store does not answer; not so while a request of this node uses the session
     */
    public boolean mayUse(LiveSession session) {
        return RequestScope.current() != null || look(session);
    }

    private boolean look(LiveSession session) {
        boolean beside = session.isUsedByRequests();
        if (session.hasEnded()) {
            return beside;
        }
        if (!session.isStored() || (beside ? isFreshBesideRequests(session) : isFresh(session))) {
            return true;
        }
        try {
            return looks.refresh(session) || session.isUsedByRequests();
        } catch (StoreException unanswered) {
            if (beside) {
                // As its request, which asked before it began.
                return true;
            }
            throw unanswered;
        }
    }

    private boolean isFreshBesideRequests(LiveSession session) {
        return nanoTicker.getAsLong() - session.times().askedNanos() < FRESH_BESIDE_REQUESTS_NANOS;
    }

    private boolean isFresh(LiveSession session) {
        long now = nanoTicker.getAsLong();
        UseTimes times = session.times();
        return now - times.answeredNanos() < FRESH_NANOS && now - times.askedNanos() < MOST_UNDER_WAY_NANOS;
    }

    /**
     * A thread of no request has changed something, or was given an object that it may change.
     *
     * @param attribute the object, or null
     */
    void touched(LiveSession session, @Nullable String name, @Nullable Attribute attribute) {
        if (session.hasEnded()) {
            return;
        }
        boolean lends = name != null && attribute != null && !session.isUsedByRequests();
        watches.compute(session, (key, present) -> {
            Watch watch = present == null ? new Watch() : present;
            watch.touchedNanos = nanoTicker.getAsLong();
            watch.looks = 0;
            if (lends) {
                watch.lent.put(name, attribute);
            }
            return watch;
        });
    }

    /** Writes what threads of no request have changed a moment ago. To be called several times a second. */
    public void settleDue() {
        due().forEach(this::settleIfUnlocked);
    }

    private void settleIfUnlocked(LiveSession session) {
        if (!session.hasLockingRequests()) {
            session.watchAgain(lent(session));
            if (session.isAmbientDirty()) {
                repository.commitOrReport(session, null, false);
            }
        }
        looked(session);
    }

    /** Writes what threads of no request have changed, in whichever copy. */
    public void settleAll() {
        all().forEach(this::settle);
    }

    /** Writes what a session lacks; false if something could not be written, and is tried again. */
    boolean settle(LiveSession session) {
        session.watchAgain(lent(session));
        boolean written = repository.settle(session);
        looked(session);
        return written;
    }

    /** What threads of no request were given, and may have changed, is looked at with the next commit. */
    void watchWhatIsLent() {
        all().forEach(session -> session.watchAgain(lent(session)));
    }

    /** The copies that have left, and that a thread of no request has used lately: a snapshot. */
    List<LiveSession> strays() {
        return all().stream().filter(session -> !repository.holds(session)).toList();
    }

    /** Sessions that are now to be looked at for changes that threads of no request have made. */
    List<LiveSession> due() {
        return watches.keySet().stream().filter(this::takeLook).toList();
    }

    private boolean takeLook(LiveSession session) {
        boolean beside = session.isUsedByRequests();
        boolean[] due = new boolean[1];
        watches.computeIfPresent(session, (key, watch) -> {
            long age = nanoTicker.getAsLong() - watch.touchedNanos;
            due[0] = watch.looks < LOOKS_MILLIS.length
                    && age >= watch.nextNanos()
                    && (!beside || age >= FRESH_BESIDE_REQUESTS_NANOS);
            if (due[0]) {
                watch.looks++;
            }
            return watch;
        });
        return due[0];
    }

    /** All that threads of no request have touched lately. */
    private List<LiveSession> all() {
        return List.copyOf(watches.keySet());
    }

    /** The objects that such threads were given, and may still be changing. */
    private Map<String, Attribute> lent(LiveSession session) {
        Watch watch = watches.get(session);
        return watch == null ? Map.of() : Map.copyOf(watch.lent);
    }

    /** A session was looked at. After the last look nobody watches it until it is touched again, if all is written. */
    void looked(LiveSession session) {
        // Not within the operation of the map: who touches a session has its lock already, and then comes to the map.
        boolean dirty = session.isAmbientDirty();
        watches.computeIfPresent(session, (key, watch) -> isOver(session, watch, dirty) ? null : watch);
    }

    /** A change after the question whether the session is dirty has set the looks to none. */
    private static boolean isOver(LiveSession session, Watch watch, boolean dirty) {
        return session.hasEnded() || (watch.looks >= LOOKS_MILLIS.length && !dirty);
    }

    /** Changed within the operations of its map only. */
    private static final class Watch {
        final Map<String, Attribute> lent = new ConcurrentHashMap<>();
        long touchedNanos;
        int looks;

        long nextNanos() {
            return TimeUnit.MILLISECONDS.toNanos(LOOKS_MILLIS[Math.min(looks, LOOKS_MILLIS.length - 1)]);
        }
    }
}
