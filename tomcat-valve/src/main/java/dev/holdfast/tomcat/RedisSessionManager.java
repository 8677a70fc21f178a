package dev.holdfast.tomcat;

import dev.holdfast.Holdfast;
import dev.holdfast.SharedRedis;
import dev.holdfast.config.ParsedSettings;
import dev.holdfast.config.Settings;
import dev.holdfast.model.SessionId;
import dev.holdfast.session.LiveSession;
import dev.holdfast.session.RequestScope;
import dev.holdfast.session.SessionRepository;
import dev.holdfast.store.Deadline;
import dev.holdfast.store.DueSessions.Taken;
import dev.holdfast.store.StoreException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.catalina.Container;
import org.apache.catalina.Context;
import org.apache.catalina.DistributedManager;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.Pipeline;
import org.apache.catalina.Session;
import org.apache.catalina.Valve;
import org.apache.catalina.connector.Request;
import org.apache.juli.logging.Log;
import org.apache.juli.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the sessions of a web application in Redis, so that every Tomcat that runs the application shares them. One line
 * in {@code context.xml} is enough:
 *
 * <pre>{@code <Manager className="dev.holdfast.tomcat.RedisSessionManager" redis="redis://localhost:6379"/>}</pre>
 *
 * <p>The attributes of the element are those of {@code docs/configuration.md}; Tomcat's own ones for managers work as
 * they always do. The manager installs its valve by itself. Thread-safe once started.
 */
public final class RedisSessionManager extends MaskedLookUps implements DistributedManager {

    /** How much of shutdownTimeout a stop waits for requests that have left their servlet, but not the node. */
    private static final double SHARE_FOR_REQUESTS = 0.5;

    /** The id of the session that is just being created. */
    private static final ThreadLocal<SessionId> ID_OF_NEW_SESSION = new ThreadLocal<>();

    private final Log log = LogFactory.getLog(RedisSessionManager.class);
    private final ManagerSettings rawSettings = new ManagerSettings();
    private final SessionIds ids = new SessionIds(this::generateSessionId);
    private final IdChanges idChanges = new IdChanges(ids, sessions);
    private final RequestBoundaryValve valve = new RequestBoundaryValve(this);
    private final Set<String> classesToldOf = ConcurrentHashMap.newKeySet();

    private final SessionsOfAllNodes sessionsOfAllNodes = new SessionsOfAllNodes();
    private final Object countLock = new Object();

    private volatile boolean persistPasswords;
    private volatile @Nullable Holdfast holdfast;
    private volatile @Nullable String applicationName;
    private volatile @Nullable String redisLocation;
    private volatile @Nullable SessionRepository repository;
    private volatile @Nullable RedisSingleSignOn signOn;
    private volatile @Nullable String route;
    private volatile Duration localIdleTimeout = Duration.ofDays(1);
    private volatile Duration shutdownTimeout = Duration.ofSeconds(10);
    private volatile Predicate<String> lockedPaths = path -> false;

    /** The name under which Tomcat's own tools show this manager. */
    @Override
    public String getName() {
        return "RedisSessionManager";
    }

    // ---- settings ------------------------------------------------------------------------------------------------

    /**
     * Takes an attribute of the {@code <Manager>} element that Tomcat itself has no setter for. It is checked when the
     * manager starts, together with all others.
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

    /** Whether the passwords of logins by form are kept in Redis. */
    public boolean getPersistPasswords() {
        return persistPasswords;
    }

    /**
     * Keeps the user name and the password of a login by form in the session's record, as they are, so that an
     * authenticator with {@code cache="false"} works on all nodes. Has an effect only with
     * {@code persistAuthentication}. To be set before the start.
     *
     * @param persistPasswords false by default: whoever can read Redis can read the passwords
     */
    public void setPersistPasswords(boolean persistPasswords) {
        this.persistPasswords = persistPasswords;
    }

    // ---- life ----------------------------------------------------------------------------------------------------

    @Override
    public void setContext(@Nullable Context context) {
        Context before = getContext();
        super.setContext(context);
        if (before != null && before != context) {
            before.getPipeline().removeValve(valve);
        }
        if (context != null && before != context) {
            context.getPipeline().addValve(valve);
        }
    }

    @Override
    protected void startInternal() throws LifecycleException {
        super.startInternal();
        Context context = getContext();
        try {
            Installation.check();
            warnOfEarlierValves(context.getPipeline());
            warnOfPasswords();
            if (!getPersistAuthentication()) {
                QuietAuthenticator.replace(context.getPipeline());
            }
            ParsedSettings parsed = rawSettings.parse(context);
            parsed.warnings().forEach(log::warn);
            open(parsed.settings(), context);
        } catch (RuntimeException refused) {
            close();
            String message = "Sessions of " + ManagerSettings.applicationName(context)
                    + " cannot be kept in Redis, so the" + " application does not start. " + refused.getMessage();
            throw message.contains("HF-") ? new LifecycleException(message) : new LifecycleException(message, refused);
        }
        setState(LifecycleState.STARTING);
    }

    private void open(Settings settings, Context context) {
        ClassLoader classes = context.getLoader().getClassLoader();
        SharedRedis redis = RedisClients.of(settings, context);
        Holdfast opened = Holdfast.open(
                settings,
                redis,
                classes,
                new AttributeFilters(this),
                new Passivation(this, sessions, this::knownOrNew),
                getSessionLastAccessAtStart());
        holdfast = opened;
        repository = opened.sessions();
        signOn = RedisSingleSignOn.of(context);
        opened.startSweeping(this::endExpired);
        applicationName = settings.applicationName();
        redisLocation = location(settings, redis);
        route = getJvmRoute();
        lockedPaths = settings.lock().paths();
        localIdleTimeout = settings.localIdleTimeout();
        shutdownTimeout = settings.shutdownTimeout();
        log.info("Sessions of " + settings.applicationName() + " are kept in " + redisLocation
                + (route == null ? "" : ", route of this node: " + route));
    }

    private static String location(Settings settings, SharedRedis redis) {
        return redis.location() + (settings.client() == null ? "" : ", by the client " + settings.client());
    }

    private void warnOfEarlierValves(Pipeline pipeline) {
        Valve first = pipeline.getFirst();
        if (first != valve) {
            log.warn("HF-102 " + first.getClass().getName() + " stands before the session valve. What it does with"
                    + " sessions is written after the response, not before. Write the <Manager> element above the"
                    + " <Valve> elements.");
        }
    }

    private void warnOfPasswords() {
        if (persistPasswords) {
            log.warn(
                    getPersistAuthentication()
                            ? "HF-110 persistPasswords is on: passwords of logins by form are kept in Redis, readable"
                                    + " for whoever can read Redis. It is needed only for a FormAuthenticator with"
                                    + " cache=\"false\"."
                            : "HF-110 persistPasswords has no effect without persistAuthentication=\"true\".");
        }
    }

    /** Stops this node. Sessions go on: they are passivated, nothing expires, no listener hears of an end. */
    @Override
    protected void stopInternal() throws LifecycleException {
        setState(LifecycleState.STOPPING);
        Deadline deadline = Deadline.in(shutdownTimeout);
        valve.awaitLastRequest(deadline.part(SHARE_FOR_REQUESTS, shutdownTimeout));
        Holdfast open = holdfast;
        if (open != null) {
            open.stop(deadline);
        }
        sessions.clear();
        close();
        super.stopInternal();
    }

    private void close() {
        Holdfast open = holdfast;
        holdfast = null;
        repository = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    protected void destroyInternal() throws LifecycleException {
        getContext().getPipeline().removeValve(valve);
        super.destroyInternal();
    }

    /** Nothing to do: sessions are in Redis already. */
    @Override
    public void load() {
        // See above.
    }

    /** Nothing to do: sessions are in Redis already. */
    @Override
    public void unload() {
        // See above.
    }

    // ---- sessions ------------------------------------------------------------------------------------------------

    @Override
    public Session createSession(@Nullable String requestedId) {
        SessionId id =
                RoutedId.idOf(requestedId).orElseGet(() -> ids.draw(drawn -> !sessions.containsKey(drawn.value())));
        ID_OF_NEW_SESSION.set(id);
        try {
            return super.createSession(id.value());
        } finally {
            ID_OF_NEW_SESSION.remove();
        }
    }

    /** Called by {@link #createSession} only: a session in Redis has an id from the start. */
    @Override
    public Session createEmptySession() {
        SessionId id = ID_OF_NEW_SESSION.get();
        if (id == null) {
            throw new UnsupportedOperationException("A session in Redis has an id from the start: use createSession");
        }
        return new HoldfastSession(this, repository().create(id, getContext().getSessionTimeout() * 60));
    }

    @Override
    public @Nullable Session findSession(@Nullable String requestedId) {
        Optional<SessionId> id = RoutedId.idOf(requestedId);
        if (id.isEmpty() || !mayLook(id.get()) || isStoppedForOthers()) {
            return null;
        }
        try {
            return lookUp(id.get());
        } catch (StoreException unanswered) {
            if (VersionChoice.isUnderWay()) {
                VersionChoice.unanswered(id.get(), unanswered);
                return null;
            }
            throw unanswered;
        }
    }

    private @Nullable Session lookUp(SessionId id) {
        RequestBoundary.requireAnswer(id);
        Optional<LiveSession> live = repository().find(id);
        if (live.isEmpty()) {
            sessions.computeIfPresent(id.value(), (key, present) -> heldOrNull(present));
            return null;
        }
        HoldfastSession session = sessionOf(live.get());
        return session.endIfLoggedOut() ? null : session;
    }

    /**
     * Requests of other applications of the host ask here whether they may take over an id, and Tomcat asks to find the
     * version of an application that knows it. One that is stopped has no session to show them.
     */
    private boolean isStoppedForOthers() {
        return repository == null && !RequestBoundary.isInside(getContext());
    }

    private boolean mayLook(SessionId id) {
        LookLimit limit = LookLimit.current();
        if (limit == LookLimit.LOGGED_IN_HERE) {
            Session present = sessions.get(id.value());
            return present != null && present.getPrincipal() != null;
        }
        return limit == null;
    }

    private @Nullable Session heldOrNull(Session present) {
        return repository().holds(((HoldfastSession) present).live()) ? present : null;
    }

    /** The one object of this node for a session. */
    private HoldfastSession sessionOf(LiveSession live) {
        Session session = sessions.compute(
                live.id().value(),
                (key, present) -> present instanceof HoldfastSession known && known.live() == live
                        ? known
                        : new HoldfastSession(this, live));
        countActive();
        return (HoldfastSession) session;
    }

    /** Sessions are kept under their id without a route. */
    @Override
    public void add(Session session) {
        sessions.put(session.getId(), session);
        countActive();
    }

    private void countActive() {
        int active = getActiveSessions();
        if (active > getMaxActive()) {
            synchronized (countLock) {
                setMaxActive(Math.max(active, getMaxActive()));
            }
        }
    }

    @Override
    public void remove(Session session, boolean update) {
        Session present = sessions.get(session.getId());
        super.remove(session, update);
        sessions.remove(session.getId(), session);
        if (present != null && present != session) {
            // A new session has the id of one that ends.
            sessions.putIfAbsent(present.getId(), present);
        }
    }

    /** Ends a session by its id, also one that only other nodes have used. */
    @Override
    public void expireSession(String sessionId) {
        requireRunning();
        Session session = findSession(sessionId);
        if (session != null) {
            session.expire();
        }
    }

    // ---- all nodes -----------------------------------------------------------------------------------------------

    /**
     * The ids of all sessions of the application, also of those that only other nodes have used. Takes some seconds at
     * most. Never fails: if Redis does not tell, these are the sessions of this node, and the log says so.
     *
     * @return the ids without routes; a new set
     */
    @Override
    public Set<String> getSessionIdsFull() {
        return knownSessions().ids();
    }

    /**
     * How many sessions the application has on all nodes. Tomcat undeploys an old version of an application that has
     * none: so if Redis does not tell, there is at least one.
     */
    @Override
    public int getActiveSessionsFull() {
        SessionsOfAllNodes.Known known = knownSessions();
        int count = known.ids().size();
        return known.complete() ? count : Math.max(1, count);
    }

    private SessionsOfAllNodes.Known knownSessions() {
        Set<String> unsaved = sessions.values().stream()
                .filter(session -> !((HoldfastSession) session).live().isStored())
                .map(Session::getId)
                .collect(Collectors.toSet());
        return sessionsOfAllNodes.list(holdfast, unsaved, sessions.keySet());
    }

    /** For JMX: the ids of all sessions of the application, each followed by a space. */
    public String listAllSessionIds() {
        return getSessionIdsFull().stream().map(id -> id + " ").collect(Collectors.joining());
    }

    /**
     * For JMX: ends a session on all nodes, also one that this node has no copy of.
     *
     * @param sessionId the id, with or without a route
     * @return whether there was such a session
     * @throws IllegalStateException if Redis does not answer; the session may then have ended or not. Or if the
     *     application is not running here; ask another node
     */
    public boolean endSession(String sessionId) {
        requireRunning();
        try {
            Session session = findSession(sessionId);
            if (session == null) {
                return false;
            }
            session.expire();
            return true;
        } catch (StoreException unanswered) {
            // Of a class that a remote console knows.
            throw new IllegalStateException(unanswered.getMessage());
        }
    }

    private void requireRunning() {
        if (!isRunning()) {
            throw new IllegalStateException(
                    "The application is not running on this node, so its sessions are not known here. Ask another node");
        }
    }

    /** For JMX: the name that the nodes of this application share; null before the first start. */
    public @Nullable String getApplicationName() {
        return applicationName;
    }

    /** For JMX: where Redis is, without the password; null before the first start. */
    public @Nullable String getRedisLocation() {
        return redisLocation;
    }

    /**
     * Ends a session in Redis.
     *
     * @return whether it was this call that ended it
     */
    boolean endInCluster(LiveSession live) {
        return repository().remove(live);
    }

    /**
     * Ends a session whose single sign-on has ended. Not as the request that calls this: it is no access, and waits for
     * no lock.
     */
    void endWithSignOn(SessionId id) {
        if (sessions.get(id.value()) instanceof HoldfastSession unsaved
                && !unsaved.live().isStored()
                && repository().holds(unsaved.live())) {
            unsaved.expireWithSignOn();
            return;
        }
        RequestScope outer = RequestScope.current();
        RequestScope.exit(null);
        try {
            repository().find(id).ifPresent(live -> sessionOf(live).expireWithSignOn());
        } finally {
            RequestScope.exit(outer);
        }
    }

    /** Tells the listeners of a session whose time is over. */
    private void endExpired(Taken.Mine ended) {
        LiveSession live = repository().ended(ended.id(), ended.metadata(), ended.attributes());
        knownOrNew(live).expireClaimed();
    }

    private HoldfastSession knownOrNew(LiveSession live) {
        return sessions.get(live.id().value()) instanceof HoldfastSession known && known.live() == live
                ? known
                : new HoldfastSession(this, live);
    }

    /** A request uses a session. */
    void accessed(LiveSession live) {
        repository().accessed(live);
    }

    /**
     * Whether the calling thread may use a session, which is brought up to date for one that belongs to no request. Under a
     * {@link LookLimit}, it may, and Redis is not asked.
     */
    boolean mayUse(LiveSession live) {
        SessionRepository open = repository;
        return open == null || LookLimit.current() != null || open.outsideUse().mayUse(live);
    }

    /** A part of a login cannot be shared. Told once for each class. */
    void keptHere(Object kept, String reason) {
        String className = kept.getClass().getName();
        if (classesToldOf.add(className)) {
            log.warn("HF-105 A login with a " + className + " stays on this node: " + reason + ". Requests work here;"
                    + " other nodes ask the user to log in again. Make the class serializable, or have the realm make"
                    + " another principal. Told once per class.");
        }
    }

    /** Whether a request uses its session exclusively. */
    boolean locks(Request request) {
        String pathInfo = request.getPathInfo();
        return lockedPaths.test(request.getServletPath() + (pathInfo == null ? "" : pathInfo));
    }

    /** The request that used a session is over. */
    void usedUntilNow(HoldfastSession session) {
        settle(session);
        SessionRepository open = repository;
        if (open == null || getSessionLastAccessAtStart()) {
            return;
        }
        try {
            open.usedUntilNow(session.live());
        } catch (StoreException unanswered) {
            log.debug("Idle time counts from the arrival of a request: " + unanswered.getMessage());
        }
    }

    long idleMillis(LiveSession live) {
        return repository().idleMillis(live);
    }

    boolean isRunning() {
        return repository != null && getState().isAvailable();
    }

    /**
     * An attribute was set or removed. If no request of this application is there to write it, it is written at once: an
     * operator has changed it in the manager application, or a thread of the application has.
     */
    void changed(HoldfastSession session) {
        if (RequestScope.current() == null
                && session.live().isStored()
                && !session.live().hasRequests()) {
            settle(session);
        }
    }

    /** Writes what came too late for its response, or without any. */
    void settle(HoldfastSession session) {
        SessionRepository open = repository;
        if (open != null && !session.live().hasEnded()) {
            open.settle(session.live());
        }
    }

    // ---- ids -----------------------------------------------------------------------------------------------------

    /** The name under which nodes share the sessions of this application. */
    String applicationName() {
        String name = applicationName;
        return name == null ? "" : name;
    }

    /** The single sign-on that this application takes part in, or null. */
    @Nullable
    RedisSingleSignOn signOn() {
        return signOn;
    }

    /** The route of this node, or null. */
    @Nullable
    String route() {
        return route;
    }

    /**
     * Draws a new id, one that Redis can move the session to in one step.
     *
     * @return the id without a route, as {@code HttpSession.getId()} gives it; the cookie gets the route when the
     *     response is committed
     */
    @Override
    public String rotateSessionId(Session session) {
        idChanges.rotate(repository(), (HoldfastSession) session);
        return session.getId();
    }

    @Override
    protected void changeSessionId(
            Session session, String newId, boolean notifySessionListeners, boolean notifyContainerListeners) {
        idChanges.change(
                repository(), (HoldfastSession) session, newId, notifySessionListeners, notifyContainerListeners);
    }

    /** Sees to it that the client's cookie has the route of this node, before the response is committed. */
    void rewriteRoute(Request request) {
        HoldfastSession session = route == null ? null : sessionAtHand(request);
        if (session != null) {
            RouteCookie.renew(request, session);
        }
    }

    /** The session that a request has looked up, without looking it up now. */
    @Nullable
    HoldfastSession sessionAtHand(Request request) {
        LookLimit.AT_HAND.begin();
        try {
            return request.getSessionInternal(false) instanceof HoldfastSession session && session.getManager() == this
                    ? session
                    : null;
        } finally {
            LookLimit.end();
        }
    }

    // ---- background ----------------------------------------------------------------------------------------------

    /** Writes what background threads have changed, and drops copies that nobody uses. Nothing ever expires here. */
    @Override
    public void processExpires() {
        SessionRepository open = repository;
        if (open == null) {
            return;
        }
        open.outsideUse().settleAll();
        for (Session session : findSessions()) {
            settle((HoldfastSession) session);
        }
        try {
            open.departures().releaseIdle(localIdleTimeout);
        } catch (StoreException unanswered) {
            log.debug("Idle copies stay for now: " + unanswered.getMessage());
        }
        for (Session session : findSessions()) {
            LiveSession live = ((HoldfastSession) session).live();
            if (!open.holds(live) && !live.isInUse()) {
                sessions.remove(session.getId(), session);
            }
        }
    }

    SessionRepository repository() {
        SessionRepository open = repository;
        if (open == null) {
            throw new IllegalStateException("The session manager is not running");
        }
        return open;
    }

    /** The container that this manager works for, for messages. */
    @Override
    public String toString() {
        Container context = getContext();
        return "RedisSessionManager[" + (context == null ? "" : context.getName()) + "]";
    }
}
