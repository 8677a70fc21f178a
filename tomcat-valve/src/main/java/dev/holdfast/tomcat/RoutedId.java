package dev.holdfast.tomcat;

import dev.holdfast.model.SessionId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A session id as it stands in a cookie or a URL: the id itself and, behind a dot, the route of a node. Sessions are
 * kept under the id alone, so that a session may move between nodes without changing its id.
 */
final class RoutedId {

    private RoutedId() {}

    /** The id in what a client sent; empty if there is none that is well-formed. */
    static Optional<SessionId> idOf(@Nullable String requested) {
        return requested == null ? Optional.empty() : SessionId.parse(withoutRoute(requested));
    }

    /** The part before the first dot. */
    static String withoutRoute(String requested) {
        int dot = requested.indexOf('.');
        return dot < 0 ? requested : requested.substring(0, dot);
    }

    /** The id as a cookie carries it. */
    static String of(SessionId id, @Nullable String route) {
        return route == null || route.isEmpty() ? id.value() : id.value() + '.' + route;
    }
}
