package dev.holdfast.it;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code lock}: a session is used by one request at a time, on all nodes, which Servlet 6.0, 7.7.1 leaves to
 * applications. */
class LockIT {

    private static final int CLIENTS = 8;
    private static final int INCREMENTS = 25;
    private static final int THINKING_MILLIS = 5;
    private static final int ROUNDS = 50;

    private static final Application APPLICATION = new Application();
    private static final List<String> HEARD = Collections.synchronizedList(new ArrayList<>());

    private static TwoNodes nodes;

    @BeforeAll
    static void start() {
        APPLICATION
                .on("/nothing", (request, response) -> response.getWriter().print("nothing"))
                .on("/start", (request, response) -> request.getSession().setAttribute("counter", 0))
                .on("/increment", (request, response) -> increment(request))
                .on("/counter", (request, response) -> {
                    response.getWriter().print(request.getSession().getAttribute("counter"));
                })
                .on("/read", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    boolean valid = request.isRequestedSessionIdValid();
                    response.getWriter()
                            .print(session == null ? "none" : session.getAttribute("counter") + " " + valid);
                })
                .on("/forward", (request, response) -> {
                    request.getSession().setAttribute("forwarded", "yes");
                    request.getRequestDispatcher("/increment").forward(request, response);
                })
                .on("/include", (request, response) -> {
                    increment(request);
                    if (request.getDispatcherType() == DispatcherType.INCLUDE) {
                        response.getWriter().print(request.getSession().getAttribute("counter"));
                    } else {
                        request.getRequestDispatcher("/include").include(request, response);
                    }
                })
                .on("/fail", (request, response) -> {
                    increment(request);
                    throw new IllegalStateException("failing on purpose");
                })
                .on("/error", (request, response) -> {
                    increment(request);
                    response.getWriter()
                            .print("error page " + request.getSession().getAttribute("counter"));
                })
                .on("/end", (request, response) -> request.getSession().invalidate())
                .on("/end-and-begin", (request, response) -> {
                    request.getSession().invalidate();
                    request.getSession().setAttribute("counter", 0);
                })
                .on("/rename", (request, response) -> {
                    request.changeSessionId();
                    increment(request);
                })
                .on("/stream", (request, response) -> {
                    increment(request);
                    response.getWriter().print("part");
                    response.flushBuffer();
                    increment(request);
                });
        nodes = running(node -> node.setting("lock", "request").setting("lockTimeout", "20s"));
    }

    private static TwoNodes running(UnaryOperator<TomcatNode.Builder> settings) {
        return TwoNodes.with(node -> settings.apply(node)
                .application("", APPLICATION)
                .onContext(context -> {
                    ErrorPage page = new ErrorPage();
                    page.setExceptionType(IllegalStateException.class.getName());
                    page.setLocation("/error");
                    context.addErrorPage(page);
                }));
    }

    private static void increment(HttpServletRequest request) {
        HttpSession session = request.getSession();
        session.setAttribute("counter", (Integer) session.getAttribute("counter") + 1);
    }

    @AfterAll
    static void stop() {
        nodes.close();
    }

    @AfterEach
    void no_lock_is_left() {
        assertThat(locks(nodes)).isEmpty();
    }

    private static Set<String> locks(TwoNodes of) {
        // Over the same connections: what comes after a response has come when the next request is answered.
        new Browser().get(of.a, "/nothing");
        new Browser().get(of.b, "/nothing");
        return of.redis.keys("*:lock:*");
    }

    private static Browser started(TwoNodes on) {
        Browser browser = new Browser();
        browser.get(on.a, "/start");
        return browser;
    }

    private static String keyOf(TwoNodes of, String kind, Browser browser) {
        return of.redis.keys("*:s:" + browser.sessionId()).first().replace(":s:", ":" + kind + ":");
    }

    /** A request that holds its session until the gate opens. */
    private static Gate slowRequest(String path) {
        Gate gate = new Gate();
        APPLICATION.on(path, (request, response) -> {
            int counter = (Integer) request.getSession().getAttribute("counter");
            gate.pass();
            request.getSession().setAttribute("counter", counter + 1);
        });
        return gate;
    }

    // ---- one at a time -------------------------------------------------------------------------------------------

    @Test
    void eight_clients_on_two_nodes_lose_no_increment() throws Exception {
        assertThat(countTogether(nodes, "request")).isEqualTo(CLIENTS * INCREMENTS);
    }

    @Test
    void without_the_lock_they_lose_most() throws Exception {
        try (TwoNodes unlocked = TwoNodes.running(APPLICATION)) {
            assertThat(countTogether(unlocked, "none")).isLessThan(CLIENTS * INCREMENTS);
        }
    }

    /** Eight clients increment one counter on two nodes, and think in between. Prints how long they waited. */
    private static int countTogether(TwoNodes on, String lock) throws Exception {
        Browser browser = started(on);
        CountDownLatch never = new CountDownLatch(1);
        APPLICATION.on("/think", (request, response) -> {
            HttpSession session = request.getSession();
            int counter = (Integer) session.getAttribute("counter");
            assertThat(never.await(THINKING_MILLIS, TimeUnit.MILLISECONDS)).isFalse();
            session.setAttribute("counter", counter + 1);
        });
        List<Long> waits = Collections.synchronizedList(new ArrayList<>());
        long begin = System.nanoTime();
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            TomcatNode node = client % 2 == 0 ? on.a : on.b;
            clients.add(CompletableFuture.runAsync(
                    () -> {
                        Browser twin = browser.twin();
                        for (int i = 0; i < INCREMENTS; i++) {
                            long asked = System.nanoTime();
                            twin.get(node, "/think");
                            waits.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked));
                        }
                    },
                    task -> new Thread(task).start()));
        }
        CompletableFuture.allOf(clients.toArray(CompletableFuture[]::new)).get(60, SECONDS);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        Collections.sort(waits);
        int counter = Integer.parseInt(browser.get(on.b, "/counter"));
        System.out.printf(
                "lock=\"%s\": counted %d of %d in %d ms; a request took %d ms (median), %d ms (95 %%), %d ms (worst)%n",
                lock,
                counter,
                CLIENTS * INCREMENTS,
                millis,
                waits.get(waits.size() / 2),
                waits.get(waits.size() * 95 / 100),
                waits.get(waits.size() - 1));
        return counter;
    }

    @Test
    void a_request_waits_for_one_on_the_other_node_and_sees_what_it_wrote() throws Exception {
        Browser browser = started(nodes);
        Gate gate = slowRequest("/slow");
        CompletableFuture<?> slow = browser.twin().async(nodes.a, "/slow");
        gate.awaitArrival();
        CompletableFuture<HttpResponse<String>> other = browser.twin().async(nodes.b, "/counter");
        CompletableFuture<HttpResponse<String>> neighbour = browser.twin().async(nodes.a, "/counter");
        new Browser().get(nodes.b, "/start");
        assertThat(other).isNotDone();
        assertThat(neighbour).isNotDone();
        gate.open();
        slow.get(20, SECONDS);
        assertThat(other.get(20, SECONDS).body()).isEqualTo("1");
        assertThat(neighbour.get(20, SECONDS).body()).isEqualTo("1");
    }

    @Test
    void sessions_of_other_users_are_not_waited_for() throws Exception {
        Browser browser = started(nodes);
        Gate gate = slowRequest("/slow");
        CompletableFuture<?> slow = browser.twin().async(nodes.a, "/slow");
        gate.awaitArrival();
        Browser other = started(nodes);
        other.get(nodes.a, "/increment");
        assertThat(other.get(nodes.b, "/counter")).isEqualTo("1");
        gate.open();
        slow.get(20, SECONDS);
    }

    @Test
    void an_asynchronous_request_holds_its_session_until_it_is_complete() throws Exception {
        Browser browser = started(nodes);
        Gate gate = new Gate();
        APPLICATION.on("/async", (request, response) -> {
            HttpSession session = request.getSession();
            int counter = (Integer) session.getAttribute("counter");
            AsyncContext async = request.startAsync();
            async.start(() -> {
                try {
                    gate.pass();
                    session.setAttribute("counter", counter + 1);
                    async.getResponse().getWriter().print("done");
                } catch (Exception thrown) {
                    throw new IllegalStateException(thrown);
                } finally {
                    async.complete();
                }
            });
        });
        CompletableFuture<HttpResponse<String>> asynchronous = browser.twin().async(nodes.a, "/async");
        gate.awaitArrival();
        CompletableFuture<HttpResponse<String>> other = browser.twin().async(nodes.b, "/counter");
        new Browser().get(nodes.b, "/start");
        assertThat(other).isNotDone();
        assertThat(nodes.redis.keys("*:lock:" + browser.sessionId())).hasSize(1);
        gate.open();
        assertThat(asynchronous.get(20, SECONDS).body()).isEqualTo("done");
        assertThat(other.get(20, SECONDS).body()).isEqualTo("1");
    }

    @Test
    void an_asynchronous_request_that_is_dispatched_looks_again_without_waiting_for_itself() {
        Browser browser = started(nodes);
        APPLICATION.on("/async-dispatch", (request, response) -> {
            increment(request);
            request.startAsync().dispatch("/increment");
        });
        browser.get(nodes.a, "/async-dispatch");
        assertThat(browser.get(nodes.b, "/counter")).isEqualTo("2");
    }

    @Test
    void what_a_request_has_streamed_already_does_not_free_its_session() throws Exception {
        Browser browser = started(nodes);
        Gate gate = new Gate();
        APPLICATION.on("/stream-slowly", (request, response) -> {
            increment(request);
            response.getWriter().print("part");
            response.flushBuffer();
            gate.pass();
            increment(request);
        });
        CompletableFuture<?> streaming = browser.twin().async(nodes.a, "/stream-slowly");
        gate.awaitArrival();
        CompletableFuture<HttpResponse<String>> other = browser.twin().async(nodes.b, "/counter");
        new Browser().get(nodes.b, "/start");
        assertThat(other).isNotDone();
        gate.open();
        streaming.get(20, SECONDS);
        assertThat(other.get(20, SECONDS).body()).isEqualTo("2");
    }

    @Test
    void a_new_session_is_its_requests_from_the_moment_when_the_client_can_know_it() throws Exception {
        Gate gate = new Gate();
        APPLICATION.on("/begin-slowly", (request, response) -> {
            request.getSession().setAttribute("counter", 0);
            response.flushBuffer();
            gate.pass();
            increment(request);
        });
        Browser browser = new Browser();
        HttpResponse<?> streaming = browser.stream(nodes.a, "/begin-slowly");
        gate.awaitArrival();
        CompletableFuture<HttpResponse<String>> other = browser.twin().async(nodes.b, "/counter");
        new Browser().get(nodes.b, "/start");
        assertThat(other).isNotDone();
        gate.open();
        assertThat(streaming.statusCode()).isEqualTo(200);
        assertThat(other.get(20, SECONDS).body()).isEqualTo("1");
    }

    // ---- applications that synchronize on their session ----------------------------------------------------------

    /** In {@code synchronized (session)}, with two attributes. */
    private static void incrementSynchronized(HttpServletRequest request) throws InterruptedException {
        HttpSession session = request.getSession();
        synchronized (session) {
            int counter = (Integer) session.getAttribute("counter");
            session.setAttribute("last", Thread.currentThread().getName());
            assertThat(new CountDownLatch(1).await(1, TimeUnit.MILLISECONDS)).isFalse();
            session.setAttribute("counter", counter + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"request", "none"})
    void requests_that_synchronize_on_their_session_all_end_and_with_the_lock_none_is_lost(String lock)
            throws Exception {
        APPLICATION.on("/synchronized", (request, response) -> incrementSynchronized(request));
        try (TwoNodes own = running(node -> node.setting("lock", lock).setting("lockTimeout", "20s"))) {
            Browser browser = started(own);
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                TomcatNode node = client % 2 == 0 ? own.a : own.b;
                clients.add(CompletableFuture.runAsync(
                        () -> {
                            Browser twin = browser.twin();
                            for (int i = 0; i < INCREMENTS; i++) {
                                twin.get(node, "/synchronized");
                            }
                        },
                        task -> new Thread(task).start()));
            }
            CompletableFuture.allOf(clients.toArray(CompletableFuture[]::new)).get(60, SECONDS);

            int counted = Integer.parseInt(browser.get(own.b, "/counter"));
            if (lock.equals("request")) {
                assertThat(counted).isEqualTo(CLIENTS * INCREMENTS);
            } else {
                // A monitor is of one node: the other one overwrites. But nobody counts what nobody did.
                assertThat(counted).isBetween(1, CLIENTS * INCREMENTS);
            }
            assertThat(browser.get(own.a, "/counter")).isEqualTo(Integer.toString(counted));
            assertThat(locks(own)).isEmpty();
        }
    }

    /** A thread of the application that holds the monitor of a session until the gate opens, and then uses it. */
    private static Thread holder(HttpSession session, Gate gate) {
        return new Thread(() -> {
            synchronized (session) {
                try {
                    gate.pass();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                session.setAttribute("outside", session.getAttribute("counter") + " seen");
            }
        });
    }

    /** What threads of no request have set. */
    private static void outsideOn(TwoNodes own, Browser browser, String expected) {
        APPLICATION.on("/outside", (request, response) -> {
            response.getWriter().print(request.getSession().getAttribute("outside"));
        });
        await().until(() -> browser.get(own.b, "/outside").equals(expected));
    }

    private static AtomicReference<Thread> holding(TwoNodes own, Browser browser, Gate gate) throws Exception {
        AtomicReference<Thread> holder = new AtomicReference<>();
        APPLICATION.on("/hold-in-a-thread", (request, response) -> {
            holder.set(holder(request.getSession(), gate));
            holder.get().start();
        });
        browser.get(own.a, "/hold-in-a-thread");
        gate.awaitArrival();
        return holder;
    }

    @ParameterizedTest
    @ValueSource(strings = {"request", "none"})
    void looks_commits_and_upkeep_do_not_wait_for_a_thread_that_holds_the_monitor_of_the_session(String lock)
            throws Exception {
        try (TwoNodes own = running(node -> node.setting("lock", lock).setting("lockTimeout", "20s"))) {
            Browser browser = started(own);
            Gate gate = new Gate();
            AtomicReference<Thread> holder = holding(own, browser, gate);
            CompletableFuture<HttpResponse<String>> here = browser.twin().async(own.a, "/increment");
            assertThat(here.get(10, SECONDS).statusCode()).isEqualTo(200);
            CompletableFuture<HttpResponse<String>> there = browser.twin().async(own.b, "/increment");
            assertThat(there.get(10, SECONDS).statusCode()).isEqualTo(200);
            assertThat(browser.twin().async(own.a, "/read").get(10, SECONDS).body())
                    .isEqualTo("2 true");
            CompletableFuture.runAsync(own.a.manager()::processExpires).get(10, SECONDS);
            assertThat(holder.get().isAlive()).as("held it all the time").isTrue();

            gate.open();
            outsideOn(own, browser, "2 seen");
            assertThat(locks(own)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"request", "none"})
    void who_has_the_monitor_may_use_the_session_while_a_request_that_has_the_lock_waits_for_the_monitor(String lock)
            throws Exception {
        AtomicReference<Thread> waiting = new AtomicReference<>();
        APPLICATION.on("/wait-for-the-monitor", (request, response) -> {
            HttpSession session = request.getSession();
            session.getAttribute("counter");
            waiting.set(Thread.currentThread());
            synchronized (session) {
                increment(request);
            }
        });
        try (TwoNodes own = running(node -> node.setting("lock", lock).setting("lockTimeout", "20s"))) {
            Browser browser = started(own);
            Gate gate = new Gate();
            AtomicReference<Thread> holder = holding(own, browser, gate);
            CompletableFuture<HttpResponse<String>> here = browser.twin().async(own.a, "/wait-for-the-monitor");
            await().until(() -> waiting.get() != null && waiting.get().getState() == Thread.State.BLOCKED);
            CompletableFuture<HttpResponse<String>> there = browser.twin().async(own.b, "/read");
            assertThat(here).isNotDone();

            gate.open();
            holder.get().join(SECONDS.toMillis(10));
            assertThat(holder.get().isAlive())
                    .as("waits for the lock of the request")
                    .isFalse();
            assertThat(here.get(10, SECONDS).statusCode()).isEqualTo(200);
            assertThat(there.get(10, SECONDS).statusCode()).isEqualTo(200);
            assertThat(browser.get(own.b, "/counter")).isEqualTo("1");
            outsideOn(own, browser, "0 seen");
            assertThat(locks(own)).isEmpty();
        }
    }

    // ---- the same request again ----------------------------------------------------------------------------------

    @Test
    void forward_include_and_error_dispatch_do_not_wait_for_their_own_request() {
        Browser browser = started(nodes);
        browser.get(nodes.a, "/forward");
        assertThat(browser.get(nodes.b, "/include")).isEqualTo("3");
        HttpResponse<String> failed = browser.response(nodes.a, "/fail");
        assertThat(failed.statusCode()).isEqualTo(500);
        assertThat(failed.body()).isEqualTo("error page 5");
        assertThat(browser.get(nodes.b, "/counter")).isEqualTo("5");
    }

    @Test
    void a_session_that_a_listener_has_looked_at_is_locked_too() throws Exception {
        try (TwoNodes listening = running(node -> node.setting("lock", "request")
                .onContext(context -> context.addApplicationListener(LookingListener.class.getName())))) {
            Browser browser = started(listening);
            Gate gate = slowRequest("/slow");
            CompletableFuture<?> slow = browser.twin().async(listening.a, "/slow");
            gate.awaitArrival();
            CompletableFuture<HttpResponse<String>> other = browser.twin().async(listening.b, "/increment");
            new Browser().get(listening.b, "/start");
            assertThat(other).isNotDone();
            gate.open();
            slow.get(20, SECONDS);
            other.get(20, SECONDS);
            assertThat(browser.get(listening.a, "/counter")).isEqualTo("2");
            assertThat(locks(listening)).isEmpty();
        }
    }

    /** Made by Tomcat. */
    public static final class LookingListener implements ServletRequestListener {
        @Override
        public void requestInitialized(ServletRequestEvent event) {
            HttpSession session = ((HttpServletRequest) event.getServletRequest()).getSession(false);
            HEARD.add(session == null ? "none" : String.valueOf(session.getAttribute("counter")));
        }
    }

    // ---- time ----------------------------------------------------------------------------------------------------

    @Test
    void who_waits_for_too_long_is_answered_with_503_or_goes_on_without_the_lock() throws Exception {
        try (TwoNodes impatient = TwoNodes.with(
                node -> node.setting("lock", "request")
                        .setting("lockTimeout", "100ms")
                        .application("", APPLICATION),
                node -> node.setting("lock", "request")
                        .setting("lockTimeout", "100ms")
                        .setting("onLockTimeout", "proceed")
                        .application("", APPLICATION))) {
            Browser browser = started(impatient);
            Gate gate = slowRequest("/slow");
            CompletableFuture<?> slow = browser.twin().async(impatient.a, "/slow");
            gate.awaitArrival();
            HttpResponse<String> refused = browser.twin().response(impatient.a, "/counter");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(browser.twin().get(impatient.b, "/counter")).isEqualTo("0");
            gate.open();
            slow.get(20, SECONDS);
            assertThat(browser.get(impatient.a, "/counter")).isEqualTo("1");
            assertThat(locks(impatient)).isEmpty();
        }
    }

    @Test
    void the_lock_of_a_node_that_died_ends_with_its_lease() {
        Browser browser = started(nodes);
        nodes.redis.text("SET", keyOf(nodes, "lock", browser), "0123456789abcdef", "PX", "1500");
        long begin = System.nanoTime();
        browser.get(nodes.b, "/increment");
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)).isBetween(1000L, 4000L);
        assertThat(browser.get(nodes.a, "/counter")).isEqualTo("1");
    }

    @Test
    void the_lease_of_a_long_request_is_renewed() throws Exception {
        try (TwoNodes shortLease = running(node ->
                node.setting("lock", "request").setting("lockLease", "2s").setting("lockTimeout", "20s"))) {
            Browser browser = started(shortLease);
            Gate gate = slowRequest("/slow");
            CompletableFuture<?> slow = browser.twin().async(shortLease.a, "/slow");
            gate.awaitArrival();
            CompletableFuture<HttpResponse<String>> other = browser.twin().async(shortLease.b, "/increment");
            assertThat(new CountDownLatch(1).await(3, SECONDS)).isFalse();
            assertThat(other).isNotDone();
            gate.open();
            slow.get(20, SECONDS);
            other.get(20, SECONDS);
            assertThat(browser.get(shortLease.a, "/counter")).isEqualTo("2");
            assertThat(locks(shortLease)).isEmpty();
        }
    }

    @Test
    void who_has_outlived_the_lease_overwrites_nobody() throws Exception {
        Browser browser = started(nodes);
        Gate gate = slowRequest("/slow");
        CompletableFuture<?> slow = browser.twin().async(nodes.a, "/slow");
        gate.awaitArrival();
        nodes.redis.text("DEL", keyOf(nodes, "lock", browser));
        for (int i = 0; i < 5; i++) {
            browser.get(nodes.b, "/increment");
            browser.get(nodes.a, "/increment");
        }
        gate.open();
        slow.get(20, SECONDS);
        assertThat(browser.get(nodes.a, "/counter")).isEqualTo("10");
        assertThat(browser.get(nodes.b, "/counter")).isEqualTo("10");
    }

    @Test
    void what_the_one_who_lost_the_lease_had_changed_is_seen_by_nobody_on_its_node() throws Exception {
        Browser browser = started(nodes);
        Gate gate = new Gate();
        APPLICATION.on("/change-slowly", (request, response) -> {
            request.getSession().setAttribute("counter", 1000);
            gate.pass();
        });
        CompletableFuture<?> slow = browser.twin().async(nodes.a, "/change-slowly");
        gate.awaitArrival();
        nodes.redis.text("DEL", keyOf(nodes, "lock", browser));
        browser.get(nodes.a, "/increment");
        assertThat(browser.get(nodes.a, "/counter")).isEqualTo("1");
        gate.open();
        slow.get(20, SECONDS);
        assertThat(browser.get(nodes.a, "/counter")).isEqualTo("1");
        assertThat(browser.get(nodes.b, "/counter")).isEqualTo("1");
    }

    // ---- which requests ------------------------------------------------------------------------------------------

    @Test
    void only_paths_that_match_are_locked() throws Exception {
        try (TwoNodes some = running(node -> node.setting("lock", "uri:/(slow|incr.*)"))) {
            Browser browser = started(some);
            Gate gate = slowRequest("/slow");
            CompletableFuture<?> slow = browser.twin().async(some.a, "/slow");
            gate.awaitArrival();
            assertThat(browser.twin().get(some.b, "/counter")).isEqualTo("0");
            CompletableFuture<HttpResponse<String>> other = browser.twin().async(some.b, "/increment");
            assertThat(browser.twin().get(some.b, "/read")).isEqualTo("0 true");
            assertThat(other).isNotDone();
            gate.open();
            slow.get(20, SECONDS);
            other.get(20, SECONDS);
            assertThat(browser.get(some.a, "/counter")).isEqualTo("2");
            assertThat(locks(some)).isEmpty();
        }
    }

    @Test
    void a_request_that_finds_no_session_takes_no_lock() {
        Browser browser = new Browser().cookie("0123456789ABCDEF0123456789ABCDEF");
        assertThat(browser.get(nodes.a, "/read")).isEqualTo("none");
        assertThat(locks(nodes)).isEmpty();
    }

    // ---- what it costs, and what is left -------------------------------------------------------------------------

    @Test
    void a_request_that_nobody_hinders_costs_two_script_calls_reading_or_writing() {
        Browser browser = started(nodes);
        long publishedBefore = nodes.redis.calls("publish");
        assertThat(scriptCalls(() -> browser.get(nodes.a, "/read"))).isEqualTo(2L * ROUNDS);
        assertThat(scriptCalls(() -> browser.get(nodes.b, "/increment"))).isEqualTo(2L * ROUNDS);
        assertThat(scriptCalls(() -> browser.get(nodes.a, "/forward"))).isEqualTo(2L * ROUNDS);
        assertThat(scriptCalls(() -> new Browser().get(nodes.a, "/start"))).isEqualTo(ROUNDS);
        assertThat(scriptCalls(() -> browser.get(nodes.a, "/nothing"))).isZero();
        assertThat(nodes.redis.calls("publish")).as("nobody waited").isEqualTo(publishedBefore);
    }

    private static long scriptCalls(Runnable request) {
        request.run();
        return Traffic.scriptCallsOf(nodes.redis, () -> {
            for (int round = 0; round < ROUNDS; round++) {
                request.run();
            }
            new Browser().get(nodes.a, "/nothing");
            new Browser().get(nodes.b, "/nothing");
        });
    }

    @Test
    void no_lock_is_left_after_whatever_a_request_does() {
        for (String path : List.of(
                "/read", "/increment", "/forward", "/include", "/stream", "/rename", "/end-and-begin", "/end")) {
            Browser browser = started(nodes);
            browser.get(nodes.b, path);
            assertThat(locks(nodes)).as(path).isEmpty();
        }
        Browser failing = started(nodes);
        failing.response(nodes.b, "/fail");
        assertThat(locks(nodes)).isEmpty();
    }

    @Test
    void who_waits_for_a_session_that_ends_finds_none_at_once() throws Exception {
        Browser browser = started(nodes);
        Gate gate = new Gate();
        APPLICATION.on("/end-slowly", (request, response) -> {
            HttpSession session = request.getSession();
            gate.pass();
            session.invalidate();
        });
        CompletableFuture<?> ending = browser.twin().async(nodes.a, "/end-slowly");
        gate.awaitArrival();
        CompletableFuture<HttpResponse<String>> other = browser.twin().async(nodes.b, "/read");
        CompletableFuture<HttpResponse<String>> neighbour = browser.twin().async(nodes.a, "/read");
        gate.open();
        ending.get(20, SECONDS);
        assertThat(other.get(5, SECONDS).body()).isEqualTo("none");
        assertThat(neighbour.get(5, SECONDS).body()).isEqualTo("none");
    }

    @Test
    void a_session_keeps_its_lock_when_its_id_changes() throws Exception {
        Browser browser = started(nodes);
        Gate gate = new Gate();
        AtomicReference<String> newId = new AtomicReference<>();
        APPLICATION.on("/rename-slowly", (request, response) -> {
            request.getSession();
            newId.set(request.changeSessionId());
            gate.pass();
            increment(request);
        });
        CompletableFuture<?> renaming = browser.twin().async(nodes.a, "/rename-slowly");
        gate.awaitArrival();
        Browser renamed = new Browser().cookie(newId.get());
        CompletableFuture<HttpResponse<String>> other = renamed.async(nodes.b, "/increment");
        new Browser().get(nodes.b, "/start");
        assertThat(other).isNotDone();
        gate.open();
        renaming.get(20, SECONDS);
        other.get(20, SECONDS);
        assertThat(renamed.get(nodes.a, "/counter")).isEqualTo("2");
    }
}
