package dev.holdfast.fallback;

import dev.holdfast.model.Delta;
import dev.holdfast.model.Metadata;
import dev.holdfast.model.NewSession;
import dev.holdfast.model.OfflineDelta;
import dev.holdfast.model.SessionId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
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

    private static final int MOST_DOUBLINGS = 8;

    /** A use that is not much later than the one in the file is not worth a record. */
    private static final long USE_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(5);

    final ReentrantLock lock = new ReentrantLock();

    private final NotedIds ids;
    private final NotedBirth birth = new NotedBirth();
    private final NotedChanges changes = new NotedChanges();

    private long createdHereMillis;
    private long createdMillis;
    private long begunNanos;
    private long sinceNanos;
    private long knownRevision;
    private boolean removed;
    private @Nullable String lockOwner;

    private Stage stage = Stage.OPEN;
    private long setAsideNanos;
    private int failures;
    private long broughtRevision;
    private long notedBytes;

    private volatile long number;
    private boolean written;
    private long writtenUseNanos;

    private enum Stage {
        /** More may be noted. */
        OPEN,
        /** The store does not know the session: it waits whether somebody brings it back. */
        SET_ASIDE,
        /** Everything is in the store, or need not be. */
        DONE
    }

    /**
     * @param id the session, as this node and the store know it
     * @param createdMillis its creation time
     * @param knownRevision the revision up to which this node knows it; 0 if that does not matter
     * @param nowNanos by the ticker
     * @param sinceNanos when the store last answered: since then others may have written unnoticed
     */
    JournalEntry(SessionId id, long createdMillis, long knownRevision, long nowNanos, long sinceNanos) {
        this.ids = new NotedIds(id);
        this.createdHereMillis = createdMillis;
        this.createdMillis = createdMillis;
        this.knownRevision = knownRevision;
        this.begunNanos = nowNanos;
        this.sinceNanos = sinceNanos;
    }

    // ---- what happens on this node -------------------------------------------------------------------------------

    /** @param sent whether the store may have been told */
    void born(NewSession session, boolean sent, long nowNanos) {
        if (birth.born(session, sent)) {
            knownRevision = session.revision();
            changes.maxInactive(session.maxInactiveSeconds());
        }
        changes.apply(Delta.of(session.attributes(), Set.of()), nowNanos);
        written = false;
    }

    /** @param unansweredToken the token under which the store may have got it; null if it was not asked */
    void changed(long revision, Delta delta, @Nullable Integer unansweredToken, long nowNanos) {
        knownRevision = knownRevision == 0 ? revision : Math.min(knownRevision, revision);
        if (unansweredToken != null) {
            changes.addToken(unansweredToken);
        }
        changes.apply(delta, nowNanos);
        written = false;
    }

    void used(long nowNanos) {
        written &= nowNanos - writtenUseNanos < USE_INTERVAL_NANOS;
        changes.used(nowNanos);
    }

    /** @param sent whether the store may have been told */
    void renamed(SessionId newId, boolean sent) {
        ids.changed(newId, !birth.isUnheardOf(), sent);
        written = false;
    }

    void removed() {
        removed = true;
        changes.clearAttributes();
        written = false;
    }

    /** The lock of this owner was to be given back, and the store was not told. */
    void lockLeft(String owner) {
        lockOwner = owner;
        written = false;
    }

    // ---- what this node knows ------------------------------------------------------------------------------------

    /** The id that the client has. */
    SessionId id() {
        return ids.present();
    }

    NotedIds ids() {
        return ids;
    }

    NotedBirth birth() {
        return birth;
    }

    NotedChanges changes() {
        return changes;
    }

    /** Whether it is about this session, and not about another one that has, or had, the same id. */
    boolean isOf(long sessionCreatedMillis) {
        return sessionCreatedMillis == createdMillis || sessionCreatedMillis == createdHereMillis;
    }

    /** Whether the time of a session is over that only this node knows. */
    boolean isOver(long nowNanos) {
        int seconds = changes.maxInactiveSeconds();
        return birth.isUnconfirmed()
                && seconds > 0
                && nowNanos - changes.usedNanos().orElse(begunNanos) > TimeUnit.SECONDS.toNanos(seconds);
    }

    boolean isRemoved() {
        return removed;
    }

    /** What is known of a session that was born here. */
    Metadata metadata() {
        return new Metadata(Math.max(1, knownRevision), createdMillis, createdMillis, changes.maxInactiveSeconds());
    }

    long begunNanos() {
        return begunNanos;
    }

    long bytes() {
        return OVERHEAD_BYTES + changes.bytes();
    }

    /** How much of {@link #bytes()} the journal has counted. */
    long notedBytes() {
        return notedBytes;
    }

    void noteBytes() {
        notedBytes = bytes();
    }

    /** Whether nothing was noted, so that there is nothing to bring. */
    boolean isEmpty() {
        return !birth.isUnconfirmed() && !removed && ids.former().isEmpty() && lockOwner == null && changes.isEmpty();
    }

    // ---- on its way to the store ---------------------------------------------------------------------------------

    long createdMillis() {
        return createdMillis;
    }

    long knownRevision() {
        return knownRevision;
    }

    /** The store has lost what came before, and so has everybody: instants alone decide. */
    void knowsNothing() {
        knownRevision = 0;
    }

    /** What the store holds has this revision since the changes were brought there. */
    void broughtAt(long revision) {
        broughtRevision = revision;
    }

    /** 0 if the changes have not been brought to the store, or there were none. */
    long broughtRevision() {
        return broughtRevision;
    }

    /** The store already has a session of this id, made by another node for the same client: it is this one, then. */
    void joins(long storedCreatedMillis) {
        createdMillis = storedCreatedMillis;
    }

    NewSession newSession() {
        return new NewSession(
                ids.stored(),
                createdMillis,
                createdMillis,
                Math.max(1, knownRevision),
                changes.maxInactiveSeconds(),
                changes.values(),
                birth.writtenMillis());
    }

    /** A session that comes back, without what the entry knows better. */
    NewSession without(NewSession session) {
        Map<String, byte[]> rest = new HashMap<>(session.attributes());
        rest.keySet().removeAll(changes.names());
        return new NewSession(
                session.id(),
                session.createdMillis(),
                session.lastAccessedMillis(),
                session.revision(),
                session.maxInactiveSeconds(),
                rest,
                session.writtenMillis(),
                session.token());
    }

    /** @param millisOf makes an instant of the store of one of the ticker */
    OfflineDelta delta(LongUnaryOperator millisOf) {
        return changes.delta(sinceNanos, millisOf);
    }

    @Nullable
    String lockOwner() {
        return lockOwner;
    }

    void lockGivenBack() {
        lockOwner = null;
    }

    /**
     * How long it may take to bring it, while requests of its session wait: longer when that was too short. The first
     * failures say nothing, for they may be those of a store that has just begun to hang. After so many the breaker is
     * open, and what fails when it has closed again is too large.
     *
     * @param least the first times
     */
    Duration patience(Duration least) {
        int telling = Math.max(0, failures - BreakerOptions.MOST_FAILURES_IN_A_ROW);
        return least.multipliedBy(1L << Math.min(telling, MOST_DOUBLINGS));
    }

    void failed() {
        failures++;
    }

    /** The store does not know the session. If it comes back, then under the id that the client has. */
    void setAside(long nowNanos) {
        setAsideNanos = nowNanos;
        ids.storedUnder(ids.present());
        stage = Stage.SET_ASIDE;
    }

    long setAsideNanos() {
        return setAsideNanos;
    }

    boolean isSetAside() {
        return stage == Stage.SET_ASIDE;
    }

    /** Everything is in the store, or need not be. */
    void done() {
        stage = Stage.DONE;
    }

    /** Whether nothing is noted in it any more. */
    boolean isDone() {
        return stage != Stage.OPEN;
    }

    // ---- in the file ---------------------------------------------------------------------------------------------

    /** Its number in the file; 0 if it has none yet. */
    long number() {
        return number;
    }

    void number(long ofFile) {
        number = ofFile;
    }

    /** Whether the file lacks something that has happened on this node. */
    boolean isUnwritten() {
        return !written;
    }

    void written() {
        written = true;
        writtenUseNanos = changes.usedNanos().orElse(begunNanos);
        changes.written();
    }

    /** What the file has of it cannot be relied on: the next record has everything. */
    void unwritten() {
        written = false;
        changes.unwritten();
    }

    /** @param whole with everything, whatever the file may have already */
    JournalRecord.Noted toWrite(boolean whole, JournalTimes times) {
        return new JournalRecord.Noted(
                number,
                ids.toWrite(),
                createdHereMillis,
                createdMillis,
                knownRevision,
                times.millisOf(begunNanos),
                times.millisOf(sinceNanos),
                birth.toWrite(),
                removed,
                isSetAside(),
                lockOwner,
                changes.toWrite(whole, times));
    }

    /**
     * Reads a record.
     *
     * @param earlier the entry, as earlier records say; null if there is none
     */
    static JournalEntry read(@Nullable JournalEntry earlier, JournalRecord.Noted record, JournalTimes times) {
        JournalEntry entry = earlier == null
                ? new JournalEntry(record.ids().present(), record.createdHereMillis(), 0, 0, 0)
                : earlier;
        entry.number = record.number();
        entry.createdHereMillis = record.createdHereMillis();
        entry.createdMillis = record.createdMillis();
        entry.knownRevision = record.knownRevision();
        entry.begunNanos = times.nanosOf(record.begunMillis());
        entry.sinceNanos = times.nanosOf(record.sinceMillis());
        entry.removed = record.removed();
        entry.lockOwner = record.lockOwner();
        entry.stage = record.setAside() ? Stage.SET_ASIDE : Stage.OPEN;
        entry.ids.read(record.ids());
        entry.birth.read(record.birth());
        entry.changes.read(record.changes(), times);
        entry.written();
        return entry;
    }

    /**
     * All records are read. Further steps may have been made that the file does not tell of: it lags behind if the machine
     * has lost power.
     *
     * @param nowNanos by the ticker: other nodes have time again to bring back what was set aside
     */
    void allRead(long nowNanos) {
        birth.allRead();
        ids.allRead();
        setAsideNanos = nowNanos;
    }
}
