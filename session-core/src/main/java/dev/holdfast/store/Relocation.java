package dev.holdfast.store;

import dev.holdfast.model.NewSession;
import dev.holdfast.model.SessionId;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Moves a session to an id that is not {@linkplain SessionStore#colocated colocated} with the present one, so that the
 * store cannot do it in one step. The record is copied first and ended under its old id then, if it is still the one that
 * was copied. A crash in between leaves a copy that ends by itself, under an id that nobody has been given; if the move is
 * tried again, that copy is replaced. Thread-safe.
 */
public final class Relocation {

    private static final int MOST_COPIES = 100;

    private final SessionStore store;
    private final Function<NewSession, Created> creating;

    /**
     * Prepares moves.
     *
     * @param store the store
     * @param creating how the copy is created there: with a lock, or without
     */
    public Relocation(SessionStore store, Function<NewSession, Created> creating) {
        this.store = store;
        this.creating = creating;
    }

    /**
     * Moves a session.
     *
     * @param id the present id
     * @param createdMillis the creation time of the session
     * @param newId the new id
     * @return what became of it; never {@link Moved}
     * @throws StoreException if the store does not answer, or if the session is written all the time
     */
    public Renamed move(SessionId id, long createdMillis, SessionId newId) {
        for (int attempt = 0; attempt < MOST_COPIES; attempt++) {
            Loaded loaded = store.load(id, Known.NOTHING, false);
            if (!(loaded instanceof Loaded.Everything whole) || whole.metadata().createdMillis() != createdMillis) {
                return new Renamed.Gone();
            }
            long revision = whole.metadata().revision();
            if (!(creating.apply(copy(whole, newId)) instanceof Created.Done copied)) {
                return new Renamed.Taken();
            }
            if (copied.metadata().revision() == revision) {
                SessionStore.Superseded outcome = store.supersede(id, createdMillis, revision, newId);
                if (outcome == SessionStore.Superseded.DONE) {
                    return new Renamed.Done();
                }
                if (outcome == SessionStore.Superseded.ABSENT) {
                    store.remove(newId, createdMillis);
                    return new Renamed.Gone();
                }
            }
            // It has been written meanwhile, or the copy is one that an earlier attempt has left.
            store.remove(newId, createdMillis);
        }
        throw new StoreException(
                StoreException.Reason.OTHER,
                "HF-305 Session " + id + " is written so often that its id could not be changed. It keeps its id; the"
                        + " request that wanted to change it should be repeated.");
    }

    private static NewSession copy(Loaded.Everything whole, SessionId newId) {
        return new NewSession(
                newId,
                whole.metadata().createdMillis(),
                whole.metadata().lastAccessedMillis(),
                whole.metadata().revision(),
                whole.metadata().maxInactiveSeconds(),
                whole.attributes(),
                // Not now, or this change of id would outdo what a node that is cut off does at this moment. Nor long
                // ago, or older changes of that node would replace newer ones unnoticed.
                OptionalLong.of(whole.metadata().lastAccessedMillis()),
                whole.metadata().token());
    }
}
