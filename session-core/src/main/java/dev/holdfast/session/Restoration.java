package dev.holdfast.session;

import dev.holdfast.model.Delta;
import dev.holdfast.model.NewSession;
import dev.holdfast.store.Committed;
import dev.holdfast.store.Created;
import dev.holdfast.store.Loaded;
import dev.holdfast.store.SessionStore;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Puts copies of this node back into a store that has lost them: one that came back empty, or whose new master lacks what
 * the old one had confirmed. Thread-safe.
 *
 * <p>A session that is absent was ended if the store still has the epoch at which this node knew it, and was lost if it has
 * another one. In doubt it was ended: who has logged out stays logged out.
 */
final class Restoration {

    /**
     * When what is put back was written: this node does not know. Whatever another node brings that was cut off is to win:
     * it is a change, and this is not.
     */
    private static final OptionalLong LONG_AGO = OptionalLong.of(0);

    private final SessionStore store;
    private final SessionRepository repository;

    Restoration(SessionRepository repository, SessionStore store) {
        this.repository = repository;
        this.store = store;
    }

    /** Whether the answer means that the store has lost what this copy knows, all of it or the latest. */
    static boolean isNeeded(LiveSession copy, long askedRevision, Loaded loaded) {
        if (loaded instanceof Loaded.Absent absent) {
            return isAnotherEpoch(copy, absent.epoch());
        }
        return loaded instanceof Loaded.Everything whole
                && whole.metadata().createdMillis() == copy.createdMillis()
                && whole.metadata().revision() < askedRevision;
    }

    /** Whether a session that is absent at this epoch was lost, and not ended. */
    boolean isLost(LiveSession copy, String epoch) {
        return isAnotherEpoch(copy, epoch);
    }

    /** Puts a copy back of which the store knows nothing. See {@link #restore(LiveSession, Loaded)}. */
    boolean restore(LiveSession copy) {
        return restore(copy, new Loaded.Absent(""));
    }

    private static boolean isAnotherEpoch(LiveSession copy, String epoch) {
        return !epoch.isEmpty() && !copy.epoch().isEmpty() && !epoch.equals(copy.epoch());
    }

    /**
     * Puts a copy back. If another node was faster, the newer one of the two copies counts.
     *
     * @return false if the session is over on this node or was ended by another one that the store heard of late, or if its
     *     id belongs to another one by now
     */
    boolean restore(LiveSession copy, Loaded loaded) {
        boolean ordered = Commits.lock(copy);
        try {
            if (copy.hasEnded()) {
                return false;
            }
            Map<String, byte[]> all = copy.encodeAll(
                    repository.codec(), (name, cause) -> repository.reports().unwritable(copy.id(), name, cause));
            boolean restored = loaded instanceof Loaded.Everything older
                    ? raise(copy, all, older.attributes().keySet())
                    : create(copy, all);
            if (restored) {
                repository.reports().restored(copy.id());
            }
            return restored;
        } finally {
            Commits.unlock(copy, ordered);
        }
    }

    private boolean create(LiveSession copy, Map<String, byte[]> all) {
        Created outcome = store.create(new NewSession(
                copy.id(),
                copy.createdMillis(),
                copy.lastAccessedMillis(),
                Math.max(1, copy.revision()),
                copy.maxInactiveSeconds(),
                all,
                LONG_AGO));
        if (!(outcome instanceof Created.Done done)) {
            return false;
        }
        copy.knownAt(done.epoch());
        long found = done.metadata().revision();
        if (found < copy.revision()) {
            return raise(copy, all, Set.of());
        }
        if (found > copy.revision() && store.load(copy.id(), 0, 0, false) instanceof Loaded.Everything newer) {
            copy.mergeWhole(newer.metadata(), newer.attributes());
        }
        return true;
    }

    /** Writes everything at a revision above that of this copy, which the store has lost. */
    private boolean raise(LiveSession copy, Map<String, byte[]> all, Set<String> present) {
        Set<String> removed = new HashSet<>(present);
        removed.removeAll(all.keySet());
        Committed outcome = store.commit(
                copy.id(),
                copy.createdMillis(),
                copy.revision(),
                Delta.of(new HashMap<>(all), removed),
                ThreadLocalRandom.current().nextInt());
        if (outcome instanceof Committed.Applied applied) {
            copy.restoredAt(applied.revision());
            return true;
        }
        return false;
    }
}
