package dev.holdfast.demo;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import java.util.Optional;

/** What a visitor can do on a node. */
final class Actions {

    static final int LONGEST_NAME = 40;

    private final Node node;
    private final TwoNodes nodes;

    Actions(Node node, TwoNodes nodes) {
        this.node = node;
        this.nodes = nodes;
    }

    /**
     * Does what a form asks for.
     *
     * @param request a request with a session, whose form is known to be ours
     * @return whether there is such an action
     */
    boolean perform(HttpServletRequest request) {
        switch (request.getServletPath()) {
            case "/cart" -> {
                return changeCart(request);
            }
            case "/login" -> logIn(request);
            case "/logout" -> logOut(request);
            case "/stop" -> Visit.of(request).tell(nodes.stopOther(node));
            case "/start" -> Visit.of(request).tell(nodes.startOther(node));
            default -> {
                return false;
            }
        }
        return true;
    }

    /** The point of the demo: an object that came out of the session is changed, and that is all. */
    private boolean changeCart(HttpServletRequest request) {
        Optional<Product> product = Product.find(parameter(request, "item"));
        if (product.isEmpty()) {
            return false;
        }
        Cart cart = Visit.of(request).cart();
        switch (parameter(request, "do")) {
            case "add" -> cart.add(product.get(), node.name());
            case "takeOne" -> cart.takeOne(product.get(), node.name());
            case "remove" -> cart.remove(product.get(), node.name());
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Whoever logs in gets a new session id, so that an id that somebody else knew before is worth nothing after. */
    private void logIn(HttpServletRequest request) {
        String name = parameter(request, "name").strip();
        Visit visit = Visit.of(request);
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            visit.tell("Nobody logged in: a name has 1 to " + LONGEST_NAME + " characters.");
            return;
        }
        String idBefore = visit.maskedId();
        request.changeSessionId();
        FormToken.renew(request.getSession());
        visit.setUser(name);
        visit.tell(name + " logged in on node " + node.name() + ". The session id changed from " + idBefore + " to "
                + visit.maskedId() + "; the old one is dead on both nodes.");
    }

    private void logOut(HttpServletRequest request) {
        Visit.of(request).end();
        Visit.of(request)
                .tell("The session was ended on node " + node.name()
                        + ", and with that on both nodes. This is a new one: no user, an empty cart.");
    }

    private static String parameter(HttpServletRequest request, String name) {
        return Objects.requireNonNullElse(request.getParameter(name), "");
    }
}
