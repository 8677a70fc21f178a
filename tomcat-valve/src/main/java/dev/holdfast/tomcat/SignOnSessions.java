package dev.holdfast.tomcat;

import dev.holdfast.model.SessionId;
import dev.holdfast.model.SignOnId;
import dev.holdfast.model.SignOnMember;
import dev.holdfast.store.StoreException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.catalina.Container;
import org.apache.catalina.Context;
import org.apache.catalina.Manager;
import org.apache.catalina.Session;
import org.apache.catalina.authenticator.SingleSignOnListener;
import org.apache.juli.logging.Log;
import org.apache.juli.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of this node as members of sign-ons: those in Redis, which note their sign-on themselves, and those of
 * other managers, as of Tomcat's manager application, which nobody but this node knows. Thread-safe.
 */
final class SignOnSessions {

    /** A note of sessions of other managers. */
    private static final String NOTE = SignOnSessions.class.getName();

    private final Log log = LogFactory.getLog(RedisSingleSignOn.class);
    private final RequestSignOns signOns;
    private final Set<String> contextsToldOf = ConcurrentHashMap.newKeySet();

    SignOnSessions(RequestSignOns signOns) {
        this.signOns = signOns;
    }

    /** How a session stands in a sign-on; empty if it has an id that no session in Redis could have. */
    static Optional<SignOnMember> member(Session session) {
        return session instanceof HoldfastSession ours
                ? Optional.of(ours.signOn().member())
                : member(session, session.getIdInternal());
    }

    private static Optional<SignOnMember> member(Session session, String sessionId) {
        return RoutedId.idOf(sessionId)
                .map(id -> new SignOnMember(nameOf(session.getManager().getContext()), id));
    }

    private static String nameOf(Context context) {
        return ManagerSettings.applicationName(context);
    }

    /**
     * A session belongs to a sign-on from now on. It notes that before Redis is told: should the sign-on have ended
     * meanwhile, the session ends, too, when it is looked at next.
     *
     * @param step tells Redis, and returns false if there is no such sign-on any more
     * @return false if there is no such sign-on any more
     */
    boolean join(SignOnId id, Session session, Step step) {
        SignOnId before = noted(session);
        if (id.equals(before)) {
            return true;
        }
        Optional<SignOnMember> member = member(session);
        if (member.isEmpty()) {
            return false;
        }
        note(session, id);
        boolean joined;
        try {
            joined = step.join(id, member.get(), session.getMaxInactiveInterval());
        } catch (StoreException noAnswer) {
            note(session, before);
            if (session instanceof HoldfastSession && !noAnswer.storeIsAway()) {
                throw noAnswer;
            }
            // There is no room to remember it; or its application needs no Redis, and nobody there would make 503 of
            // it.
            signOns.untold(id, noAnswer);
            return false;
        }
        if (!(session instanceof HoldfastSession)) {
            session.addSessionListener(new SingleSignOnListener(id.value()));
        }
        if (before != null) {
            signOns.left(before, member.get());
        }
        return joined;
    }

    private static @Nullable SignOnId noted(Session session) {
        if (session instanceof HoldfastSession ours) {
            return ours.signOn().id();
        }
        return session.getNote(NOTE) instanceof SignOnId id ? id : null;
    }

    private void note(Session session, @Nullable SignOnId id) {
        if (session instanceof HoldfastSession ours) {
            ours.signOn().id(id);
        } else if (id == null) {
            session.removeNote(NOTE);
        } else {
            session.setNote(NOTE, id);
            tellOf(session.getManager().getContext());
        }
    }

    private void tellOf(Context context) {
        if (contextsToldOf.add(context.getName())) {
            log.warn("HF-505 The application " + nameOf(context)
                    + " takes part in single sign-on, but keeps its sessions"
                    + " on this node. They end with a logout here, and stay when the user logs out on another node."
                    + " Give it a <Manager className=\"" + RedisSessionManager.class.getName() + "\"> as well. Told"
                    + " once per application.");
        }
    }

    /** A session of another manager has a new id. */
    void moved(SignOnId id, Session session, String oldSessionId) {
        Optional<SignOnMember> before = member(session, oldSessionId);
        Optional<SignOnMember> now = member(session);
        if (before.isPresent() && now.isPresent()) {
            signOns.moved(id, before.get(), now.get(), session.getMaxInactiveInterval());
        }
    }

    /** Ends sessions below a host whose sign-on has ended. What fails keeps no other, and ends when it is looked at. */
    void end(Container host, List<SignOnMember> members) {
        for (SignOnMember member : members) {
            try {
                end(host, member);
            } catch (IOException | RuntimeException failed) {
                log.warn("HF-506 A user has logged out, but session " + member.session() + " of "
                        + member.application() + " could not be ended now. It ends when it is used next, or by its"
                        + " time. " + failed.getMessage());
            }
        }
    }

    private static void end(Container parent, SignOnMember member) throws IOException {
        for (Container child : parent.findChildren()) {
            if (!(child instanceof Context context)) {
                end(child, member);
            } else if (context.getState().isAvailable()) {
                end(context, member);
            }
        }
    }

    private static void end(Context context, SignOnMember member) throws IOException {
        Manager manager = context.getManager();
        SessionId id = member.session();
        if (manager instanceof RedisSessionManager ours) {
            if (ours.isRunning() && ours.run().place().name().equals(member.application())) {
                ours.ends().withSignOn(id);
            }
        } else if (manager != null && nameOf(context).equals(member.application())) {
            Session session = manager.findSession(id.value());
            if (session != null && noted(session) != null) {
                session.expire();
            }
        }
    }

    /** Tells Redis of a session. */
    @FunctionalInterface
    interface Step {
        boolean join(SignOnId id, SignOnMember member, int maxInactiveSeconds);
    }
}
