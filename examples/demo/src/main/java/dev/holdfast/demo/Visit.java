package dev.holdfast.demo;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.time.Instant;
import java.util.Optional;

/** What the application keeps in a visitor's session. */
final class Visit {

    private static final String CART = "cart";
    private static final String PAGES = "pages";
    private static final String LAST_NODE = "lastNode";
    private static final String USER = "user";
    private static final String NEWS = "news";

    private final HttpSession session;

    private Visit(HttpSession session) {
        this.session = session;
    }

    /** The visitor's session, or a new one. */
    static Visit of(HttpServletRequest request) {
        return new Visit(request.getSession());
    }

    /** The first four characters of the session id. More would be enough to be this visitor. */
    String maskedId() {
        return session.getId().substring(0, 4) + "…";
    }

    boolean isNew() {
        return session.isNew();
    }

    Instant created() {
        return Instant.ofEpochMilli(session.getCreationTime());
    }

    /** When the request before this one came. */
    Instant lastAccess() {
        return Instant.ofEpochMilli(session.getLastAccessedTime());
    }

    FormToken token() {
        return FormToken.of(session);
    }

    /** The cart. Only its first use sets an attribute; what is changed in it later is nobody's business here. */
    Cart cart() {
        if (session.getAttribute(CART) instanceof Cart cart) {
            return cart;
        }
        Cart cart = new Cart();
        session.setAttribute(CART, cart);
        return cart;
    }

    /** Counts a page, with setAttribute, as numbers must be. */
    int countPage() {
        int pages = session.getAttribute(PAGES) instanceof Integer before ? before + 1 : 1;
        session.setAttribute(PAGES, pages);
        return pages;
    }

    /**
     * Remembers who answers.
     *
     * @return the name of the node that made the page before this one, or empty on the first page
     */
    Optional<String> answeredBy(String nodeName) {
        Optional<String> before = text(LAST_NODE);
        session.setAttribute(LAST_NODE, nodeName);
        return before;
    }

    Optional<String> user() {
        return text(USER);
    }

    void setUser(String name) {
        session.setAttribute(USER, name);
    }

    /** A sentence for the next page. */
    void tell(String news) {
        session.setAttribute(NEWS, news);
    }

    /** The sentence for this page; it is told once. */
    Optional<String> takeNews() {
        Optional<String> news = text(NEWS);
        session.removeAttribute(NEWS);
        return news;
    }

    private Optional<String> text(String attribute) {
        return session.getAttribute(attribute) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** Ends the session, on all nodes. */
    void end() {
        session.invalidate();
    }
}
