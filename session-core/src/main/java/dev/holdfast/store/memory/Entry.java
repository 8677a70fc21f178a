package dev.holdfast.store.memory;

import dev.holdfast.model.Delta;
import dev.holdfast.model.Metadata;
import dev.holdfast.model.NewSession;
import dev.holdfast.model.OfflineDelta;
import dev.holdfast.store.Committed;
import dev.holdfast.store.Known;
import dev.holdfast.store.Reconciled;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One stored session, with a log of its last revisions without gaps. Not thread-safe. */
final class Entry {

    private static final int MAX_LOG_LENGTH = 16;

    private final long createdMillis;
    private final StampedAttributes attributes = new StampedAttributes();
    private final Deque<Change> log = new ArrayDeque<>();
    private long revision;
    private int token;
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
        this.attributes.set(
                session.attributes(),
                Math.min(nowMillis, session.writtenMillis().orElse(nowMillis)));
        this.revision = session.revision();
        this.token = session.token();
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
        return new Metadata(revision, createdMillis, accessedMillis, maxInactiveSeconds, token);
    }

    Map<String, byte[]> attributes() {
        return attributes.values();
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

    boolean expires() {
        return maxInactiveSeconds > 0;
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

    /** Whether a copy knows commits that are not here. */
    boolean isBehind(Known known) {
        return known.revision() > revision
                || (known.token().isPresent()
                        && isAnother(known.revision(), known.token().getAsInt()));
    }

    private boolean isAnother(long knownRevision, int knownToken) {
        if (knownRevision == revision) {
            return knownToken != token;
        }
        return log.stream().anyMatch(change -> change.revision == knownRevision && change.token != knownToken);
    }

    /** As {@link dev.holdfast.store.SessionStore#restore}, of a session that is there. */
    void restore(NewSession copy, Set<String> removed, int newToken, long nowMillis) {
        if (knows(copy.revision(), newToken)) {
            return;
        }
        long agreed = Math.min(nowMillis, copy.writtenMillis().orElse(nowMillis));
        Set<String> written = new HashSet<>();
        copy.attributes().forEach((name, value) -> {
            if (attributes.changedMillis(name) <= agreed && !Arrays.equals(value, attributes.value(name))) {
                attributes.set(name, value, agreed);
                written.add(name);
            }
        });
        for (String name : removed) {
            if (attributes.value(name) != null && attributes.changedMillis(name) <= agreed) {
                attributes.remove(name, agreed);
                written.add(name);
            }
        }
        if (copy.revision() > revision) {
            maxInactiveSeconds = copy.maxInactiveSeconds();
        }
        logChange(newToken, copy.revision(), written);
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
        Committed.Applied applied = commitWithoutUse(knownRevision, delta, token, nowMillis);
        keep(nowMillis);
        return applied;
    }

    /** As a commit that is new, but idle time goes on counting. */
    Committed.Applied commitWithoutUse(long knownRevision, Delta delta, int token, long nowMillis) {
        attributes.set(delta.set(), nowMillis);
        attributes.remove(delta.removed(), nowMillis);
        delta.maxInactiveSeconds().ifPresent(seconds -> maxInactiveSeconds = seconds);

        Set<String> names = new HashSet<>(delta.set().keySet());
        names.addAll(delta.removed());
        long previous = revision;
        logChange(token, knownRevision, names);
        return new Committed.Applied(previous, revision);
    }

    /** Raises the revision. */
    private void logChange(int newToken, long knownRevision, Set<String> names) {
        long previous = revision;
        revision = Math.max(revision, knownRevision) + 1;
        token = newToken;
        log.addFirst(new Change(newToken, previous, revision, names, null));
        if (log.size() > MAX_LOG_LENGTH) {
            log.removeLast();
        }
    }

    /** As {@link dev.holdfast.store.SessionStore#reconcile}, of a session that is there. */
    Reconciled.Done reconcile(long knownRevision, OfflineDelta delta, int token, long nowMillis) {
        for (Change change : log) {
            if (change.token == token && change.revision > knownRevision) {
                // Without an outcome it is a late one, of which a later one has told already.
                Reconciled.Done outcome = change.outcome;
                return outcome == null
                        ? new Reconciled.Done(change.previousRevision, revision, Set.of(), Set.of())
                        : outcome;
            }
        }
        long used = Math.min(nowMillis, delta.lastAccessedMillis());
        accessedMillis = Math.max(accessedMillis, used);
        seenMillis = Math.max(seenMillis, used);
        endingUntilMillis = 0;
        long previous = revision;
        List<Integer> late = delta.tokens().stream()
                .distinct()
                .filter(unanswered -> !knows(knownRevision, unanswered))
                .toList();
        if (late.isEmpty()
                && delta.attributes().isEmpty()
                && delta.maxInactiveSeconds().isEmpty()) {
            return new Reconciled.Done(previous, previous, Set.of(), Set.of());
        }
        Reconciliation reconciliation = new Reconciliation(attributes, delta, writersSince(knownRevision, delta));
        delta.attributes().forEach((name, change) -> reconciliation.bringIn(name, change, nowMillis));
        delta.maxInactiveSeconds().ifPresent(seconds -> maxInactiveSeconds = seconds);
        late.forEach(unanswered -> logChange(unanswered, knownRevision, Set.of()));
        logChange(token, knownRevision, reconciliation.written());
        Reconciled.Done outcome = reconciliation.outcome(previous, revision);
        log.addFirst(log.removeFirst().with(outcome));
        return outcome;
    }

    /** Who wrote which attribute last since a revision. */
    private Reconciliation.Writers writersSince(long knownRevision, OfflineDelta delta) {
        Map<String, Boolean> ours = new HashMap<>();
        for (Change change : log) {
            if (change.revision <= knownRevision) {
                break;
            }
            if (change.isLeap()) {
                return new Reconciliation.Writers(ours, false);
            }
            boolean own = delta.tokens().contains(change.token);
            change.names.forEach(name -> ours.putIfAbsent(name, own));
        }
        return new Reconciliation.Writers(ours, changedSince(knownRevision).isPresent());
    }

    /** Revisions that nobody has written here may have been written elsewhere, and lost. */
    private boolean hasLeapSince(long knownRevision) {
        return log.stream().anyMatch(change -> change.revision > knownRevision && change.isLeap());
    }

    /**
     * One revision.
     *
     * @param outcome of the reconciliation that wrote it, if it was one
     */
    private record Change(
            int token, long previousRevision, long revision, Set<String> names, Reconciled.@Nullable Done outcome) {

        boolean isLeap() {
            return revision != previousRevision + 1;
        }

        Change with(Reconciled.Done newOutcome) {
            return new Change(token, previousRevision, revision, names, newOutcome);
        }
    }
}
