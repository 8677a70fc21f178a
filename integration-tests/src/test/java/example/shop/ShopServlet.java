package example.shop;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * A web application that knows nothing of Holdfast. Tests deploy its classes, so that the web application's own class
 * loader loads them.
 */
public final class ShopServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain;charset=UTF-8");
        switch (request.getServletPath()) {
            case "/add" -> response.getWriter().print(add(request));
            case "/show" -> response.getWriter().print(show(request.getSession(false)));
            case "/fill" -> Assortment.attributes().forEach(request.getSession()::setAttribute);
            case "/check" -> response.getWriter().print(check(request.getSession(false)));
            case "/brief" -> request.getSession().setMaxInactiveInterval(1);
            case "/end" -> request.getSession().invalidate();
            default -> response.sendError(HttpServletResponse.SC_NOT_FOUND);
        }
    }

    private static Cart add(HttpServletRequest request) {
        HttpSession session = request.getSession();
        Cart cart = (Cart) session.getAttribute("cart");
        if (cart == null) {
            cart = new Cart();
            session.setAttribute("cart", cart);
        }
        cart.add(request.getParameter("article"));
        return cart;
    }

    private static Object show(HttpSession session) {
        return session == null ? "no session" : session.getAttribute("cart");
    }

    /** What differs from the assortment, or was not loaded by the class loader of this application. */
    private static Object check(HttpSession session) {
        Map<String, Object> different = new TreeMap<>();
        Assortment.attributes().forEach((name, expected) -> {
            Object value = session.getAttribute(name);
            boolean same = value != null
                    && value.toString().equals(expected.toString())
                    && value.getClass().getClassLoader() == expected.getClass().getClassLoader();
            if (!same) {
                different.put(name, String.valueOf(value));
            }
        });
        return different;
    }
}
