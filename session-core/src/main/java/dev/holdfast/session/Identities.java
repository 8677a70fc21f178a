package dev.holdfast.session;

import dev.holdfast.model.NewSession;
import dev.holdfast.model.SessionId;
import dev.holdfast.session.SessionRepository.Renaming;
import dev.holdfast.store.Created;
import dev.holdfast.store.Loaded;
import dev.holdfast.store.LockRequest;
import dev.holdfast.store.Moved;
import dev.holdfast.store.Removed;
import dev.holdfast.store.Renamed;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.SessionStore.Superseded;
import dev.holdfast.store.StoreException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Ends sessions and changes their ids, also when another node has changed the id meanwhile. Thread-safe. */
final class Identities {

    private static final int MOST_COPIES = 100;

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
                return copy(id, session.createdMillis(), newId, lock);
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

    /**
     * Moves a session to an id whose partition is another one, so that no script can do it in one step. The record is
     * copied first and ended under its old id then, if it is still the one that was copied. A crash in between leaves a
     * copy that ends by itself, under an id that nobody has been given.
     */
    private Renaming copy(SessionId id, long createdMillis, SessionId newId, @Nullable LockRequest lock) {
        for (int attempt = 0; attempt < MOST_COPIES; attempt++) {
            Loaded loaded = store.load(id, 0, 0, false);
            if (!(loaded instanceof Loaded.Everything whole) || whole.metadata().createdMillis() != createdMillis) {
                return Renaming.GONE;
            }
            long revision = whole.metadata().revision();
            NewSession copy = new NewSession(
                    newId,
                    createdMillis,
                    whole.metadata().lastAccessedMillis(),
                    revision,
                    whole.metadata().maxInactiveSeconds(),
                    whole.attributes(),
                    // Not now, or this change of id would outdo what a node that is cut off does at this moment.
                    // Nor long ago, or older changes of that node would replace newer ones unnoticed.
                    OptionalLong.of(whole.metadata().lastAccessedMillis()));
            Created copied = lock == null ? store.create(copy) : store.locks().create(copy, lock);
            if (!(copied instanceof Created.Done)) {
                return Renaming.TAKEN;
            }
            Superseded superseded = store.supersede(id, createdMillis, revision, newId);
            if (superseded == Superseded.DONE) {
                return Renaming.DONE;
            }
            store.remove(newId, createdMillis);
            if (superseded == Superseded.ABSENT) {
                return Renaming.GONE;
            }
        }
        throw new StoreException(
                StoreException.Reason.OTHER,
                "HF-305 Session " + id + " is written so often that its id could not be changed. It keeps its id; the"
                        + " request that wanted to change it should be repeated.");
    }
}
