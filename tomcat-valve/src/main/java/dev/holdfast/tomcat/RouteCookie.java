package dev.holdfast.tomcat;

import org.apache.catalina.connector.Request;

/** The cookie of a client that comes from another node: it gets the route of this one. */
final class RouteCookie {

    private RouteCookie() {}

    /**
     * Gives the client a cookie with the route of this node, if it came with the route of another one, or if its session
     * has got a new id.
     *
     * @param request a request whose response has not been committed
     * @param manager knows its session, and the route of this node, if that has one
     */
    static void renew(Request request, RedisSessionManager manager) {
        HoldfastSession session =
                manager.run().place().route() == null ? null : manager.looks().atHand(request);
        if (session == null || !session.isValid() || session.live().hasEnded()) {
            return;
        }
        if (session.takeCookieLacksRoute() || cameWithAnotherRoute(request, session)) {
            request.changeSessionId(session.getIdInternal());
        }
    }

    private static boolean cameWithAnotherRoute(Request request, HoldfastSession session) {
        String requested = request.getRequestedSessionId();
        return request.isRequestedSessionIdFromCookie()
                && !requested.equals(session.getIdInternal())
                && RoutedId.withoutRoute(requested).equals(session.getId());
    }
}
