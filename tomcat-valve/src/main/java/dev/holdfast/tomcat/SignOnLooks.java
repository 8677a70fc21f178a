package dev.holdfast.tomcat;

import dev.holdfast.model.SignOnId;
import dev.holdfast.session.SignOn;
import dev.holdfast.session.SignOns;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.catalina.connector.Request;
import org.jspecify.annotations.Nullable;

/**
 * What one request knows of sign-ons. Redis is asked once for each, so that a request sees one state from its beginning to
 * its end, save for what it does itself. Thread-safe.
 */
final class SignOnLooks {

    private static final String NOTE = SignOnLooks.class.getName();

    private final Map<SignOnId, Optional<SignOn>> known = new ConcurrentHashMap<>();

    private SignOnLooks() {}

    /** Those of a request; of no request: none, and nothing is remembered. */
    static SignOnLooks of(@Nullable Request request) {
        if (request == null) {
            return new SignOnLooks();
        }
        if (request.getNote(NOTE) instanceof SignOnLooks present) {
            return present;
        }
        SignOnLooks looks = new SignOnLooks();
        request.setNote(NOTE, looks);
        return looks;
    }

    Optional<SignOn> look(SignOns signOns, SignOnId id) {
        Optional<SignOn> answer = known.get(id);
        if (answer == null) {
            answer = signOns.look(id);
            known.put(id, answer);
        }
        return answer;
    }

    /** This request has logged in. */
    void began(SignOnId id, SignOn signOn) {
        known.put(id, Optional.of(signOn));
    }

    /** This request has logged out. */
    void ended(SignOnId id) {
        known.put(id, Optional.empty());
    }
}
