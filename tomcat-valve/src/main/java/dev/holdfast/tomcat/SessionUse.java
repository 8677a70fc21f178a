package dev.holdfast.tomcat;

import dev.holdfast.session.LiveSession;
import dev.holdfast.session.RequestScope;
import dev.holdfast.session.SessionRepository;
import dev.holdfast.store.StoreException;
import org.apache.juli.logging.Log;
import org.apache.juli.logging.LogFactory;

/**
 * What the use of a session object means for Redis, where no commit of a request sees to it: use that belongs to no request,
 * that comes too late for a response, or that ends. An object may be used longer than the application runs; that means
 * nothing any more, and is no error. Thread-safe.
 */
final class SessionUse {

    private final Log log = LogFactory.getLog(RedisSessionManager.class);
    private final RedisSessionManager manager;
    private final SessionObjects objects;

    SessionUse(RedisSessionManager manager, SessionObjects objects) {
        this.manager = manager;
        this.objects = objects;
    }

    /**
     * Whether the calling thread may use a session, which is brought up to date for one that belongs to no request. Under a
     * {@link LookLimit}, it may, and Redis is not asked.
     */
    boolean isAllowed(LiveSession live) {
        SessionRepository open = manager.run().repositoryOrNull();
        return open == null || LookLimit.current() != null || open.outsideUse().mayUse(live);
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

    /** The request that used a session is over. */
    void ended(HoldfastSession session) {
        settle(session);
        SessionRepository open = manager.run().repositoryOrNull();
        if (open == null || manager.getSessionLastAccessAtStart()) {
            return;
        }
        try {
            open.usedUntilNow(session.live());
        } catch (StoreException unanswered) {
            log.debug("Idle time counts from the arrival of a request: " + unanswered.getMessage());
        }
    }

    /** Writes what came too late for its response, or without any. */
    void settle(HoldfastSession session) {
        SessionRepository open = manager.run().repositoryOrNull();
        if (open != null && !session.live().hasEnded()) {
            open.settle(session.live());
        }
    }

    /** Writes what background threads have changed, and lets copies go that nobody has used for long. */
    void tidy() {
        ApplicationRun.Open open = manager.run().open();
        if (open == null) {
            return;
        }
        SessionRepository repository = open.repository();
        repository.outsideUse().settleAll();
        objects.all().forEach(this::settle);
        try {
            repository.departures().releaseIdle(open.localIdleTimeout());
        } catch (StoreException unanswered) {
            log.debug("Idle copies stay for now: " + unanswered.getMessage());
        }
        objects.dropForsaken(repository);
    }
}
