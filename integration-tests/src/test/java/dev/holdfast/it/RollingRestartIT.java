package dev.holdfast.it;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.RedisServer;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.io.IOException;
import java.io.Serializable;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.apache.catalina.Lifecycle;
import org.apache.catalina.LifecycleEvent;
import org.apache.catalina.LifecycleListener;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes are restarted one after the other while users go on working. */
class RollingRestartIT {

    private static final int BROWSERS = 20;
    private static final int RESTARTS_OF_EACH_NODE = 2;
    private static final int RESPONSES_BETWEEN_RESTARTS = 200;
    private static final Duration LONGEST_STOP = Duration.ofSeconds(3);
    private static final String NO_ANSWER = "no answer";

    /**
     * What a node answers that stops: a balancer then tries another one. A connector that pauses while it reads a request
     * does not look at the headers any more, and complains of the missing host with 400.
     */
    private static final Set<Integer> REFUSALS = Set.of(400, 404, 503);

    private final AtomicInteger destroyed = new AtomicInteger();
    private final AtomicInteger responses = new AtomicInteger();
    private final AtomicReferenceArray<TomcatNode> nodes = new AtomicReferenceArray<>(2);
    private final ExecutorService threads = Executors.newFixedThreadPool(BROWSERS);

    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    private final Gate gate = new Gate();

    private RedisServer redis;
    private volatile boolean over;

    /** Changed in place. */
    static final class Counter implements Serializable {
        private static final long serialVersionUID = 1L;
        private int value;
    }

    private final class Destroyed implements HttpSessionListener {
        @Override
        public void sessionDestroyed(HttpSessionEvent event) {
            destroyed.incrementAndGet();
        }
    }

    @BeforeEach
    void start() {
        redis = RedisServer.start();
        nodes.set(0, startNode());
        nodes.set(1, startNode());
    }

    @AfterEach
    void stop() {
        over = true;
        threads.shutdownNow();
        nodes.get(0).close();
        nodes.get(1).close();
        redis.close();
    }

    private TomcatNode startNode() {
        Application application = new Application()
                .on("/login", (request, response) -> request.getSession().setAttribute("counter", new Counter()))
                .on("/count", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    Counter counter = (Counter) session.getAttribute("counter");
                    response.getWriter().print(++counter.value);
                })
                .on("/count-slowly", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    Counter counter = (Counter) session.getAttribute("counter");
                    gate.pass();
                    response.getWriter().print(++counter.value);
                })
                .on("/read", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    response.getWriter().print(((Counter) session.getAttribute("counter")).value);
                });
        return TomcatNode.builder()
                .redis(redis.uri())
                .application("", application)
                .onContext(context -> context.addServletContainerInitializer(
                        (classes, servletContext) -> servletContext.addListener(new Destroyed()), null))
                .start();
    }

    @Test
    void users_notice_nothing_of_a_rolling_restart() throws Exception {
        List<User> users = new ArrayList<>();
        List<Future<?>> running = new ArrayList<>();
        for (int number = 0; number < BROWSERS; number++) {
            User user = new User();
            user.browser.get(nodes.get(number % 2), "/login");
            users.add(user);
            running.add(threads.submit(user::work));
        }
        List<Duration> stops = new ArrayList<>();
        for (int restart = 0; restart < 2 * RESTARTS_OF_EACH_NODE; restart++) {
            awaitResponses();
            stops.add(stopped(nodes.get(restart % 2)));
            awaitResponses();
            nodes.set(restart % 2, startNode());
        }
        awaitResponses();
        over = true;
        for (Future<?> user : running) {
            user.get(30, SECONDS);
        }

        assertThat(complaints).isEmpty();
        for (User user : users) {
            for (int node = 0; node < nodes.length(); node++) {
                int value = Integer.parseInt(user.browser.get(nodes.get(node), "/read"));
                assertThat(value).isBetween(user.seen, user.seen + user.unansweredSinceSeen);
                assertThat(value).isBetween(user.answered, user.answered + user.unanswered);
            }
        }
        assertThat(destroyed).hasValue(0);
        assertThat(stops).allSatisfy(stop -> assertThat(stop).isLessThan(LONGEST_STOP));
    }

    @Test
    void a_request_that_its_node_waits_for_at_the_stop_is_not_lost() throws Exception {
        TomcatNode stopping = nodes.get(0);
        Browser browser = new Browser();
        browser.get(stopping, "/login");

        Future<String> last = threads.submit(() -> answer(browser, stopping.url("/count-slowly")));
        gate.awaitArrival();
        Future<Duration> stop = threads.submit(() -> stopped(stopping));
        await().until(() -> !stopping.context().getState().isAvailable());
        gate.open();

        assertThat(last.get(30, SECONDS)).isIn("1", NO_ANSWER);
        assertThat(stop.get(30, SECONDS)).isLessThan(LONGEST_STOP);
        assertThat(browser.get(nodes.get(1), "/read")).isEqualTo("1");
    }

    @Test
    void a_request_that_has_left_its_servlet_but_not_its_node_at_the_stop_is_not_lost() throws Exception {
        TomcatNode stopping = nodes.get(0);
        Lingering lingering = new Lingering();
        stopping.manager().addLifecycleListener(lingering);
        stopping.context().getPipeline().addValve(lingering);
        Browser browser = new Browser();
        browser.get(stopping, "/login");

        Future<String> last = threads.submit(() -> answer(browser, stopping.url("/count")));
        lingering.awaitArrival();
        Duration stop = stopped(stopping);

        assertThat(last.get(30, SECONDS)).isIn("1", NO_ANSWER);
        assertThat(stop).isLessThan(LONGEST_STOP);
        assertThat(browser.get(nodes.get(1), "/read")).isEqualTo("1");
    }

    /** Tomcat closes its connections at the end of its stop, also those on which an answer is just being sent. */
    private static String answer(Browser browser, String url) {
        try {
            return browser.send("POST", url).body();
        } catch (IOException closed) {
            return NO_ANSWER;
        }
    }

    /** A valve that is slow after the servlet has returned: it waits for the manager to have stopped, but not for long. */
    private static final class Lingering extends ValveBase implements LifecycleListener {
        private static final long LONG_MILLIS = 20_000;
        private static final long SHORT_MILLIS = 200;

        private final CountDownLatch arrived = new CountDownLatch(1);
        private final CountDownLatch managerStops = new CountDownLatch(1);
        private final CountDownLatch managerHasStopped = new CountDownLatch(1);

        Lingering() {
            super(true);
        }

        void awaitArrival() throws InterruptedException {
            assertThat(arrived.await(LONG_MILLIS, MILLISECONDS)).isTrue();
        }

        @Override
        public void lifecycleEvent(LifecycleEvent event) {
            if (event.getType().equals(Lifecycle.BEFORE_STOP_EVENT)) {
                managerStops.countDown();
            } else if (event.getType().equals(Lifecycle.AFTER_STOP_EVENT)) {
                managerHasStopped.countDown();
            }
        }

        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            getNext().invoke(request, response);
            if (request.getRequestURI().equals("/count")) {
                arrived.countDown();
                await(managerStops, LONG_MILLIS);
                await(managerHasStopped, SHORT_MILLIS);
            }
        }

        private static void await(CountDownLatch latch, long mostMillis) throws ServletException {
            try {
                latch.await(mostMillis, MILLISECONDS);
            } catch (InterruptedException e) {
                throw new ServletException(e);
            }
        }
    }

    private void awaitResponses() {
        int enough = responses.get() + RESPONSES_BETWEEN_RESTARTS;
        await().until(() -> responses.get() >= enough || !complaints.isEmpty());
        assertThat(complaints).isEmpty();
    }

    private static Duration stopped(TomcatNode node) {
        long before = System.nanoTime();
        node.close();
        return Duration.ofNanos(System.nanoTime() - before);
    }

    /** A browser behind a balancer that knows no stickiness: it asks any node, and the other one if that one refuses. */
    private final class User {
        private final Browser browser = new Browser();
        private int seen;
        private int answered;
        private int unanswered;
        private int unansweredSinceSeen;

        void work() {
            while (!over && complaints.isEmpty()) {
                int first = ThreadLocalRandom.current().nextInt(2);
                if (!count(nodes.get(first)) && !count(nodes.get(1 - first))) {
                    complaints.add("Both nodes refused");
                }
            }
        }

        private boolean count(TomcatNode node) {
            try {
                HttpResponse<String> response = browser.send("POST", node.url("/count"));
                if (REFUSALS.contains(response.statusCode())) {
                    return false;
                }
                accept(response);
                return true;
            } catch (ConnectException refused) {
                return false;
            } catch (IOException broken) {
                unanswered++;
                unansweredSinceSeen++;
                return false;
            }
        }

        /** What was counted without an answer may show now, at most. */
        private void accept(HttpResponse<String> response) {
            responses.incrementAndGet();
            if (response.statusCode() != 200) {
                complaints.add(response.statusCode() + " " + response.body());
                return;
            }
            int value = Integer.parseInt(response.body());
            if (value <= seen || value > seen + 1 + unansweredSinceSeen) {
                complaints.add(value + " after " + seen + ", with " + unansweredSinceSeen + " requests unanswered");
            }
            seen = value;
            answered++;
            unansweredSinceSeen = 0;
        }
    }
}
