package dev.holdfast.fallback;

import dev.holdfast.model.Delta;
import dev.holdfast.model.Metadata;
import dev.holdfast.model.NewSession;
import dev.holdfast.model.OfflineChange;
import dev.holdfast.model.OfflineDelta;
import dev.holdfast.model.SessionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What this node did to one session while the store did not answer: encoded, and only the latest of everything. Guarded
 * by {@link #lock}, which is held while the entry is brought to the store, so that nothing overtakes it.
 *
 * <p>Instants are those of a monotonic ticker. They become instants of the store when the entry is brought there: the
 * clock of this node may be wrong.
 */
final class JournalEntry {

    /** What an entry takes besides names and values, about. */
    private static final int OVERHEAD_BYTES = 300;

    final ReentrantLock lock = new ReentrantLock();

    /** How often this node may have written it without hearing of it: more are forgotten, the oldest first. */
    private static final int MOST_TOKENS = 8;

    private static final int MOST_DOUBLINGS = 8;

    private final long createdHereMillis;
    private long createdMillis;
    private final long begunNanos;
    private final long sinceNanos;
    private final Map<String, Change> attributes = new LinkedHashMap<>();
    private final List<Integer> tokens = new ArrayList<>();
    private final List<SessionId> formerIds = new ArrayList<>();

    private SessionId id;
    private SessionId storedId;
    private long knownRevision;
    private long usedNanos;
    private boolean used;
    private OptionalInt maxInactiveSeconds = OptionalInt.empty();

    /** What the store has not been told of for sure; null if it knows the session. */
    private @Nullable NewSession born;

    private boolean birthSent;
    private int failures;
    private boolean renameSent;
    private boolean removed;
    private boolean done;
    private long orphanedNanos;
    private long broughtRevision;
    private @Nullable String lockOwner;
    private long bytes = OVERHEAD_BYTES;
    private long notedBytes;

    /**
     * @param id the session, as this node and the store know it
     * @param createdMillis its creation time
     * @param knownRevision the revision up to which this node knows it; 0 if that does not matter
     * @param nowNanos by the ticker
     * @param sinceNanos when the store last answered: since then others may have written unnoticed
     */
    JournalEntry(SessionId id, long createdMillis, long knownRevision, long nowNanos, long sinceNanos) {
        this.id = id;
        this.storedId = id;
        this.createdHereMillis = createdMillis;
        this.createdMillis = createdMillis;
        this.knownRevision = knownRevision;
        this.begunNanos = nowNanos;
        this.usedNanos = nowNanos;
        this.sinceNanos = sinceNanos;
    }

    // ---- what happens on this node -------------------------------------------------------------------------------

    /** @param sent whether the store may have been told */
    void born(NewSession session, boolean sent, long nowNanos) {
        if (born == null) {
            born = session;
            knownRevision = session.revision();
            maxInactiveSeconds = OptionalInt.of(session.maxInactiveSeconds());
        }
        birthSent |= sent;
        apply(Delta.of(session.attributes(), Set.of()), nowNanos);
    }

    /** @param unansweredToken the token under which the store may have got it; null if it was not asked */
    void changed(long revision, Delta delta, @Nullable Integer unansweredToken, long nowNanos) {
        knownRevision = knownRevision == 0 ? revision : Math.min(knownRevision, revision);
        if (unansweredToken != null) {
            addToken(unansweredToken);
        }
        apply(delta, nowNanos);
    }

    private void apply(Delta delta, long nowNanos) {
        delta.set().forEach((name, value) -> put(name, new Change(value, nowNanos)));
        delta.removed().forEach(name -> put(name, new Change(null, nowNanos)));
        if (delta.maxInactiveSeconds().isPresent()) {
            maxInactiveSeconds = delta.maxInactiveSeconds();
        }
        used(nowNanos);
    }

    private void put(String name, Change change) {
        Change before = attributes.put(name, change);
        bytes += change.bytes() - (before == null ? -2L * name.length() : before.bytes());
    }

    void used(long nowNanos) {
        usedNanos = nowNanos;
        used = true;
    }

    /** @param sent whether the store may have been told */
    void renamed(SessionId newId, boolean sent) {
        formerIds.add(id);
        id = newId;
        if (born != null && !birthSent) {
            storedId = newId;
        }
        renameSent |= sent;
    }

    void removed() {
        removed = true;
        attributes.clear();
        bytes = OVERHEAD_BYTES;
    }

    /** The lock of this owner was to be given back, and the store was not told. */
    void lockLeft(String owner) {
        lockOwner = owner;
    }

    // ---- what this node knows ------------------------------------------------------------------------------------

    /** The id that the client has. */
    SessionId id() {
        return id;
    }

    /** Ids that clients had, and that nobody may use any more. */
    List<SessionId> formerIds() {
        return formerIds;
    }

    /** All ids that clients had and have, and others under which the store knows or knew it; each once. */
    Set<SessionId> allIds() {
        Set<SessionId> all = new LinkedHashSet<>(List.of(storedId));
        all.addAll(formerIds);
        all.add(id);
        return all;
    }

    /** Whether it is about this session, and not about another one that has, or had, the same id. */
    boolean isOf(long sessionCreatedMillis) {
        return sessionCreatedMillis == createdMillis || sessionCreatedMillis == createdHereMillis;
    }

    /** Whether the time of a session is over that only this node knows. */
    boolean isOver(long nowNanos) {
        int seconds = maxInactiveSeconds.orElse(0);
        return isBorn() && seconds > 0 && nowNanos - usedNanos > TimeUnit.SECONDS.toNanos(seconds);
    }

    boolean isRemoved() {
        return removed;
    }

    /** Whether the store never heard of it, and never will if it is removed. */
    boolean isUnheardOf() {
        return born != null && !birthSent;
    }

    /** Whether the store has not confirmed it: all that is known of it is here. */
    boolean isBorn() {
        return born != null;
    }

    /** What is known of a session that was born here. */
    Metadata metadata() {
        return new Metadata(Math.max(1, knownRevision), createdMillis, createdMillis, maxInactiveSeconds.orElse(0));
    }

    Map<String, byte[]> values() {
        Map<String, byte[]> values = new HashMap<>();
        attributes.forEach((name, change) -> {
            byte[] value = change.value;
            if (value != null) {
                values.put(name, value);
            }
        });
        return values;
    }

    long begunNanos() {
        return begunNanos;
    }

    long bytes() {
        return bytes;
    }

    /** How much of {@link #bytes()} the journal has counted. */
    long notedBytes() {
        return notedBytes;
    }

    void noteBytes() {
        notedBytes = bytes;
    }

    /** Whether nothing was noted, so that there is nothing to bring. */
    boolean isEmpty() {
        return born == null && !removed && formerIds.isEmpty() && lockOwner == null && !hasSomethingToTell();
    }

    int changes() {
        return attributes.size();
    }

    // ---- on its way to the store ---------------------------------------------------------------------------------

    long createdMillis() {
        return createdMillis;
    }

    long knownRevision() {
        return knownRevision;
    }

    /** What the store holds has this revision since the changes were brought there. */
    void broughtAt(long revision) {
        broughtRevision = revision;
    }

    /** 0 if the changes have not been brought to the store, or there were none. */
    long broughtRevision() {
        return broughtRevision;
    }

    /** The id under which the store knows it. */
    SessionId storedId() {
        return storedId;
    }

    void storedUnder(SessionId newId) {
        storedId = newId;
    }

    boolean wasRenameSent() {
        return renameSent;
    }

    void renameSent() {
        renameSent = true;
    }

    boolean wasBirthSent() {
        return birthSent;
    }

    void birthSent() {
        birthSent = true;
    }

    /** The store knows it now, and all its attributes. */
    void birthDone(boolean withAttributes) {
        born = null;
        if (withAttributes) {
            attributes.clear();
            maxInactiveSeconds = OptionalInt.empty();
        }
    }

    /** The store already has a session of this id, made by another node for the same client: it is this one, then. */
    void joins(long storedCreatedMillis) {
        createdMillis = storedCreatedMillis;
    }

    NewSession newSession() {
        return new NewSession(
                storedId,
                createdMillis,
                createdMillis,
                Math.max(1, knownRevision),
                maxInactiveSeconds.orElse(0),
                values(),
                born == null ? OptionalLong.empty() : born.writtenMillis());
    }

    /** A session that comes back, without what the entry knows better. */
    NewSession without(NewSession session) {
        Map<String, byte[]> rest = new HashMap<>(session.attributes());
        rest.keySet().removeAll(attributes.keySet());
        return new NewSession(
                session.id(),
                session.createdMillis(),
                session.lastAccessedMillis(),
                session.revision(),
                session.maxInactiveSeconds(),
                rest,
                session.writtenMillis());
    }

    boolean hasSomethingToTell() {
        return used || !attributes.isEmpty() || maxInactiveSeconds.isPresent();
    }

    /** @param millisOf makes an instant of the store of one of the ticker */
    OfflineDelta delta(LongUnaryOperator millisOf) {
        Map<String, OfflineChange> changes = new HashMap<>();
        attributes.forEach((name, change) ->
                changes.put(name, new OfflineChange(change.value, millisOf.applyAsLong(change.nanos))));
        return new OfflineDelta(
                changes,
                maxInactiveSeconds,
                used ? millisOf.applyAsLong(usedNanos) : 0,
                millisOf.applyAsLong(sinceNanos),
                List.copyOf(tokens));
    }

    void addToken(int token) {
        tokens.add(token);
        if (tokens.size() > MOST_TOKENS) {
            tokens.remove(0);
        }
    }

    @Nullable
    String lockOwner() {
        return lockOwner;
    }

    /**
     * How long it may take to bring it, while requests of its session wait: longer when that was too short.
     *
     * @param least the first time
     */
    Duration patience(Duration least) {
        return least.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
    }

    void failed() {
        failures++;
    }

    void lockGivenBack() {
        lockOwner = null;
    }

    /** The store does not know the session. If it comes back, then under the id that the client has. */
    void orphaned(long nowNanos) {
        orphanedNanos = nowNanos;
        storedId = id;
        done = true;
    }

    long orphanedNanos() {
        return orphanedNanos;
    }

    /** Everything is in the store, or need not be. */
    void done() {
        done = true;
    }

    boolean isDone() {
        return done;
    }

    /** The latest change of an attribute. */
    private static final class Change {
        /** Null: it was removed. */
        final byte @Nullable [] value;

        final long nanos;

        Change(byte @Nullable [] value, long nanos) {
            this.value = value;
            this.nanos = nanos;
        }

        long bytes() {
            byte[] present = value;
            return present == null ? 0 : present.length;
        }
    }
}
