package dev.holdfast.tomcat;

import dev.holdfast.model.SessionId;
import dev.holdfast.store.StoreException;
import org.apache.catalina.connector.CoyoteAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's choice among parallel versions of an application: the connector asks each version whether it knows the session,
 * before the request has reached any of them. An exception there would become a 500 without a word of ours. So the choice
 * goes on as if the session were not known, and the request that then asks for this session gets the exception.
 */
final class VersionChoice {

    private static final String METHOD = "postParseRequest";
    private static final ThreadLocal<Unanswered> LAST = new ThreadLocal<>();

    private VersionChoice() {}

    /** Whether the calling thread is choosing. Looks at the stack: for the rare case only that the store does not answer. */
    static boolean isUnderWay() {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> frame.getMethodName().equals(METHOD)
                        && frame.getClassName().equals(CoyoteAdapter.class.getName())));
    }

    /** The store has not said whether a version knows the session. */
    static void unanswered(SessionId id, StoreException cause) {
        LAST.set(new Unanswered(id, cause));
    }

    /**
     * A request has reached its application.
     *
     * @return why its choice may be wrong; null if it is not
     */
    static @Nullable StoreException take(@Nullable String requestedId) {
        Unanswered last = LAST.get();
        if (last == null) {
            return null;
        }
        // Perhaps of an earlier request of this thread that has reached nobody.
        LAST.remove();
        return RoutedId.idOf(requestedId)
                .filter(last.id::equals)
                .map(id -> last.cause)
                .orElse(null);
    }

    private record Unanswered(SessionId id, StoreException cause) {}
}
