package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionActivationListener;
import jakarta.servlet.http.HttpSessionEvent;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.apache.catalina.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Objects that want to know when their session moves. Servlet 6.0, 7.7.2: "notify any session attributes implementing the
 * HttpSessionActivationListener interface", before passivation and after activation.
 */
class ActivationIT {

    private static final Queue<String> HEARD = new ConcurrentLinkedQueue<>();

    private Application application;
    private TwoNodes nodes;

    /** Has a connection while it is at a node, and counts its journeys. */
    static final class Client implements HttpSessionActivationListener, Serializable {
        private static final long serialVersionUID = 1L;
        private final String name;
        private final boolean throwing;
        private int departures;
        private transient String connection;

        Client(String name, boolean throwing) {
            this.name = name;
            this.throwing = throwing;
            this.connection = "made here";
        }

        @Override
        public void sessionWillPassivate(HttpSessionEvent event) {
            HEARD.add("leaves " + name + " " + event.getSession().getAttribute("user") + " "
                    + classLoaderFits(event.getSession()));
            departures++;
            connection = null;
            if (throwing) {
                throw new IllegalStateException("by intent");
            }
        }

        @Override
        public void sessionDidActivate(HttpSessionEvent event) {
            HEARD.add("comes " + name + " " + event.getSession().getAttribute("user") + " "
                    + classLoaderFits(event.getSession()));
            connection = "made again";
            if (throwing) {
                throw new IllegalStateException("by intent");
            }
        }

        private static boolean classLoaderFits(HttpSession session) {
            return session.getServletContext().getClassLoader()
                    == Thread.currentThread().getContextClassLoader();
        }

        @Override
        public String toString() {
            return connection + " " + departures;
        }
    }

    @BeforeEach
    void start() {
        application = new Application()
                .on("/create", (request, response) -> create(request, "true".equals(request.getParameter("throw"))))
                .on("/read", ActivationIT::read)
                .on("/keep-here", (request, response) -> {
                    request.getSession().setAttribute("thread", Thread.currentThread());
                })
                .on("/kept", (request, response) -> {
                    boolean kept = request.getSession(false).getAttribute("thread") != null;
                    response.getWriter().print(kept ? "kept here" : "gone");
                })
                .on("/ignore", (request, response) -> request.getSession(false).getAttribute("user"))
                .on("/end", (request, response) -> request.getSession(false).invalidate());
        nodes = TwoNodes.with(node -> node.application("", application).setting("maxLocalSessions", "100"));
    }

    @AfterEach
    void stop() {
        nodes.close();
        HEARD.clear();
    }

    private static void create(HttpServletRequest request, boolean throwing) {
        HttpSession session = request.getSession();
        session.setAttribute("user", "Ada");
        session.setAttribute("first", new Client("first", throwing));
        session.setAttribute("second", new Client("second", false));
    }

    private static void read(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpSession session = request.getSession(false);
        response.getWriter().print(session.getAttribute("first") + ", " + session.getAttribute("second"));
    }

    private Browser user() {
        return user("/create");
    }

    private Browser user(String path) {
        Browser browser = new Browser();
        browser.get(nodes.a, path);
        return browser;
    }

    private static List<String> heard(String what) {
        return HEARD.stream().filter(line -> line.startsWith(what)).toList();
    }

    @Test
    void objects_hear_of_the_stop_of_their_node_and_of_their_arrival_at_another_one() {
        Browser browser = user();
        nodes.a.close();
        assertThat(HEARD).containsExactlyInAnyOrder("leaves first Ada true", "leaves second Ada true");

        assertThat(browser.get(nodes.b, "/read")).isEqualTo("made again 1, made again 1");
        assertThat(browser.get(nodes.b, "/read")).isEqualTo("made again 1, made again 1");
        assertThat(heard("comes")).containsExactlyInAnyOrder("comes first Ada true", "comes second Ada true");
    }

    @Test
    void nothing_is_decoded_only_to_tell_it_that_it_has_come() {
        Browser browser = user();
        browser.get(nodes.b, "/ignore");
        nodes.b.close();
        assertThat(HEARD).isEmpty();
    }

    @Test
    void a_session_that_is_used_on_two_nodes_has_an_object_on_each_and_both_are_told() {
        Browser browser = user();
        assertThat(browser.get(nodes.b, "/read")).isEqualTo("made again 0, made again 0");
        assertThat(browser.get(nodes.a, "/read")).isEqualTo("made here 0, made here 0");
        nodes.b.close();
        assertThat(heard("leaves")).hasSize(2);
        assertThat(browser.get(nodes.a, "/read")).isEqualTo("made again 1, made again 1");
    }

    @Test
    void a_listener_that_throws_stops_no_other_one_and_loses_nothing() {
        try (LogRecords log = new LogRecords()) {
            Browser browser = user("/create?throw=true");
            nodes.a.close();
            assertThat(heard("leaves")).hasSize(2);
            assertThat(browser.get(nodes.b, "/read")).isEqualTo("made again 1, made again 1");
            assertThat(log.with("HF-314"))
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(line.text())
                            .contains("\"first\"", "by intent")
                            .doesNotContain(browser.sessionId()));
        }
    }

    @Test
    void above_the_bound_copies_leave_both_maps_and_come_back_when_they_are_used() {
        List<Browser> browsers = new ArrayList<>();
        for (int number = 0; number < 130; number++) {
            browsers.add(user());
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> nodes.a.manager().getActiveSessions() <= 100);
        Predicate<Browser> isHere = browser -> isHere(nodes.a, browser);
        assertThat(browsers.stream().filter(isHere).count()).isLessThanOrEqualTo(100);
        assertThat(isHere).accepts(browsers.get(129)).rejects(browsers.get(0));
        assertThat(heard("leaves first Ada true")).hasSizeGreaterThanOrEqualTo(30);
        assertThat(nodes.a.manager().getExpiredSessions()).isZero();

        assertThat(browsers.get(0).get(nodes.a, "/read")).isEqualTo("made again 1, made again 1");
        assertThat(browsers.get(129).get(nodes.a, "/read")).isEqualTo("made here 0, made here 0");
    }

    private static boolean isHere(TomcatNode node, Browser browser) {
        return sessionOf(node, browser) != null;
    }

    private static Session sessionOf(TomcatNode node, Browser browser) {
        for (Session session : node.manager().findSessions()) {
            if (session.getId().equals(browser.sessionId())) {
                return session;
            }
        }
        return null;
    }

    @Test
    void what_only_this_node_knows_is_not_given_up_for_room() {
        Browser unserializable = user("/keep-here");
        Browser loggedIn = user();
        sessionOf(nodes.a, loggedIn).setPrincipal(() -> "Ada");
        for (int number = 0; number < 130; number++) {
            user();
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> nodes.a.manager().getActiveSessions() <= 100);

        assertThat(unserializable.get(nodes.a, "/kept")).isEqualTo("kept here");
        assertThat(sessionOf(nodes.a, loggedIn).getPrincipal().getName()).isEqualTo("Ada");
    }

    @Test
    void a_copy_that_nobody_has_used_for_the_idle_timeout_leaves_and_what_its_listeners_change_is_in_redis() {
        Duration idle = Duration.ofSeconds(10);
        nodes.close();
        nodes = TwoNodes.with(node -> node.application("", application).setting("localIdleTimeout", "10s"));
        Browser browser = user();
        long used = System.nanoTime();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            nodes.a.manager().processExpires();
            return !isHere(nodes.a, browser);
        });
        assertThat(Duration.ofNanos(System.nanoTime() - used)).isGreaterThan(idle.minusSeconds(1));
        assertThat(HEARD).containsExactlyInAnyOrder("leaves first Ada true", "leaves second Ada true");
        assertThat(nodes.a.manager().getExpiredSessions()).isZero();

        assertThat(browser.get(nodes.b, "/read")).isEqualTo("made again 1, made again 1");
        assertThat(browser.get(nodes.a, "/read")).isEqualTo("made again 1, made again 1");
        assertThat(heard("leaves")).hasSize(2);
    }

    @Test
    void a_session_that_has_ended_is_not_passivated() {
        Browser browser = user();
        browser.get(nodes.b, "/end");
        nodes.a.close();
        assertThat(heard("leaves")).isEmpty();
    }
}
