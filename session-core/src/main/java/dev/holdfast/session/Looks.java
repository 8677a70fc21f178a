package dev.holdfast.session;

import dev.holdfast.model.SessionId;
import dev.holdfast.store.Loaded;
import dev.holdfast.store.LockRequest;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoreException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Looks sessions up in the store, and keeps the local copies of this node up to date with what it says. Thread-safe. */
final class Looks {

    private final SessionRepository repository;
    private final SessionStore store;
    private final Locks locks;
    private final Map<SessionId, LiveSession> local;
    private final LongSupplier nanoTicker;

    /**
     * @param local the one copy of this node for each session, shared with the repository
     */
    Looks(
            SessionRepository repository,
            SessionStore store,
            Locks locks,
            Map<SessionId, LiveSession> local,
            LongSupplier nanoTicker) {
        this.repository = repository;
        this.store = store;
        this.locks = locks;
        this.local = local;
        this.nanoTicker = nanoTicker;
    }

    /** Asks once, and brings the local copy up to date. */
    Optional<LiveSession> ask(SessionId id, boolean touch) {
        LiveSession copy = local.get(id);
        if (copy != null && !copy.isStored()) {
            copy.times().used();
            return Optional.of(copy);
        }
        long askedNanos = nanoTicker.getAsLong();
        Loaded loaded = copy == null
                ? store.load(id, 0, 0, touch)
                : store.load(id, copy.revision(), copy.createdMillis(), touch);
        return answer(id, copy, loaded, askedNanos, touch);
    }

    /**
     * Brings a copy up to date for a thread of no request, whether it is still this node's copy or not. No access. Ends
     * it if the store knows it no more, unless a request of this node is about to finish with it.
     *
     * @return whether the store knows it
     */
    boolean refresh(LiveSession session) {
        return refreshOnce(session) || refreshInOrder(session);
    }

    private boolean refreshOnce(LiveSession session) {
        long askedNanos = nanoTicker.getAsLong();
        boolean heals = session.isTainted() && !session.isUsedByRequests();
        Loaded loaded = heals
                ? store.load(session.id(), 0, 0, false)
                : store.load(session.id(), session.revision(), session.createdMillis(), false);
        if (heals
                && loaded instanceof Loaded.Everything whole
                && whole.metadata().createdMillis() == session.createdMillis()) {
            session.heal(whole.metadata(), whole.attributes());
        }
        return update(session, loaded, askedNanos, false);
    }

    /** The first answer may have been that of a moment in which this node changed the id. */
    private boolean refreshInOrder(LiveSession session) {
        boolean ordered = Commits.lock(session);
        try {
            if (session.hasEnded()) {
                return false;
            }
            // Without the order, a change of id may still be under way: the next use decides.
            boolean known = refreshOnce(session) || !ordered;
            if (!known && !session.isUsedByRequests()) {
                session.end();
                local.remove(session.id(), session);
            }
            return known;
        } finally {
            Commits.unlock(session, ordered);
        }
    }

    private Optional<LiveSession> answer(
            SessionId id, @Nullable LiveSession copy, Loaded loaded, long askedNanos, boolean touch) {
        if (copy == null) {
            return copyOf(id, loaded, askedNanos);
        }
        if (!update(copy, loaded, askedNanos, touch)) {
            local.remove(id, copy);
            return copyOf(id, loaded, askedNanos);
        }
        return copy.hasEnded() ? Optional.empty() : Optional.of(copy);
    }

    /** @return whether the answer is about the session of this copy */
    private static boolean update(LiveSession copy, Loaded loaded, long askedNanos, boolean touch) {
        copy.times().used();
        if (!merge(copy, loaded)) {
            return false;
        }
        if (touch) {
            copy.times().told();
        }
        copy.times().asked(askedNanos);
        return true;
    }

    /**
     * Brings a copy up to date with an answer of the store.
     *
     * @return false if the store has no such session any more, or has another one under its id
     */
    static boolean merge(LiveSession copy, Loaded loaded) {
        if (loaded instanceof Loaded.Unchanged unchanged) {
            copy.unchanged(unchanged.metadata());
            return true;
        }
        if (loaded instanceof Loaded.Changed changed) {
            inOrder(copy, () -> copy.merge(changed.metadata(), changed.set(), changed.removed()));
            return true;
        }
        if (loaded instanceof Loaded.Everything whole && whole.metadata().createdMillis() == copy.createdMillis()) {
            inOrder(copy, () -> copy.mergeWhole(whole.metadata(), whole.attributes()));
            return true;
        }
        return false;
    }

    /**
     * Merges when no commit of the session is under way on this node. A merge leaves alone what this node has changed
     * and not written: but the store may have taken that commit already, and what another node wrote after it, and only
     * the answer is still to come. Then what arrives is newer, and this look is to see it. A look that has waited for
     * too long goes on without it; the next one after the answer sees it, see {@link AttributeVersions}.
     */
    private static void inOrder(LiveSession copy, Runnable merge) {
        if (!copy.isCommitUnderWay()) {
            merge.run();
            return;
        }
        boolean ordered = Commits.lock(copy);
        try {
            merge.run();
        } finally {
            Commits.unlock(copy, ordered);
        }
    }

    /** Asks until the request has the session for itself, or its time is over. */
    Optional<LiveSession> askExclusively(RequestScope scope, SessionId id, LockRequest wanted) {
        if (scope.wasRefused(id)) {
            throw refusal(id);
        }
        LiveSession copy = local.get(id);
        if (copy != null && !copy.isStored()) {
            copy.times().used();
            return Optional.of(copy);
        }
        LockedLook look = new LockedLook(id, wanted);
        Loaded loaded = locks.await(id, look);
        if (loaded instanceof Loaded.Locked) {
            locks.tellTimeout(id);
            if (locks.mayProceed()) {
                return ask(id, true);
            }
            scope.refused(id);
            throw refusal(id);
        }
        boolean took = Locks.tookLock(loaded);
        Optional<LiveSession> found =
                took && look.copyIsTainted() ? look.again() : answer(id, look.copy, loaded, look.askedNanos, true);
        if (took) {
            take(scope, look, found);
        }
        return found;
    }

    private void take(RequestScope scope, LockedLook look, Optional<LiveSession> found) {
        if (found.isPresent()) {
            scope.locked(found.get(), () -> locks.took(found.get(), look.wanted, look.askedNanos), look.askedNanos);
        } else {
            // It has ended on this node while the answer was under way.
            locks.maybeTook(look.id, 0, look.wanted);
        }
    }

    private SessionLockedException refusal(SessionId id) {
        return new SessionLockedException(
                "HF-312 Session " + id + " is used by another request, which did not end within" + " lockTimeout, "
                        + locks.timeout().toMillis() + " ms. Nothing was read or written.");
    }

    /** Looks at a session for a request that wants it for itself, as often as it takes. */
    private final class LockedLook implements Function<Boolean, Loaded> {

        private final SessionId id;
        private final LockRequest wanted;
        private @Nullable LiveSession copy;
        private long askedNanos;

        LockedLook(SessionId id, LockRequest wanted) {
            this.id = id;
            this.wanted = wanted;
        }

        @Override
        public Loaded apply(Boolean othersWait) {
            LockRequest asked = othersWait ? wanted.wantedByOthers() : wanted;
            LiveSession present = local.get(id);
            copy = present;
            askedNanos = nanoTicker.getAsLong();
            try {
                return present == null
                        ? store.locks().load(id, 0, 0, true, asked)
                        : store.locks().load(id, present.revision(), present.createdMillis(), true, asked);
            } catch (StoreException unanswered) {
                if (unanswered.reason() != StoreException.Reason.NOT_ASKED) {
                    locks.maybeTook(id, present == null ? 0 : present.createdMillis(), wanted);
                }
                throw unanswered;
            }
        }

        /** Whether the copy may show what a request has changed that lost its lock to this one. */
        boolean copyIsTainted() {
            LiveSession present = copy;
            HeldLock last = present == null ? null : present.lastLock();
            return last != null && !last.request().equals(wanted) && last.mayBeOvertaken(nanoTicker.getAsLong());
        }

        /** Leaves the copy to who has lost the lock, and makes another one. */
        Optional<LiveSession> again() {
            LiveSession tainted = copy;
            if (tainted != null) {
                local.remove(id, tainted);
            }
            Loaded loaded = apply(false);
            return answer(id, copy, loaded, askedNanos, true);
        }
    }

    private Optional<LiveSession> copyOf(SessionId id, Loaded loaded, long askedNanos) {
        if (!(loaded instanceof Loaded.Everything whole)) {
            return Optional.empty();
        }
        LiveSession fresh = LiveSession.loaded(repository, id, whole.metadata(), whole.attributes());
        fresh.times().asked(askedNanos);
        LiveSession present = local.putIfAbsent(id, fresh);
        if (present == null) {
            return Optional.of(fresh);
        }
        if (present.hasEnded() || present.createdMillis() != fresh.createdMillis()) {
            // While this look was under way the session was ended, and perhaps another one was made of its id.
            return Optional.empty();
        }
        // Another request of this node has loaded it at the same time: there is one object for both.
        inOrder(present, () -> present.mergeWhole(whole.metadata(), whole.attributes()));
        return Optional.of(present);
    }
}
