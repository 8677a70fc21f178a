package dev.holdfast.session;

import java.security.Principal;
import java.util.Optional;

/** What the container knows of its principals. Thread-safe. */
public interface PrincipalRules {

    /**
     * The part of a principal that must not leave this node.
     *
     * @return empty if all of it may
     */
    Optional<Object> unshareable(Principal principal);

    /**
     * A principal stays on this node.
     *
     * @param kept it, or the part of it that is the reason
     * @param reason why
     */
    void keptHere(Object kept, String reason);
}
