package dev.holdfast.store.memory;

import dev.holdfast.model.Delta;
import dev.holdfast.model.Metadata;
import dev.holdfast.model.NewSession;
import dev.holdfast.store.Committed;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One stored session, with a log of its last revisions without gaps. Not thread-safe. */
final class Entry {

    private static final int MAX_LOG_LENGTH = 16;

    private final long createdMillis;
    private final Map<String, byte[]> attributes;
    private final Deque<Change> log = new ArrayDeque<>();
    private long revision;
    private int maxInactiveSeconds;

    /** When the last request arrived. */
    private long accessedMillis;

    /** The last touch or commit: idle time counts from it. */
    private long seenMillis;

    /** Who is ending the session, and until when it may; as long as that lasts nobody else writes or ends it. */
    private long endingToken;

    private long endingUntilMillis;

    Entry(NewSession session, long nowMillis) {
        this.createdMillis = session.createdMillis();
        this.attributes = new HashMap<>(session.attributes());
        this.revision = session.revision();
        this.maxInactiveSeconds = session.maxInactiveSeconds();
        this.accessedMillis = session.lastAccessedMillis();
        this.seenMillis = nowMillis;
    }

    boolean isSameSession(long otherCreatedMillis) {
        return createdMillis == otherCreatedMillis;
    }

    long revision() {
        return revision;
    }

    Metadata metadata() {
        return new Metadata(revision, createdMillis, accessedMillis, maxInactiveSeconds);
    }

    Map<String, byte[]> attributes() {
        return Map.copyOf(attributes);
    }

    /** Whether its time has been over for a while; 0: whether it is over. */
    boolean isDueSince(long millis, long nowMillis) {
        return maxInactiveSeconds > 0 && nowMillis >= seenMillis + maxInactiveSeconds * 1000L + millis;
    }

    boolean isBeingEnded(long nowMillis) {
        return nowMillis < endingUntilMillis;
    }

    boolean isBeingEndedBy(long token) {
        return endingUntilMillis > 0 && endingToken == token;
    }

    void beginEnd(long token, long untilMillis) {
        endingToken = token;
        endingUntilMillis = untilMillis;
    }

    /** Counts idle time anew, without an access. */
    void keep(long nowMillis) {
        seenMillis = nowMillis;
        endingUntilMillis = 0;
    }

    /** When its time is over; only for a session that expires. */
    long dueMillis() {
        return seenMillis + maxInactiveSeconds * 1000L;
    }

    void touch(long nowMillis) {
        accessedMillis = nowMillis;
        seenMillis = nowMillis;
    }

    /** The names that changed after a revision, or empty if the log does not reach back so far. */
    Optional<Set<String>> changedSince(long knownRevision) {
        Set<String> names = new HashSet<>();
        long covered = revision;
        for (Change change : log) {
            if (change.revision <= knownRevision) {
                break;
            }
            names.addAll(change.names);
            covered = change.previousRevision;
        }
        return covered <= knownRevision && !hasLeapSince(knownRevision) ? Optional.of(names) : Optional.empty();
    }

    /** Whether a commit was applied before. */
    boolean knows(long knownRevision, int token) {
        return log.stream().anyMatch(change -> change.token == token && change.revision > knownRevision);
    }

    Committed.Applied commit(long knownRevision, Delta delta, int token, long nowMillis) {
        for (Change change : log) {
            if (change.token == token && change.revision > knownRevision) {
                return new Committed.Applied(change.previousRevision, change.revision);
            }
        }
        Committed.Applied applied = commitWithoutUse(knownRevision, delta, token);
        keep(nowMillis);
        return applied;
    }

    /** As a commit that is new, but idle time goes on counting. */
    Committed.Applied commitWithoutUse(long knownRevision, Delta delta, int token) {
        long previous = revision;
        revision = Math.max(revision, knownRevision) + 1;
        attributes.putAll(delta.set());
        attributes.keySet().removeAll(delta.removed());
        delta.maxInactiveSeconds().ifPresent(seconds -> maxInactiveSeconds = seconds);

        Set<String> names = new HashSet<>(delta.set().keySet());
        names.addAll(delta.removed());
        log.addFirst(new Change(token, previous, revision, names));
        if (log.size() > MAX_LOG_LENGTH) {
            log.removeLast();
        }
        return new Committed.Applied(previous, revision);
    }

    /** Revisions that nobody has written here may have been written elsewhere, and lost. */
    private boolean hasLeapSince(long knownRevision) {
        return log.stream()
                .anyMatch(change -> change.revision > knownRevision && change.revision != change.previousRevision + 1);
    }

    private record Change(int token, long previousRevision, long revision, Set<String> names) {}
}
