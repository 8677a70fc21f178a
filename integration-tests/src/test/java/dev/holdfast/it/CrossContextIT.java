package dev.holdfast.it;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.function.UnaryOperator;
import org.apache.catalina.Context;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One request that uses the sessions of two applications, by {@code crossContext="true"}. Jakarta Servlet 6.0, 7.3: a
 * session belongs to one application, and a dispatch into another one uses a session of that one, under the same id.
 */
class CrossContextIT {

    private static final String OTHER = "/other";
    private static final Queue<String> ENDS = new ConcurrentLinkedQueue<>();
    private static final Application HOME = new Application();
    private static final Application AWAY = new Application();

    private static TwoNodes nodes;

    @BeforeAll
    static void start() {
        for (Application application : List.of(HOME, AWAY)) {
            application
                    .on("/set", (request, response) -> set(request))
                    .on("/get", (request, response) -> response.getWriter().print(value(request)))
                    .on("/change", (request, response) -> change(request))
                    .on(
                            "/size",
                            (request, response) -> response.getWriter()
                                    .print(((List<?>) request.getSession().getAttribute("list")).size()))
                    .on("/end", (request, response) -> request.getSession(false).invalidate())
                    .on("/nothing", (request, response) -> {});
        }
        HOME.on("/include", (request, response) -> {
                    set(request);
                    away(request, "/set").include(request, response);
                    response.flushBuffer();
                    passGateOf(request);
                })
                .on("/forward", (request, response) -> {
                    set(request);
                    away(request, "/set-and-flush").forward(request, response);
                })
                .on("/read-both", (request, response) -> {
                    for (int i = 0; i < 5; i++) {
                        response.getWriter().print(value(request) + " ");
                        away(request, "/get").include(request, response);
                        response.getWriter().print(" ");
                    }
                })
                .on("/change-both", (request, response) -> {
                    change(request);
                    away(request, "/change").include(request, response);
                })
                .on("/end-away", (request, response) -> {
                    set(request);
                    away(request, "/end").include(request, response);
                })
                .on("/end-home", (request, response) -> {
                    away(request, "/set").include(request, response);
                    request.getSession().invalidate();
                });
        AWAY.on("/set-and-flush", (request, response) -> {
            set(request);
            response.getWriter().print("x");
            response.flushBuffer();
            passGateOf(request);
        });
        nodes = running(node -> node);
    }

    private static TwoNodes running(UnaryOperator<TomcatNode.Builder> more) {
        return TwoNodes.with(node -> more.apply(node.application("", HOME)
                .application(OTHER, AWAY)
                .setting("sweepInterval", "10m")
                .onContext(CrossContextIT::cross)));
    }

    private static void cross(Context context) {
        context.setCrossContext(true);
        // As with emptySessionPath: the browser has one cookie for all applications of the host.
        context.setSessionCookiePath("/");
        context.addServletContainerInitializer(
                (classes, application) -> application.addListener(new HttpSessionListener() {
                    @Override
                    public void sessionDestroyed(HttpSessionEvent event) {
                        ENDS.add(application.getContextPath() + " "
                                + event.getSession().getAttribute("value"));
                    }
                }),
                null);
    }

    private static volatile Gate gate;

    private static void passGateOf(HttpServletRequest request) throws InterruptedException {
        if (request.getParameter("gate") != null) {
            gate.pass();
        }
    }

    private static RequestDispatcher away(HttpServletRequest request, String path) {
        return request.getServletContext().getContext(OTHER).getRequestDispatcher(path);
    }

    private static void set(HttpServletRequest request) {
        HttpSession session = request.getSession();
        String path = session.getServletContext().getContextPath();
        session.setAttribute("value", path + "=" + request.getParameter("v"));
    }

    private static Object value(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        return session == null ? "no session" : session.getAttribute("value");
    }

    @SuppressWarnings("unchecked")
    private static void change(HttpServletRequest request) {
        HttpSession session = request.getSession();
        if (session.getAttribute("list") == null) {
            session.setAttribute("list", new ArrayList<>());
        }
        ((List<String>) session.getAttribute("list")).add("x");
    }

    @AfterAll
    static void stop() {
        nodes.close();
    }

    @BeforeEach
    void forget() {
        ENDS.clear();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/include", "/forward"})
    void both_sessions_are_written_before_the_first_byte_leaves_each_under_its_application(String path)
            throws Exception {
        Browser browser = new Browser();
        for (int round = 0; round < 5; round++) {
            gate = new Gate();
            HttpResponse<InputStream> response = browser.stream(nodes.a, path + "?gate=yes&v=" + round);
            gate.awaitArrival();
            try (InputStream body = response.body()) {
                assertThat(browser.twin().get(nodes.b, "/get")).isEqualTo("=" + round);
                assertThat(browser.twin().get(nodes.b, OTHER + "/get")).isEqualTo(OTHER + "=" + round);
                gate.open();
                body.readAllBytes();
            }
        }
        assertThat(nodes.redis.keys("holdfast:*:s:" + browser.sessionId()))
                .hasSize(2)
                .satisfiesOnlyOnce(key -> assertThat(key).contains("{localhost" + OTHER + ":"));
    }

    @Test
    void both_sessions_are_read_as_the_other_node_has_left_them() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/include?v=0");
        for (int round = 1; round < 10; round++) {
            browser.get(nodes.b, "/set?v=" + round);
            browser.get(nodes.b, OTHER + "/set?v=" + round);

            assertThat(browser.get(nodes.a, "/read-both"))
                    .isEqualTo(("=" + round + " " + OTHER + "=" + round + " ").repeat(5));
        }
    }

    @Test
    void changes_inside_objects_of_both_sessions_are_found() {
        Browser browser = new Browser();
        for (int round = 1; round < 5; round++) {
            browser.get(round % 2 == 0 ? nodes.a : nodes.b, "/change-both");

            assertThat(browser.get(nodes.a, "/size")).isEqualTo(Integer.toString(round));
            assertThat(browser.get(nodes.b, OTHER + "/size")).isEqualTo(Integer.toString(round));
        }
    }

    @Test
    void the_session_of_the_other_application_costs_one_look_and_one_access_however_often_it_is_used() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/include?v=1");

        assertThat(Traffic.scriptCallsOf(nodes.redis, () -> browser.get(nodes.a, "/read-both")))
                .isEqualTo(1 + 2);
        assertThat(Traffic.scriptCallsOf(nodes.redis, () -> browser.get(nodes.a, "/include?v=2")))
                .isEqualTo(2 + 3);
    }

    @Test
    void the_end_of_one_session_is_not_the_end_of_the_other() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/include?v=1");

        browser.get(nodes.b, "/end-away?v=2");
        assertThat(ENDS).containsExactly(OTHER + " " + OTHER + "=1");
        assertThat(browser.get(nodes.a, OTHER + "/get")).isEqualTo("no session");
        assertThat(browser.get(nodes.a, "/get")).isEqualTo("=2");

        browser.get(nodes.b, "/end-home?v=3");
        assertThat(ENDS).containsExactly(OTHER + " " + OTHER + "=1", " =2");
        assertThat(browser.get(nodes.a, "/get")).isEqualTo("no session");
        assertThat(browser.get(nodes.a, OTHER + "/get")).isEqualTo(OTHER + "=3");
    }

    @Test
    void an_application_that_was_never_asked_for_its_session_gets_none() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/set?v=1");

        assertThat(browser.get(nodes.b, OTHER + "/get")).isEqualTo("no session");
        assertThat(nodes.redis.keys("holdfast:*:s:" + browser.sessionId())).hasSize(1);
    }

    @Test
    void requests_that_cross_in_opposite_directions_do_not_wait_for_each_other_with_locks() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        HOME.on("/cross", (request, response) -> {
            request.getSession().setAttribute("home", "from home");
            both.await(20, SECONDS);
            away(request, "/mark?from=home").include(request, response);
        });
        AWAY.on("/cross", (request, response) -> {
                    request.getSession().setAttribute("away", "from away");
                    both.await(20, SECONDS);
                    request.getServletContext()
                            .getContext("/")
                            .getRequestDispatcher("/mark?from=away")
                            .include(request, response);
                })
                .on("/mark", (request, response) -> mark(request));
        HOME.on("/mark", (request, response) -> mark(request));
        try (TwoNodes locking = running(node -> node.setting("lock", "request").setting("lockTimeout", "10s"))) {
            Browser browser = new Browser();
            browser.get(locking.a, "/include?v=1");
            for (int round = 0; round < 5; round++) {
                long begin = System.nanoTime();
                CompletableFuture<HttpResponse<String>> one = browser.twin().async(locking.a, "/cross");
                CompletableFuture<HttpResponse<String>> two = browser.twin().async(locking.b, OTHER + "/cross");

                assertThat(one.get(20, SECONDS).statusCode()).isEqualTo(200);
                assertThat(two.get(20, SECONDS).statusCode()).isEqualTo(200);
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
                assertThat(marks(browser, locking.b, "")).isEqualTo("from home away");
                assertThat(marks(browser, locking.a, OTHER)).isEqualTo("from away home");
            }
            new Browser().get(locking.a, "/nothing");
            new Browser().get(locking.b, OTHER + "/nothing");
            assertThat(locking.redis.keys("*:lock:*")).isEmpty();
        }
    }

    private static void mark(HttpServletRequest request) {
        request.getSession().setAttribute("mark", request.getParameter("from"));
    }

    private static String marks(Browser browser, TomcatNode node, String path) {
        String own = path.isEmpty() ? "home" : "away";
        for (Application application : List.of(HOME, AWAY)) {
            application.on(
                    "/marks",
                    (request, response) -> response.getWriter()
                            .print(request.getSession().getAttribute(request.getParameter("own")) + " "
                                    + request.getSession().getAttribute("mark")));
        }
        return browser.get(node, path + "/marks?own=" + own);
    }
}
