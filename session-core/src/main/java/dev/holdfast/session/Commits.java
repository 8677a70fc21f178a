package dev.holdfast.session;

import dev.holdfast.codec.AttributeCodec;
import dev.holdfast.model.Delta;
import dev.holdfast.model.NewSession;
import dev.holdfast.model.SessionId;
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
    private final AttributeCodec codec;
    private final AttributeFilter filter;
    private final Reports reports;

    Commits(SessionStore store, AttributeCodec codec, AttributeFilter filter, Reports reports) {
        this.store = store;
        this.codec = codec;
        this.filter = filter;
        this.reports = reports;
    }

    /**
     * Writes what a request changed.
     *
     * @return false if the session has ended
     */
    boolean commit(LiveSession session, @Nullable ChangeSet changes) {
        boolean ordered = lock(session);
        try {
            if (session.hasEnded()) {
                return false;
            }
            Draft draft = session.draft(changes);
            try {
                return write(session, draft);
            } catch (RuntimeException failed) {
                draft.failed();
                throw failed;
            }
        } finally {
            unlock(session, ordered);
        }
    }

    private boolean write(LiveSession session, Draft draft) {
        Draft.Encoded encoded =
                draft.encode(codec, filter, (name, cause) -> reports.unwritable(session.id(), name, cause));
        if (!session.isStored()) {
            return create(session, draft, encoded);
        }
        if (encoded.delta.isEmpty()) {
            session.settled(draft, encoded);
            return true;
        }
        return send(session, draft, encoded);
    }

    private boolean create(LiveSession session, Draft draft, Draft.Encoded encoded) {
        Delta delta = encoded.delta;
        boolean triedBefore = session.beginCreate();
        Created outcome = store.create(
                new NewSession(session.id(), session.createdMillis(), 1, session.maxInactiveSeconds(), delta.set()));
        if (session.hasEnded()) {
            // A logout that did not wait for this call.
            store.remove(session.id(), session.createdMillis());
            return false;
        }
        if (outcome instanceof Created.Done done && !triedBefore) {
            session.committed(draft, encoded, 0, done.metadata().revision());
            return true;
        }
        // Either an earlier call was applied whose answer was lost, and what was set since is not in it; or two
        // requests
        // of one client have brought the same id to two nodes, and both made a session of it.
        session.joinStored(
                outcome instanceof Created.Exists exists ? exists.metadata().createdMillis() : session.createdMillis());
        return send(session, draft, encoded);
    }

    private boolean send(LiveSession session, Draft draft, Draft.Encoded encoded) {
        int token = ThreadLocalRandom.current().nextInt();
        SessionId id = session.id();
        for (int hop = 0; hop < MOST_HOPS; hop++) {
            Committed outcome = store.commit(id, session.createdMillis(), session.revision(), encoded.delta, token);
            if (outcome instanceof Committed.Applied applied) {
                session.committed(draft, encoded, applied.previousRevision(), applied.revision());
                return true;
            }
            if (!(outcome instanceof Moved moved)) {
                return false;
            }
            id = moved.newId();
        }
        return false;
    }

    /**
     * Waits for other commits of the session.
     *
     * @return whether the lock is held; the caller goes on without it otherwise
     */
    boolean lock(LiveSession session) {
        try {
            return session.commitLock.tryLock(MOST_WAIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    void unlock(LiveSession session, boolean held) {
        if (held) {
            session.commitLock.unlock();
        }
    }
}
