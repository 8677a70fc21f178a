package dev.holdfast.session;

import dev.holdfast.model.SessionId;
import dev.holdfast.store.Known;
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
    private final Restoration restoration;

    /**
     * @param local the one copy of this node for each session, shared with the repository
     */
    Looks(
            SessionRepository repository,
            SessionStore store,
            Locks locks,
            Restoration restoration,
            Map<SessionId, LiveSession> local,
            LongSupplier nanoTicker) {
        this.restoration = restoration;
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
        Question question = new Question(copy, nanoTicker.getAsLong());
        try {
            return answer(id, question, store.load(id, question.known, touch), touch);
        } catch (StoreException unanswered) {
            return Optional.of(ownCopy(copy, unanswered, touch));
        }
    }

    /**
     * While the store is away this node's own copy counts, if its time is not over.
     *
     * @throws StoreException if there is no such copy, or the store is not away
     */
    private LiveSession ownCopy(@Nullable LiveSession copy, StoreException unanswered, boolean touch) {
        if (!unanswered.storeIsAway() || copy == null || copy.hasEnded() || copy.isOverdue()) {
            throw unanswered;
        }
        if (touch) {
            copy.accessedHere(store.nowMillis());
        } else {
            copy.times().used();
        }
        return copy;
    }

    /** What this node knew when it asked: it may know more when the answer comes. */
    private static final class Question {
        final @Nullable LiveSession copy;
        final Known known;
        final long askedNanos;

        Question(@Nullable LiveSession copy, long askedNanos) {
            this.copy = copy;
            // Without an epoch the copy was born while the store was away: the whole record brings one. And one whose
            // time is over is nobody's: that a client asks for it is no use of it, unless the store knows better.
            this.known = copy == null
                    ? Known.NOTHING
                    : copy.epoch().isEmpty() || copy.isOverdue() ? Known.of(copy.createdMillis(), 0) : copy.known();
            this.askedNanos = askedNanos;
        }
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

    /**
     * As {@link #refresh}, but the copy itself is no answer.
     *
     * @throws StoreException if the store does not answer
     */
    void compare(LiveSession session) {
        String before = session.epoch();
        String present = store.epochOf(session.id());
        if (!askAbout(session)) {
            boolean unused = refreshInOrder(session);
        } else if (!before.isEmpty() && !present.isEmpty() && before.equals(session.epoch())) {
            // It is there in this epoch, too: when it is missing one day, it was ended.
            session.knownAt(present);
        }
    }

    private boolean refreshOnce(LiveSession session) {
        try {
            return askAbout(session);
        } catch (StoreException unanswered) {
            ownCopy(session, unanswered, false);
            return true;
        }
    }

    private boolean askAbout(LiveSession session) {
        Question question = new Question(session, nanoTicker.getAsLong());
        boolean heals = session.isTainted() && !session.isUsedByRequests();
        Loaded loaded = store.load(session.id(), heals ? Known.of(session.createdMillis(), 0) : question.known, false);
        if (heals
                && loaded instanceof Loaded.Everything whole
                && whole.metadata().createdMillis() == session.createdMillis()) {
            session.heal(whole.metadata(), whole.attributes());
        }
        return update(session, question, loaded, false);
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

    private Optional<LiveSession> answer(SessionId id, Question question, Loaded loaded, boolean touch) {
        LiveSession copy = question.copy;
        if (copy == null) {
            return copyOf(id, loaded, question.askedNanos);
        }
        if (!update(copy, question, loaded, touch)) {
            local.remove(id, copy);
            return copyOf(id, loaded, question.askedNanos);
        }
        return copy.hasEnded() ? Optional.empty() : Optional.of(copy);
    }

    /** @return whether the answer is about the session of this copy */
    private boolean update(LiveSession copy, Question question, Loaded loaded, boolean touch) {
        copy.times().used();
        if (Restoration.isNeeded(copy, loaded)) {
            if (loaded instanceof Loaded.Absent && copy.isOverdue()) {
                // Its time would have been over all the same. A node that has used it since puts it back.
                return false;
            }
            if (!restoration.restore(copy, loaded)) {
                return false;
            }
        } else if (!merge(copy, loaded)) {
            return false;
        }
        if (touch) {
            copy.times().told();
        }
        copy.times().asked(question.askedNanos);
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
            copy.knownAt(whole.epoch());
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
        Loaded loaded;
        try {
            loaded = locks.await(id, wanted, look);
        } catch (StoreException unanswered) {
            return Optional.of(ownCopyExclusively(scope, look, unanswered));
        }
        if (loaded instanceof Loaded.Locked) {
            locks.tellTimeout(id);
            if (locks.mayProceed()) {
                return ask(id, true);
            }
            scope.refused(id);
            throw refusal(id);
        }
        boolean took = Locks.tookLock(loaded);
        Optional<LiveSession> found;
        try {
            found = took && look.copyIsTainted() ? look.again() : answer(id, look.question, loaded, true);
        } catch (StoreException unanswered) {
            if (took) {
                locks.maybeTook(id, look.question.known.createdMillis(), wanted);
            }
            return Optional.of(ownCopyExclusively(scope, look, unanswered));
        }
        if (took) {
            take(scope, look, found);
        } else if (found.isPresent() && loaded instanceof Loaded.Absent) {
            // The store had lost it, and has it again: now there is something to be locked.
            return askExclusively(scope, id, wanted);
        } else {
            takeHere(scope, look, found);
        }
        return found;
    }

    /** As {@link #ownCopy}; no other such request of this node uses the session meanwhile. */
    private LiveSession ownCopyExclusively(RequestScope scope, LockedLook look, StoreException unanswered) {
        LiveSession own;
        try {
            own = ownCopy(look.question.copy, unanswered, true);
        } catch (StoreException none) {
            locks.dropHere(look.id, look.wanted);
            throw none;
        }
        takeHere(scope, look, Optional.of(own));
        return own;
    }

    private void takeHere(RequestScope scope, LockedLook look, Optional<LiveSession> found) {
        HeldLock here = locks.here(look.wanted);
        if (here != null && found.isPresent()) {
            scope.locked(found.get(), () -> here, look.question.askedNanos);
        } else {
            locks.dropHere(look.id, look.wanted);
        }
    }

    private void take(RequestScope scope, LockedLook look, Optional<LiveSession> found) {
        if (found.isPresent()) {
            scope.locked(
                    found.get(),
                    () -> locks.took(found.get(), look.wanted, look.question.askedNanos),
                    look.question.askedNanos);
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
        private Question question;

        LockedLook(SessionId id, LockRequest wanted) {
            this.id = id;
            this.wanted = wanted;
            this.question = new Question(local.get(id), nanoTicker.getAsLong());
        }

        @Override
        public Loaded apply(Boolean othersWait) {
            LockRequest asked = othersWait ? wanted.wantedByOthers() : wanted;
            question = new Question(local.get(id), nanoTicker.getAsLong());
            return locks.ask(id, question.copy, wanted, () -> load(asked));
        }

        private Loaded load(LockRequest asked) {
            try {
                return store.locks().load(id, question.known, true, asked);
            } catch (StoreException unanswered) {
                if (unanswered.reason() != StoreException.Reason.NOT_ASKED) {
                    locks.maybeTook(id, question.known.createdMillis(), wanted);
                }
                throw unanswered;
            }
        }

        /** Whether the copy may show what a request has changed that lost its lock to this one. */
        boolean copyIsTainted() {
            LiveSession present = question.copy;
            HeldLock last = present == null ? null : present.lastLock();
            return last != null && !last.request().equals(wanted) && last.mayBeOvertaken(nanoTicker.getAsLong());
        }

        /** Leaves the copy to who has lost the lock, and makes another one. */
        Optional<LiveSession> again() {
            Question first = question;
            LiveSession tainted = first.copy;
            if (tainted == null) {
                return answer(id, first, apply(false), true);
            }
            local.remove(id, tainted);
            try {
                Loaded loaded = apply(false);
                return answer(id, question, loaded, true);
            } catch (StoreException unanswered) {
                // Then it is all that there is.
                local.putIfAbsent(id, tainted);
                question = first;
                throw unanswered;
            }
        }
    }

    private Optional<LiveSession> copyOf(SessionId id, Loaded loaded, long askedNanos) {
        if (!(loaded instanceof Loaded.Everything whole)) {
            return Optional.empty();
        }
        LiveSession fresh = LiveSession.loaded(repository, id, whole.metadata(), whole.attributes(), whole.epoch());
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
