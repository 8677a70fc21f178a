package dev.holdfast.tomcat;

import dev.holdfast.model.SignOnId;
import dev.holdfast.session.Recurrence;
import dev.holdfast.store.StoreException;
import java.util.Optional;
import org.apache.juli.logging.Log;

/**
 * Requests with the cookie of a sign-on that this node does not know, while Redis cannot be asked. Which one it is, is
 * remembered for each thread as long as its request lasts. Thread-safe.
 */
final class UnknownSignOns {

    private static final ThreadLocal<SignOnId> UNKNOWN = new ThreadLocal<>();

    private final Log log;
    private final Recurrence passed = new Recurrence(System::nanoTime);
    private final Recurrence refused = new Recurrence(System::nanoTime);

    UnknownSignOns(Log log) {
        this.log = log;
    }

    /** The request of the calling thread goes on, as one of a user who is not signed on. */
    void goesOn(Optional<SignOnId> id, StoreException noAnswer) {
        id.ifPresent(UNKNOWN::set);
        if (passed.isToBeTold()) {
            log.warn(
                    "HF-640 Redis does not answer, and requests have come with a single sign-on that this node does not"
                            + " know (" + passed.count()
                            + " such requests since the start). It cannot be told from one that has"
                            + " ended: their users are not signed on here and may log in again; their cookies stay. A balancer"
                            + " that keeps users on their node avoids this; or set onUnknown=\"503\". "
                            + noAnswer.getMessage());
        }
    }

    /** A request is answered with 503. */
    void isRefused(StoreException noAnswer) {
        if (refused.isToBeTold()) {
            log.warn(
                    "HF-501 A single sign-on that this node does not know cannot be looked up. Such requests are answered"
                            + " with 503 until Redis answers (" + refused.count()
                            + " since the start); nobody is logged out. "
                            + noAnswer.getMessage());
        }
    }

    /** The one that the request of the calling thread came with; once. */
    Optional<SignOnId> take() {
        Optional<SignOnId> present = Optional.ofNullable(UNKNOWN.get());
        UNKNOWN.remove();
        return present;
    }

    void forget() {
        UNKNOWN.remove();
    }
}
