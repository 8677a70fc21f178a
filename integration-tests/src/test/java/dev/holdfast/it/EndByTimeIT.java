package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.RedisServer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** P7: a session that ends by time ends once in the cluster, and its listeners can read it. Servlet 6.0, 7.2 and 11. */
class EndByTimeIT {

    /** What listeners heard, on whichever node. */
    private static final Queue<String> HEARD = new ConcurrentLinkedQueue<>();

    private static final Gate GATE = new Gate();

    private TwoNodes nodes;

    @AfterEach
    void stop() {
        if (nodes != null) {
            nodes.close();
        }
        HEARD.clear();
    }

    static final class Bound implements HttpSessionBindingListener, Serializable {
        private static final long serialVersionUID = 1L;
        private final boolean throwing;

        Bound(boolean throwing) {
            this.throwing = throwing;
        }

        @Override
        public void valueUnbound(HttpSessionBindingEvent event) {
            HEARD.add("unbound " + event.getName());
            if (throwing) {
                throw new NoClassDefFoundError("by intent");
            }
        }
    }

    public static final class Listener implements HttpSessionListener, HttpSessionAttributeListener {
        @Override
        public void sessionDestroyed(HttpSessionEvent event) {
            HEARD.add("destroyed " + event.getSession().getId() + " "
                    + event.getSession().getAttribute("name"));
        }

        @Override
        public void attributeRemoved(HttpSessionBindingEvent event) {
            HEARD.add("removed " + event.getName());
        }
    }

    private static Application application() {
        return new Application()
                .on("/create", (request, response) -> create(request, new Bound(false)))
                .on("/create-throwing", (request, response) -> create(request, new Bound(true)))
                .on("/look", EndByTimeIT::look)
                .on("/long", (request, response) -> {
                    request.getSession(false).getAttribute("name");
                    GATE.pass();
                });
    }

    private static void create(HttpServletRequest request, Bound bound) {
        request.getSession().setAttribute("name", "value");
        request.getSession().setAttribute("bound", bound);
        request.getSession().setMaxInactiveInterval(Integer.parseInt(request.getParameter("seconds")));
    }

    private static void look(HttpServletRequest request, HttpServletResponse response) throws java.io.IOException {
        response.getWriter().print(request.getSession(false) != null);
    }

    private TwoNodes running() {
        Application application = application();
        nodes = TwoNodes.with(node -> node.setting("sweepInterval", "1s")
                .application("", application)
                .onContext(context -> context.addApplicationListener(Listener.class.getName())));
        return nodes;
    }

    private static long heard(String what) {
        return HEARD.stream().filter(line -> line.startsWith(what)).count();
    }

    private static void awaitEnds(int count) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> heard("destroyed") >= count && heard("removed") >= 2L * count);
    }

    private static List<String> keysOfSessions(RedisServer redis) {
        return redis.keys("*").stream().filter(key -> !key.endsWith(":epoch")).toList();
    }

    @Test
    void many_sessions_end_once_each_and_leave_nothing_behind() {
        running();
        Browser[] browsers = new Browser[60];
        for (int i = 0; i < browsers.length; i++) {
            browsers[i] = new Browser();
            browsers[i].get(i % 2 == 0 ? nodes.a : nodes.b, "/create?seconds=2");
        }
        awaitEnds(browsers.length);
        await().until(() -> keysOfSessions(nodes.redis).isEmpty());

        for (Browser browser : browsers) {
            assertThat(HEARD.stream().filter(("destroyed " + browser.sessionId() + " value")::equals))
                    .hasSize(1);
            assertThat(browser.get(nodes.a, "/look")).isEqualTo("false");
        }
        assertThat(heard("destroyed")).isEqualTo(browsers.length);
        assertThat(heard("unbound bound")).isEqualTo(browsers.length);
        assertThat(heard("removed name")).isEqualTo(browsers.length);
        assertThat(heard("removed bound")).isEqualTo(browsers.length);
    }

    @Test
    void a_session_ends_also_when_the_node_that_made_it_is_gone() {
        running();
        Browser browser = new Browser();
        browser.get(nodes.a, "/create?seconds=2");
        nodes.a.close();
        awaitEnds(1);
        assertThat(HEARD).contains("destroyed " + browser.sessionId() + " value");
        await().until(() -> keysOfSessions(nodes.redis).isEmpty());
    }

    @Test
    void a_session_ends_when_all_nodes_were_down_at_its_time_and_one_comes_back() {
        running();
        Browser browser = new Browser();
        browser.get(nodes.a, "/create?seconds=1");
        nodes.a.close();
        nodes.b.close();
        assertThat(HEARD).noneMatch(line -> line.startsWith("destroyed"));
        Application application = application();
        try (TomcatNode back = TomcatNode.builder()
                .redis(nodes.redis.uri())
                .setting("sweepInterval", "1s")
                .application("", application)
                .onContext(context -> context.addApplicationListener(Listener.class.getName()))
                .start()) {
            awaitEnds(1);
            assertThat(HEARD).contains("destroyed " + browser.sessionId() + " value");
            assertThat(back.isRunning()).isTrue();
        }
    }

    @Test
    void a_listener_that_throws_stops_no_other_one_and_leaves_no_session_behind() {
        running();
        new Browser().get(nodes.a, "/create-throwing?seconds=1");
        await().atMost(Duration.ofSeconds(30)).until(() -> heard("removed") == 2 && heard("unbound bound") == 1);
        await().until(() -> keysOfSessions(nodes.redis).isEmpty());
        assertThat(heard("destroyed")).isEqualTo(1);
    }

    @Test
    void a_session_that_a_long_request_of_one_node_uses_is_not_ended_by_the_other_one() throws Exception {
        running();
        Browser browser = new Browser();
        browser.get(nodes.a, "/create?seconds=2");
        CompletableFuture<?> running = browser.async(nodes.b, "/long");
        GATE.awaitArrival();
        long start = System.nanoTime();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> System.nanoTime() - start > Duration.ofSeconds(5).toNanos());
        assertThat(heard("destroyed")).isZero();
        assertThat(browser.get(nodes.a, "/look")).isEqualTo("true");
        GATE.open();
        running.join();
        awaitEnds(1);
    }

    @Test
    void a_stop_ends_no_session() {
        running();
        Browser browser = new Browser();
        browser.get(nodes.a, "/create?seconds=60");
        nodes.a.close();
        assertThat(browser.get(nodes.b, "/look")).isEqualTo("true");
        assertThat(HEARD).isEmpty();
    }
}
