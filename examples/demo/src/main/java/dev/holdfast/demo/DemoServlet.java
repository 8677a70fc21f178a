package dev.holdfast.demo;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;

/** The application: one page, and the forms on it. Each node has one of its own. */
final class DemoServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    /** Names of this machine that links may use. Any other name in a request is not of our making. */
    private static final Set<String> HOSTS = Set.of("localhost", "127.0.0.1");

    private final transient Node node;
    private final transient TwoNodes nodes;
    private final transient Actions actions;

    DemoServlet(Node node, TwoNodes nodes) {
        this.node = node;
        this.nodes = nodes;
        this.actions = new Actions(node, nodes);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        switch (request.getServletPath()) {
            case "/" -> show(request, response);
            case "/style.css" -> sendStyle(response);
            default -> response.sendError(HttpServletResponse.SC_NOT_FOUND);
        }
    }

    private void show(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Visit visit = Visit.of(request);
        Page page = new Page(node, nodes, host(request), visit.token());
        send(response, page.of(visit), page.formTargets());
    }

    /** Does what is asked for, and sends the browser back to the page: a reload then does not do it again. */
    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!FormToken.isIn(request)) {
            response.setStatus(HttpServletResponse.SC_FORBIDDEN);
            send(response, Page.refusal(), "'none'");
        } else if (actions.perform(request)) {
            response.sendRedirect("/");
        } else {
            response.sendError(HttpServletResponse.SC_BAD_REQUEST);
        }
    }

    private static void send(HttpServletResponse response, Html page, String formTargets) throws IOException {
        response.setContentType("text/html");
        response.setCharacterEncoding("UTF-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader(
                "Content-Security-Policy",
                "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action "
                        + formTargets);
        response.getWriter().write(page.markup());
    }

    private static void sendStyle(HttpServletResponse response) throws IOException {
        try (InputStream style = DemoServlet.class.getResourceAsStream("style.css")) {
            if (style == null) {
                throw new FileNotFoundException("style.css is not in the demo's jar");
            }
            response.setContentType("text/css");
            response.setCharacterEncoding("UTF-8");
            style.transferTo(response.getOutputStream());
        }
    }

    private static String host(HttpServletRequest request) {
        return HOSTS.contains(request.getServerName()) ? request.getServerName() : "localhost";
    }
}
