package example.spec;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;

/** A request that is being answered step by step. */
final class Call {

    final HttpServletRequest request;
    final HttpServletResponse response;
    final ServletContext application;
    private HttpSession session;

    Call(HttpServletRequest request, HttpServletResponse response, ServletContext application) {
        this.request = request;
        this.response = response;
        this.application = application;
    }

    /** The session that this request works with: kept also when it has been invalidated, as in a variable. */
    HttpSession session() {
        return session == null ? take(request.getSession()) : session;
    }

    HttpSession take(HttpSession taken) {
        session = taken;
        return taken;
    }
}
