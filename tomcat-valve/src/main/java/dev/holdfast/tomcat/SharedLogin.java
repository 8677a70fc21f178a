package dev.holdfast.tomcat;

import dev.holdfast.session.ContainerAttributes;
import java.io.Serializable;
import java.security.Principal;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.catalina.authenticator.Constants;
import org.apache.catalina.realm.GenericPrincipal;
import org.jspecify.annotations.Nullable;

/**
 * The login of one session as all nodes share it: the principal, how it was authenticated, and where a login by form
 * stands. It lives in the record of the session; passwords do so only if asked for. Thread-safe.
 *
 * <p>A principal that no other node could make use of stays on this node, and the record holds a <em>ticket</em> in its
 * place. The principal counts as long as the record holds its ticket, so that a logout, or another login, on any node
 * ends it here.
 */
final class SharedLogin {

    private static final String PRINCIPAL = "principal";
    private static final String AUTH_TYPE = "authType";
    private static final String NOTE = "note:";

    /** What Tomcat itself persists of the notes of a session. Neither of them holds a password. */
    private static final Set<String> WITHOUT_PASSWORDS = Set.of(Constants.SESSION_ID_NOTE, Constants.FORM_REQUEST_NOTE);

    /** What an authenticator that does not cache needs, too, to log the user in again with every request. */
    private static final Set<String> WITH_PASSWORDS = Set.of(
            Constants.SESSION_ID_NOTE,
            Constants.FORM_REQUEST_NOTE,
            Constants.SESS_USERNAME_NOTE,
            Constants.SESS_PASSWORD_NOTE);

    private final ContainerAttributes record;
    private final Set<String> sharedNotes;
    private final UnsharedReport report;
    private volatile @Nullable LocalLogin here;

    /**
     * @param record what the container keeps in the session
     * @param withPasswords whether the password of a login by form is shared, too
     * @param report hears of principals and notes that stay on this node
     */
    SharedLogin(ContainerAttributes record, boolean withPasswords, UnsharedReport report) {
        this.record = record;
        this.sharedNotes = withPasswords ? WITH_PASSWORDS : WITHOUT_PASSWORDS;
        this.report = report;
    }

    /** Who is logged in; null if nobody is, or if only another node knows the principal. */
    @Nullable
    Principal principal() {
        Object kept = record.get(PRINCIPAL);
        if (kept instanceof Principal shared) {
            return shared;
        }
        LocalLogin login = here;
        return login != null && login.ticket.equals(kept) ? login.principal : null;
    }

    /** Whether only this node knows who is logged in. */
    boolean isOnlyHere() {
        LocalLogin login = here;
        return login != null && login.ticket.equals(record.get(PRINCIPAL));
    }

    /** Logs somebody in; null logs out, on all nodes. */
    void principal(@Nullable Principal principal) {
        if (principal == null) {
            here = null;
            record.remove(PRINCIPAL);
        } else if (principal != principal()) {
            // Tomcat sets the one that it has just got again and again; that is nothing to write.
            share(principal);
        }
    }

    private void share(Principal principal) {
        Principal unserializable = unserializableOf(principal);
        if (unserializable != null) {
            report.unshared(unserializable, "it is not serializable");
            keepHere(principal);
            return;
        }
        Optional<String> obstacle = record.put(PRINCIPAL, principal);
        if (obstacle.isEmpty()) {
            here = null;
        } else {
            report.unshared(principal, obstacle.get());
            keepHere(principal);
        }
    }

    /**
     * The part of a principal that must not leave this node, or null. A GenericPrincipal would quietly travel without the
     * principal that the application sees.
     */
    static @Nullable Principal unserializableOf(Principal principal) {
        Principal seen = principal instanceof GenericPrincipal generic ? generic.getUserPrincipal() : principal;
        if (!(principal instanceof Serializable)) {
            return principal;
        }
        return seen instanceof Serializable ? null : seen;
    }

    private void keepHere(Principal principal) {
        String ticket = UUID.randomUUID().toString();
        here = new LocalLogin(ticket, principal);
        record.put(PRINCIPAL, ticket);
    }

    /** How the user was authenticated. */
    @Nullable
    String authType() {
        return record.get(AUTH_TYPE) instanceof String authType ? authType : null;
    }

    void authType(@Nullable String authType) {
        if (authType == null) {
            record.remove(AUTH_TYPE);
        } else if (!authType.equals(authType())) {
            record.put(AUTH_TYPE, authType);
        }
    }

    /** Whether a note of a session is one that nodes share. */
    boolean shares(String noteName) {
        return sharedNotes.contains(noteName);
    }

    @Nullable
    Object note(String name) {
        return record.get(NOTE + name);
    }

    /**
     * Keeps a note.
     *
     * @return false if it cannot be shared
     */
    boolean note(String name, Object value) {
        Optional<String> obstacle = record.put(NOTE + name, value);
        if (obstacle.isPresent()) {
            report.unshared(value, obstacle.get());
            removeNote(name);
        }
        return obstacle.isEmpty();
    }

    void removeNote(String name) {
        record.remove(NOTE + name);
    }

    /** A principal that only this node knows. */
    private record LocalLogin(String ticket, Principal principal) {
        LocalLogin {
            Objects.requireNonNull(ticket);
            Objects.requireNonNull(principal);
        }
    }

    /** Hears of what stays on this node. */
    @FunctionalInterface
    interface UnsharedReport {
        /**
         * An object stays on this node.
         *
         * @param kept the object that stays
         * @param reason why
         */
        void unshared(Object kept, String reason);
    }
}
