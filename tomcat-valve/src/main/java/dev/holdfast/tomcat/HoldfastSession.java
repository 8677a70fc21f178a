package dev.holdfast.tomcat;

import dev.holdfast.model.SignOnId;
import dev.holdfast.model.SignOnMember;
import dev.holdfast.session.LiveSession;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import java.security.Principal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.catalina.authenticator.Constants;
import org.apache.catalina.session.StandardSession;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's session on top of the local copy of a shared one. Tomcat's own class does what a servlet container does
 * (events, states, the facade); the attributes, the times and the id come from the {@link LiveSession}.
 *
 * <p>A session object never expires by this node's clock, and stays valid for the requests that hold it when another
 * node ends the session: they finish as they would have, and what they change is not written.
 */
final class HoldfastSession extends StandardSession {

    private static final long serialVersionUID = 1L;

    private final transient ApplicationRun run;
    private final transient SessionUse use;
    private final transient LiveSession live;

    /** Null if logins stay on their node, as without {@code persistAuthentication}. */
    private final transient @Nullable SharedLogin login;

    private final transient SessionSignOn signOn;

    private transient volatile boolean claimed;
    private transient volatile boolean signOnIsOver;
    private transient volatile boolean cookieLacksRoute;

    HoldfastSession(RedisSessionManager manager, LiveSession live) {
        super(manager);
        this.run = manager.run();
        this.use = manager.use();
        this.live = live;
        this.login = manager.getPersistAuthentication()
                ? new SharedLogin(live.containerAttributes(), manager.getPersistPasswords(), manager.keptHere())
                : null;
        this.signOn = new SessionSignOn(run, live);
        this.attributes = live.attributes();
        this.id = live.id().value();
        this.creationTime = live.createdMillis();
        this.thisAccessedTime = run.repository().nowMillis();
        this.isValid = true;
    }

    LiveSession live() {
        return live;
    }

    SessionSignOn signOn() {
        return signOn;
    }

    /** The id without a route: it stays the same when another node takes over. */
    @Override
    public String getId() {
        return live.id().value();
    }

    /** The id with the route of this node: what goes into cookies and URLs. */
    @Override
    public String getIdInternal() {
        return RoutedId.of(live.id(), run.place().route());
    }

    /** Follows the id of the local copy. */
    void idChanged() {
        String before = id;
        id = live.id().value();
        cookieLacksRoute = true;
        signOn.idChanged(before);
    }

    /** Whether the last change of the id gave the client a cookie without a route; asked once for each change. */
    boolean takeCookieLacksRoute() {
        boolean lacks = cookieLacksRoute;
        cookieLacksRoute = false;
        return lacks;
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
    public @Nullable Principal getPrincipal() {
        return login == null ? super.getPrincipal() : login.principal();
    }

    @Override
    public void setPrincipal(@Nullable Principal newPrincipal) {
        if (login == null) {
            super.setPrincipal(newPrincipal);
        } else {
            login.principal(newPrincipal);
        }
    }

    @Override
    public @Nullable String getAuthType() {
        return login == null ? super.getAuthType() : login.authType();
    }

    @Override
    public void setAuthType(@Nullable String newAuthType) {
        if (login == null) {
            super.setAuthType(newAuthType);
        } else {
            login.authType(newAuthType);
        }
    }

    /**
     * For a login by form, Tomcat notes the id that it gave to the client, and compares it with what the client sends
     * next. The two may differ in their routes only, which says where a node was and not who the client is.
     */
    @Override
    public @Nullable Object getNote(String name) {
        Object note = sharedOrOwnNote(name);
        String requested = RequestBoundary.currentRequestedId();
        boolean sameId = name.equals(Constants.SESSION_ID_NOTE)
                && note instanceof String noted
                && requested != null
                && RoutedId.withoutRoute(noted).equals(RoutedId.withoutRoute(requested));
        return sameId ? requested : note;
    }

    private @Nullable Object sharedOrOwnNote(String name) {
        Object shared = login != null && login.shares(name) ? login.note(name) : null;
        return shared != null ? shared : super.getNote(name);
    }

    @Override
    public void setNote(String name, Object value) {
        if (login != null && login.shares(name) && login.note(name, value)) {
            super.removeNote(name);
        } else {
            super.setNote(name, value);
        }
    }

    @Override
    public void removeNote(String name) {
        super.removeNote(name);
        if (login != null && login.shares(name)) {
            login.removeNote(name);
        }
    }

    /** Whether this object knows something that is in no attribute and on no other node. */
    boolean keepsMoreThanItsCopy() {
        return getNoteNames().hasNext() || (login == null ? super.getPrincipal() != null : login.isOnlyHere());
    }

    /** Asked by Tomcat's manager application only: a session may be in use on other nodes, so Redis is asked. */
    @Override
    public long getIdleTimeInternal() {
        return run.repository().idleMillis(live);
    }

    @Override
    public int getMaxInactiveInterval() {
        return live.maxInactiveSeconds();
    }

    @Override
    public void setMaxInactiveInterval(int interval) {
        if (interval != live.maxInactiveSeconds()) {
            live.setMaxInactiveSeconds(interval);
            signOn.intervalChanged();
        }
    }

    @Override
    public void setAttribute(String name, @Nullable Object value, boolean notify) {
        super.setAttribute(name, value, notify);
        use.changed(this);
    }

    /**
     * Asked for an application that is marked as distributable. What is not serializable is carried all the same, if it can be;
     * the specification has it refused, unless the operator has it otherwise.
     *
     * @throws IllegalArgumentException with the reason, if the operator has allowed it, and it cannot be carried
     */
    @Override
    public boolean isAttributeDistributable(String name, Object value) {
        if (super.isAttributeDistributable(name, value)) {
            return true;
        }
        if (!run.allowsNonSerializable()) {
            return false;
        }
        Optional<String> obstacle = run.repository().obstacleToStoring(value);
        if (obstacle.isPresent() && !exclude(name, value)) {
            throw new IllegalArgumentException("HF-244 setAttribute: the attribute \"" + name
                    + "\" cannot go to other nodes, which <distributable/> asks for: " + obstacle.get()
                    + ". Keep it elsewhere; allowNonSerializable does not help here");
        }
        return obstacle.isEmpty();
    }

    /** Redis decides when a session is over, when it is looked up. */
    @Override
    public boolean isValid() {
        return isValid;
    }

    /**
     * What Tomcat asks before the application may use the session. A thread that belongs to no request, such as that of a
     * WebSocket, may hold the session for hours: it sees what other nodes have done to it meanwhile.
     */
    @Override
    protected boolean isValidInternal() {
        return super.isValidInternal() && (expiring || use.isAllowed(live));
    }

    /** The container calls this when a request uses the session, not when it only looks whether there is one. */
    @Override
    public void access() {
        live.beginUse();
        thisAccessedTime = run.repository().nowMillis();
        run.repository().accessed(live);
    }

    /** After the response: only what came too late for it is still to be written. */
    @Override
    public void endAccess() {
        isNew = false;
        live.endUse();
        use.ended(this);
    }

    /**
     * Ends the session in the whole cluster. Listeners hear of it on the one node that ended it first; if another one
     * was faster, this object just becomes invalid.
     */
    @Override
    public void expire(boolean notify) {
        if (!isValid || expiring) {
            return;
        }
        // The sign-on first: should the rest fail, its sessions end when they are looked at.
        List<SignOnMember> others = claimed || signOnIsOver ? List.of() : signOn.end();
        expireThisOne(notify);
        signOn.endSessions(others);
    }

    private void expireThisOne(boolean notify) {
        synchronized (this) {
            if (expiring || !isValid) {
                return;
            }
            if (login != null) {
                // What Tomcat logs out when the session ends.
                principal = login.principal();
            }
            boolean endedHere = claimed || run.repository().remove(live);
            super.expire(notify && endedHere);
        }
    }

    /** Ends a session whose time is over, and that Redis has given to this node for its end. */
    void expireClaimed() {
        claimed = true;
        SignOnId left = signOn.id();
        try {
            expire(true);
        } finally {
            signOn.leave(left);
        }
    }

    /** Ends a session because its single sign-on has ended. */
    void expireWithSignOn() {
        signOnIsOver = true;
        expire(true);
    }

    /**
     * Ends this session if the single sign-on that it belongs to has ended, wherever that was.
     *
     * @return whether it has
     */
    boolean endIfLoggedOut() {
        boolean over = signOn.isOver();
        if (over) {
            expireWithSignOn();
        }
        return over;
    }

    /** A listener that throws does not keep the others from hearing of the end of a session. */
    @Override
    protected void removeAttributeInternal(String name, boolean notify) {
        if (isValid) {
            super.removeAttributeInternal(name, notify);
            use.changed(this);
            return;
        }
        Object value = notify ? attributes.get(name) : null;
        try {
            super.removeAttributeInternal(name, notify);
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError thrown) {
            // Only valueUnbound comes through; Tomcat then leaves the attribute listeners out.
            logFailure(name, thrown);
            attributeListeners().forEach(listener -> tellRemoved(listener, name, value));
        }
    }

    private List<HttpSessionAttributeListener> attributeListeners() {
        Object[] listeners = manager.getContext().getApplicationEventListeners();
        return Stream.of(listeners == null ? new Object[0] : listeners)
                .filter(HttpSessionAttributeListener.class::isInstance)
                .map(HttpSessionAttributeListener.class::cast)
                .toList();
    }

    private void tellRemoved(HttpSessionAttributeListener listener, String name, @Nullable Object value) {
        try {
            listener.attributeRemoved(new HttpSessionBindingEvent(getSession(), name, value));
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError thrown) {
            logFailure(name, thrown);
        }
    }

    private void logFailure(String name, Throwable thrown) {
        manager.getContext()
                .getLogger()
                .error("A listener failed at the end of session " + live.id() + ", attribute " + name, thrown);
    }

    /** The masked id. */
    @Override
    public String toString() {
        return "HoldfastSession[" + live.id() + "]";
    }
}
