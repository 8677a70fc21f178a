package dev.holdfast.session;

import dev.holdfast.codec.AttributeCodec;
import dev.holdfast.codec.CodecException;
import dev.holdfast.model.Metadata;
import dev.holdfast.model.SessionId;
import dev.holdfast.session.ChangeSet.Change;
import dev.holdfast.store.Known;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The local copy of a session: one object per session and node, shared by all requests that use it. Thread-safe.
 *
 * <p><b>Locks.</b> {@code lock} guards the state; it is held for map operations only, never while something is encoded,
 * decoded, sent, or while application code runs. {@code commitLock} puts the commits of this node in order, so that an
 * older encoding of a shared object cannot be written after a newer one; it is held while a commit is encoded and sent,
 * and never waited for without a limit. Order: commitLock before lock.
 *
 * <p><b>Revisions.</b> {@link #revision()} is the revision up to which everything that the store holds is known here. A
 * commit of this node moves it only when nobody else has written in between.
 */
public final class LiveSession {

    final ReentrantLock commitLock = new ReentrantLock();
    private final Object lock = new Object();

    private final SessionRepository repository;
    private final SessionAttributes attributes;
    private final ContainerAttributes containerAttributes;
    private volatile long createdMillis;

    private final AttributeVersions versions = new AttributeVersions();
    private final Set<Draft> underWay = new HashSet<>();
    private final RecordState record = new RecordState();
    private final UseTimes times;

    private volatile SessionId id;
    private volatile long lastAccessedMillis;
    private volatile int maxInactiveSeconds;
    private volatile boolean ended;

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
        this.times = new UseTimes(repository::nanoTime);
    }

    /** A session that the store does not know yet. */
    static LiveSession created(SessionRepository repository, SessionId id, long createdMillis, int maxInactiveSeconds) {
        return new LiveSession(repository, id, createdMillis, maxInactiveSeconds);
    }

    /** A copy of what the store holds. */
    static LiveSession loaded(
            SessionRepository repository,
            SessionId id,
            Metadata metadata,
            Map<String, byte[]> attributes,
            String epoch) {
        LiveSession live = new LiveSession(repository, id, metadata.createdMillis(), metadata.maxInactiveSeconds());
        attributes.forEach((name, bytes) -> {
            if (repository.mayEnter(name)) {
                live.versions.stored(name, bytes, metadata.revision());
            }
        });
        live.at(metadata);
        live.lastAccessedMillis = metadata.lastAccessedMillis();
        live.record.stored();
        live.record.knownAt(epoch);
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
            touched(changes, null, null);
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
        return record.isStored();
    }

    /** Whether a request that uses it is under way, or something is still to be written. */
    public boolean isInUse() {
        synchronized (lock) {
            return !versions.requests.isEmpty() || versions.ambient.hasExplicitChanges();
        }
    }

    /** How long nobody has looked at it, in nanoseconds of the repository's ticker. */
    public long idleNanos() {
        return times.idleNanos();
    }

    /** Whether the store may lack something that was done to it here. */
    boolean isUnsaved() {
        return !ended && (!isStored() || isAmbientDirty() || !finishedRequests().isEmpty());
    }

    /** How many bytes the store holds of each attribute, as far as this node knows. */
    Map<String, Integer> storedBytes() {
        synchronized (lock) {
            return versions.storedBytes();
        }
    }

    /** Whether an attribute of the application is on this node only. */
    boolean hasLocalOnly() {
        synchronized (lock) {
            return versions.hasLocalOnly();
        }
    }

    /** The attributes of the application whose objects are at hand and fit. */
    Map<String, Attribute> decoded(Predicate<Object> fitting) {
        synchronized (lock) {
            return versions.decoded(fitting);
        }
    }

    /**
     * Whether the store counts idle time from a moment that lies back by more than a small part of the max-inactive
     * interval. Asked when a request is over.
     */
    boolean wasUsedForLong() {
        return isStored() && !ended && times.isBehind(maxInactiveSeconds);
    }

    /** Whether it would soon end under a request that has been using it for long. */
    boolean mustBeKept() {
        return isStored() && !ended && times.endsSoon(maxInactiveSeconds) && hasRequests();
    }

    /** Whether its time is over, as far as this node knows. */
    boolean isOverdue() {
        return times.isOver(maxInactiveSeconds);
    }

    /** A client's request uses it while the store is away. */
    void accessedHere(long nowMillis) {
        synchronized (lock) {
            lastAccessedMillis = Math.max(lastAccessedMillis, nowMillis - times.untoldMillis());
        }
        times.told();
    }

    /** See {@link Restoration}. */
    String epoch() {
        return record.epoch();
    }

    void knownAt(String newEpoch) {
        record.knownAt(newEpoch);
    }

    private void at(Metadata metadata) {
        record.isAt(metadata, repository.storeMillis());
    }

    /** All names of attributes, those that are on this node only among them. */
    Set<String> allNames() {
        synchronized (lock) {
            return versions.names();
        }
    }

    /** When the store was last known to have what is here, by its time in milliseconds since the epoch. */
    long agreedMillis() {
        return record.agreedMillis();
    }

    /** This copy, for a store that is asked about it. */
    Known known() {
        synchronized (lock) {
            return record.known(createdMillis);
        }
    }

    /** All attributes that the store once knew, as they are now. Call in the order of commits. */
    Map<String, byte[]> encodeAll(AttributeCodec codec, Draft.UnwritableReport unwritable) {
        Map<String, Attribute> all;
        synchronized (lock) {
            all = versions.written();
        }
        Map<String, byte[]> encoded = new HashMap<>();
        all.forEach((name, attribute) -> {
            try {
                byte[] bytes = attribute.encodeWhole(codec);
                if (bytes != null) {
                    encoded.put(name, bytes);
                }
            } catch (CodecException cause) {
                unwritable.unwritable(name, cause);
            } catch (ConcurrentModificationException changing) {
                unwritable.unwritable(name, new CodecException("It never stops changing", changing));
            }
        });
        return encoded;
    }

    /** A request of the container uses it from now on, also where no {@link RequestScope} reaches. */
    public void beginUse() {
        times.beginContainerUse();
    }

    /** Ends what {@link #beginUse} began. */
    public void endUse() {
        times.endContainerUse();
    }

    /** Whether a request of this node has it, and finishes with it whatever becomes of it elsewhere. */
    boolean isUsedByRequests() {
        return times.isUsedByContainer() || hasRequests();
    }

    /** When this copy was used, and what the store knows of it. */
    UseTimes times() {
        return times;
    }

    SessionRepository repository() {
        return repository;
    }

    long revision() {
        return record.revision();
    }

    /** Whether the store holds it, or may hold it because the answer to its creation was lost. */
    boolean mayBeStored() {
        return record.mayBeStored();
    }

    /**
     * The store is about to be told of it.
     *
     * @return whether it was told before
     */
    boolean beginCreate() {
        return record.beginCreate();
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
        record.stored();
    }

    // ---- what the application does -------------------------------------------------------------------------------

    @Nullable
    Attribute look(String name) {
        synchronized (lock) {
            return versions.visible(changesHere(), name);
        }
    }

    /** What this node knows at the moment, without a request that takes part in the session from now on. */
    @Nullable
    Attribute peek(String name) {
        synchronized (lock) {
            return versions.visible(versions.ambient, name);
        }
    }

    void handOut(String name, Attribute attribute) {
        synchronized (lock) {
            ChangeSet changes = changesHere();
            changes.handedOut.put(name, attribute);
            touched(changes, name, attribute);
        }
    }

    @Nullable
    Attribute put(String name, Attribute attribute) {
        synchronized (lock) {
            ChangeSet changes = changesHere();
            Attribute previous = versions.visible(changes, name);
            versions.put(name, attribute);
            record(changes, name, new ChangeSet.Put(attribute));
            return previous;
        }
    }

    @Nullable
    Attribute remove(String name) {
        synchronized (lock) {
            ChangeSet changes = changesHere();
            Attribute previous = versions.visible(changes, name);
            if (previous != null) {
                versions.remove(name);
                record(changes, name, new ChangeSet.Remove());
            }
            return previous;
        }
    }

    /** Of the attributes of the application. */
    Set<String> names() {
        synchronized (lock) {
            Set<String> names = versions.visibleNames(changesHere());
            names.removeIf(ContainerAttributes::isReserved);
            return names;
        }
    }

    private void record(ChangeSet changes, String name, Change change) {
        changes.explicit.put(name, change);
        changes.handedOut.remove(name);
        touched(changes, name, change instanceof ChangeSet.Put put ? put.attribute : null);
    }

    private ChangeSet changesHere() {
        RequestScope scope = RequestScope.current();
        return scope == null ? versions.ambient : scope.changesOf(this);
    }

    private void touched(ChangeSet changes, @Nullable String name, @Nullable Attribute attribute) {
        changes.touched = true;
        if (changes == versions.ambient) {
            repository.outsideUse().touched(this, name, attribute);
        }
    }

    /** Threads of no request were given these objects, and may have changed them after the last look. */
    void watchAgain(Map<String, Attribute> lent) {
        synchronized (lock) {
            lent.forEach((name, attribute) -> {
                if (versions.isPresent(name, attribute)) {
                    versions.ambient.handedOut.putIfAbsent(name, attribute);
                }
            });
        }
    }

    // ---- requests ------------------------------------------------------------------------------------------------

    ChangeSet join() {
        ChangeSet changes = new ChangeSet();
        synchronized (lock) {
            versions.requests.add(changes);
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
            if (!versions.requests.remove(changes)) {
                return;
            }
            if ((changes.hasExplicitChanges() || changes.unwritten) && !ended && !changes.fenced) {
                versions.ambient.adopt(changes);
            }
            versions.mergeSkipped();
        }
    }

    boolean needsCommit(ChangeSet changes, boolean explicitOnly) {
        synchronized (lock) {
            if (changes.fenced) {
                return false;
            }
            return !isStored()
                    || changes.hasExplicitChanges()
                    || (!tainted && versions.ambient.hasExplicitChanges())
                    || (!explicitOnly
                            && !(changes.handedOut.isEmpty() && (tainted || versions.ambient.handedOut.isEmpty())));
        }
    }

    /** Whether anything was touched since the last commit of this request began. */
    boolean touchedSinceCommit(ChangeSet changes) {
        synchronized (lock) {
            return changes.touched || versions.ambient.touched;
        }
    }

    /** The change sets of requests that are over but have not left, as when their connection broke. */
    List<ChangeSet> finishedRequests() {
        synchronized (lock) {
            return versions.requests.stream()
                    .filter(request -> request.finished)
                    .toList();
        }
    }

    /** Whether a request of this node is under way that has looked at it. */
    public boolean hasRequests() {
        synchronized (lock) {
            return !versions.requests.isEmpty();
        }
    }

    /** Whether a request of this node has, or had, it for itself: what its workers change is then written by it. */
    boolean hasLockingRequests() {
        synchronized (lock) {
            return versions.requests.stream().anyMatch(request -> request.lock != null);
        }
    }

    boolean isAmbientDirty() {
        synchronized (lock) {
            return !tainted && !versions.ambient.isEmpty();
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
            versions.ambient.clear();
            if (changes != null) {
                changes.clear();
                changes.fenced = true;
            }
            versions.mergeSkipped();
        }
    }

    /** Whether a request that lost its lock has changed this copy. */
    boolean isTainted() {
        return tainted;
    }

    /** No request uses this copy any more; for threads that still do, it becomes what the store holds. */
    void heal(Metadata metadata, Map<String, byte[]> all) {
        Map<String, byte[]> entering = new HashMap<>(all);
        entering.keySet().removeIf(name -> !repository.mayEnter(name));
        synchronized (lock) {
            versions.reset(entering, metadata.revision());
            at(metadata);
            accept(metadata);
            tainted = false;
        }
    }

    // ---- commit --------------------------------------------------------------------------------------------------

    /** What a commit of this request has to look at. Whatever happens later belongs to the next commit. */
    Draft draft(@Nullable ChangeSet changes) {
        synchronized (lock) {
            Draft draft = new Draft();
            underWay.add(draft);
            if (!tainted) {
                draft.add(versions.ambient);
            }
            if (changes != null) {
                draft.add(changes);
            }
            return draft;
        }
    }

    /** The commit of a draft has ended, well or not. */
    void ended(Draft draft) {
        synchronized (lock) {
            underWay.remove(draft);
        }
    }

    /** Whether attributes that were set or removed are being written: the store may have them, and newer ones since. */
    boolean isCommitUnderWay() {
        synchronized (lock) {
            return underWay.stream().anyMatch(Draft::hasExplicitChanges);
        }
    }

    /** There was nothing to write. */
    void settled(Draft draft, Draft.Encoded encoded) {
        synchronized (lock) {
            draft.done(encoded);
            versions.requests.forEach(request -> draft.overtake(request, versions::isPresent));
            if (versions.requests.stream().allMatch(request -> request.finished)) {
                // Otherwise a thread of an asynchronous request may have been given the object, and still change it.
                versions.ambient.handedOut.values().removeAll(draft.settledHandOuts());
            }
        }
    }

    /** The changes of a draft are in the store. */
    void committed(Draft draft, Draft.Encoded encoded, long previousRevision, long newRevision, int token) {
        synchronized (lock) {
            settled(draft, encoded);
            versions.committed(encoded, newRevision, record.revision());
            record.committed(previousRevision, newRevision, token, repository.storeMillis());
            versions.knownUpTo(record.revision());
        }
    }

    // ---- merge ---------------------------------------------------------------------------------------------------

    /** The store has nothing newer. */
    void unchanged(Metadata metadata) {
        synchronized (lock) {
            record.isUnchanged(repository.storeMillis());
            accept(metadata);
        }
    }

    /** The store has changes that this copy lacks. */
    void merge(Metadata metadata, Map<String, byte[]> set, Set<String> removed) {
        Map<String, Attribute> arriving = new HashMap<>();
        set.forEach((name, bytes) -> {
            if (repository.mayEnter(name)) {
                arriving.put(name, Attribute.stored(bytes, metadata.revision()));
            }
        });
        synchronized (lock) {
            if (metadata.revision() > record.revision()) {
                arriving.forEach(versions::merge);
                removed.forEach(name -> versions.mergeRemoval(name, metadata.revision()));
                at(metadata);
                versions.knownUpTo(record.revision());
            }
            accept(metadata);
        }
    }

    /** The whole record: what it lacks was removed. */
    void mergeWhole(Metadata metadata, Map<String, byte[]> all) {
        Set<String> missing;
        synchronized (lock) {
            missing = versions.names();
        }
        missing.removeAll(all.keySet());
        merge(metadata, all, missing);
    }

    private void accept(Metadata metadata) {
        lastAccessedMillis = Math.max(lastAccessedMillis, metadata.lastAccessedMillis());
        if (!versions.isIntervalPending()) {
            maxInactiveSeconds = metadata.maxInactiveSeconds();
        }
    }

    /** The masked id and the revision. */
    @Override
    public String toString() {
        return "LiveSession[" + id + "@" + record.revision() + (ended ? ", ended" : "") + "]";
    }
}
