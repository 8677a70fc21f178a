package dev.holdfast.session;

import dev.holdfast.model.SessionId;
import dev.holdfast.store.Deadline;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoreException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How copies leave this node: because nobody has used them for long, because there are too many, or because the node
 * stops. The session goes on; the next look makes another copy. Thread-safe.
 *
 * <p><b>A copy that leaves and a request that comes.</b> First the copy is taken out of the map, in one step with the
 * question whether anybody uses it or is just looking it up: from then on whoever comes makes a copy of its own, from what
 * the store holds, and never sees an object that was told to leave. Then the objects are told, encoded, and what has
 * changed is written, but only if the store is still where the copy was: what a request has written meanwhile, on any
 * node, stays. Nobody waits for anybody, and application code runs without a lock of ours.
 *
 * <p>To say what a listener changes, its copy is brought up to date first: an object that another node has replaced has
 * nothing more to say.
 */
public final class Departures {

    /** A node that is over its bound goes down to this part of it: so that it need not choose again at once. */
    private static final int SPARE = 20;

    private final SessionRepository repository;
    private final SessionStore store;
    private final AttributeFilter filter;
    private final SizeLimits limits;
    private final Restoration restoration;
    private final Map<SessionId, LiveSession> local;
    private final CopyLifecycle lifecycle;
    private final Reports reports;
    private final Map<SessionId, Integer> underWay = new ConcurrentHashMap<>();
    private final AtomicInteger telling = new AtomicInteger();
    private final AtomicInteger unwritten = new AtomicInteger();
    private volatile boolean full;

    Departures(
            SessionRepository repository,
            SessionStore store,
            Restoration restoration,
            AttributeFilter filter,
            SizeLimits limits,
            Map<SessionId, LiveSession> local,
            CopyLifecycle lifecycle,
            Reports reports) {
        this.repository = repository;
        this.restoration = restoration;
        this.store = store;
        this.filter = filter;
        this.limits = limits;
        this.local = local;
        this.lifecycle = lifecycle;
        this.reports = reports;
    }

    /** Somebody looks a session up; until the end of the look its copy does not leave. */
    void lookBegins(SessionId id) {
        underWay.merge(id, 1, Integer::sum);
    }

    /** The request has joined the copy, or there is none. */
    void lookEnds(SessionId id) {
        underWay.computeIfPresent(id, (key, count) -> count == 1 ? null : count - 1);
    }

    /**
     * Lets the copies go that nobody has used for a while.
     *
     * @throws StoreException if the store does not answer; the copies that it was asked about stay
     */
    public void releaseIdle(Duration leastIdle) {
        Trouble trouble = new Trouble();
        for (LiveSession copy : local.values()) {
            if (copy.idleNanos() > leastIdle.toNanos() && mayLeave(copy) && !mustStay(copy)) {
                boolean keepsOwn = keepsOwn(copy);
                if (trouble.released(copy) && keepsOwn) {
                    reports.leftWithItsOwn(copy.id());
                }
            }
        }
        trouble.rethrow();
    }

    /**
     * Lets the least recently used copies go if there are more than allowed, but none with something that only this node
     * knows. Costs next to nothing if there are not too many. While the store is away, copies that are no more than copies
     * go, too, if there is no other way: until it is back, this node does not know their sessions.
     *
     * @throws StoreException if the store does not answer; the copies that it was asked about stay
     */
    public void releaseSurplus(int most) {
        if (local.size() <= most) {
            full = false;
            return;
        }
        int goal = most - most / SPARE;
        Trouble trouble = new Trouble();
        for (Candidate candidate : candidates(copy -> !mustStay(copy))) {
            if (local.size() <= goal) {
                return;
            }
            if (candidate.copy.idleNanos() >= candidate.idleNanos) {
                trouble.released(candidate.copy);
            }
        }
        releaseWhileAway(most, goal);
        trouble.rethrow();
        int left = local.size();
        if (left > most) {
            reports.tooMany(
                    left, most, local.values().stream().filter(this::keepsOwn).count());
        }
    }

    /** Beyond the bound, memory counts more than who is to go on being known here while the store is away. */
    private void releaseWhileAway(int most, int goal) {
        int left = 0;
        if (local.size() > most) {
            for (Candidate candidate : candidates(this::isMereCopy)) {
                if (local.size() > goal && leaveUnheard(candidate.copy)) {
                    left++;
                }
            }
        }
        full = local.size() > most;
        if (left > 0) {
            reports.leftWhileAway(left, most);
        }
    }

    /** Nothing of it is lost with the copy, if the store has not lost it either. */
    private boolean isMereCopy(LiveSession copy) {
        return store.isAway(copy.id()) && !store.hasUnheard(copy.id()) && !copy.isUnsaved();
    }

    /**
     * Whether there are more copies than allowed, and none of them can go: then no session should be created that would
     * only make it worse.
     */
    boolean isFull() {
        return full;
    }

    private List<Candidate> candidates(Predicate<LiveSession> further) {
        return local.values().stream()
                .filter(copy -> mayLeave(copy) && !keepsOwn(copy) && further.test(copy))
                .map(copy -> new Candidate(copy, copy.idleNanos()))
                .sorted(Comparator.comparingLong(Candidate::idleNanos).reversed())
                .toList();
    }

    private static boolean mayLeave(LiveSession copy) {
        return copy.isStored() && !copy.isInUse();
    }

    /** While the store is away, a copy is all that there is of what was done here; and of the session, if it lost that. */
    private boolean mustStay(LiveSession copy) {
        return store.isAway(copy.id()) || repository.hasUncompared();
    }

    private boolean keepsOwn(LiveSession copy) {
        return copy.hasLocalOnly() || lifecycle.keepsMore(copy);
    }

    /**
     * Lets a copy go that no request uses: listeners among its attributes are told. The session goes on; the next look
     * makes another copy.
     *
     * @return whether it has left; not so while a request uses it or something of it is still to be written
     * @throws StoreException if the store does not answer; the copy then stays
     */
    public boolean release(LiveSession copy) {
        if (!settle(copy) || !mayLeave(copy) || mustStay(copy)) {
            return false;
        }
        boolean tell = decodedListeners(copy).isEmpty() || restoration.bringUpToDate(copy);
        if (mustStay(copy) || !take(copy)) {
            return false;
        }
        if (tell) {
            tellAndWrite(copy, true);
        }
        lifecycle.left(copy);
        return true;
    }

    /**
     * The node stops: writes what is left, and lets all copies go. Does not fail, and does not take longer than allowed.
     *
     * @return what could not be done
     */
    public Leftovers releaseAll(Deadline deadline) {
        return new NodeStop(repository, this).run(deadline);
    }

    /**
     * Lets a copy go without asking the store, which does not answer. What its listeners change is lost.
     *
     * @return whether it has left; not so if a request uses it
     */
    boolean leaveUnheard(LiveSession copy) {
        if (!take(copy)) {
            return false;
        }
        tellAndWrite(copy, false);
        lifecycle.left(copy);
        return true;
    }

    /** Writes what threads of no request have changed; a second time what the first one has just set. */
    private boolean settle(LiveSession copy) {
        for (int attempt = 0; attempt < 2 && copy.isAmbientDirty(); attempt++) {
            if (!repository.settle(copy)) {
                return false;
            }
        }
        return !copy.isAmbientDirty();
    }

    /** Takes a copy out of the map, if nobody uses it or is about to. */
    private boolean take(LiveSession copy) {
        AtomicBoolean taken = new AtomicBoolean();
        SessionId id = copy.id();
        underWay.compute(id, (key, count) -> {
            taken.set(count == null && mayLeave(copy) && local.remove(key, copy));
            return count;
        });
        return taken.get();
    }

    private void tellAndWrite(LiveSession copy, boolean write) {
        telling.incrementAndGet();
        RequestScope scope = new RequestScope(repository);
        RequestScope previous = scope.enter();
        try {
            scope.include(copy);
            ChangeSet changes = scope.changesOf(copy);
            tell(copy);
            if (copy.needsCommit(changes, false)) {
                write(copy, changes, write);
            }
        } catch (StoreException unanswered) {
            unwritten.incrementAndGet();
            reports.unwrittenFarewell(copy.id(), unanswered);
        } catch (RuntimeException unexpected) {
            reports.unexpected(copy.id(), unexpected);
        } finally {
            RequestScope.exit(previous);
            ChangeSet told = scope.changesOf(copy);
            // Written or lost: a later commit of this copy must not bring it after what others have written.
            told.clear();
            copy.leave(told);
            telling.decrementAndGet();
        }
    }

    private void tell(LiveSession copy) {
        Map<String, Object> listeners = new HashMap<>();
        decodedListeners(copy).forEach((name, attribute) -> {
            Object value = attribute.valueIfDecoded();
            if (value != null) {
                listeners.put(name, value);
                copy.handOut(name, attribute);
            }
        });
        lifecycle.willPassivate(
                copy, listeners, (name, thrown) -> reports.listenerFailed(copy.id(), name, "passivation", thrown));
    }

    private void write(LiveSession copy, ChangeSet changes, boolean write) {
        Draft draft = copy.draft(changes);
        try {
            encodeAndSend(copy, draft, write);
        } finally {
            copy.ended(draft);
        }
    }

    private void encodeAndSend(LiveSession copy, Draft draft, boolean write) {
        Draft.Encoded encoded = draft.encodeLeaving(
                repository.codec(),
                filter,
                new SizeCheck(limits, reports.oversize(), copy),
                (name, cause) -> reports.unwritable(copy.id(), name, cause));
        if (encoded.delta.isEmpty()) {
            return;
        }
        if (!write) {
            unwritten.incrementAndGet();
            return;
        }
        store.commitLeaving(
                copy.id(),
                copy.known(),
                encoded.delta,
                ThreadLocalRandom.current().nextInt());
    }

    private Map<String, Attribute> decodedListeners(LiveSession copy) {
        return copy.decoded(lifecycle::isListener);
    }

    /** How many copies still hold an object that was not told that it leaves, or has not come back from being told. */
    int untold() {
        return telling.get()
                + (int) local.values().stream()
                        .filter(copy -> !decodedListeners(copy).isEmpty())
                        .count();
    }

    /** How many copies have left whose listeners have changed something that could not be written. */
    int unwritten() {
        return unwritten.get();
    }

    /** What the store has failed to answer: perhaps only one part of it is down, and copies of the others can go. */
    private final class Trouble {

        private @Nullable StoreException last;

        boolean released(LiveSession copy) {
            try {
                return release(copy);
            } catch (StoreException unanswered) {
                last = unanswered;
                return false;
            }
        }

        void rethrow() {
            StoreException unanswered = last;
            if (unanswered != null) {
                throw unanswered;
            }
        }
    }

    private record Candidate(LiveSession copy, long idleNanos) {}
}
