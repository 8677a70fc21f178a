package dev.holdfast.tomcat;

import dev.holdfast.Holdfast;
import dev.holdfast.SharedRedis;
import dev.holdfast.config.Settings;
import dev.holdfast.session.CopyLifecycle;
import dev.holdfast.session.SessionRepository;
import dev.holdfast.store.Deadline;
import java.time.Duration;
import java.util.function.Predicate;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Request;
import org.jspecify.annotations.Nullable;

/**
 * The application as it runs on this node: what a start opens and a stop closes, and where the application stands among
 * nodes and other applications. Thread-safe; starts and stops come one after the other.
 *
 * <p>There are two parts, each replaced as a whole. What is <em>open</em> is there between a start and a stop only, so that
 * nobody can use connections of a stopped application. The <em>place</em> is that of the latest start and outlasts the
 * stop: requests that are still on their way out name their session and log out by it, and JMX shows it.
 */
final class ApplicationRun {

    private volatile @Nullable Open open;
    private volatile Place place = new Place(null, null, null, null);

    /**
     * Connects to Redis. What has been opened when this fails is closed by {@link #close}.
     *
     * @param settings how sessions are kept there
     * @param manager of the application, which is just starting on the calling thread
     * @param lifecycle what happens when copies come and leave
     * @param ends ends sessions whose time is over
     */
    void start(Settings settings, RedisSessionManager manager, CopyLifecycle lifecycle, SessionEnds ends) {
        Context context = manager.getContext();
        SharedRedis redis = RedisClients.of(settings, context);
        Place found = new Place(
                settings.applicationName(),
                location(settings, redis),
                RedisSingleSignOn.of(context),
                manager.getJvmRoute());
        Holdfast holdfast = Holdfast.open(
                settings,
                redis,
                context.getLoader().getClassLoader(),
                new AttributeFilters(manager),
                lifecycle,
                manager.getSessionLastAccessAtStart(),
                manager.getClock());
        open = new Open(
                holdfast,
                settings.lock().paths(),
                settings.localIdleTimeout(),
                settings.shutdownTimeout(),
                new ClientBindings(settings.fingerprint(), settings.fingerprintPrefix()),
                settings.allowNonSerializable());
        place = found;
        holdfast.startSweeping(ends::byTime);
    }

    private static String location(Settings settings, SharedRedis redis) {
        return redis.location() + (settings.client() == null ? "" : ", by the client " + settings.client());
    }

    /**
     * Lets all sessions leave this node. They go on elsewhere.
     *
     * @param lastRequests waits for them, before anything is closed
     */
    void stop(LastRequests lastRequests) {
        Open now = open;
        if (now != null) {
            Deadline deadline = Deadline.in(now.shutdownTimeout());
            lastRequests.await(deadline, now.shutdownTimeout());
            now.holdfast().stop(deadline);
        }
    }

    /** Gives back at once what is open. Idempotent. */
    void close() {
        Open now = open;
        open = null;
        if (now != null) {
            now.holdfast().close();
        }
    }

    /** What is open; null unless the application runs. */
    @Nullable
    Open open() {
        return open;
    }

    /** Where the application stands. */
    Place place() {
        return place;
    }

    /** The sessions that this node knows; null unless the application runs. */
    @Nullable
    SessionRepository repositoryOrNull() {
        Open now = open;
        return now == null ? null : now.repository();
    }

    /**
     * The sessions that this node knows.
     *
     * @throws IllegalStateException unless the application runs
     */
    SessionRepository repository() {
        SessionRepository now = repositoryOrNull();
        if (now == null) {
            throw new IllegalStateException("The session manager is not running");
        }
        return now;
    }

    /** Whom sessions are given to. */
    ClientBindings bindings() {
        Open now = open;
        return now == null ? ClientBindings.NONE : now.bindings();
    }

    /** Whether a request uses its session exclusively. */
    boolean locks(Request request) {
        Open now = open;
        String pathInfo = request.getPathInfo();
        return now != null && now.lockedPaths().test(request.getServletPath() + (pathInfo == null ? "" : pathInfo));
    }

    /** Whether a distributable application may set attributes whose class is not serializable. */
    boolean allowsNonSerializable() {
        Open now = open;
        return now != null && now.allowNonSerializable();
    }

    /**
     * What there is between a start and a stop.
     *
     * @param holdfast the sessions; to be closed
     * @param lockedPaths the paths whose requests use their sessions exclusively
     * @param localIdleTimeout how long a copy stays on this node unused
     * @param shutdownTimeout how long a stop may take
     * @param bindings whom its sessions are given to
     * @param allowNonSerializable whether a distributable application may set what is not serializable
     */
    record Open(
            Holdfast holdfast,
            Predicate<String> lockedPaths,
            Duration localIdleTimeout,
            Duration shutdownTimeout,
            ClientBindings bindings,
            boolean allowNonSerializable) {

        SessionRepository repository() {
            return holdfast.sessions();
        }
    }

    /**
     * Where an application stands; all null before its first start.
     *
     * @param applicationName the name under which nodes share its sessions
     * @param redisLocation where Redis is, without the password
     * @param signOn the single sign-on that it takes part in, or null
     * @param route the route of this node, or null
     */
    record Place(
            @Nullable String applicationName,
            @Nullable String redisLocation,
            @Nullable RedisSingleSignOn signOn,
            @Nullable String route) {

        /** The name; empty before the first start. */
        String name() {
            return applicationName == null ? "" : applicationName;
        }
    }

    /** Waits for the requests that have left their servlet, but not the node. */
    @FunctionalInterface
    interface LastRequests {
        void await(Deadline deadline, Duration shutdownTimeout);
    }
}
