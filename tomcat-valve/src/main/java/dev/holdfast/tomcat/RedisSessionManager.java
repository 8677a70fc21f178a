package dev.holdfast.tomcat;

import dev.holdfast.config.ParsedSettings;
import dev.holdfast.model.SessionId;
import dev.holdfast.store.StoreException;
import java.time.InstantSource;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.catalina.Container;
import org.apache.catalina.Context;
import org.apache.catalina.DistributedManager;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.Session;
import org.apache.catalina.session.TooManyActiveSessionsException;
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

    /** The id of the session that is just being created. */
    private static final ThreadLocal<SessionId> ID_OF_NEW_SESSION = new ThreadLocal<>();

    private final Log log = LogFactory.getLog(RedisSessionManager.class);
    private final ManagerSettings rawSettings = new ManagerSettings();
    private final SessionIds ids = new SessionIds(this::generateSessionId);
    private final ApplicationRun run = new ApplicationRun();
    private final SessionObjects objects = new SessionObjects(this, sessions);
    private final SessionLooks looks = new SessionLooks(this, objects);
    private final SessionUse use = new SessionUse(this, objects);
    private final SessionEnds ends = new SessionEnds(this, looks, objects);
    private final IdChanges idChanges = new IdChanges(ids, objects);
    private final SessionsOfAllNodes sessionsOfAllNodes = new SessionsOfAllNodes();
    private final RequestBoundaryValve valve = new RequestBoundaryValve(this);
    private final KeptHere keptHere =
            new KeptHere(log, "HF-105 A login with a %s stays on this node", "Make the class serializable");

    private volatile InstantSource clock = InstantSource.system();
    private volatile boolean persistPasswords;
    private volatile boolean usesClientValve;

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

    /** The clock of this node. */
    InstantSource getClock() {
        return clock;
    }

    /**
     * Sets the clock of this node, for tests of applications that embed it. Sessions live by the time of Redis: this one
     * counts until Redis has told its own, and for the times of creation if it is right to a second. To be set before the
     * start.
     *
     * @param clock the clock; that of the operating system by default
     */
    public void setClock(InstantSource clock) {
        this.clock = clock;
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
            Installation.warnOfEarlierValves(context.getPipeline(), valve);
            Installation.warnOfPasswords(this);
            if (!getPersistAuthentication()) {
                QuietAuthenticator.replace(context.getPipeline());
            }
            ParsedSettings parsed = rawSettings.parse(context);
            parsed.warnings().forEach(log::warn);
            run.start(parsed.settings(), this, new Passivation(this, objects), ends);
            logStart(run.place());
            if (run.bindings().areOn()) {
                Installation.warnOfLateRemoteIpValve(context.getPipeline());
                ClientValve.use(context);
                usesClientValve = true;
            }
        } catch (RuntimeException refused) {
            run.close();
            throw Installation.refused(
                    "Sessions of " + ManagerSettings.applicationName(context)
                            + " cannot be kept in Redis, so the application does not start.",
                    refused);
        }
        setState(LifecycleState.STARTING);
    }

    /** Here, because Tomcat's log names the class that logs, and people look for this one. */
    private void logStart(ApplicationRun.Place place) {
        log.info("Sessions of " + place.applicationName() + " are kept in " + place.redisLocation()
                + (place.route() == null ? "" : ", route of this node: " + place.route()));
    }

    /** Stops this node. Sessions go on: they are passivated, nothing expires, no listener hears of an end. */
    @Override
    protected void stopInternal() throws LifecycleException {
        setState(LifecycleState.STOPPING);
        run.stop(valve::awaitLastRequest);
        if (usesClientValve) {
            usesClientValve = false;
            ClientValve.leave(getContext());
        }
        objects.clear();
        run.close();
        super.stopInternal();
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
        ClientBindings.requireNothingUnreadable();
        SessionId id = RoutedId.idOf(requestedId)
                .filter(requested -> !looks.isOfAnotherClient(requestedId, requested))
                .orElseGet(() -> ids.draw(drawn -> objects.standingUnder(drawn) == null));
        if (!run.repository().hasRoomFor(id)) {
            throw new TooManyActiveSessionsException(
                    "HF-626 Redis does not answer, and the memory of this node for sessions is full: more than"
                            + " maxLocalSessions have changes that Redis does not know yet. No further session is"
                            + " created until it is back; those that exist go on. Check Redis, or raise"
                            + " maxLocalSessions.",
                    run.repository().localCopies().size());
        }
        ID_OF_NEW_SESSION.set(id);
        try {
            Session created = super.createSession(id.value());
            run.bindings().created((HoldfastSession) created);
            return created;
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
        return new HoldfastSession(
                this, run.repository().create(id, getContext().getSessionTimeout() * 60));
    }

    @Override
    public @Nullable Session findSession(@Nullable String requestedId) {
        return looks.find(requestedId);
    }

    /** Sessions are kept under their id without a route. */
    @Override
    public void add(Session session) {
        objects.add(session);
    }

    @Override
    public void remove(Session session, boolean update) {
        objects.remove(session, () -> super.remove(session, update));
    }

    /** Ends a session by its id, also one that only other nodes have used. */
    @Override
    public void expireSession(String sessionId) {
        ends.byOperator(sessionId);
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
        ApplicationRun.Open open = run.open();
        return sessionsOfAllNodes.list(open == null ? null : open.holdfast(), objects.unsavedIds(), objects.ids());
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
        try {
            return ends.byOperator(sessionId);
        } catch (StoreException unanswered) {
            // Of a class that a remote console knows.
            throw new IllegalStateException(unanswered.getMessage());
        }
    }

    /** For JMX: the name that the nodes of this application share; null before the first start. */
    public @Nullable String getApplicationName() {
        return run.place().applicationName();
    }

    /** For JMX: where Redis is, without the password; null before the first start. */
    public @Nullable String getRedisLocation() {
        return run.place().redisLocation();
    }

    /**
     * For JMX: how often what failed on this node since the start, as {@code operation/error_type=count}, separated by
     * commas and sorted. Error types are {@code timeout}, {@code connect}, {@code auth}, {@code acl}, {@code readonly},
     * {@code oom}, {@code loading}, {@code clusterdown}, {@code script}, {@code codec}, {@code interrupted},
     * {@code incompatible} and {@code other}. Empty if nothing failed, or if the application is not running.
     */
    public String getStoreErrors() {
        ApplicationRun.Open open = run.open();
        return open == null
                ? ""
                : open.holdfast().errors().entrySet().stream()
                        .map(error -> error.getKey() + "=" + error.getValue())
                        .collect(Collectors.joining(", "));
    }

    /**
     * For JMX: how many requests have asked this node, since the start, for a session that is bound to another client. 0
     * without {@code fingerprint}, or if the application is not running.
     */
    public long getFingerprintMismatches() {
        return run.bindings().mismatches();
    }

    /**
     * For JMX: how many requests have asked this node, since the start, for a session whose client it cannot read, as for
     * want of a key. 0 without {@code fingerprint}, or if the application is not running.
     */
    public long getFingerprintUnreadable() {
        return run.bindings().unreadable();
    }

    // ---- for the classes beside this one -------------------------------------------------------------------------

    /** Whether requests may come in. */
    boolean isRunning() {
        return run.open() != null && getState().isAvailable();
    }

    /** What a start has opened. */
    ApplicationRun run() {
        return run;
    }

    /** How sessions are found. */
    SessionLooks looks() {
        return looks;
    }

    /** What the use of a session means for Redis. */
    SessionUse use() {
        return use;
    }

    /** What ends sessions apart from their own requests. */
    SessionEnds ends() {
        return ends;
    }

    /** Hears of parts of logins that cannot be shared. */
    KeptHere keptHere() {
        return keptHere;
    }

    // ---- ids -----------------------------------------------------------------------------------------------------

    /**
     * Draws a new id, one that Redis can move the session to in one step.
     *
     * @return the id without a route, as {@code HttpSession.getId()} gives it; the cookie gets the route when the
     *     response is committed
     */
    @Override
    public String rotateSessionId(Session session) {
        idChanges.rotate(run.repository(), (HoldfastSession) session);
        return session.getId();
    }

    @Override
    protected void changeSessionId(
            Session session, String newId, boolean notifySessionListeners, boolean notifyContainerListeners) {
        idChanges.change(
                run.repository(), (HoldfastSession) session, newId, notifySessionListeners, notifyContainerListeners);
    }

    // ---- background ----------------------------------------------------------------------------------------------

    /** Writes what background threads have changed, and drops copies that nobody uses. Nothing ever expires here. */
    @Override
    public void processExpires() {
        use.tidy();
    }

    /** The container that this manager works for, for messages. */
    @Override
    public String toString() {
        Container context = getContext();
        return "RedisSessionManager[" + (context == null ? "" : context.getName()) + "]";
    }
}
