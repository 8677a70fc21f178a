package dev.holdfast.session;

import dev.holdfast.model.Metadata;
import dev.holdfast.model.SessionId;
import dev.holdfast.session.ChangeSet.Change;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The local copy of a session: one object per session and node, shared by all requests that use it. Thread-safe.
 *
 * <p><b>Locks.</b> {@code lock} guards the state; it is held for map operations only, never while something is encoded,
 * decoded, sent, or while application code runs. {@code commitLock} puts the commits of this node in order, so that an
 * older encoding of a shared object cannot be written after a newer one; it is held while a commit is encoded and sent,
 * and never waited for without a limit. Order: commitLock before lock.
 *
 * <p><b>Revisions.</b> {@link #revision} is the revision up to which everything that the store holds is known here. A
 * commit of this node moves it only when nobody else has written in between.
 */
public final class LiveSession {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    final ReentrantLock commitLock = new ReentrantLock();
    private final Object lock = new Object();

    private final SessionRepository repository;
    private final SessionAttributes attributes;
    private final ContainerAttributes containerAttributes;
    private volatile long createdMillis;

    private final Map<String, Attribute> state = new HashMap<>();
    private final Map<String, Long> removedAt = new HashMap<>();
    private final Set<ChangeSet> requests = new LinkedHashSet<>();

    /** What threads did that belong to no request: listeners of the container, background threads, JMX. */
    private final ChangeSet ambient = new ChangeSet();

    private volatile SessionId id;
    private volatile long revision;
    private volatile long lastAccessedMillis;
    private volatile int maxInactiveSeconds;
    private volatile boolean stored;
    private volatile boolean createTried;
    private volatile boolean ended;
    private volatile long usedNanos;

    /** The lock of the last request of this node that had the session for itself. */
    private volatile @Nullable HeldLock lastLock;

    /**
     * A request that lost its lock has changed this copy. Other requests get another copy; what threads of no request
     * change here is not written, for they may work for the request that has lost.
     */
    private volatile boolean tainted;

    private LiveSession(SessionRepository repository, SessionId id, long createdMillis, int maxInactiveSeconds) {
        this.repository = repository;
        this.attributes = new SessionAttributes(this);
        this.containerAttributes = new ContainerAttributes(this);
        this.id = id;
        this.createdMillis = createdMillis;
        this.lastAccessedMillis = createdMillis;
        this.maxInactiveSeconds = maxInactiveSeconds;
        this.usedNanos = repository.nanoTime();
    }

    /** A session that the store does not know yet. */
    static LiveSession created(SessionRepository repository, SessionId id, long createdMillis, int maxInactiveSeconds) {
        return new LiveSession(repository, id, createdMillis, maxInactiveSeconds);
    }

    /** A copy of what the store holds. */
    static LiveSession loaded(
            SessionRepository repository, SessionId id, Metadata metadata, Map<String, byte[]> attributes) {
        LiveSession live = new LiveSession(repository, id, metadata.createdMillis(), metadata.maxInactiveSeconds());
        attributes.forEach((name, bytes) -> live.state.put(name, Attribute.stored(bytes, metadata.revision())));
        live.revision = metadata.revision();
        live.lastAccessedMillis = metadata.lastAccessedMillis();
        live.stored = true;
        return live;
    }

    /** The present id. A change of id changes it. */
    public SessionId id() {
        return id;
    }

    /** When the session was created, in milliseconds since the epoch. */
    public long createdMillis() {
        return createdMillis;
    }

    /** When the request before the latest one arrived, in milliseconds since the epoch, on whichever node. */
    public long lastAccessedMillis() {
        return lastAccessedMillis;
    }

    /** How long the session may be idle, in seconds; 0 or less means for ever. */
    public int maxInactiveSeconds() {
        return maxInactiveSeconds;
    }

    /**
     * Sets how long the session may be idle. Written with the next commit.
     *
     * @param seconds 0 or less means for ever
     */
    public void setMaxInactiveSeconds(int seconds) {
        synchronized (lock) {
            maxInactiveSeconds = seconds;
            ChangeSet changes = changesHere();
            changes.maxInactiveSeconds = OptionalInt.of(seconds);
            touched(changes);
        }
    }

    /**
     * The attributes as the calling request sees them. Every object that is read through the map counts as handed out:
     * it is looked at for changes when the request commits.
     */
    public ConcurrentMap<String, Object> attributes() {
        return attributes;
    }

    /** What the container keeps in this session, and the application does not see. */
    public ContainerAttributes containerAttributes() {
        return containerAttributes;
    }

    /** Whether the session is over: ended here, or found to have been ended on another node. Its object stays usable. */
    public boolean hasEnded() {
        return ended;
    }

    /** Whether the store has ever held it. */
    public boolean isStored() {
        return stored;
    }

    /** Whether a request that uses it is under way, or something is still to be written. */
    public boolean isInUse() {
        synchronized (lock) {
            return !requests.isEmpty() || ambient.hasExplicitChanges();
        }
    }

    /** How long nobody has looked at it, in nanoseconds of the repository's ticker. */
    public long idleNanos() {
        return repository.nanoTime() - usedNanos;
    }

    /** Whether it would soon end under a request that has been using it for long. */
    boolean mustBeKept() {
        int seconds = maxInactiveSeconds;
        return stored && !ended && seconds > 0 && idleNanos() > seconds * NANOS_PER_SECOND / 3 && hasRequests();
    }

    SessionRepository repository() {
        return repository;
    }

    long revision() {
        return revision;
    }

    /** Whether the store holds it, or may hold it because the answer to its creation was lost. */
    boolean mayBeStored() {
        return stored || createTried;
    }

    /**
     * The store is about to be told of it.
     *
     * @return whether it was told before
     */
    boolean beginCreate() {
        boolean before = createTried;
        createTried = true;
        return before;
    }

    void used() {
        usedNanos = repository.nanoTime();
    }

    void end() {
        ended = true;
    }

    void renamed(SessionId newId) {
        id = newId;
    }

    /** The store already has a session of this id, made by another node for the same client: it is this one, then. */
    void joinStored(long storedCreatedMillis) {
        createdMillis = storedCreatedMillis;
        stored = true;
    }

    // ---- what the application does -------------------------------------------------------------------------------

    @Nullable
    Attribute look(String name) {
        synchronized (lock) {
            return visible(changesHere(), name);
        }
    }

    void handOut(String name, Attribute attribute) {
        synchronized (lock) {
            ChangeSet changes = changesHere();
            changes.handedOut.put(name, attribute);
            touched(changes);
        }
    }

    @Nullable
    Attribute put(String name, Attribute attribute) {
        synchronized (lock) {
            ChangeSet changes = changesHere();
            Attribute previous = visible(changes, name);
            state.put(name, attribute);
            unpin(name);
            record(changes, name, new ChangeSet.Put(attribute));
            return previous;
        }
    }

    @Nullable
    Attribute remove(String name) {
        synchronized (lock) {
            ChangeSet changes = changesHere();
            Attribute previous = visible(changes, name);
            if (previous != null) {
                state.remove(name);
                unpin(name);
                record(changes, name, new ChangeSet.Remove());
            }
            return previous;
        }
    }

    /** Of the attributes of the application. */
    Set<String> names() {
        synchronized (lock) {
            Set<String> names = new LinkedHashSet<>(state.keySet());
            changesHere().pins.forEach((name, pinned) -> {
                if (pinned.isPresent()) {
                    names.add(name);
                } else {
                    names.remove(name);
                }
            });
            names.removeIf(ContainerAttributes::isReserved);
            return names;
        }
    }

    private void record(ChangeSet changes, String name, Change change) {
        changes.explicit.put(name, change);
        changes.handedOut.remove(name);
        touched(changes);
    }

    /** What a change on this node does is seen by all requests of this node at once, as without us. */
    private void unpin(String name) {
        for (ChangeSet request : requests) {
            request.pins.remove(name);
        }
    }

    private @Nullable Attribute visible(ChangeSet changes, String name) {
        Optional<Attribute> pinned = changes.pins.get(name);
        return pinned != null ? pinned.orElse(null) : state.get(name);
    }

    private ChangeSet changesHere() {
        RequestScope scope = RequestScope.current();
        return scope == null ? ambient : scope.changesOf(this);
    }

    private void touched(ChangeSet changes) {
        changes.touched = true;
        if (changes == ambient) {
            repository.changedOutsideRequests(this);
        }
    }

    // ---- requests ------------------------------------------------------------------------------------------------

    ChangeSet join() {
        ChangeSet changes = new ChangeSet();
        synchronized (lock) {
            requests.add(changes);
        }
        return changes;
    }

    /** No application code of this request runs any more; what it changed may be written by whoever commits next. */
    void finish(ChangeSet changes) {
        synchronized (lock) {
            changes.finished = true;
            if (changes.lock != null) {
                changes.lock.finish();
            }
        }
    }

    /** The request is over. What it could not write goes on waiting for a commit of another one. */
    void leave(ChangeSet changes) {
        synchronized (lock) {
            if (!requests.remove(changes)) {
                return;
            }
            if ((changes.hasExplicitChanges() || changes.unwritten) && !ended && !changes.fenced) {
                ambient.adopt(changes);
            }
        }
    }

    boolean needsCommit(ChangeSet changes, boolean explicitOnly) {
        synchronized (lock) {
            if (changes.fenced) {
                return false;
            }
            return !stored
                    || changes.hasExplicitChanges()
                    || (!tainted && ambient.hasExplicitChanges())
                    || (!explicitOnly && !(changes.handedOut.isEmpty() && (tainted || ambient.handedOut.isEmpty())));
        }
    }

    /** Whether anything was touched since the last commit of this request began. */
    boolean touchedSinceCommit(ChangeSet changes) {
        synchronized (lock) {
            return changes.touched || ambient.touched;
        }
    }

    /** The change sets of requests that are over but have not left, as when their connection broke. */
    List<ChangeSet> finishedRequests() {
        synchronized (lock) {
            return requests.stream().filter(request -> request.finished).toList();
        }
    }

    /** Whether a request of this node is under way that has looked at it. */
    public boolean hasRequests() {
        synchronized (lock) {
            return !requests.isEmpty();
        }
    }

    boolean isAmbientDirty() {
        synchronized (lock) {
            return !tainted && !ambient.isEmpty();
        }
    }

    // ---- locks ---------------------------------------------------------------------------------------------------

    @Nullable
    HeldLock lastLock() {
        return lastLock;
    }

    void lockedBy(HeldLock taken) {
        lastLock = taken;
    }

    /** A request has lost its lock: what it changed and did not write is dropped. */
    void fence(@Nullable ChangeSet changes) {
        synchronized (lock) {
            tainted = true;
            ambient.clear();
            if (changes != null) {
                changes.clear();
                changes.fenced = true;
            }
        }
    }

    // ---- commit --------------------------------------------------------------------------------------------------

    /** What a commit of this request has to look at. Whatever happens later belongs to the next commit. */
    Draft draft(@Nullable ChangeSet changes) {
        synchronized (lock) {
            Draft draft = new Draft();
            if (!tainted) {
                draft.add(ambient);
            }
            if (changes != null) {
                draft.add(changes);
            }
            return draft;
        }
    }

    /** There was nothing to write. */
    void settled(Draft draft, Draft.Encoded encoded) {
        synchronized (lock) {
            draft.done(encoded);
            if (requests.stream().allMatch(request -> request.finished)) {
                // Otherwise it may be a thread of an asynchronous request that was given the object and still changes
                // it.
                ambient.handedOut.values().removeAll(draft.settledHandOuts());
            }
        }
    }

    /** The changes of a draft are in the store. */
    void committed(Draft draft, Draft.Encoded encoded, long previousRevision, long newRevision) {
        synchronized (lock) {
            settled(draft, encoded);
            encoded.written.forEach((name, written) -> {
                written.attribute().committed(written.print(), newRevision);
                Attribute present = state.get(name);
                if (present == null ? !isPending(name) : isOlder(present, newRevision)) {
                    state.put(name, written.attribute());
                }
            });
            encoded.delta.removed().forEach(name -> removedAt.put(name, newRevision));
            if (previousRevision <= revision) {
                revision = Math.max(revision, newRevision);
            }
            removedAt.values().removeIf(at -> at <= revision);
            stored = true;
        }
    }

    private static boolean isOlder(Attribute present, long newRevision) {
        return present.revision() != Attribute.UNCOMMITTED && present.revision() < newRevision;
    }

    // ---- merge ---------------------------------------------------------------------------------------------------

    /** The store has nothing newer. */
    void unchanged(Metadata metadata) {
        synchronized (lock) {
            accept(metadata);
        }
    }

    /** The store has changes that this copy lacks. */
    void merge(Metadata metadata, Map<String, byte[]> set, Set<String> removed) {
        Map<String, Fingerprint> prints = new HashMap<>();
        set.forEach((name, bytes) -> prints.put(name, Fingerprint.of(bytes)));
        synchronized (lock) {
            if (metadata.revision() > revision) {
                set.forEach((name, bytes) -> mergeOne(name, bytes, prints.get(name), metadata.revision()));
                removed.forEach(name -> mergeRemoval(name, metadata.revision()));
                revision = metadata.revision();
                removedAt.values().removeIf(at -> at <= revision);
            }
            accept(metadata);
        }
    }

    /** The whole record: what it lacks was removed. */
    void mergeWhole(Metadata metadata, Map<String, byte[]> all) {
        Set<String> missing;
        synchronized (lock) {
            missing = new LinkedHashSet<>(state.keySet());
        }
        missing.removeAll(all.keySet());
        merge(metadata, all, missing);
    }

    private void mergeOne(String name, byte[] bytes, @Nullable Fingerprint print, long mergedRevision) {
        Attribute present = state.get(name);
        boolean newerHere = present != null
                && (present.revision() > mergedRevision || (print != null && present.isStoredAs(print)));
        if (newerHere || removedAt.getOrDefault(name, 0L) > mergedRevision || isPending(name)) {
            return;
        }
        pin(name, present);
        state.put(name, Attribute.stored(bytes, mergedRevision));
    }

    private void mergeRemoval(String name, long mergedRevision) {
        Attribute present = state.get(name);
        if (present != null && !present.isLocalOnly() && present.revision() <= mergedRevision && !isPending(name)) {
            pin(name, present);
            state.remove(name);
        }
    }

    private boolean isPending(String name) {
        return ambient.explicit.containsKey(name)
                || requests.stream().anyMatch(request -> request.explicit.containsKey(name));
    }

    private void pin(String name, @Nullable Attribute present) {
        for (ChangeSet request : requests) {
            request.pins.putIfAbsent(name, Optional.ofNullable(present));
        }
    }

    private void accept(Metadata metadata) {
        lastAccessedMillis = Math.max(lastAccessedMillis, metadata.lastAccessedMillis());
        boolean pending = ambient.maxInactiveSeconds.isPresent()
                || requests.stream().anyMatch(request -> request.maxInactiveSeconds.isPresent());
        if (!pending) {
            maxInactiveSeconds = metadata.maxInactiveSeconds();
        }
    }

    /** The masked id and the revision. */
    @Override
    public String toString() {
        return "LiveSession[" + id + "@" + revision + (ended ? ", ended" : "") + "]";
    }
}
