package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.tomcat.RedisSessionManager;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Tomcat's filters of session attributes, on node B only: what they refuse does not come in from Redis, is not decoded, and
 * stays there as it is.
 */
class FiltersIT {

    private static final AtomicInteger CARTS_READ = new AtomicInteger();
    private static final String CLASSES = "java\\.lang\\.(?:Integer|Number|String)|java\\.util\\.ArrayList";

    /** Counts how often one is made of bytes. */
    static class Cart implements Serializable {

        private static final long serialVersionUID = 1L;

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            CARTS_READ.incrementAndGet();
        }

        @Override
        public String toString() {
            return "cart";
        }
    }

    enum Kind {
        TEA
    }

    private TwoNodes nodes;
    private final LogRecords log = new LogRecords();
    private final Browser browser = new Browser();

    @AfterEach
    void stop() {
        nodes.close();
        log.close();
    }

    private static void fill(HttpServletRequest request, HttpServletResponse response) {
        request.getSession().setAttribute("cart", new Cart());
        request.getSession().setAttribute("carts", new ArrayList<>(List.of(new Cart())));
        request.getSession().setAttribute("array", new Cart[] {new Cart()});
        EnumMap<Kind, Integer> kinds = new EnumMap<>(Kind.class);
        kinds.put(Kind.TEA, 1);
        request.getSession().setAttribute("kinds", kinds);
        request.getSession().setAttribute("count", 1);
        request.getSession().setAttribute("list", new ArrayList<>(List.of("a", 2)));
    }

    private void start(Consumer<RedisSessionManager> filtersOfB) {
        Application application = new Application()
                .on("/fill", FiltersIT::fill)
                .on("/cart", (request, response) -> request.getSession().setAttribute("cart", new Cart()))
                .on(
                        "/set",
                        (request, response) -> request.getSession()
                                .setAttribute(request.getParameter("name"), request.getParameter("value")))
                .on(
                        "/remove",
                        (request, response) -> request.getSession().removeAttribute(request.getParameter("name")))
                .on(
                        "/get",
                        (request, response) -> response.getWriter()
                                .print(request.getSession().getAttribute(request.getParameter("name"))))
                .on("/names", (request, response) -> {
                    List<String> names = Collections.list(request.getSession().getAttributeNames());
                    Collections.sort(names);
                    response.getWriter().print(names);
                })
                .on("/end", (request, response) -> request.getSession().invalidate());
        nodes = TwoNodes.with(
                node -> node.application("", application),
                node -> node.application("", application).onManager(filtersOfB));
        browser.get(nodes.a, "/fill");
        CARTS_READ.set(0);
    }

    private String get(TomcatNode node, String name) {
        return browser.get(node, "/get?name=" + name);
    }

    private List<LogRecords.Line> warnings(String code) {
        return log.with(code).stream()
                .filter(line -> line.level().intValue() >= Level.WARNING.intValue())
                .toList();
    }

    // ---- by class ------------------------------------------------------------------------------------------------

    @Test
    void what_the_filter_of_classes_refuses_is_not_made_and_the_rest_is_read() {
        start(manager -> manager.setSessionAttributeValueClassNameFilter(CLASSES));

        for (String refused : List.of("cart", "carts", "array", "kinds")) {
            assertThat(get(nodes.b, refused)).as(refused).isEqualTo("null");
        }
        assertThat(get(nodes.b, "count")).isEqualTo("1");
        assertThat(get(nodes.b, "list")).isEqualTo("[a, 2]");
        assertThat(CARTS_READ).hasValue(0);

        assertThat(get(nodes.a, "cart")).isEqualTo("cart");
        assertThat(get(nodes.a, "carts")).isEqualTo("[cart]");
        assertThat(get(nodes.a, "kinds")).isEqualTo("{TEA=1}");
        assertThat(warnings("HF-301")).isEmpty();
    }

    @Test
    void it_stays_in_redis_when_its_siblings_are_written() {
        start(manager -> manager.setSessionAttributeValueClassNameFilter(CLASSES));
        get(nodes.b, "cart");
        browser.get(nodes.b, "/set?name=count&value=2");

        assertThat(get(nodes.a, "count")).isEqualTo("2");
        assertThat(get(nodes.a, "cart")).isEqualTo("cart");
    }

    @Test
    void it_is_replaced_and_removed_when_the_application_says_so() {
        start(manager -> manager.setSessionAttributeValueClassNameFilter(CLASSES));
        browser.get(nodes.b, "/set?name=cart&value=empty");
        browser.get(nodes.b, "/remove?name=carts");

        assertThat(get(nodes.a, "cart")).isEqualTo("empty");
        assertThat(get(nodes.b, "cart")).isEqualTo("empty");
        assertThat(get(nodes.a, "carts")).isEqualTo("null");
        assertThat(CARTS_READ).hasValue(0);
    }

    @Test
    void it_is_told_once_for_each_attribute_if_tomcat_shall_warn() {
        start(manager -> {
            manager.setSessionAttributeValueClassNameFilter(CLASSES);
            manager.setWarnOnSessionAttributeFilterFailure(true);
        });
        for (int round = 0; round < 3; round++) {
            browser.get(nodes.a, "/cart");
            get(nodes.b, "cart");
        }
        get(nodes.b, "carts");

        assertThat(warnings("HF-321")).hasSize(2);
        assertThat(warnings("HF-321").get(0).text())
                .contains("The session attribute \"cart\" is not read")
                .contains("the filter of class names refuses dev.holdfast.it.FiltersIT$Cart")
                .contains("sessionAttributeValueClassNameFilter=\"" + CLASSES + "\"")
                .contains("it stays in Redis as it is");
    }

    @Test
    void without_that_only_the_debug_log_tells() {
        start(manager -> manager.setSessionAttributeValueClassNameFilter(CLASSES));
        get(nodes.b, "cart");

        assertThat(warnings("HF-3")).isEmpty();
        assertThat(log.with("HF-321")).hasSize(1);
    }

    // ---- by name -------------------------------------------------------------------------------------------------

    @Test
    void what_the_filter_of_names_refuses_does_not_exist_there_and_is_not_decoded() {
        start(manager -> {
            manager.setSessionAttributeNameFilter("count|list");
            manager.setWarnOnSessionAttributeFilterFailure(true);
        });

        assertThat(browser.get(nodes.b, "/names")).isEqualTo("[count, list]");
        assertThat(get(nodes.b, "cart")).isEqualTo("null");
        browser.get(nodes.a, "/cart");
        assertThat(browser.get(nodes.b, "/names")).isEqualTo("[count, list]");
        assertThat(get(nodes.b, "cart")).isEqualTo("null");
        assertThat(CARTS_READ).hasValue(0);
        assertThat(get(nodes.a, "cart")).isEqualTo("cart");
        assertThat(warnings("HF-320"))
                .filteredOn(line -> line.text().contains("\"cart\""))
                .singleElement()
                .satisfies(line -> assertThat(line.text()).contains("sessionAttributeNameFilter=\"count|list\""));
    }

    @Test
    void what_that_node_does_under_such_a_name_is_its_own_affair() {
        start(manager -> manager.setSessionAttributeNameFilter("count|list"));

        browser.get(nodes.b, "/remove?name=cart");
        assertThat(get(nodes.a, "cart")).isEqualTo("cart");
        browser.get(nodes.b, "/set?name=cart&value=own");
        assertThat(get(nodes.b, "cart")).isEqualTo("own");
        assertThat(get(nodes.a, "cart")).isEqualTo("cart");
        browser.get(nodes.a, "/cart");
        browser.get(nodes.b, "/set?name=count&value=2");
        assertThat(get(nodes.b, "cart")).isEqualTo("own");
        browser.get(nodes.b, "/remove?name=cart");
        assertThat(get(nodes.b, "cart")).isEqualTo("null");
        assertThat(get(nodes.a, "cart")).isEqualTo("cart");
        assertThat(get(nodes.a, "count")).isEqualTo("2");
    }

    @Test
    void a_session_with_such_attributes_ends_wholly() {
        start(manager -> {
            manager.setSessionAttributeNameFilter("count");
            manager.setSessionAttributeValueClassNameFilter(CLASSES);
        });
        browser.get(nodes.b, "/end");

        assertThat(nodes.redis.keys("*:s:*")).isEmpty();
        assertThat(CARTS_READ).hasValue(0);
    }
}
