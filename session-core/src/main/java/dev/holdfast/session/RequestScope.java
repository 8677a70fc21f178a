package dev.holdfast.session;

import dev.holdfast.model.SessionId;
import dev.holdfast.store.LockRequest;
import dev.holdfast.store.RequestBudget;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request, from the moment it reaches the application until its response is complete: what it has looked up, and
 * what it changed in which session. It belongs to the request and not to a thread; {@link #enter} makes it the current
 * one of a thread while application code runs there. Thread-safe.
 */
public final class RequestScope {

    private static final ThreadLocal<RequestScope> CURRENT = new ThreadLocal<>();

    private final Map<Look, Answer> answers = new ConcurrentHashMap<>();
    private final Map<LiveSession, ChangeSet> changes = new ConcurrentHashMap<>();
    private final Set<LiveSession> accessed = ConcurrentHashMap.newKeySet();
    private final Set<SessionId> refused = ConcurrentHashMap.newKeySet();
    private final SessionRepository home;
    private final @Nullable LockRequest lockRequest;
    private final RequestBudget budget;
    private volatile boolean finished;
    private volatile boolean closed;

    /**
     * A new request.
     *
     * @param home the sessions of the application that the request is for. A look at a session of another application is
     *     no access to it, until that application is asked for its session
     */
    public RequestScope(SessionRepository home) {
        this(home, false);
    }

    /**
     * A new request.
     *
     * @param home the sessions of the application that the request is for
     * @param exclusive whether it uses its session of that application exclusively: no other such request of any node
     *     uses it meanwhile
     */
    public RequestScope(SessionRepository home, boolean exclusive) {
        this.home = home;
        // Of a request that has waited before it came here, as for its sign-on.
        RequestBudget begun = RequestBudget.current();
        this.budget = begun == null ? new RequestBudget(home.requestBudget()) : begun;
        this.lockRequest = exclusive ? home.newLockRequest() : null;
    }

    /** The scope in which the calling thread runs, or null outside any request. */
    public static @Nullable RequestScope current() {
        RequestScope scope = CURRENT.get();
        return scope == null || scope.closed ? null : scope;
    }

    /**
     * Makes this the scope of the calling thread.
     *
     * @return the scope that it replaces, for {@link #exit}
     */
    public @Nullable RequestScope enter() {
        RequestScope previous = CURRENT.get();
        CURRENT.set(this);
        RequestBudget.enter(budget);
        return previous;
    }

    /**
     * Ends what {@link #enter} began.
     *
     * @param previous what {@link #enter} returned
     */
    public static void exit(@Nullable RequestScope previous) {
        if (previous == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(previous);
        }
        RequestBudget.enter(previous == null ? null : previous.budget);
    }

    /** Lets this request commit a session that was looked up outside any scope on its behalf. */
    public void include(LiveSession session) {
        changesOf(session);
    }

    /** A session that this request has looked up is not for it: it takes no part in it any more, and gives its lock back. */
    public void letGo(LiveSession session) {
        ChangeSet mine = changes.remove(session);
        if (mine != null) {
            session.repository().abandon(session, mine);
            session.leave(mine);
        }
    }

    /** Application code of this request has returned; what it changed may from now on be written by others, too. */
    public void finish() {
        finished = true;
        changes.forEach(LiveSession::finish);
    }

    /** Whether {@link #finish} was called. */
    public boolean isFinished() {
        return finished;
    }

    /** Writes everything that this request changed: set, removed, and changed in place. */
    public void commit() {
        forEachChanged((session, mine) -> {
            if (session.needsCommit(mine, false)) {
                session.repository().commitOrReport(session, mine, false);
            }
        });
    }

    /**
     * Writes everything that this request changed, and gives its locks back. To be called when no application code of the
     * request runs any more, before the last bytes of its response leave.
     */
    public void commitAndUnlock() {
        forEachChanged((session, mine) -> {
            if (session.needsCommit(mine, false)) {
                session.repository().commitOrReport(session, mine, true);
            }
            session.repository().unlock(session, mine);
        });
    }

    /** Gives the locks of this request back, if it has any. */
    public void unlock() {
        forEachChanged((session, mine) -> session.repository().unlock(session, mine));
    }

    /** Whether this request uses its session exclusively. */
    public boolean isExclusive() {
        return lockRequest != null;
    }

    /** Writes what was set or removed, without looking into objects that were handed out. */
    public void commitExplicitChanges() {
        forEachChanged((session, mine) -> {
            if (session.needsCommit(mine, true)) {
                session.repository().commitOrReport(session, mine, false);
            }
        });
    }

    /** Writes everything, but only in sessions that were touched since the last commit. */
    public void commitWhatIsTouched() {
        forEachChanged((session, mine) -> {
            if (session.touchedSinceCommit(mine) && session.needsCommit(mine, false)) {
                session.repository().commitOrReport(session, mine, false);
            }
        });
    }

    /** The request is over. Idempotent. */
    public void close() {
        forEachChanged((session, mine) -> session.repository().abandon(session, mine));
        closed = true;
        changes.forEach(LiveSession::leave);
        changes.clear();
        accessed.clear();
        answers.clear();
    }

    /** The container may do this when it is outside the application: it is the request that waits all the same. */
    private void forEachChanged(BiConsumer<LiveSession, ChangeSet> step) {
        RequestBudget previous = RequestBudget.enter(budget);
        try {
            changes.forEach(step);
        } finally {
            RequestBudget.enter(previous);
        }
    }

    ChangeSet changesOf(LiveSession session) {
        ChangeSet present = changes.get(session);
        if (present != null) {
            return present;
        }
        // Not computeIfAbsent: joining takes the lock of the session, whose holder may be calling this.
        ChangeSet joined = session.join();
        joined.wanted = isFor(session.repository()) ? lockRequest : null;
        present = changes.putIfAbsent(session, joined);
        if (present == null) {
            if (finished) {
                session.finish(joined);
            }
            return joined;
        }
        session.leave(joined);
        return present;
    }

    /** What an earlier look of this request found, or null if there was none. */
    @Nullable
    Answer answerTo(SessionRepository repository, SessionId id) {
        return answers.get(new Look(repository, id));
    }

    void remember(SessionRepository repository, SessionId id, Optional<LiveSession> found) {
        answers.put(new Look(repository, id), new Answer(found));
    }

    /** Whether a look at a session of this repository is an access of the client. */
    boolean isFor(SessionRepository repository) {
        return home == repository;
    }

    /** What this request asks for when it looks at a session of its application; null if it wants no lock. */
    @Nullable
    LockRequest lockRequest() {
        return lockRequest;
    }

    /** The session is this request's: what it writes depends on the lock. */
    synchronized void locked(LiveSession session, Supplier<HeldLock> taken, long askedNanos) {
        ChangeSet mine = changesOf(session);
        HeldLock present = mine.lock;
        if (present != null && present.isHeld()) {
            // Two threads of this request have looked at the same time.
            present.renewed(askedNanos);
        } else {
            mine.lock = taken.get();
        }
    }

    /** Another request did not give the session up in time. Asking again would only take as long again. */
    void refused(SessionId id) {
        refused.add(id);
    }

    boolean wasRefused(SessionId id) {
        return refused.contains(id);
    }

    void accessed(LiveSession session) {
        accessed.add(session);
    }

    boolean hasAccessed(LiveSession session) {
        return accessed.contains(session);
    }

    /** What a look found; also "no such session" is an answer, and not asked for again. */
    record Answer(Optional<LiveSession> found) {}

    private record Look(SessionRepository repository, SessionId id) {}
}
