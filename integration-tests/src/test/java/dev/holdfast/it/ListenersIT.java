package dev.holdfast.it;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.io.Serializable;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Listeners hear of a change once, where it was made, and never of a session that was just loaded. Servlet 6.0, 7.4 and 11. */
class ListenersIT {

    private static final Queue<String> EVENTS = new ConcurrentLinkedQueue<>();
    private static final Application APPLICATION = new Application();

    private static TwoNodes nodes;

    @BeforeAll
    static void start() {
        APPLICATION
                .on("/create", (request, response) -> request.getSession())
                .on("/set", (request, response) -> {
                    request.getSession().setAttribute("value", request.getParameter("v"));
                })
                .on("/get", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    response.getWriter().print(session == null ? "no session" : session.getAttribute("value"));
                })
                .on("/remove", (request, response) -> request.getSession().removeAttribute("value"))
                .on("/bind", (request, response) -> {
                    request.getSession().setAttribute("value", new Bound(request.getParameter("v")));
                })
                .on("/read-bound", (request, response) -> {
                    response.getWriter().print(((Bound) request.getSession().getAttribute("value")).name);
                })
                .on("/change-bound", (request, response) -> {
                    ((Bound) request.getSession().getAttribute("value")).name = request.getParameter("v");
                })
                .on("/set-again", (request, response) -> {
                    request.getSession()
                            .setAttribute("value", request.getSession().getAttribute("value"));
                })
                .on("/rename", (request, response) -> request.changeSessionId())
                .on("/end", (request, response) -> request.getSession(false).invalidate());
        nodes = withListeners();
    }

    @AfterAll
    static void stop() {
        nodes.close();
    }

    @BeforeEach
    void forgetEvents() {
        EVENTS.clear();
    }

    // ---- sessions ------------------------------------------------------------------------------------------------

    @Test
    void the_creation_of_a_session_is_heard_of_once_and_loading_it_is_no_creation() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/create");
        browser.get(nodes.b, "/create");
        browser.get(nodes.b, "/get");
        browser.get(nodes.a, "/get");

        assertEvents("a created");
    }

    @Test
    void the_end_of_a_session_is_heard_of_once_on_the_node_of_the_logout() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/set?v=1");
        browser.get(nodes.b, "/get");
        EVENTS.clear();

        browser.get(nodes.b, "/end");

        browser.get(nodes.a, "/get");
        browser.get(nodes.b, "/get");
        assertEvents("b destroyed " + browser.sessionId() + " with 1", "b removed value=1");
    }

    @Test
    void the_end_of_a_session_that_the_node_had_never_seen_comes_with_its_attributes() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/bind?v=1");
        EVENTS.clear();

        browser.get(nodes.b, "/end");

        assertEvents("b destroyed " + browser.sessionId() + " with 1", "b unbound 1", "b removed value=1");
    }

    @Test
    void when_both_nodes_end_a_session_at_the_same_moment_one_of_them_tells() throws Exception {
        for (int round = 0; round < 20; round++) {
            Browser browser = new Browser();
            browser.get(nodes.a, "/bind?v=1");
            CyclicBarrier bothHaveIt = new CyclicBarrier(2);
            APPLICATION.on("/end-together", (request, response) -> {
                HttpSession session = request.getSession(false);
                session.getAttribute("value");
                bothHaveIt.await(20, SECONDS);
                session.invalidate();
            });
            EVENTS.clear();

            CompletableFuture<HttpResponse<String>> onA = browser.twin().async(nodes.a, "/end-together");
            CompletableFuture<HttpResponse<String>> onB = browser.twin().async(nodes.b, "/end-together");

            assertThat(onA.get(20, SECONDS).statusCode()).isEqualTo(200);
            assertThat(onB.get(20, SECONDS).statusCode()).isEqualTo(200);
            assertThat(EVENTS).hasSize(3);
            String node = EVENTS.peek().substring(0, 1);
            assertEvents(
                    node + " destroyed " + browser.sessionId() + " with 1",
                    node + " unbound 1",
                    node + " removed value=1");
        }
    }

    @Test
    void when_two_requests_of_a_node_end_a_session_at_the_same_moment_one_of_them_tells() throws Exception {
        for (int round = 0; round < 20; round++) {
            Browser browser = new Browser();
            browser.get(nodes.a, "/bind?v=1");
            CyclicBarrier bothHaveIt = new CyclicBarrier(2);
            APPLICATION.on("/end-together", (request, response) -> {
                HttpSession session = request.getSession(false);
                session.getAttribute("value");
                bothHaveIt.await(20, SECONDS);
                try {
                    session.invalidate();
                } catch (IllegalStateException asInOneTomcat) {
                    response.getWriter().print("already");
                }
            });
            EVENTS.clear();

            CompletableFuture<HttpResponse<String>> one = browser.twin().async(nodes.b, "/end-together");
            CompletableFuture<HttpResponse<String>> other = browser.twin().async(nodes.b, "/end-together");

            assertThat(one.get(20, SECONDS).statusCode()).isEqualTo(200);
            assertThat(other.get(20, SECONDS).statusCode()).isEqualTo(200);
            assertEvents("b destroyed " + browser.sessionId() + " with 1", "b unbound 1", "b removed value=1");
        }
    }

    @Test
    void a_session_that_the_manager_ends_by_its_id_is_heard_of_once() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/set?v=1");
        browser.get(nodes.a, "/get");
        EVENTS.clear();

        nodes.b.manager().expireSession(browser.sessionId());

        assertThat(browser.get(nodes.a, "/get")).isEqualTo("no session");
        assertThat(browser.get(nodes.b, "/get")).isEqualTo("no session");
        assertEvents("b destroyed " + browser.sessionId() + " with 1", "b removed value=1");
    }

    @Test
    void nobody_hears_of_an_end_when_a_node_stops() {
        try (TwoNodes own = withListeners()) {
            Browser browser = new Browser();
            browser.get(own.a, "/bind?v=1");
            browser.get(own.b, "/read-bound");
            EVENTS.clear();

            own.a.close();

            assertEvents();
            assertThat(browser.get(own.b, "/read-bound")).isEqualTo("1");
            own.b.close();
            assertEvents();
            assertThat(own.redis.keys("*:s:" + browser.sessionId())).hasSize(1);
        }
    }

    @Test
    void nobody_hears_of_an_end_by_the_clock_of_a_node() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/bind?v=1");
        APPLICATION.on("/idle", (request, response) -> request.getSession().setMaxInactiveInterval(2));
        browser.get(nodes.b, "/idle");
        EVENTS.clear();

        await().pollDelay(Duration.ofMillis(1200)).until(() -> true);
        browser.get(nodes.b, "/get");
        await().pollDelay(Duration.ofMillis(1200)).until(() -> true);
        nodes.a.context().backgroundProcess();
        nodes.b.context().backgroundProcess();

        assertEvents();
        assertThat(browser.get(nodes.a, "/read-bound")).isEqualTo("1");
    }

    // ---- attributes ----------------------------------------------------------------------------------------------

    @Test
    void a_change_of_an_attribute_is_heard_of_once_on_its_node() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/create");
        EVENTS.clear();

        browser.get(nodes.a, "/set?v=1");
        assertEvents("a added value=1");
        assertThat(browser.get(nodes.b, "/get")).isEqualTo("1");
        assertEvents();

        browser.get(nodes.b, "/set?v=2");
        assertEvents("b replaced value=1");
        assertThat(browser.get(nodes.a, "/get")).isEqualTo("2");
        assertEvents();

        browser.get(nodes.a, "/remove");
        assertEvents("a removed value=2");
        assertThat(browser.get(nodes.b, "/get")).isEqualTo("null");
        browser.get(nodes.b, "/remove");
        assertEvents();
    }

    @Test
    void what_the_other_node_removed_is_added_and_not_replaced() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/set?v=1");
        browser.get(nodes.b, "/get");
        browser.get(nodes.a, "/remove");
        EVENTS.clear();

        browser.get(nodes.b, "/set?v=2");

        assertEvents("b added value=2");
    }

    @Test
    void a_value_hears_when_it_is_bound_and_unbound_and_not_when_it_is_loaded() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/create");
        EVENTS.clear();

        browser.get(nodes.a, "/bind?v=1");
        assertEvents("a bound 1", "a added value=1");
        assertThat(browser.get(nodes.b, "/read-bound")).isEqualTo("1");
        assertThat(browser.get(nodes.a, "/read-bound")).isEqualTo("1");
        assertEvents();

        browser.get(nodes.b, "/bind?v=2");
        // The event of the attribute listener carries the new value then: so it is in Tomcat.
        assertEvents("b bound 2", "b unbound 1", "b replaced value=2");
        assertThat(browser.get(nodes.a, "/read-bound")).isEqualTo("2");
        assertEvents();

        browser.get(nodes.a, "/remove");
        assertEvents("a unbound 2", "a removed value=2");
        assertThat(browser.get(nodes.b, "/get")).isEqualTo("null");
        assertEvents();
    }

    @Test
    void a_value_that_changes_in_place_hears_nothing() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/bind?v=1");
        EVENTS.clear();

        browser.get(nodes.b, "/change-bound?v=2");
        assertThat(browser.get(nodes.a, "/read-bound")).isEqualTo("2");

        assertEvents();
    }

    @Test
    void a_value_that_is_set_again_is_neither_bound_nor_unbound() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/bind?v=1");
        EVENTS.clear();

        browser.get(nodes.b, "/set-again");

        assertEvents("b replaced value=1");
    }

    // ---- ids -----------------------------------------------------------------------------------------------------

    @Test
    void a_change_of_id_is_heard_of_once_on_its_node_with_the_ids_that_the_application_knows() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/set?v=1");
        String oldId = browser.sessionId();
        assertThat(browser.cookie()).isEqualTo(oldId + ".a");
        EVENTS.clear();

        browser.get(nodes.b, "/rename");

        assertThat(browser.sessionId()).isNotEqualTo(oldId);
        assertThat(browser.get(nodes.a, "/get")).isEqualTo("1");
        assertThat(browser.get(nodes.b, "/get")).isEqualTo("1");
        assertEvents("b renamed " + oldId + " to " + browser.sessionId());
    }

    // ---- helpers -------------------------------------------------------------------------------------------------

    /** An attribute that wants to know whether it is one. */
    static final class Bound implements HttpSessionBindingListener, Serializable {

        private static final long serialVersionUID = 1L;

        private String name;

        Bound(String name) {
            this.name = name;
        }

        @Override
        public void valueBound(HttpSessionBindingEvent event) {
            tell(event, "bound");
        }

        @Override
        public void valueUnbound(HttpSessionBindingEvent event) {
            tell(event, "unbound");
        }

        private void tell(HttpSessionBindingEvent event, String what) {
            EVENTS.add(event.getSession().getServletContext().getAttribute("node") + " " + what + " " + name);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** What web.xml would list. */
    private record Listener(String node)
            implements HttpSessionListener, HttpSessionAttributeListener, HttpSessionIdListener {

        @Override
        public void sessionCreated(HttpSessionEvent event) {
            EVENTS.add(node + " created");
        }

        @Override
        public void sessionDestroyed(HttpSessionEvent event) {
            HttpSession session = event.getSession();
            EVENTS.add(node + " destroyed " + session.getId() + " with " + session.getAttribute("value"));
        }

        @Override
        public void attributeAdded(HttpSessionBindingEvent event) {
            tell("added", event);
        }

        @Override
        public void attributeReplaced(HttpSessionBindingEvent event) {
            tell("replaced", event);
        }

        @Override
        public void attributeRemoved(HttpSessionBindingEvent event) {
            tell("removed", event);
        }

        private void tell(String what, HttpSessionBindingEvent event) {
            EVENTS.add(node + " " + what + " " + event.getName() + "=" + event.getValue());
        }

        @Override
        public void sessionIdChanged(HttpSessionEvent event, String oldSessionId) {
            EVENTS.add(node + " renamed " + oldSessionId + " to "
                    + event.getSession().getId());
        }
    }

    private static TwoNodes withListeners() {
        return TwoNodes.with(named("a"), named("b"));
    }

    /** A node whose route is its name, and whose listeners sign with it. */
    private static UnaryOperator<TomcatNode.Builder> named(String name) {
        return node -> node.route(name).application("", APPLICATION).onContext(context -> {
            context.addServletContainerInitializer(
                    (classes, servletContext) -> {
                        servletContext.setAttribute("node", name);
                        servletContext.addListener(new Listener(name));
                    },
                    null);
        });
    }

    /** What was heard of since the last call, in this order. */
    private static void assertEvents(String... expected) {
        List<String> heard = new ArrayList<>(EVENTS);
        EVENTS.clear();
        assertThat(heard).containsExactly(expected);
    }
}
