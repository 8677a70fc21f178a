package dev.holdfast.fallback;

import dev.holdfast.model.SessionId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What this node has brought to the store itself, and its copies have not seen there yet. Or it would take its own earlier
 * changes for those of another node, and tell of conflicts that are none. Thread-safe.
 */
final class BroughtRevisions {

    /** If there are more, conflicts may be told that are none. */
    private static final int MOST = 10_000;

    private final Map<SessionId, Brought> brought = new ConcurrentHashMap<>();

    /** @param nanos when it was brought */
    private record Brought(long createdMillis, long revision, long nanos) {}

    /** The store has the changes of an entry. */
    void note(JournalEntry entry) {
        if (entry.broughtRevision() > 0) {
            if (brought.size() >= MOST) {
                brought.clear();
            }
            brought.put(entry.id(), new Brought(entry.createdMillis(), entry.broughtRevision(), System.nanoTime()));
        }
    }

    /** This node has committed something besides. */
    void committed(SessionId id, long previousRevision, long revision) {
        brought.computeIfPresent(
                id,
                (key, last) -> last.revision == previousRevision
                        ? new Brought(last.createdMillis, revision, last.nanos)
                        : last);
    }

    /** The copy of this node is at this revision. */
    void seen(SessionId id, long revision) {
        brought.computeIfPresent(id, (key, last) -> last.revision > revision ? last : null);
    }

    /** The session has another id in the store. */
    void moved(SessionId id, SessionId newId) {
        Brought last = brought.remove(id);
        if (last != null) {
            brought.put(newId, last);
        }
    }

    /** Up to which revision this node knows a session: its copy, or what it has brought since that was brought up to date. */
    long known(SessionId id, long createdMillis, long revisionOfCopy) {
        Brought last = brought.get(id);
        return revisionOfCopy > 0 && last != null && last.createdMillis == createdMillis
                ? Math.max(revisionOfCopy, last.revision)
                : revisionOfCopy;
    }

    /** Whether something was brought since an instant, and is later than a revision. */
    boolean isLater(SessionId id, long revision, long sinceNanos) {
        Brought last = brought.get(id);
        return last != null && last.nanos - sinceNanos > 0 && last.revision > revision;
    }
}
