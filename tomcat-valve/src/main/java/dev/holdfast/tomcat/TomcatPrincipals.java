package dev.holdfast.tomcat;

import dev.holdfast.session.PrincipalRules;
import java.security.Principal;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.juli.logging.Log;

/** Which of Tomcat's principals may leave their node, and a warning for each class that may not. Thread-safe. */
final class TomcatPrincipals implements PrincipalRules {

    private final Log log;
    private final Set<String> classesToldOf = ConcurrentHashMap.newKeySet();

    TomcatPrincipals(Log log) {
        this.log = log;
    }

    @Override
    public Optional<Object> unshareable(Principal principal) {
        return Optional.ofNullable(SharedLogin.unserializableOf(principal));
    }

    @Override
    public void keptHere(Object kept, String reason) {
        String className = kept.getClass().getName();
        if (classesToldOf.add(className)) {
            log.warn("HF-503 A single sign-on with a " + className + " counts on this node only: " + reason
                    + ". Requests work here; other nodes ask the user to log in again. Make the class serializable and"
                    + " put it into lib, or have the realm make another principal. Told once per class.");
        }
    }
}
