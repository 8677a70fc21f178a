package dev.holdfast.session;

import dev.holdfast.codec.AttributeCodec;
import dev.holdfast.model.Metadata;
import dev.holdfast.model.SessionId;
import dev.holdfast.store.Loaded;
import dev.holdfast.store.LockRequest;
import dev.holdfast.store.RequestBudget;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoreException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What container adapters call: the sessions of one application on this node. Thread-safe.
 *
 * <p>Methods that ask the store throw a {@link StoreException} when it does not answer; nothing here turns that into
 * "no such session".
 */
public final class SessionRepository {

    private static final LockOptions NO_WAITING = new LockOptions(Duration.ZERO, Duration.ofSeconds(30), false);

    private final SessionStore store;
    private final AttributeCodec codec;
    private final AttributeCodec containerCodec;
    private final AttributeFilter filter;
    private final InstantSource clock;
    private final LongSupplier nanoTicker;
    private final Reports reports;
    private final Locks locks;
    private final Commits commits;
    private final Identities identities;
    private final Looks looks;
    private final OutageOptions outage;
    private final CopyLifecycle lifecycle;
    private final Departures departures;
    private final OutsideUse outsideUse;
    private final Ends ends;
    private final Comparison comparison;

    private final Map<SessionId, LiveSession> local = new ConcurrentHashMap<>();

    /**
     * @param store where the sessions are kept; closed by whoever opened it
     * @param codec how attributes become bytes
     * @param filter which attributes may leave this node
     * @param clock what time it is, for the creation of new sessions
     * @param nanoTicker a monotonic time in nanoseconds, for idle times
     */
    public SessionRepository(
            SessionStore store,
            AttributeCodec codec,
            AttributeFilter filter,
            InstantSource clock,
            LongSupplier nanoTicker) {
        this(store, codec, filter, clock, nanoTicker, NO_WAITING, OutageOptions.STRICT, CopyLifecycle.NONE);
    }

    /**
     * The same as the next one, without limits for sizes.
     *
     * @param store see there
     * @param codec see there
     * @param filter see there
     * @param clock see there
     * @param nanoTicker see there
     * @param lockOptions see there
     * @param outage see there
     * @param lifecycle see there
     */
    public SessionRepository(
            SessionStore store,
            AttributeCodec codec,
            AttributeFilter filter,
            InstantSource clock,
            LongSupplier nanoTicker,
            LockOptions lockOptions,
            OutageOptions outage,
            CopyLifecycle lifecycle) {
        this(store, codec, filter, SizeLimits.NONE, clock, nanoTicker, lockOptions, outage, lifecycle);
    }

    /**
     * @param store where the sessions are kept; closed by whoever opened it
     * @param codec how attributes become bytes
     * @param filter which attributes may leave this node
     * @param limits how large they may be
     * @param clock the time of creation of new sessions
     * @param nanoTicker a monotonic time in nanoseconds, for idle times and leases
     * @param lockOptions how requests wait that use their session exclusively
     * @param outage what requests do while the store is away
     * @param lifecycle what the container does when copies come and leave
     */
    public SessionRepository(
            SessionStore store,
            AttributeCodec codec,
            AttributeFilter filter,
            SizeLimits limits,
            InstantSource clock,
            LongSupplier nanoTicker,
            LockOptions lockOptions,
            OutageOptions outage,
            CopyLifecycle lifecycle) {
        this.outage = outage;
        this.store = store;
        this.codec = codec;
        this.containerCodec = codec.unfiltered();
        this.filter = filter;
        this.clock = clock;
        this.nanoTicker = nanoTicker;
        this.reports = new Reports(nanoTicker, filter);
        this.locks = new Locks(store.locks(), lockOptions, nanoTicker, reports);
        this.ends = new Ends(store, local, nanoTicker);
        Restoration restoration = new Restoration(this, store, ends);
        this.commits = new Commits(store, locks, codec, filter, limits, reports, restoration);
        this.identities = new Identities(store);
        this.looks = new Looks(this, store, locks, restoration, local, nanoTicker);
        this.comparison = new Comparison(store, looks, ends, local, reports);
        this.lifecycle = lifecycle;
        this.departures = new Departures(this, store, restoration, filter, limits, local, lifecycle, reports);
        this.outsideUse = new OutsideUse(this, looks, nanoTicker);
    }

    /**
     * Begins to listen for sessions that others give up; without it, requests that wait hear of them when a lease must
     * have run out.
     *
     * @throws StoreException if the store does not answer
     */
    public void listenForLocks() {
        store.locks().listen(locks);
    }

    /**
     * Whether a new session can be taken: not so while the store is away and this node holds more copies than it may, and
     * each of them has something that the store does not know yet.
     */
    public boolean hasRoomFor(SessionId id) {
        return !departures.isFull() || !store.isAway(id);
    }

    /**
     * Begins to listen for sessions that others end, so that copies of them do not stay here.
     *
     * @throws StoreException if the store does not answer
     */
    public void listenForEnds() {
        store.listen(ends);
    }

    /**
     * A new session. The store learns of it with its first commit; a session that ends before never reaches it.
     *
     * @param id its id
     * @param maxInactiveSeconds how long it may be idle, in seconds; 0 or less means for ever
     */
    public LiveSession create(SessionId id, int maxInactiveSeconds) {
        LiveSession created = LiveSession.created(this, id, clock.millis(), maxInactiveSeconds);
        local.put(id, created);
        remember(id, Optional.of(created));
        return created;
    }

    /**
     * Looks a session up. Within one request the store is asked once at most for each id, also for one that does not
     * exist. Outside any request it is asked every time, and the session is not touched: such a look is the container's
     * and not the client's.
     *
     * <p>A request that uses its session exclusively gets it when no other such request uses it; until then the calling
     * thread waits. It should hold no lock that the application's other requests need.
     *
     * @param id the session
     * @return the local copy, up to date; empty if the store says that there is no such session
     * <p>While the store is away, this node's copy of the session counts.
     *
     * @throws StoreException if the store does not answer, and this node has no copy
     * @throws SessionLockedException if another request does not give the session up in time
     */
    public Optional<LiveSession> find(SessionId id) {
        RequestScope scope = RequestScope.current();
        if (scope != null) {
            RequestScope.Answer known = scope.answerTo(this, id);
            if (known != null) {
                return known.found().filter(session -> !session.hasEnded());
            }
        }
        boolean access = scope != null && scope.isFor(this);
        LockRequest wanted = scope == null || !access ? null : scope.lockRequest();
        // Tomcat looks for the version of an application before there is a request.
        RequestBudget outer = RequestBudget.current();
        RequestBudget.enter(outer == null ? new RequestBudget(outage.requestBudget()) : outer);
        departures.lookBegins(id);
        try {
            Optional<LiveSession> found =
                    scope == null || wanted == null ? looks.ask(id, access) : looks.askExclusively(scope, id, wanted);
            remember(id, found);
            if (scope != null && access) {
                found.ifPresent(scope::accessed);
            }
            return found;
        } finally {
            departures.lookEnds(id);
            RequestBudget.enter(outer);
        }
    }

    /**
     * {@linkplain #find Looks a session up} for a client, for whom it may be better to have no session than no answer. While
     * the store is away, a session of which this node has no copy is unknown, if the options say so.
     *
     * @throws StoreException if the store does not answer, and the options say that this is to be told
     * @throws SessionLockedException if another request does not give the session up in time
     */
    public Optional<LiveSession> findForClient(SessionId id) {
        try {
            return find(id);
        } catch (StoreException unanswered) {
            if (!unanswered.storeIsAway() || !outage.unknownIsNew()) {
                throw unanswered;
            }
            reports.unknownWhileAway(id, unanswered);
            remember(id, Optional.empty());
            return Optional.empty();
        }
    }

    /**
     * A client's request uses a session that was looked up. Costs nothing if the look was an access already, as it is in
     * a request for the application of this repository.
     *
     * @throws StoreException if the store does not answer
     */
    public void accessed(LiveSession session) {
        RequestScope scope = RequestScope.current();
        if (!session.isStored() || session.hasEnded() || (scope != null && scope.hasAccessed(session))) {
            return;
        }
        looks.ask(session.id(), true);
        if (scope != null) {
            scope.accessed(session);
        }
    }

    /**
     * Ends a session in the whole cluster.
     *
     * @return true for exactly one caller in the cluster; false if it has been ended before
     * @throws StoreException if the store does not answer; the session may then be ended or not
     */
    public boolean remove(LiveSession session) {
        if (session.hasEnded()) {
            return false;
        }
        boolean ordered = Commits.lock(session);
        try {
            boolean removed = !session.mayBeStored() || identities.remove(session) || !session.isStored();
            rememberEnd(session, session.id());
            forget(session);
            locks.ended(session.id());
            return removed;
        } finally {
            Commits.unlock(session, ordered);
        }
    }

    /**
     * Gives a session a new id. When this returns, the old one is dead on every node; a request that runs under it goes
     * on, and what it still writes lands in the renamed session.
     *
     * @param session the session
     * @param newId the new id, which nobody has been given yet
     * @return what became of it
     * @throws StoreException if the store does not answer
     */
    public Renaming rename(LiveSession session, SessionId newId) {
        boolean ordered = Commits.lock(session);
        try {
            SessionId oldId = session.id();
            Renaming renaming =
                    session.mayBeStored() ? identities.rename(session, newId, lockOf(session)) : Renaming.DONE;
            if (renaming == Renaming.GONE && session.isStored() && looks.refresh(session)) {
                // The store had lost it, and has it again.
                renaming = identities.rename(session, newId, lockOf(session));
            }
            if (renaming == Renaming.GONE && !session.isStored()) {
                renaming = Renaming.DONE;
            }
            if (renaming == Renaming.DONE) {
                rememberEnd(session, oldId);
                session.renamed(newId);
                if (!store.colocated(oldId, newId)) {
                    // Each partition has an epoch of its own: the next look brings that of the new one.
                    session.knownAt("");
                }
                local.put(newId, session);
                local.remove(oldId, session);
                locks.ended(oldId);
                remember(newId, Optional.of(session));
                remember(oldId, Optional.empty());
            }
            return renaming;
        } finally {
            Commits.unlock(session, ordered);
        }
    }

    private void rememberEnd(LiveSession session, SessionId id) {
        if (session.mayBeStored()) {
            ends.remember(id, session.createdMillis());
        }
    }

    private static @Nullable LockRequest lockOf(LiveSession session) {
        RequestScope scope = RequestScope.current();
        HeldLock lock = scope == null ? null : scope.changesOf(session).lock;
        return lock != null && lock.isHeld() ? lock.request() : null;
    }

    /**
     * A session whose time is over by the store's clock, for its listeners: the local copy with what the store holds, or
     * a new one. It has ended on this node.
     *
     * @param id the id that the client knew
     * @param metadata what the store knows of it
     * @param attributes all its encoded attributes
     */
    public LiveSession ended(SessionId id, Metadata metadata, Map<String, byte[]> attributes) {
        LiveSession copy = local.get(id);
        if (copy != null && copy.isStored() && copy.createdMillis() == metadata.createdMillis()) {
            copy.mergeWhole(metadata, attributes);
        } else {
            copy = LiveSession.loaded(this, id, metadata, attributes, "");
        }
        forget(copy);
        return copy;
    }

    /**
     * Keeps sessions from ending while a request of this node uses them for longer than their max-inactive interval.
     * To be called several times in the shortest such interval.
     *
     * @throws StoreException if the store did not answer for one of them, after all others were kept
     */
    public void keepWhatIsInUse() {
        StoreException trouble = null;
        for (LiveSession session : local.values()) {
            try {
                if (session.mustBeKept()) {
                    store.keep(session.id(), session.createdMillis());
                    session.times().told();
                }
            } catch (StoreException unanswered) {
                // One part of a cluster may be down: the sessions of the others are kept.
                trouble = unanswered;
            }
        }
        if (trouble != null) {
            throw trouble;
        }
    }

    /**
     * A request that has used a session is over: idle time counts from now on. The store is told only if the request took
     * so long that it matters, more than a thirtieth of the max-inactive interval.
     *
     * @throws StoreException if the store does not answer; idle time then counts from the arrival of the request
     */
    public void usedUntilNow(LiveSession session) {
        if (session.wasUsedForLong()) {
            store.keep(session.id(), session.createdMillis());
            session.times().told();
        }
    }

    /** Whether a session can move between the two ids in one step; see {@link SessionStore#colocated}. */
    public boolean colocated(SessionId one, SessionId other) {
        return store.colocated(one, other);
    }

    /**
     * Writes what requests that are over and threads outside any request have left in a session. Trouble is reported to
     * the log, and the changes stay.
     *
     * @return false if there was trouble
     */
    public boolean settle(LiveSession session) {
        // A request may have this session next, or its connection.
        RequestBudget previous = RequestBudget.current();
        RequestBudget.enter(previous == null ? new RequestBudget(outage.requestBudget()) : previous);
        try {
            return settleWithinBudget(session);
        } finally {
            RequestBudget.enter(previous);
        }
    }

    private boolean settleWithinBudget(LiveSession session) {
        boolean written = true;
        for (ChangeSet left : session.finishedRequests()) {
            if (session.needsCommit(left, false)) {
                written &= commitOrReport(session, left, true);
            }
            unlock(session, left);
            session.leave(left);
        }
        if (session.isAmbientDirty() || (!session.isStored() && !session.hasRequests())) {
            written &= commitOrReport(session, null, false);
        }
        return written;
    }

    /** Whether this is the node's copy of its session. */
    public boolean holds(LiveSession session) {
        return local.get(session.id()) == session;
    }

    /** The local copies on this node, in no order: a snapshot. */
    public Collection<LiveSession> localCopies() {
        return List.copyOf(local.values());
    }

    /**
     * Compares the copies of this node with a store that was away: it may have lost some of them; and lets those go whose
     * sessions others have ended. To be called several times a second; does nothing as long as all is well.
     *
     * @throws StoreException if the store does not answer; the rest is compared later
     */
    public void compareAfterOutage() {
        comparison.run();
    }

    /** Whether the store was away, and may lack sessions that copies of this node could give back to it. */
    boolean hasUncompared() {
        return comparison.isDue();
    }

    /** How long a request may wait for the store, all in all. */
    Duration requestBudget() {
        return outage.requestBudget();
    }

    int failureDomainOf(LiveSession session) {
        return store.failureDomains().of(session.id());
    }

    /** How the copies of this node leave it. */
    public Departures departures() {
        return departures;
    }

    /** How threads that belong to no request use sessions of this node. */
    public OutsideUse outsideUse() {
        return outsideUse;
    }

    /**
     * Writes, and reports trouble to the log.
     *
     * @param last whether no application code of the request runs any more; its lock is then given back
     * @return false if there was trouble
     */
    boolean commitOrReport(LiveSession session, @Nullable ChangeSet changes, boolean last) {
        try {
            switch (commits.commit(session, changes, last)) {
                case ENDED -> forget(session);
                case FENCED -> fence(session, changes);
                case WRITTEN -> {}
            }
            return true;
        } catch (StoreException unanswered) {
            reports.uncommitted(session.id(), unanswered);
        } catch (RuntimeException unexpected) {
            reports.unexpected(session.id(), unexpected);
        }
        return false;
    }

    /** The store goes on without what the request changed, and so does this node: the next look gets another copy. */
    private void fence(LiveSession session, @Nullable ChangeSet changes) {
        reports.fenced(session.id());
        session.fence(changes);
        local.remove(session.id(), session);
    }

    /** Gives the lock of a request back, if it has one. */
    void unlock(LiveSession session, ChangeSet changes) {
        locks.giveBack(changes.lock, session);
    }

    /** The request is over: what it could not write, it can now or never write under its lock. */
    void abandon(LiveSession session, ChangeSet changes) {
        HeldLock lock = changes.lock;
        if (lock == null) {
            return;
        }
        if (lock.isHeld() && session.needsCommit(changes, false)) {
            commitOrReport(session, changes, true);
        }
        unlock(session, changes);
    }

    /** Keeps the locks of requests that are under way; several times in a lease. */
    public void renewLocks() {
        try {
            locks.renewAll();
        } finally {
            locks.wakeWaiters(store::isAway);
        }
    }

    LockRequest newLockRequest() {
        return locks.newRequest();
    }

    /**
     * How long no client has used a session, on any node, in milliseconds. Asks the store, and is no access.
     *
     * @throws StoreException if the store has trouble with this session; while it is away, this node's uses count
     */
    public long idleMillis(LiveSession session) {
        Loaded loaded;
        try {
            loaded = store.load(session.id(), session.known(), false);
        } catch (StoreException unanswered) {
            if (unanswered.storeIsAway()) {
                return session.times().untoldMillis();
            }
            throw unanswered;
        }
        long lastAccessedMillis = session.lastAccessedMillis();
        if (loaded instanceof Loaded.Unchanged unchanged) {
            lastAccessedMillis = unchanged.metadata().lastAccessedMillis();
        } else if (loaded instanceof Loaded.Changed changed) {
            lastAccessedMillis = changed.metadata().lastAccessedMillis();
        } else if (loaded instanceof Loaded.Everything whole) {
            lastAccessedMillis = whole.metadata().lastAccessedMillis();
        } else if (loaded instanceof Loaded.Behind behind) {
            lastAccessedMillis = behind.metadata().lastAccessedMillis();
        }
        return Math.max(0, clock.millis() - lastAccessedMillis);
    }

    private void forget(LiveSession session) {
        session.end();
        local.remove(session.id(), session);
    }

    private void remember(SessionId id, Optional<LiveSession> found) {
        RequestScope scope = RequestScope.current();
        if (scope != null) {
            found.ifPresent(scope::include);
            scope.remember(this, id, found);
        }
    }

    CopyLifecycle lifecycle() {
        return lifecycle;
    }

    AttributeCodec codec() {
        return codec;
    }

    /** For what the container keeps. */
    AttributeCodec containerCodec() {
        return containerCodec;
    }

    /** Whether an attribute that the store holds exists on this node. */
    boolean mayEnter(String recordName) {
        boolean allowed = ContainerAttributes.isReserved(recordName) || filter.mayEnter(recordName);
        if (!allowed) {
            filter.refusedName(recordName);
        }
        return allowed;
    }

    /** What time it is, in milliseconds since the epoch. */
    public long nowMillis() {
        return clock.millis();
    }

    /** How often an attribute could not be read since the start: each time counts, also of the same attribute. */
    public long undecodable() {
        return reports.undecodable();
    }

    /** How often an attribute could not be written since the start. */
    public long unwritable() {
        return reports.unwritable();
    }

    /** How often an attribute was larger than it may be, since the start, whether it was stored or not. */
    public long oversizeAttributes() {
        return reports.oversize().attributes();
    }

    /** How often an attribute made its session larger than it may be, since the start, whether it was stored or not. */
    public long oversizeSessions() {
        return reports.oversize().sessions();
    }

    /**
     * Why no object of the class of a value can be stored, as far as the class alone tells.
     *
     * @return empty if it can, or if that depends on what it refers to
     */
    public Optional<String> obstacleToStoring(Object value) {
        return codec.obstacleTo(value.getClass());
    }

    Reports reports() {
        return reports;
    }

    /** What time it is in the store, about. */
    long storeMillis() {
        return store.nowMillis();
    }

    long nanoTime() {
        return nanoTicker.getAsLong();
    }

    /** What became of a change of id. */
    public enum Renaming {
        /** The session has the new id. */
        DONE,
        /** The session has ended. */
        GONE,
        /** The new id belongs to another session: draw another one. */
        TAKEN
    }
}
