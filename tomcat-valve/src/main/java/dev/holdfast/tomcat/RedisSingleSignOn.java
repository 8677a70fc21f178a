package dev.holdfast.tomcat;

import dev.holdfast.HoldfastSignOn;
import dev.holdfast.SharedRedis;
import dev.holdfast.config.OnUnknown;
import dev.holdfast.config.ParsedSettings;
import dev.holdfast.config.Settings;
import dev.holdfast.model.SignOnId;
import dev.holdfast.model.SignOnMember;
import dev.holdfast.session.PrincipalRules;
import dev.holdfast.session.SignOn;
import dev.holdfast.store.RequestBudget;
import dev.holdfast.store.StoreException;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.List;
import java.util.Optional;
import org.apache.catalina.Container;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Realm;
import org.apache.catalina.Session;
import org.apache.catalina.Valve;
import org.apache.catalina.authenticator.Constants;
import org.apache.catalina.authenticator.SingleSignOn;
import org.apache.catalina.authenticator.SingleSignOnEntry;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.juli.logging.Log;
import org.apache.juli.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * One login for several applications on several Tomcats: Tomcat's single sign-on, kept in Redis. It goes into the
 * {@code <Host>} of {@code server.xml} on every node, beside applications with a {@link RedisSessionManager}:
 *
 * <pre>{@code <Valve className="dev.holdfast.tomcat.RedisSingleSignOn" redis="redis://localhost:6379"/>}</pre>
 *
 * <p>Attributes are those of Tomcat's own valve ({@code cookieDomain}, {@code cookieName}, {@code
 * requireReauthentication}), {@code storePassword}, and the settings of {@code docs/single-sign-on.md}. Thread-safe once
 * started.
 *
 * <p>Redis alone says whether a sign-on lives: each request that carries the cookie asks it once. A session notes the
 * sign-on that it belongs to, and counts only as long as that lives; so the end of a sign-on in
 * Redis is a logout everywhere, whichever sessions are then reached. While Redis does not answer, this node goes on with the
 * sign-ons that it knows.
 */
public final class RedisSingleSignOn extends SingleSignOn {

    private final Log log = LogFactory.getLog(RedisSingleSignOn.class);
    private final SignOnSettings rawSettings = new SignOnSettings();
    private final RequestSignOns signOns = new RequestSignOns();
    private final AfterStop closing = new AfterStop(signOns::close);
    private final SignOnSessions sessions = new SignOnSessions(signOns);
    private final NewSignOn begun = new NewSignOn();
    private final EntryAtHand atHand = new EntryAtHand();
    private final UnknownSignOns unknown = new UnknownSignOns(log);
    private final PrincipalRules rules = new TomcatPrincipals(log);

    private volatile boolean storePassword;
    private volatile @Nullable Settings settings;

    /** Made by Tomcat, from its configuration. */
    public RedisSingleSignOn() {
        // What Tomcat's own valve looks up there is what the request at hand has found in Redis.
        cache = atHand;
    }

    // ---- settings ------------------------------------------------------------------------------------------------

    /**
     * Takes an attribute of the {@code <Valve>} element that Tomcat itself has no setter for. It is checked when the valve
     * starts, together with all others.
     *
     * @param name the name of the attribute
     * @param value its value
     * @return always true: unknown names are reported at the start
     */
    public boolean setProperty(String name, String value) {
        rawSettings.put(name, value);
        return true;
    }

    /**
     * Sets where Redis is, for embedded use: the same as the attribute {@code redis}.
     *
     * @param uri for example {@code redis://user:password@host:6379/0}
     */
    public void setRedis(String uri) {
        rawSettings.put("redis", uri);
    }

    /**
     * Whether passwords are kept in Redis, as they were typed: only then can {@code requireReauthentication} spare users
     * another login. False by default.
     *
     * @param store whether to keep them
     */
    public void setStorePassword(boolean store) {
        storePassword = store;
    }

    // ---- life ----------------------------------------------------------------------------------------------------

    /** The valve that the applications of a context share; null if there is none, or another one. */
    static @Nullable RedisSingleSignOn of(Context context) {
        for (Container parent = context.getParent(); parent != null; parent = parent.getParent()) {
            for (Valve valve : parent.getPipeline().getValves()) {
                if (valve instanceof SingleSignOn found) {
                    return found instanceof RedisSingleSignOn ours ? ours : null;
                }
            }
        }
        return null;
    }

    @Override
    protected void startInternal() throws LifecycleException {
        String where = "Single sign-on of " + getContainer().getName();
        try {
            Installation.check();
            // Of a host whose stop failed.
            signOns.close();
            ParsedSettings parsed = rawSettings.parse(getContainer());
            parsed.warnings().forEach(log::warn);
            Reauthentication.warnWithoutPasswords(getRequireReauthentication(), storePassword);
            Settings checked = parsed.settings();
            // Principals are made by realms, whose classes are the server's.
            SharedRedis redis = RedisClients.of(checked, getContainer());
            ClassLoader classes = RedisSingleSignOn.class.getClassLoader();
            signOns.open(HoldfastSignOn.open(checked, redis, classes, rules, this::endSessions));
            settings = checked;
            log.info(where + " is kept in " + redis.location());
        } catch (RuntimeException refused) {
            throw Installation.refused(where + " cannot be kept in Redis, so the server does not start.", refused);
        }
        super.startInternal();
    }

    /** Requests that are still under way while the host stops may log out. */
    @Override
    protected void stopInternal() throws LifecycleException {
        super.stopInternal();
        closing.of(getContainer());
    }

    @Override
    protected void destroyInternal() throws LifecycleException {
        signOns.close();
        super.destroyInternal();
    }

    @Override
    public void backgroundProcess() {
        signOns.tidy();
    }

    // ---- requests ------------------------------------------------------------------------------------------------

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        try {
            if (request.getContext() == null || request.isAsyncDispatching()) {
                // There is no application; or the request goes on with what it was when it came.
                getNext().invoke(request, response);
            } else {
                invokeWithSignOn(request, response);
            }
        } finally {
            // A login after a dispatch, or one that failed half-way, is none of the next request of this thread.
            atHand.set(null);
            begun.forget();
            unknown.forget();
        }
    }

    private void invokeWithSignOn(Request request, Response response) throws IOException, ServletException {
        Settings checked = settings;
        if (checked == null) {
            invokeWithBudget(request, response, false);
            return;
        }
        // The request goes on with what is left of it when it comes to its application.
        RequestBudget outer = RequestBudget.enter(new RequestBudget(checked.requestBudget()));
        try {
            invokeWithBudget(request, response, checked.onUnknown() == OnUnknown.NEW);
        } finally {
            RequestBudget.enter(outer);
        }
    }

    private void invokeWithBudget(Request request, Response response, boolean unknownIsNobody)
            throws IOException, ServletException {
        try {
            atHand.set(request.getUserPrincipal() == null ? entryOf(request) : null);
        } catch (StoreException noAnswer) {
            if (noAnswer.storeIsAway() && unknownIsNobody && signOns.isOpen()) {
                unknown.goesOn(SsoCookie.of(request, getCookieName()), noAnswer);
                request.removeNote(Constants.REQ_SSOID_NOTE);
                // Tomcat's own way would take the cookie back, which Redis or another node may know.
                getNext().invoke(request, response);
            } else {
                unknown.isRefused(noAnswer);
                response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE, "The session store does not answer");
            }
            return;
        }
        super.invoke(request, response);
    }

    /** What the cookie of a request leads to; null if there is no cookie, or a malformed one, or no such sign-on. */
    private @Nullable SingleSignOnEntry entryOf(Request request) {
        Optional<SignOnId> id = SsoCookie.of(request, getCookieName());
        if (id.isEmpty()) {
            return null;
        }
        return signOns.look(request, id.get()).map(RedisSingleSignOn::entry).orElse(null);
    }

    /** Without a principal nobody is logged in, so that there is no kind of login either. */
    private static SingleSignOnEntry entry(SignOn signOn) {
        boolean known = signOn.principal() != null;
        return new SingleSignOnEntry(signOn.principal(), known ? signOn.authType() : null, null, null);
    }

    // ---- calls of Tomcat's authenticators ------------------------------------------------------------------------

    /** Somebody has logged in, or, without a principal, nobody has logged out. It is kept with its first session. */
    @Override
    protected void register(
            String ssoId,
            @Nullable Principal principal,
            @Nullable String authType,
            @Nullable String username,
            @Nullable String password) {
        if (principal == null) {
            // The cookie of this request may be one that this node does not know: its user wants to be logged out.
            unknown.take().ifPresent(id -> endSessions(signOns.end(id)));
        }
        begun.set(ssoId, principal == null ? null : signOn(principal, authType, username, password));
    }

    private SignOn signOn(
            Principal principal, @Nullable String authType, @Nullable String username, @Nullable String password) {
        return new SignOn(principal, authType, username, storePassword ? password : null);
    }

    @Override
    protected boolean associate(String ssoId, Session session) {
        Optional<SignOnId> id = SignOnId.parse(ssoId);
        if (id.isEmpty()) {
            return false;
        }
        if (!begun.is(ssoId)) {
            return sessions.join(id.get(), session, signOns::join);
        }
        Optional<SignOn> login = begun.take();
        return login.isPresent()
                && sessions.join(id.get(), session, (signOnId, member, maxInactiveSeconds) -> {
                    signOns.begin(signOnId, login.get(), member, maxInactiveSeconds);
                    return true;
                });
    }

    /** As in Tomcat, a login by BASIC or FORM stands, unless this one can do what that one cannot. */
    @Override
    protected boolean update(
            String ssoId,
            Principal principal,
            @Nullable String authType,
            @Nullable String username,
            @Nullable String password) {
        Optional<SignOnId> id = SignOnId.parse(ssoId);
        if (begun.is(ssoId)) {
            register(ssoId, principal, authType, username, password);
            return true;
        }
        SignOn login = signOn(principal, authType, username, password);
        return id.flatMap(signOns::look)
                        .filter(present -> Reauthentication.isBetterWith(login, present))
                        .isPresent()
                && signOns.update(id.get(), login);
    }

    @Override
    protected boolean reauthenticate(@Nullable String ssoId, @Nullable Realm realm, Request request) {
        Optional<SignOn> login = SignOnId.parse(ssoId)
                .flatMap(id -> signOns.look(request, id))
                .filter(Reauthentication::isPossible)
                .filter(known -> known.username() != null && known.password() != null);
        if (login.isEmpty() || realm == null) {
            return false;
        }
        Principal principal =
                realm.authenticate(login.get().username(), login.get().password());
        if (principal == null) {
            return false;
        }
        request.setAuthType(login.get().authType());
        request.setUserPrincipal(principal);
        return true;
    }

    @Override
    protected void populateRequestFromSsoEntry(Request request, String ssoId) {
        SignOnId.parse(ssoId)
                .flatMap(id -> signOns.look(request, id))
                .filter(known -> known.principal() != null)
                .ifPresent(known -> {
                    request.setAuthType(known.authType());
                    request.setUserPrincipal(known.principal());
                });
    }

    /** Logs out: the sign-on ends first, so that nothing that follows can fail to count. */
    @Override
    protected void deregister(String ssoId) {
        SignOnId.parse(ssoId).ifPresent(id -> endSessions(signOns.end(id)));
    }

    // ---- calls of sessions ---------------------------------------------------------------------------------------

    /** A session of another manager has ended; ours tell of it themselves. */
    @Override
    public void sessionDestroyed(String ssoId, Session session) {
        boolean timeOver = session.getMaxInactiveInterval() > 0
                && session.getIdleTimeInternal() >= session.getMaxInactiveInterval() * 1000L;
        if (timeOver || !session.getManager().getContext().getState().isAvailable()) {
            removeSession(ssoId, session);
        } else {
            deregister(ssoId);
        }
    }

    @Override
    protected void removeSession(String ssoId, Session session) {
        SignOnId.parse(ssoId)
                .ifPresent(id -> SignOnSessions.member(session).ifPresent(member -> signOns.left(id, member)));
    }

    /** A session of another manager has a new id. */
    @Override
    protected void sessionChangedId(String ssoId, Session session, String oldSessionId) {
        SignOnId.parse(ssoId).ifPresent(id -> sessions.moved(id, session, oldSessionId));
    }

    /** The sign-ons, as the calling request sees them. */
    RequestSignOns signOns() {
        return signOns;
    }

    /** Ends sessions of applications that run here. Those of others end when they are looked at. */
    void endSessions(List<SignOnMember> members) {
        sessions.end(getContainer(), members);
    }

    /** The container that the valve works for, for messages. */
    @Override
    public String toString() {
        return "RedisSingleSignOn["
                + (getContainer() == null ? "" : getContainer().getName()) + "]";
    }
}
