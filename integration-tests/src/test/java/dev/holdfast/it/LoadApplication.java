package dev.holdfast.it;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** What the users of a {@link Load} ask for: every answer is all that the session holds. */
final class LoadApplication {

    static final String NO_SESSION = "no session";

    private LoadApplication() {}

    static Application create() {
        return new Application()
                .on("/all", (request, response) -> answer(request, response))
                .on("/set", (request, response) -> {
                    request.getSession().setAttribute(request.getParameter("n"), request.getParameter("v"));
                    answer(request, response);
                })
                .on("/remove", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    if (session != null) {
                        session.removeAttribute(request.getParameter("n"));
                    }
                    answer(request, response);
                })
                .on("/logout", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    response.getWriter().print(session == null ? NO_SESSION : "bye");
                    if (session != null) {
                        session.invalidate();
                    }
                })
                .on("/change-id", (request, response) -> {
                    if (request.getSession(false) != null) {
                        request.changeSessionId();
                    }
                    answer(request, response);
                });
    }

    private static void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpSession session = request.getSession(false);
        if (session == null) {
            response.getWriter().print(NO_SESSION);
            return;
        }
        Map<String, Object> all = new TreeMap<>();
        session.getAttributeNames().asIterator().forEachRemaining(name -> all.put(name, session.getAttribute(name)));
        response.getWriter().print(all);
    }
}
