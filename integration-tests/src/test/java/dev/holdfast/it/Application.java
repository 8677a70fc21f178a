package dev.holdfast.it;

import jakarta.servlet.RequestDispatcher;
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

    /** Within the application; of an include, not of the request that includes. */
    private static String pathOf(HttpServletRequest request) {
        boolean included = request.getAttribute(RequestDispatcher.INCLUDE_SERVLET_PATH) != null;
        Object servletPath =
                included ? request.getAttribute(RequestDispatcher.INCLUDE_SERVLET_PATH) : request.getServletPath();
        Object pathInfo = included ? request.getAttribute(RequestDispatcher.INCLUDE_PATH_INFO) : request.getPathInfo();
        return servletPath + (pathInfo == null ? "" : pathInfo.toString());
    }

    private final class ActionServlet extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            Action action = actions.get(pathOf(request));
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
