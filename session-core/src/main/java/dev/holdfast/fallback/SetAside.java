package dev.holdfast.fallback;

import dev.holdfast.model.SessionId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What was done to sessions that the store does not know, or no more. It may have lost them, and then whoever has a copy
 * brings them back. Thread-safe.
 */
final class SetAside {

    private final Map<SessionId, JournalEntry> entries = new ConcurrentHashMap<>();

    /** Sets one aside. What was set aside before for a session of this id is so no more, and is returned; or null. */
    @Nullable
    JournalEntry put(JournalEntry entry) {
        return entries.put(entry.id(), entry);
    }

    /** Takes one out, and says whether it was still there. */
    boolean remove(JournalEntry entry) {
        return entries.remove(entry.id(), entry);
    }

    /** What was set aside for a session, or null. */
    @Nullable
    JournalEntry of(SessionId id, long createdMillis) {
        JournalEntry entry = entries.get(id);
        return entry != null && entry.createdMillis() == createdMillis ? entry : null;
    }

    boolean has(JournalEntry entry) {
        return entries.get(entry.id()) == entry;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** A snapshot. */
    Collection<JournalEntry> all() {
        return List.copyOf(entries.values());
    }
}
