package dev.holdfast.session;

import dev.holdfast.model.SessionId;
import dev.holdfast.session.SessionRepository.Renaming;
import dev.holdfast.store.LockRequest;
import dev.holdfast.store.Moved;
import dev.holdfast.store.Relocation;
import dev.holdfast.store.Removed;
import dev.holdfast.store.Renamed;
import dev.holdfast.store.SessionStore;
import org.jspecify.annotations.Nullable;

/** Ends sessions and changes their ids, also when another node has changed the id meanwhile. Thread-safe. */
final class Identities {

    private final SessionStore store;

    Identities(SessionStore store) {
        this.store = store;
    }

    /** Ends a session under whatever id it has by now: a logout wins. */
    boolean remove(LiveSession session) {
        SessionId id = session.id();
        for (int hop = 0; hop < Commits.MOST_HOPS; hop++) {
            Removed outcome = store.remove(id, session.createdMillis());
            if (!(outcome instanceof Moved moved)) {
                return outcome instanceof Removed.Done;
            }
            id = moved.newId();
        }
        return false;
    }

    /** @param lock the lock that the request has, and goes on having under the new id */
    Renaming rename(LiveSession session, SessionId newId, @Nullable LockRequest lock) {
        SessionId id = session.id();
        for (int hop = 0; hop < Commits.MOST_HOPS; hop++) {
            if (!store.colocated(id, newId)) {
                Relocation relocation = new Relocation(
                        store,
                        copy -> lock == null
                                ? store.create(copy)
                                : store.locks().create(copy, lock));
                return renamingOf(relocation.move(id, session.createdMillis(), newId));
            }
            Renamed outcome = store.rename(id, session.createdMillis(), newId);
            if (!(outcome instanceof Moved moved)) {
                return renamingOf(outcome);
            }
            id = moved.newId();
        }
        return Renaming.GONE;
    }

    private static Renaming renamingOf(Renamed outcome) {
        if (outcome instanceof Renamed.Done) {
            return Renaming.DONE;
        }
        return outcome instanceof Renamed.Taken ? Renaming.TAKEN : Renaming.GONE;
    }
}
