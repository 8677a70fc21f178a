package dev.holdfast.tomcat;

import dev.holdfast.model.SessionId;
import dev.holdfast.session.SessionRepository;
import dev.holdfast.session.SessionRepository.Renaming;

/** Gives sessions new ids, in Redis and on this node. Thread-safe. */
final class IdChanges {

    private final SessionIds ids;
    private final SessionObjects objects;

    /**
     * @param ids draws new ids
     * @param objects the sessions of this node
     */
    IdChanges(SessionIds ids, SessionObjects objects) {
        this.ids = ids;
        this.objects = objects;
    }

    /** Draws a new id, one that Redis can move the session to in one step. */
    void rotate(SessionRepository repository, HoldfastSession session) {
        ids.draw(drawn ->
                repository.colocated(session.live().id(), drawn) && rename(repository, session, drawn, true, true));
    }

    /**
     * Takes an id that somebody else has chosen.
     *
     * @param requestedId with a route or without
     * @throws IllegalArgumentException if it is no id, or the id of another session
     */
    void change(
            SessionRepository repository,
            HoldfastSession session,
            String requestedId,
            boolean tellSession,
            boolean tellContainer) {
        SessionId id = RoutedId.idOf(requestedId)
                .orElseThrow(() -> new IllegalArgumentException("Not a session id: " + SessionId.mask(requestedId)));
        if (!rename(repository, session, id, tellSession, tellContainer)) {
            throw new IllegalArgumentException("Another session has the id " + id);
        }
    }

    /** @return false if another session has the id */
    private boolean rename(
            SessionRepository repository,
            HoldfastSession session,
            SessionId newId,
            boolean tellSession,
            boolean tellContainer) {
        String oldId = session.getId();
        Renaming renaming = repository.rename(session.live(), newId);
        if (renaming == Renaming.GONE) {
            throw new IllegalStateException("The session was ended by another request, so its id cannot change");
        }
        if (renaming == Renaming.TAKEN) {
            return false;
        }
        session.idChanged();
        objects.moved(session, newId, oldId);
        session.tellChangedSessionId(newId.value(), oldId, tellSession, tellContainer);
        return true;
    }
}
