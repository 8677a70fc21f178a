package dev.holdfast.it;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A web application whose paths are actions of a test; the same instance may run on several nodes. */
final class Application {

    private final Map<String, Action> actions = new ConcurrentHashMap<>();

    Application on(String path, Action action) {
        actions.put(path, action);
        return this;
    }

    HttpServlet servlet() {
        return new ActionServlet();
    }

    private final class ActionServlet extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            Action action = actions.get(
                    request.getServletPath() + (request.getPathInfo() == null ? "" : request.getPathInfo()));
            if (action == null) {
                response.sendError(HttpServletResponse.SC_NOT_FOUND);
                return;
            }
            try {
                action.run(request, response);
            } catch (IOException | ServletException | RuntimeException thrown) {
                throw thrown;
            } catch (Exception thrown) {
                throw new ServletException(thrown);
            }
        }
    }
}
