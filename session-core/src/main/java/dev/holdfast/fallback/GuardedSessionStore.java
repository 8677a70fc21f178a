package dev.holdfast.fallback;

import dev.holdfast.model.Delta;
import dev.holdfast.model.NewSession;
import dev.holdfast.model.OfflineDelta;
import dev.holdfast.model.SessionId;
import dev.holdfast.store.Committed;
import dev.holdfast.store.Created;
import dev.holdfast.store.Deadline;
import dev.holdfast.store.DueSessions;
import dev.holdfast.store.FailureDomains;
import dev.holdfast.store.Known;
import dev.holdfast.store.Listing;
import dev.holdfast.store.Loaded;
import dev.holdfast.store.Reconciled;
import dev.holdfast.store.Removed;
import dev.holdfast.store.Renamed;
import dev.holdfast.store.SessionLocks;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoreException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store that is not asked while it does not answer: after some failures every call throws at once, until a probe in the
 * background has got an answer. Thread-safe.
 */
public final class GuardedSessionStore implements SessionStore {

    private static final String MEANING =
            "Sessions live in the memory of this node now: users that it knows stay logged in,"
                    + " and what they do is brought to Redis when it is back.";

    private final SessionStore store;
    private final StoreErrors errors;
    private final GuardedCalls calls;
    private final Prober prober;
    private final SessionLocks locks;
    private final DueSessions due;

    /**
     * @param store the store; closed with this one
     * @param application whose sessions it keeps, for the name of a thread
     * @param location where it is, for messages
     * @param options when to stop asking, and when to look again
     */
    public GuardedSessionStore(SessionStore store, String application, String location, BreakerOptions options) {
        this(store, application, location, options, new StoreErrors(), () -> null);
    }

    /**
     * A store that may not be there yet. While it is not, nothing is asked, and nothing is said of an outage.
     *
     * @param store the store; closed with this one
     * @param application whose sessions it keeps, for the name of a thread
     * @param location where it is, for messages
     * @param options when to stop asking, and when to look again
     * @param errors counts the calls that failed
     */
    public GuardedSessionStore(
            LateSessionStore store, String application, String location, BreakerOptions options, StoreErrors errors) {
        this(store, application, location, options, errors, store::absence);
        store.whenThere(calls::arrived);
    }

    private GuardedSessionStore(
            SessionStore store,
            String application,
            String location,
            BreakerOptions options,
            StoreErrors errors,
            Supplier<@Nullable StoreException> absence) {
        this.store = store;
        this.errors = errors;
        this.prober = new Prober(
                application, location, MEANING, store.failureDomains().count(), options);
        this.calls = new GuardedCalls(store.failureDomains(), options, prober, errors, absence);
        this.locks = new GuardedSessionLocks(store.locks(), calls);
        this.due = new GuardedDueSessions(store.due(), calls);
        prober.start(calls);
    }

    @Override
    public Loaded load(SessionId id, Known known, boolean touch) {
        return calls.forSession("load", id, () -> store.load(id, known, touch));
    }

    @Override
    public Created create(NewSession session) {
        return calls.forSession("create", session.id(), () -> store.create(session));
    }

    @Override
    public Committed commit(SessionId id, Known known, Delta delta, int token) {
        return calls.forSession("commit", id, () -> store.commit(id, known, delta, token));
    }

    @Override
    public boolean commitLeaving(SessionId id, Known known, Delta delta, int token) {
        return calls.forSession("commit", id, () -> store.commitLeaving(id, known, delta, token));
    }

    @Override
    public Reconciled reconcile(SessionId id, long createdMillis, long knownRevision, OfflineDelta delta, int token) {
        return calls.forSession("reconcile", id, () -> store.reconcile(id, createdMillis, knownRevision, delta, token));
    }

    @Override
    public Loaded restore(NewSession copy, Set<String> removed, int token) {
        return calls.forSession("restore", copy.id(), () -> store.restore(copy, removed, token));
    }

    @Override
    public String epochOf(SessionId id) {
        return store.epochOf(id);
    }

    @Override
    public void listen(EndListener listener) {
        store.listen(listener);
    }

    @Override
    public Renamed rename(SessionId id, long createdMillis, SessionId newId) {
        return calls.forSession("rename", id, () -> store.rename(id, createdMillis, newId));
    }

    @Override
    public Removed remove(SessionId id, long createdMillis) {
        return calls.forSession("remove", id, () -> store.remove(id, createdMillis));
    }

    @Override
    public Removed bury(SessionId id, long createdMillis) {
        return calls.forSession("bury", id, () -> store.bury(id, createdMillis));
    }

    @Override
    public Superseded supersede(SessionId id, long createdMillis, long revision, SessionId successor) {
        return calls.forSession("supersede", id, () -> store.supersede(id, createdMillis, revision, successor));
    }

    /** @throws StoreException as all methods do */
    @Override
    public void keep(SessionId id, long createdMillis) {
        calls.forSession("keep", id, () -> {
            store.keep(id, createdMillis);
            return id;
        });
    }

    @Override
    public DueSessions due() {
        return due;
    }

    @Override
    public SessionLocks locks() {
        return locks;
    }

    /** Not guarded: it asks nobody. */
    @Override
    public long nowMillis() {
        return store.nowMillis();
    }

    @Override
    public boolean colocated(SessionId one, SessionId other) {
        return store.colocated(one, other);
    }

    @Override
    public FailureDomains failureDomains() {
        return store.failureDomains();
    }

    @Override
    public long recoveries() {
        return calls.recoveries() + store.recoveries();
    }

    /** Whether calls for a session go through at present. */
    boolean permits(SessionId id) {
        return calls.permits(id);
    }

    /** When a call of the failure domain of a session was last answered, by {@link System#nanoTime()}. */
    long answeredNanos(SessionId id) {
        return calls.answeredNanos(id);
    }

    /** Not guarded: a person has asked, and it has a limit of its own. */
    @Override
    public Listing list(Duration patience) {
        return errors.counting("list", () -> store.list(patience));
    }

    @Override
    public void close() {
        prober.close();
        store.close();
    }

    @Override
    public void close(Deadline deadline) {
        prober.close();
        store.close(deadline);
    }
}
