package dev.holdfast.tomcat;

import dev.holdfast.session.PrincipalRules;
import java.security.Principal;
import java.util.Optional;
import org.apache.juli.logging.Log;

/** Which of Tomcat's principals may leave their node, and a warning for each class that may not. Thread-safe. */
final class TomcatPrincipals implements PrincipalRules {

    private final KeptHere keptHere;

    TomcatPrincipals(Log log) {
        this.keptHere = new KeptHere(
                log,
                "HF-503 A single sign-on with a %s counts on this node only",
                "Make the class serializable and put it into lib");
    }

    @Override
    public Optional<Object> unshareable(Principal principal) {
        return Optional.ofNullable(SharedLogin.unserializableOf(principal));
    }

    @Override
    public void keptHere(Object kept, String reason) {
        keptHere.unshared(kept, reason);
    }
}
