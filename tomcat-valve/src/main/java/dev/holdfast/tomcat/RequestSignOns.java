package dev.holdfast.tomcat;

import dev.holdfast.HoldfastSignOn;
import dev.holdfast.model.SignOnId;
import dev.holdfast.model.SignOnMember;
import dev.holdfast.session.Recurrence;
import dev.holdfast.session.SignOn;
import dev.holdfast.session.SignOns;
import dev.holdfast.store.StoreException;
import java.util.List;
import java.util.Optional;
import org.apache.catalina.connector.Request;
import org.apache.juli.logging.Log;
import org.apache.juli.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Single sign-ons, as the request of the calling thread sees them: Redis is asked once for each, and what the request
 * itself does is known to it. Thread-safe.
 *
 * <p>Methods throw a {@link StoreException} if Redis does not answer, save for those that only tell it something.
 */
final class RequestSignOns implements AutoCloseable {

    private final Log log = LogFactory.getLog(RedisSingleSignOn.class);
    private final Recurrence untold = new Recurrence(System::nanoTime);
    private volatile @Nullable HoldfastSignOn holdfast;

    void open(HoldfastSignOn opened) {
        holdfast = opened;
    }

    @Override
    public void close() {
        HoldfastSignOn open = holdfast;
        holdfast = null;
        if (open != null) {
            open.close();
        }
    }

    /** Whether it is running: its host may be starting or stopping. */
    boolean isOpen() {
        return holdfast != null;
    }

    private SignOns signOns() {
        HoldfastSignOn open = holdfast;
        if (open == null) {
            throw new StoreException(
                    StoreException.Reason.OTHER,
                    "HF-509 Single sign-on is not running: its host is starting or stopping. Requests that need it are"
                            + " answered with 503; another node may do better.");
        }
        return open.signOns();
    }

    private static SignOnLooks looks() {
        return SignOnLooks.of(RequestBoundary.currentRequest());
    }

    Optional<SignOn> look(Request request, SignOnId id) {
        return SignOnLooks.of(request).look(signOns(), id);
    }

    Optional<SignOn> look(SignOnId id) {
        return looks().look(signOns(), id);
    }

    /**
     * Whether a sign-on has not ended, as far as is known: if Redis does not answer and this node does not know it, its
     * sessions, which this node knows, go on until it can be asked.
     */
    boolean lives(SignOnId id) {
        try {
            return look(id).isPresent();
        } catch (StoreException noAnswer) {
            if (noAnswer.storeIsAway()) {
                return true;
            }
            throw noAnswer;
        }
    }

    void begin(SignOnId id, SignOn login, SignOnMember first, int maxInactiveSeconds) {
        signOns().begin(id, login, first, maxInactiveSeconds);
        looks().began(id, login);
    }

    /** Replaces the login; false if there is no such sign-on any more. */
    boolean update(SignOnId id, SignOn login) {
        boolean updated = signOns().update(id, login);
        if (updated) {
            looks().began(id, login);
        }
        return updated;
    }

    /** Adds a session; false if there is no such sign-on any more. */
    boolean join(SignOnId id, SignOnMember session, int maxInactiveSeconds) {
        return signOns().join(id, session, maxInactiveSeconds);
    }

    /** Logs out, and gives the sessions that are to end, too; none if it had ended before. */
    List<SignOnMember> end(SignOnId id) {
        List<SignOnMember> sessions = signOns().end(id);
        looks().ended(id);
        return sessions;
    }

    /** The time of a session is over. */
    void left(SignOnId id, SignOnMember session) {
        try {
            signOns().leave(id, session);
        } catch (StoreException noAnswer) {
            untold(id, noAnswer);
        }
    }

    /** A session has another id, or another interval. */
    void moved(SignOnId id, SignOnMember before, SignOnMember now, int maxInactiveSeconds) {
        try {
            signOns().move(id, before, now, maxInactiveSeconds);
        } catch (StoreException noAnswer) {
            untold(id, noAnswer);
        }
    }

    /** What Redis was not told makes no difference to a logout. Reported once a minute, with a count. */
    void untold(SignOnId id, StoreException noAnswer) {
        if (untold.isToBeTold()) {
            log.warn("HF-504 Single sign-on " + id + " was not told that a session has come, left or changed ("
                    + untold.count()
                    + " times since the start). A logout works all the same; without one, the sign-on may end too early"
                    + " or too late: by the time of its other sessions. " + noAnswer.getMessage());
        }
    }

    /** Lets go of what nobody has used on this node for long. */
    void tidy() {
        HoldfastSignOn open = holdfast;
        if (open != null) {
            open.signOns().tidy();
        }
    }
}
