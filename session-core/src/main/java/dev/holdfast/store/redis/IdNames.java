package dev.holdfast.store.redis;

import dev.holdfast.crypto.HiddenIds;
import dev.holdfast.crypto.Protection;
import dev.holdfast.model.SessionId;
import dev.holdfast.model.SignOnId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How ids are written in Redis: as they are, or so that nobody can take them for the ids that clients have. Wherever an id goes
 * to Redis or comes from there, it is by this: in names of keys, in indexes, markers and messages. Immutable, thread-safe.
 */
final class IdNames {

    private static final String SESSION = "session";
    private static final String SIGN_ON = "sign-on";

    private final @Nullable HiddenIds hidden;

    IdNames(Protection protection) {
        this.hidden = protection.hiddenIds();
    }

    String of(SessionId id) {
        return hidden == null ? id.value() : hidden.hide(SESSION, id.value());
    }

    String of(SignOnId id) {
        return hidden == null ? id.value() : hidden.hide(SIGN_ON, id.value());
    }

    /** The session that is written like this; empty if it is none of ours. */
    Optional<SessionId> session(String name) {
        return hidden == null
                ? SessionId.parse(name)
                : hidden.reveal(SESSION, name).flatMap(SessionId::parse);
    }

    /** Different for nodes that do not find the sessions of each other; empty if ids are as they are. */
    String mark() {
        return hidden == null ? "" : "o" + hidden.mark();
    }
}
