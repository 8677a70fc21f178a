package dev.holdfast.tomcat;

import dev.holdfast.session.SignOn;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A sign-on whose cookie Tomcat has just made, until its first session is known a few lines later: then both go to Redis
 * together, and there is no moment at which a sign-on has no session. One for each thread.
 */
final class NewSignOn {

    private static final ThreadLocal<Draft> DRAFT = new ThreadLocal<>();

    /** @param login null for a logout of somebody who is not signed on: Tomcat gives an id to that, too */
    void set(String ssoId, @Nullable SignOn login) {
        DRAFT.set(new Draft(ssoId, login));
    }

    /** Whether an id is that of the new one. */
    boolean is(String ssoId) {
        Draft present = DRAFT.get();
        return present != null && present.ssoId.equals(ssoId);
    }

    /** The login, once. If there is none yet, one may still come in this request. */
    Optional<SignOn> take() {
        Draft present = DRAFT.get();
        if (present == null || present.login == null) {
            return Optional.empty();
        }
        DRAFT.remove();
        return Optional.of(present.login);
    }

    void forget() {
        DRAFT.remove();
    }

    private record Draft(String ssoId, @Nullable SignOn login) {}
}
