package dev.holdfast.tomcat;

import dev.holdfast.session.LiveSession;
import org.apache.catalina.session.StandardSession;

/**
 * Tomcat's session on top of the local copy of a shared one. Tomcat's own class does what a servlet container does
 * (events, states, the facade); the attributes, the times and the id come from the {@link LiveSession}.
 *
 * <p>A session object never expires by this node's clock, and stays valid for the requests that hold it when another
 * node ends the session: they finish as they would have, and what they change is not written.
 */
final class HoldfastSession extends StandardSession {

    private static final long serialVersionUID = 1L;

    private final transient RedisSessionManager redisManager;
    private final transient LiveSession live;

    HoldfastSession(RedisSessionManager manager, LiveSession live) {
        super(manager);
        this.redisManager = manager;
        this.live = live;
        this.attributes = live.attributes();
        this.id = live.id().value();
        this.creationTime = live.createdMillis();
        this.thisAccessedTime = System.currentTimeMillis();
        this.isValid = true;
    }

    LiveSession live() {
        return live;
    }

    /** The id without a route: it stays the same when another node takes over. */
    @Override
    public String getId() {
        return live.id().value();
    }

    /** The id with the route of this node: what goes into cookies and URLs. */
    @Override
    public String getIdInternal() {
        return RoutedId.of(live.id(), redisManager.route());
    }

    /** Follows the id of the local copy. */
    void idChanged() {
        id = live.id().value();
    }

    @Override
    public long getCreationTime() {
        super.getCreationTime();
        return live.createdMillis();
    }

    @Override
    public long getCreationTimeInternal() {
        return live.createdMillis();
    }

    @Override
    public long getLastAccessedTime() {
        super.getLastAccessedTime();
        return live.lastAccessedMillis();
    }

    @Override
    public long getLastAccessedTimeInternal() {
        return live.lastAccessedMillis();
    }

    @Override
    public int getMaxInactiveInterval() {
        return live.maxInactiveSeconds();
    }

    @Override
    public void setMaxInactiveInterval(int interval) {
        if (interval != live.maxInactiveSeconds()) {
            live.setMaxInactiveSeconds(interval);
        }
    }

    /** Redis decides when a session is over, when it is looked up. */
    @Override
    public boolean isValid() {
        return isValid;
    }

    @Override
    public void access() {
        thisAccessedTime = System.currentTimeMillis();
    }

    /** After the response: only what came too late for it is still to be written. */
    @Override
    public void endAccess() {
        isNew = false;
        redisManager.settle(this);
    }

    /**
     * Ends the session in the whole cluster. Listeners hear of it on the one node that ended it first; if another one
     * was faster, this object just becomes invalid.
     */
    @Override
    public void expire(boolean notify) {
        if (!isValid) {
            return;
        }
        synchronized (this) {
            if (expiring || !isValid) {
                return;
            }
            boolean endedHere = redisManager.endInCluster(live);
            super.expire(notify && endedHere);
        }
    }

    /** The masked id. */
    @Override
    public String toString() {
        return "HoldfastSession[" + live.id() + "]";
    }
}
