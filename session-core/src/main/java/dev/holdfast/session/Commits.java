package dev.holdfast.session;

import dev.holdfast.codec.AttributeCodec;
import dev.holdfast.model.Delta;
import dev.holdfast.model.NewSession;
import dev.holdfast.model.SessionId;
import dev.holdfast.store.Behind;
import dev.holdfast.store.Committed;
import dev.holdfast.store.Created;
import dev.holdfast.store.Moved;
import dev.holdfast.store.SessionStore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Writes drafts to the store. Thread-safe. */
final class Commits {

    /**
     * How long a commit waits for another one of the same session on this node. Longer than any call should take, and
     * limited because encoding may wait for a lock of the application whose holder is waiting here.
     */
    private static final long MOST_WAIT_MILLIS = 1000;

    /** How often an id may have changed while a request ran under the first one. */
    static final int MOST_HOPS = 16;

    private final SessionStore store;
    private final Locks locks;
    private final AttributeCodec codec;
    private final AttributeFilter filter;
    private final SizeLimits limits;
    private final Reports reports;
    private final Restoration restoration;

    Commits(
            SessionStore store,
            Locks locks,
            AttributeCodec codec,
            AttributeFilter filter,
            SizeLimits limits,
            Reports reports,
            Restoration restoration) {
        this.store = store;
        this.locks = locks;
        this.codec = codec;
        this.filter = filter;
        this.limits = limits;
        this.reports = reports;
        this.restoration = restoration;
    }

    /** What became of a commit. */
    enum Result {
        /** Everything is in the store. */
        WRITTEN,
        /** The session has ended. */
        ENDED,
        /** The request has lost the lock under which it made its changes. */
        FENCED
    }

    /**
     * Writes what a request changed.
     *
     * @param last whether no application code of the request runs any more, so that its lock is given back
     */
    Result commit(LiveSession session, @Nullable ChangeSet changes, boolean last) {
        boolean ordered = lock(session);
        try {
            if (session.hasEnded()) {
                return Result.ENDED;
            }
            if (changes != null && changes.fenced) {
                return Result.WRITTEN;
            }
            Draft draft = session.draft(changes);
            try {
                return write(session, draft, changes, last);
            } catch (RuntimeException failed) {
                draft.failed();
                throw failed;
            } finally {
                session.ended(draft);
            }
        } finally {
            unlock(session, ordered);
        }
    }

    private Result write(LiveSession session, Draft draft, @Nullable ChangeSet changes, boolean last) {
        Draft.Encoded encoded = draft.encode(
                codec,
                filter,
                new SizeCheck(limits, reports.oversize(), session),
                (name, cause) -> reports.unwritable(session.id(), name, cause));
        if (!session.isStored()) {
            return create(session, draft, encoded, last ? null : changes);
        }
        if (encoded.delta.isEmpty()) {
            session.settled(draft, encoded);
            return Result.WRITTEN;
        }
        return send(session, draft, encoded, changes == null ? null : changes.lock, last);
    }

    /**
     * A session that nobody knows yet needs no lock, unless its request goes on after others can have heard of it.
     *
     * @param goesOn the changes of a request that goes on, or null
     */
    private Result create(LiveSession session, Draft draft, Draft.Encoded encoded, @Nullable ChangeSet goesOn) {
        Delta delta = encoded.delta;
        boolean triedBefore = session.beginCreate();
        NewSession created =
                new NewSession(session.id(), session.createdMillis(), 1, session.maxInactiveSeconds(), delta.set());
        Created outcome = goesOn == null || goesOn.wanted == null
                ? store.create(created)
                : locks.create(session, created, goesOn, goesOn.wanted);
        if (session.hasEnded()) {
            // A logout that did not wait for this call.
            store.remove(session.id(), session.createdMillis());
            return Result.ENDED;
        }
        if (outcome instanceof Created.Buried) {
            return Result.ENDED;
        }
        if (outcome instanceof Created.Done done) {
            session.knownAt(done.epoch());
        }
        if (outcome instanceof Created.Done done && !triedBefore) {
            session.committed(
                    draft,
                    encoded,
                    0,
                    done.metadata().revision(),
                    done.metadata().token());
            return Result.WRITTEN;
        }
        // Either an earlier call was applied whose answer was lost, and what was set since is not in it. Or two
        // requests of one client have brought the same id to two nodes, and both made a session of it.
        session.joinStored(
                outcome instanceof Created.Exists exists ? exists.metadata().createdMillis() : session.createdMillis());
        return send(session, draft, encoded, null, false);
    }

    private Result send(
            LiveSession session, Draft draft, Draft.Encoded encoded, @Nullable HeldLock lock, boolean last) {
        if (lock != null && lock.isLost()) {
            return Result.FENCED;
        }
        if (lock == null || !lock.isHeld()) {
            return send(session, draft, encoded, unlocked(session, encoded), Commits::nothing);
        }
        if (last) {
            lock.givingBack();
        }
        Call locked = (id, token) -> {
            Committed outcome = store.locks()
                    .commit(
                            id,
                            session.known(),
                            encoded.delta,
                            token,
                            lock.request().owner(),
                            last);
            if (outcome instanceof Committed.Applied applied) {
                lock.wrote(applied.revision());
            }
            return outcome;
        };
        Runnable lockGone = () -> locks.gone(lock, session);
        Result result = send(session, draft, encoded, locked, lockGone);
        if (result == Result.FENCED && locks.isTakenAgain(lock, session)) {
            // The store had lost the lock, and nobody has written since.
            result = send(session, draft, encoded, locked, lockGone);
        }
        if (result == Result.FENCED) {
            locks.lost(lock);
        } else if (last) {
            locks.givenBack(lock);
        }
        return result;
    }

    private Call unlocked(LiveSession session, Draft.Encoded encoded) {
        return (id, token) -> store.commit(id, session.known(), encoded.delta, token);
    }

    private static void nothing() {}

    /** @param lockGone called when the store is found to have lost the session, and the lock with it */
    private Result send(LiveSession session, Draft draft, Draft.Encoded encoded, Call firstCall, Runnable lockGone) {
        Call call = firstCall;
        int token = ThreadLocalRandom.current().nextInt();
        SessionId id = session.id();
        for (int hop = 0; hop < MOST_HOPS; hop++) {
            Committed outcome = call.commit(id, token);
            if (outcome instanceof Committed.Applied applied) {
                session.committed(draft, encoded, applied.previousRevision(), applied.revision(), token);
                return Result.WRITTEN;
            }
            if (outcome instanceof Committed.Fenced) {
                return Result.FENCED;
            }
            if (outcome instanceof Behind && !restoration.bringUpToDate(session)) {
                return Result.ENDED;
            }
            if (outcome instanceof Committed.Gone gone) {
                boolean lost = id.equals(session.id()) && restoration.isLost(session, gone.epoch());
                if (!lost || !restoration.restore(session)) {
                    return Result.ENDED;
                }
                lockGone.run();
                call = unlocked(session, encoded);
            } else if (outcome instanceof Moved moved) {
                id = moved.newId();
            }
        }
        return Result.ENDED;
    }

    @FunctionalInterface
    private interface Call {
        Committed commit(SessionId id, int token);
    }

    /**
     * Waits for other commits of the session.
     *
     * @return whether the lock is held; the caller goes on without it otherwise
     */
    static boolean lock(LiveSession session) {
        try {
            return session.commitLock.tryLock(MOST_WAIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    static void unlock(LiveSession session, boolean held) {
        if (held) {
            session.commitLock.unlock();
        }
    }
}
