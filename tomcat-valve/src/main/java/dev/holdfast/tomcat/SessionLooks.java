package dev.holdfast.tomcat;

import dev.holdfast.model.SessionId;
import dev.holdfast.session.LiveSession;
import dev.holdfast.session.RequestScope;
import dev.holdfast.session.SessionRepository;
import dev.holdfast.store.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.catalina.Session;
import org.apache.catalina.connector.Request;
import org.jspecify.annotations.Nullable;

/**
 * Looks for sessions, as the container does all the time and for many reasons: which of its looks ask Redis, and which must
 * not. A look is no access. Thread-safe.
 */
final class SessionLooks {

    private final RedisSessionManager manager;
    private final SessionObjects objects;

    SessionLooks(RedisSessionManager manager, SessionObjects objects) {
        this.manager = manager;
        this.objects = objects;
    }

    /**
     * Finds a session of the cluster.
     *
     * @param requestedId with a route or without
     * @return null if there is none, or if it is not for the calling thread to know
     * @throws StoreException if Redis does not answer
     */
    @Nullable
    Session find(@Nullable String requestedId) {
        return find(requestedId, id -> lookUpForClient(requestedId, id));
    }

    /** As {@link #find}, for an operator: while Redis does not answer, a session that this node has no copy of is not unknown. */
    @Nullable
    Session findForSure(String requestedId) {
        return find(requestedId, id -> lookUp(id, SessionRepository::find));
    }

    private @Nullable Session find(@Nullable String requestedId, Function<SessionId, @Nullable HoldfastSession> look) {
        Optional<SessionId> id = RoutedId.idOf(requestedId);
        if (id.isEmpty() || !mayLook(id.get()) || isStoppedForOthers()) {
            return null;
        }
        try {
            return look.apply(id.get());
        } catch (StoreException unanswered) {
            if (VersionChoice.isUnderWay()) {
                VersionChoice.unanswered(id.get(), unanswered);
                return null;
            }
            throw unanswered;
        }
    }

    private boolean mayLook(SessionId id) {
        LookLimit limit = LookLimit.current();
        if (limit == LookLimit.LOGGED_IN_HERE) {
            Session present = objects.standingUnder(id);
            return present != null && present.getPrincipal() != null;
        }
        return limit == null;
    }

    /**
     * Requests of other applications of the host ask here whether they may take over an id, and Tomcat asks to find the
     * version of an application that knows it. One that is stopped has no session to show them.
     */
    private boolean isStoppedForOthers() {
        return manager.run().repositoryOrNull() == null && !RequestBoundary.isInside(manager.getContext());
    }

    /** A client may ask for the session of another one; see {@link ClientBindings}. */
    private @Nullable HoldfastSession lookUpForClient(@Nullable String requested, SessionId id) {
        ClientBindings bindings = manager.run().bindings();
        List<ClientOfRequest> clients = bindings.askingFor(requested, id);
        if (clients.isEmpty()) {
            return lookUp(id, SessionRepository::findForClient);
        }
        if (bindings.haveRefused(clients, id)) {
            return unlessToChooseVersion(id);
        }
        HoldfastSession session = bindings.wouldRefuse(clients, objects.standingUnder(id))
                ? lookUpForContainer(id)
                : lookUp(id, SessionRepository::findForClient);
        if (session == null || bindings.admit(clients, session)) {
            return session;
        }
        RequestScope stranger = RequestScope.current();
        if (stranger != null) {
            stranger.letGo(session.live());
        }
        return unlessToChooseVersion(id);
    }

    /** The connector only wants to know which version of the application has the session. It tells nobody. */
    private @Nullable HoldfastSession unlessToChooseVersion(SessionId id) {
        return ClientOfRequest.current() == null && VersionChoice.isUnderWay()
                ? lookUp(id, SessionRepository::findForClient)
                : null;
    }

    /**
     * Whether the calling request has been refused a session, whose id is not free for that.
     *
     * @param requested the id as it was asked for, the same object
     */
    boolean isOfAnotherClient(@Nullable String requested, SessionId id) {
        ClientBindings bindings = manager.run().bindings();
        return bindings.haveRefused(bindings.askingFor(requested, id), id);
    }

    /** Not as the request that calls this: it is no access, and waits for no lock. */
    private @Nullable HoldfastSession lookUpForContainer(SessionId id) {
        RequestScope outer = RequestScope.current();
        RequestScope.exit(null);
        try {
            return lookUp(id, SessionRepository::findForClient);
        } finally {
            RequestScope.exit(outer);
        }
    }

    private @Nullable HoldfastSession lookUp(
            SessionId id, BiFunction<SessionRepository, SessionId, Optional<LiveSession>> find) {
        RequestBoundary.requireAnswer(id);
        SessionRepository repository = manager.run().repository();
        Optional<LiveSession> live = find.apply(repository, id);
        if (live.isEmpty()) {
            objects.foundNone(id, repository);
            return null;
        }
        HoldfastSession session = objects.of(live.get());
        return session.endIfLoggedOut() ? null : session;
    }

    /** The session that a request has looked up, without looking it up now. */
    @Nullable
    HoldfastSession atHand(Request request) {
        LookLimit.AT_HAND.begin();
        try {
            return request.getSessionInternal(false) instanceof HoldfastSession session
                            && session.getManager() == manager
                    ? session
                    : null;
        } finally {
            LookLimit.end();
        }
    }
}
