package dev.holdfast.tomcat;

import dev.holdfast.model.SessionId;
import dev.holdfast.session.LiveSession;
import dev.holdfast.session.RequestScope;
import dev.holdfast.store.DueSessions.Taken;
import dev.holdfast.store.StoreException;
import org.apache.catalina.Session;

/**
 * Ends of sessions that no request of theirs has asked for: by an operator, by a logout elsewhere, by time. Thread-safe.
 */
final class SessionEnds {

    private final RedisSessionManager manager;
    private final SessionLooks looks;
    private final SessionObjects objects;

    SessionEnds(RedisSessionManager manager, SessionLooks looks, SessionObjects objects) {
        this.manager = manager;
        this.looks = looks;
        this.objects = objects;
    }

    /**
     * An operator ends a session, also one that only other nodes have used.
     *
     * @param requestedId with a route or without
     * @return whether there was such a session
     * @throws StoreException if Redis does not answer; the session may then have ended or not
     * @throws IllegalStateException if the application is not running here
     */
    boolean byOperator(String requestedId) {
        if (!manager.isRunning()) {
            throw new IllegalStateException(
                    "The application is not running on this node, so its sessions are not known here. Ask another node");
        }
        Session session = looks.findForSure(requestedId);
        if (session == null) {
            return false;
        }
        session.expire();
        return true;
    }

    /**
     * Ends a session whose single sign-on has ended. Not as the request that calls this: it is no access, and waits for
     * no lock.
     */
    void withSignOn(SessionId id) {
        HoldfastSession standing = objects.standingUnder(id);
        if (standing != null
                && !standing.live().isStored()
                && manager.run().repository().holds(standing.live())) {
            standing.expireWithSignOn();
            return;
        }
        RequestScope outer = RequestScope.current();
        RequestScope.exit(null);
        try {
            manager.run()
                    .repository()
                    .find(id)
                    .ifPresent(live -> objects.of(live).expireWithSignOn());
        } finally {
            RequestScope.exit(outer);
        }
    }

    /** Tells the listeners of a session whose time is over. */
    void byTime(Taken.Mine ended) {
        LiveSession live = manager.run().repository().ended(ended.id(), ended.metadata(), ended.attributes());
        objects.presentOrPassing(live).expireClaimed();
    }
}
