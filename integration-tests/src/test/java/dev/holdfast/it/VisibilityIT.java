package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** P1: what one node wrote, the other one reads, without a pause and without stickiness. */
class VisibilityIT {

    private static final int ALTERNATIONS = 1000;

    private static TwoNodes nodes;

    static final class Cart implements Serializable {
        private static final long serialVersionUID = 1L;
        private int total;
        private final List<Line> lines = new ArrayList<>();
        private final Map<String, Line> byName = new HashMap<>();
    }

    static final class Line implements Serializable {
        private static final long serialVersionUID = 1L;
        private int count;
    }

    @BeforeAll
    static void start() {
        Application application = new Application()
                .on("/set", (request, response) -> {
                    request.getSession().setAttribute("value", value(request));
                })
                .on("/get", (request, response) -> {
                    response.getWriter().print(request.getSession().getAttribute("value"));
                })
                .on("/remove", (request, response) -> request.getSession().removeAttribute("value"))
                .on("/big", (request, response) -> {
                    byte[] bytes = new byte[1 << 20];
                    Arrays.fill(bytes, (byte) Integer.parseInt(value(request)));
                    request.getSession().setAttribute("big", bytes);
                })
                .on("/big-read", (request, response) -> {
                    byte[] bytes = (byte[]) request.getSession().getAttribute("big");
                    response.getWriter().print(bytes[0] + " " + bytes[bytes.length - 1]);
                })
                .on("/fill", (request, response) -> {
                    request.getSession().setAttribute("list", new ArrayList<String>());
                    request.getSession().setAttribute("map", new HashMap<String, String>());
                    Cart cart = new Cart();
                    cart.lines.add(new Line());
                    cart.byName.put("shared", cart.lines.get(0));
                    request.getSession().setAttribute("cart", cart);
                })
                .on("/change", (request, response) -> {
                    list(request).add(value(request));
                    map(request).put("key" + value(request), value(request));
                    Cart cart = (Cart) request.getSession().getAttribute("cart");
                    cart.total++;
                    cart.byName.get("shared").count++;
                })
                .on("/inspect", (request, response) -> {
                    Cart cart = (Cart) request.getSession().getAttribute("cart");
                    response.getWriter()
                            .print(list(request).size() + " " + map(request).size() + " " + cart.total + " "
                                    + cart.lines.get(0).count);
                });
        nodes = TwoNodes.running(application);
    }

    @AfterAll
    static void stop() {
        nodes.close();
    }

    private static String value(HttpServletRequest request) {
        return request.getParameter("v");
    }

    @SuppressWarnings("unchecked")
    private static List<String> list(HttpServletRequest request) {
        return (List<String>) request.getSession().getAttribute("list");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, String> map(HttpServletRequest request) {
        return (Map<String, String>) request.getSession().getAttribute("map");
    }

    private static TomcatNode one(int round) {
        return round % 2 == 0 ? nodes.a : nodes.b;
    }

    private static TomcatNode other(int round) {
        return one(round + 1);
    }

    @Test
    void what_one_node_sets_the_other_one_reads() {
        Browser browser = new Browser();
        for (int round = 0; round < ALTERNATIONS; round++) {
            browser.get(one(round), "/set?v=" + round);
            assertThat(browser.get(other(round), "/get")).isEqualTo(Integer.toString(round));
        }
    }

    @Test
    void what_one_node_removes_is_gone_on_the_other_one() {
        Browser browser = new Browser();
        for (int round = 0; round < ALTERNATIONS / 2; round++) {
            browser.get(one(round), "/set?v=" + round);
            assertThat(browser.get(other(round), "/get")).isEqualTo(Integer.toString(round));
            browser.get(one(round), "/remove");
            assertThat(browser.get(other(round), "/get")).isEqualTo("null");
        }
    }

    @Test
    void what_one_node_changes_inside_an_object_the_other_one_reads() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/fill");
        for (int round = 1; round <= ALTERNATIONS; round++) {
            browser.get(one(round), "/change?v=" + round);
            assertThat(browser.get(other(round), "/inspect"))
                    .isEqualTo(round + " " + round + " " + round + " " + round);
        }
    }

    @Test
    void a_value_of_one_megabyte_is_no_exception() {
        Browser browser = new Browser();
        for (int round = 0; round < 100; round++) {
            browser.get(one(round), "/big?v=" + round);
            assertThat(browser.get(other(round), "/big-read")).isEqualTo(round + " " + round);
        }
    }
}
