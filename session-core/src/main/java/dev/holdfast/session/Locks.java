package dev.holdfast.session;

import dev.holdfast.model.NewSession;
import dev.holdfast.model.SessionId;
import dev.holdfast.store.Created;
import dev.holdfast.store.Loaded;
import dev.holdfast.store.LockAnswer;
import dev.holdfast.store.LockRequest;
import dev.holdfast.store.Moved;
import dev.holdfast.store.SessionLocks;
import dev.holdfast.store.StoreException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Exclusive use of sessions by requests of this node: waits for them, keeps their leases, gives them back. Thread-safe.
 *
 * <p>Whoever waits holds no lock of ours. Waiting ends by word of the store, which
 * reaches all nodes alike: a node that woke its own requests would keep the others waiting. Beside that the store is
 * asked when a lease must have run out, for a dead owner says nothing, and once more before a request gives up.
 */
final class Locks implements SessionLocks.Listener {

    /** Beyond the end of a lease, so that one question is enough. */
    private static final long AFTER_LEASE_MILLIS = 5;

    /** A revision that no session has: a lock that is gone stays gone. */
    private static final long NEVER_AGAIN = 0;

    private final SessionLocks store;
    private final LockOptions options;
    private final LongSupplier nanoTicker;
    private final Reports reports;
    private final Waiters waiters = new Waiters();
    private final Map<HeldLock, LiveSession> held = new ConcurrentHashMap<>();
    private final LocksHere here = new LocksHere(held);

    /** Who has got a lock of the store, and waits for another request of this node. */
    private final Set<LockRequest> behind = ConcurrentHashMap.newKeySet();

    private final Map<LockRequest, Phantom> phantoms = new ConcurrentHashMap<>();

    Locks(SessionLocks store, LockOptions options, LongSupplier nanoTicker, Reports reports) {
        this.store = store;
        this.options = options;
        this.nanoTicker = nanoTicker;
        this.reports = reports;
    }

    boolean mayProceed() {
        return options.proceed();
    }

    Duration timeout() {
        return options.timeout();
    }

    LockRequest newRequest() {
        return LockRequest.ofNewOwner(options.lease());
    }

    // ---- waiting -------------------------------------------------------------------------------------------------

    /**
     * Asks until the session is free or the time is up.
     *
     * @param attempt asks the store once, and tells it whether others wait behind this request
     * @return the last answer: {@link Loaded.Locked} if the time is up
     * @throws StoreException if the store does not answer, or if the thread was interrupted
     */
    Loaded await(SessionId id, LockRequest wanted, Function<Boolean, Loaded> attempt) {
        Loaded last = null;
        try {
            last = await(id, attempt);
            return last;
        } finally {
            if (behind.remove(wanted) && (last == null || last instanceof Loaded.Locked)) {
                maybeTook(id, 0, wanted);
            }
        }
    }

    private Loaded await(SessionId id, Function<Boolean, Loaded> attempt) {
        if (!waiters.hasAny(id) || options.timeout().isZero()) {
            Loaded first = attempt.apply(false);
            if (!(first instanceof Loaded.Locked) || options.timeout().isZero()) {
                return first;
            }
        }
        long deadline = nanoTicker.getAsLong() + options.timeout().toNanos();
        Waiters.Waiter waiter = waiters.join(id);
        boolean passOn = true;
        try {
            AtomicBoolean told = new AtomicBoolean();
            Supplier<Loaded> asking = () -> {
                told.set(waiters.hasSeveral(id));
                return attempt.apply(told.get());
            };
            Loaded last = await(id, asking, waiter, deadline);
            // Who came while the store was asked is not known there as somebody who waits.
            passOn = !tookLock(last) || !told.get();
            return last;
        } finally {
            waiters.leave(id, waiter, passOn);
        }
    }

    private Loaded await(SessionId id, Supplier<Loaded> attempt, Waiters.Waiter waiter, long deadline) {
        long recheck = nanoTicker.getAsLong() + options.lease().toNanos();
        while (true) {
            long now = nanoTicker.getAsLong();
            boolean timeIsUp = deadline - now <= 0;
            if (timeIsUp || recheck - now <= 0 || waiters.isFirst(id, waiter)) {
                Loaded answer = attempt.get();
                if (!(answer instanceof Loaded.Locked locked) || timeIsUp) {
                    return answer;
                }
                recheck = nanoTicker.getAsLong()
                        + TimeUnit.MILLISECONDS.toNanos(locked.remainingMillis() + AFTER_LEASE_MILLIS);
            }
            try {
                waiter.await(Math.min(deadline, recheck) - nanoTicker.getAsLong());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new StoreException(
                        StoreException.Reason.INTERRUPTED, "HF-313 Interrupted while waiting for session " + id);
            }
        }
    }

    /**
     * Asks the store for a session and its lock; while it is away, requests of this node have the session one at a time.
     *
     * @param copy of this node, if it has one
     * @param wanted the lock; it is {@linkplain #here} one of this node if the store has not given it
     * @return {@link Loaded.Locked} also if another request of this node has the session
     * @throws StoreException if the store does not answer, and nobody here has the session
     */
    Loaded ask(SessionId id, @Nullable LiveSession copy, LockRequest wanted, Supplier<Loaded> question) {
        Loaded answer;
        try {
            answer = question.get();
        } catch (StoreException unanswered) {
            if (!unanswered.storeIsAway() || copy == null || here.take(copy, wanted)) {
                throw unanswered;
            }
            return usedHere();
        }
        if (tookLock(answer)) {
            behind.remove(wanted);
            if (here.isBefore(id, wanted)) {
                behind.add(wanted);
                return usedHere();
            }
        } else if (answer instanceof Loaded.Everything && copy != null && !here.take(copy, wanted)) {
            return usedHere();
        }
        return answer;
    }

    /** Asked again after a while, also so that a lock that the store has given meanwhile is not lost. */
    private Loaded usedHere() {
        return new Loaded.Locked(options.lease().toMillis() / 3);
    }

    /** The lock of this node that {@link #ask} took for a request; null if it did not. */
    @Nullable
    HeldLock here(LockRequest wanted) {
        return here.of(wanted);
    }

    /** The session is not to be had after all. */
    void dropHere(SessionId id, LockRequest wanted) {
        if (here.of(wanted) != null) {
            here.remove(wanted);
            waiters.wake(id);
        }
    }

    /** Whether an answer to a question for a lock means that it was taken. */
    static boolean tookLock(Loaded answer) {
        // Without an epoch, this node has answered: nobody has heard of the lock.
        return (answer instanceof Loaded.Everything whole && !whole.epoch().isEmpty())
                || answer instanceof Loaded.Changed
                || answer instanceof Loaded.Behind
                || answer instanceof Loaded.Unchanged;
    }

    @Override
    public void unlocked(SessionId id) {
        waiters.wake(id);
    }

    @Override
    public void missedSome() {
        waiters.wakeAll();
    }

    /** Nobody tells of locks of a store that is away: who waits is to ask, and goes on with one of this node. */
    void wakeWaiters(Predicate<SessionId> isAway) {
        waiters.ids().stream().filter(isAway).forEach(waiters::wake);
    }

    /** Creates a session that its request has for itself from the start. */
    Created create(LiveSession session, NewSession created, ChangeSet changes, LockRequest wanted) {
        long askedNanos = nanoTicker.getAsLong();
        Created outcome = store.create(created, wanted);
        if (outcome instanceof Created.Done done && !done.epoch().isEmpty()) {
            changes.lock = took(session, wanted, askedNanos);
        } else if (outcome instanceof Created.Done && here.take(session, wanted)) {
            changes.lock = here.of(wanted);
        }
        return outcome;
    }

    // ---- leases --------------------------------------------------------------------------------------------------

    /** A lock was taken. */
    HeldLock took(LiveSession session, LockRequest request, long askedNanos) {
        HeldLock lock = new HeldLock(request, askedNanos, session.revision());
        phantoms.remove(request);
        here.remove(request);
        session.lockedBy(lock);
        held.put(lock, session);
        return lock;
    }

    /** Keeps the leases of requests that are under way. */
    void renewAll() {
        // First those that somebody depends on. One part of a cluster may be down: the locks of the others go on.
        AtomicReference<@Nullable StoreException> trouble = new AtomicReference<>();
        held.forEach((lock, session) -> {
            long now = nanoTicker.getAsLong();
            if (lock.isToBeRenewed(now)) {
                trying(trouble, () -> renew(lock, session, now));
            }
        });
        phantoms.forEach((request, phantom) -> trying(trouble, () -> dispel(request, phantom)));
        StoreException first = trouble.get();
        if (first != null) {
            throw first;
        }
    }

    private void renew(HeldLock lock, LiveSession session, long nowNanos) {
        if (ask(lock, session, NEVER_AGAIN, "") || (lock.isHeld() && isTakenAgain(lock, session))) {
            lock.renewed(nowNanos);
            if (!lock.isHeld()) {
                // Its request has given it back meanwhile, perhaps before it was taken again.
                maybeTook(session.id(), session.createdMillis(), lock.request());
            }
        } else if (lock.isHeld() && !session.hasEnded()) {
            lost(lock);
        }
    }

    /**
     * Takes a lock again that the store has lost, if nobody has written since: as after a restart of a store without its
     * data, or when the lease has run out while this node stood still. Only to be asked when the store has said that the
     * lock is gone: then no such call is done late, when the lock has been given back.
     *
     * @return whether it is the owner's
     */
    boolean isTakenAgain(HeldLock lock, LiveSession session) {
        return ask(lock, session, lock.revision(), session.epoch());
    }

    private boolean ask(HeldLock lock, LiveSession session, long knownRevision, String knownEpoch) {
        SessionId id = session.id();
        for (int hop = 0; hop < Commits.MOST_HOPS; hop++) {
            LockAnswer answer = store.renew(id, session.createdMillis(), lock.request(), knownRevision, knownEpoch);
            if (!(answer instanceof Moved moved)) {
                return answer instanceof LockAnswer.Done;
            }
            id = moved.newId();
        }
        return false;
    }

    /** Another owner has it, or may have had it. */
    void lost(HeldLock lock) {
        lock.lost();
        released(lock);
    }

    private boolean released(HeldLock lock) {
        LiveSession session = held.remove(lock);
        if (session != null && here.wasAwaited(session.id())) {
            waiters.wake(session.id());
        }
        return session != null;
    }

    /** The store has lost the session, and the lock with it: but for one that was taken again before the session was. */
    void gone(HeldLock lock, LiveSession session) {
        givenBack(lock);
        maybeTook(session.id(), session.createdMillis(), lock.request());
    }

    // ---- giving back ---------------------------------------------------------------------------------------------

    /** The store was told with a commit, and has done it. */
    void givenBack(HeldLock lock) {
        lock.givenBack();
        released(lock);
    }

    /** Gives a lock back that no commit has given back. Does not fail: what is left over, the lease ends. */
    void giveBack(@Nullable HeldLock lock, LiveSession session) {
        if (lock == null) {
            return;
        }
        if (lock.isHere()) {
            dropHere(session.id(), lock.request());
            return;
        }
        if (!released(lock)) {
            return;
        }
        SessionId id = session.id();
        if (!lock.isHeld()) {
            // The commit that should give it back was not answered: to wait once more helps nobody.
            phantoms.put(lock.request(), new Phantom(id, session.createdMillis()));
            return;
        }
        lock.givingBack();
        try {
            if (!session.hasEnded()) {
                unlock(id, session.createdMillis(), lock.request().owner());
            }
            lock.givenBack();
        } catch (StoreException unanswered) {
            phantoms.put(lock.request(), new Phantom(id, session.createdMillis()));
        }
    }

    /** A question for a lock was not answered: it may have been taken all the same. */
    void maybeTook(SessionId id, long createdMillis, LockRequest request) {
        phantoms.put(request, new Phantom(id, createdMillis));
    }

    private void unlock(SessionId first, long createdMillis, String owner) {
        SessionId id = first;
        for (int hop = 0; hop < Commits.MOST_HOPS; hop++) {
            if (!(store.unlock(id, createdMillis, owner) instanceof Moved moved)) {
                return;
            }
            id = moved.newId();
        }
    }

    private static void trying(AtomicReference<@Nullable StoreException> trouble, Runnable step) {
        try {
            step.run();
        } catch (StoreException unanswered) {
            trouble.compareAndSet(null, unanswered);
        }
    }

    private void dispel(LockRequest request, Phantom phantom) {
        unlock(phantom.id, phantom.createdMillis, request.owner());
        phantoms.remove(request);
        waiters.wake(phantom.id);
    }

    /** The session has ended here or has another id: who waits for this one waits in vain. */
    void ended(SessionId id) {
        waiters.wake(id);
    }

    void tellTimeout(SessionId id) {
        reports.lockTimeout(id, options.timeout(), options.proceed());
    }

    /** A lock that nobody here holds, but that may be there. */
    private record Phantom(SessionId id, long createdMillis) {}
}
