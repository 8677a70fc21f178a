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
import dev.holdfast.store.Partitioning;
import dev.holdfast.store.Reconciled;
import dev.holdfast.store.Removed;
import dev.holdfast.store.Renamed;
import dev.holdfast.store.SessionLocks;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoreException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A store that may not be there yet: until its {@link Connector} has opened it, every call throws at once and says why. What
 * follows from settings is answered all the same. Thread-safe.
 */
public final class LateSessionStore implements SessionStore {

    private static final Duration MOST_CLOSE = Duration.ofSeconds(3);

    private final Connector<SessionStore> connector;
    private final Partitioning partitioning;
    private final InstantSource clock;
    private final LateSessionLocks locks;
    private final EndRelay ends;
    private final DueSessions due;
    private final FailureDomains failureDomains;

    /**
     * @param connector opens the store; closed with this one
     * @param partitioning how that store spreads sessions
     * @param relay what the store tells of locks, if it is asked to
     * @param ends what the store tells of ends
     * @param clock the time until the store is there
     */
    public LateSessionStore(
            Connector<SessionStore> connector,
            Partitioning partitioning,
            LockRelay relay,
            EndRelay ends,
            InstantSource clock) {
        this.ends = ends;
        this.clock = clock;
        this.connector = connector;
        this.partitioning = partitioning;
        this.locks = new LateSessionLocks(connector, relay);
        this.due = new LateDueSessions(connector, partitioning);
        this.failureDomains = new LateFailureDomains(connector, partitioning);
    }

    private SessionStore store() {
        return connector.store();
    }

    @Override
    public Loaded load(SessionId id, Known known, boolean touch) {
        return store().load(id, known, touch);
    }

    @Override
    public Created create(NewSession session) {
        return store().create(session);
    }

    @Override
    public Committed commit(SessionId id, Known known, Delta delta, int token) {
        return store().commit(id, known, delta, token);
    }

    @Override
    public boolean commitLeaving(SessionId id, Known known, Delta delta, int token) {
        return store().commitLeaving(id, known, delta, token);
    }

    @Override
    public Renamed rename(SessionId id, long createdMillis, SessionId newId) {
        return store().rename(id, createdMillis, newId);
    }

    @Override
    public Removed remove(SessionId id, long createdMillis) {
        return store().remove(id, createdMillis);
    }

    @Override
    public Removed bury(SessionId id, long createdMillis) {
        return store().bury(id, createdMillis);
    }

    @Override
    public Superseded supersede(SessionId id, long createdMillis, long revision, SessionId successor) {
        return store().supersede(id, createdMillis, revision, successor);
    }

    @Override
    public Reconciled reconcile(SessionId id, long createdMillis, long knownRevision, OfflineDelta delta, int token) {
        return store().reconcile(id, createdMillis, knownRevision, delta, token);
    }

    @Override
    public Loaded restore(NewSession copy, Set<String> removed, int token) {
        return store().restore(copy, removed, token);
    }

    @Override
    public String epochOf(SessionId id) {
        SessionStore opened = connector.storeOrNull();
        return opened == null ? "" : opened.epochOf(id);
    }

    @Override
    public void listen(EndListener listener) {
        ends.to(listener);
    }

    @Override
    public long recoveries() {
        SessionStore opened = connector.storeOrNull();
        return opened == null ? 0 : opened.recoveries();
    }

    /** Before it is there, by the clock of this node. */
    @Override
    public long nowMillis() {
        SessionStore opened = connector.storeOrNull();
        return opened == null ? clock.millis() : opened.nowMillis();
    }

    /** @throws StoreException as all methods do */
    @Override
    public void keep(SessionId id, long createdMillis) {
        store().keep(id, createdMillis);
    }

    @Override
    public DueSessions due() {
        return due;
    }

    @Override
    public SessionLocks locks() {
        return locks;
    }

    @Override
    public Listing list(Duration patience) {
        return store().list(patience);
    }

    @Override
    public boolean colocated(SessionId one, SessionId other) {
        return partitioning.of(one) == partitioning.of(other);
    }

    @Override
    public FailureDomains failureDomains() {
        return failureDomains;
    }

    /** Why the store is not there yet; null if it is. */
    @Nullable
    StoreException absence() {
        return connector.absence();
    }

    /** See {@link Connector#whenThere}. */
    void whenThere(Runnable task) {
        connector.whenThere(task);
    }

    @Override
    public void close() {
        close(Deadline.in(MOST_CLOSE));
    }

    @Override
    public void close(Deadline deadline) {
        connector.close(deadline);
        SessionStore opened = connector.storeOrNull();
        if (opened != null) {
            opened.close(deadline);
        }
    }
}
