package dev.holdfast.session;

import dev.holdfast.model.NewSession;
import dev.holdfast.store.Created;
import dev.holdfast.store.Known;
import dev.holdfast.store.Loaded;
import dev.holdfast.store.SessionStore;
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
    private final Ends ends;

    Restoration(SessionRepository repository, SessionStore store, Ends ends) {
        this.repository = repository;
        this.store = store;
        this.ends = ends;
    }

    /** Whether the answer means that the store has lost what this copy knows, all of it or the latest. */
    static boolean isNeeded(LiveSession copy, Loaded loaded) {
        return loaded instanceof Loaded.Absent absent
                ? isAnotherEpoch(copy, absent.epoch())
                : loaded instanceof Loaded.Behind;
    }

    /** Whether a session that is absent at this epoch was lost, and not ended. */
    boolean isLost(LiveSession copy, String epoch) {
        return isAnotherEpoch(copy, epoch);
    }

    private static boolean isAnotherEpoch(LiveSession copy, String epoch) {
        return !epoch.isEmpty() && !copy.epoch().isEmpty() && !epoch.equals(copy.epoch());
    }

    /** Puts a copy back of which the store knows nothing. See {@link #restore(LiveSession, Loaded)}. */
    boolean restore(LiveSession copy) {
        return restore(copy, new Loaded.Absent(""));
    }

    /**
     * Brings a copy up to date, or the store, whichever is behind.
     *
     * @return false if the store has no such session
     */
    boolean bringUpToDate(LiveSession copy) {
        return follow(copy, store.load(copy.id(), copy.known(), false));
    }

    /**
     * Puts a copy back. If another node was faster, or others have written since, the later value of each attribute counts.
     *
     * @param loaded an answer for which this {@linkplain #isNeeded is needed}
     * @return false if the session is over on this node or was ended by another one that the store heard of late, or if its
     *     id belongs to another one by now
     */
    boolean restore(LiveSession copy, Loaded loaded) {
        boolean ordered = Commits.lock(copy);
        try {
            if (copy.hasEnded() || (loaded instanceof Loaded.Absent && ends.isOver(copy))) {
                return false;
            }
            boolean restored =
                    loaded instanceof Loaded.Behind behind ? putTogether(copy, behind.names()) : create(copy);
            if (restored) {
                repository.reports().restored(copy.id());
            }
            return restored;
        } finally {
            Commits.unlock(copy, ordered);
        }
    }

    private boolean create(LiveSession copy) {
        Created outcome = store.create(asNew(copy, LONG_AGO));
        if (!(outcome instanceof Created.Done done)) {
            return false;
        }
        copy.knownAt(done.epoch());
        boolean byUs = done.metadata().revision() == copy.revision()
                && done.metadata().token() == copy.known().token().orElse(0);
        return byUs || follow(copy, store.load(copy.id(), copy.known(), false));
    }

    private boolean follow(LiveSession copy, Loaded loaded) {
        if (!isNeeded(copy, loaded)) {
            return Looks.merge(copy, loaded);
        }
        boolean overdue = loaded instanceof Loaded.Absent && copy.isOverdue();
        return !overdue && restore(copy, loaded);
    }

    /** Of each attribute the later value counts: that of the store, if it was written after the copy was up to date. */
    private boolean putTogether(LiveSession copy, Set<String> present) {
        Set<String> removed = new HashSet<>(present);
        removed.removeAll(copy.allNames());
        // What is kept out of this node was not removed by it.
        removed.removeIf(name -> !repository.mayEnter(name));
        NewSession known = asNew(copy, OptionalLong.of(copy.agreedMillis()));
        Loaded together =
                store.restore(known, removed, ThreadLocalRandom.current().nextInt());
        return Looks.merge(copy, together);
    }

    private NewSession asNew(LiveSession copy, OptionalLong writtenMillis) {
        Known known = copy.known();
        Map<String, byte[]> all = copy.encodeAll(
                repository.codec(), (name, cause) -> repository.reports().unwritable(copy.id(), name, cause));
        return new NewSession(
                copy.id(),
                copy.createdMillis(),
                copy.lastAccessedMillis(),
                Math.max(1, known.revision()),
                copy.maxInactiveSeconds(),
                all,
                writtenMillis,
                known.token().orElse(0));
    }
}
