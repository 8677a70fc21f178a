package dev.holdfast.it;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.RedisServer;
import jakarta.servlet.http.HttpSession;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests that use their session one at a time, while Redis does not answer: on each node they still do. */
@Tag("faults")
class LockOutageIT {

    private static final int CLIENTS = 8;
    private static final int INCREMENTS = 15;
    private static final long THINKING_NANOS = 5_000_000;
    private static final Duration SOON = Duration.ofSeconds(10);

    private final Application application = new Application()
            .on("/nothing", (request, response) -> response.getWriter().print("nothing"))
            .on("/start", (request, response) -> request.getSession().setAttribute("counter", 0))
            .on("/increment", (request, response) -> {
                HttpSession session = request.getSession();
                int counter = (Integer) session.getAttribute("counter");
                LockSupport.parkNanos(THINKING_NANOS);
                session.setAttribute("counter", counter + 1);
            })
            .on("/counter", (request, response) -> {
                HttpSession session = request.getSession(false);
                response.getWriter().print(session == null ? "none" : session.getAttribute("counter"));
            });
    private final LogRecords log = new LogRecords();
    private final Browser browser = new Browser();
    private RedisServer redis;
    private TwoNodes nodes;

    @BeforeEach
    void start() {
        start(RedisServer.builder().persistent());
    }

    private void start(RedisServer.Builder server) {
        redis = server.start();
        nodes = TwoNodes.on(redis, node(), node());
        browser.get(nodes.a, "/start");
    }

    private TomcatNode.Builder node() {
        return TomcatNode.builder()
                .redis(redis.uri())
                .setting("lock", "request")
                .setting("lockTimeout", "20s")
                .setting("lockLease", "2s")
                .setting("operationTimeout", "250ms")
                .setting("openInterval", "100ms")
                .setting("sweepInterval", "10m")
                .application("", application);
    }

    @AfterEach
    void stop() {
        if (redis.isAlive()) {
            redis.resume();
        }
        nodes.close();
        log.close();
    }

    /** A request that holds its session until the gate opens. */
    private Gate slowRequest(String path) {
        Gate gate = new Gate();
        application.on(path, (request, response) -> {
            int counter = (Integer) request.getSession().getAttribute("counter");
            gate.pass();
            request.getSession().setAttribute("counter", counter + 1);
        });
        return gate;
    }

    /** A busy machine lets a breaker open now and then: what counts is that nothing is left in the end. */
    private void awaitNoLock() {
        await().atMost(SOON).untilAsserted(() -> {
            browser.get(nodes.a, "/nothing");
            assertThat(redis.keys("*:lock:*")).isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource(SignOnOutageIT.Fault.class)
    void clients_of_one_node_lose_no_increment_while_redis_goes_and_comes(SignOnOutageIT.Fault fault) throws Exception {
        if (fault == SignOnOutageIT.Fault.KILLED_AND_BACK_EMPTY) {
            nodes.close();
            start(RedisServer.builder());
        }
        AtomicInteger done = new AtomicInteger();
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<?>> all = IntStream.range(0, CLIENTS)
                    .<Future<?>>mapToObj(client -> clients.submit(() -> {
                        Browser own = browser.twin();
                        for (int i = 0; i < INCREMENTS; i++) {
                            assertThat(own.response(nodes.a, "/increment").statusCode())
                                    .isEqualTo(200);
                            done.incrementAndGet();
                        }
                    }))
                    .toList();
            await().until(() -> done.get() >= CLIENTS * INCREMENTS / 4);
            fault.begin(redis);
            await().atMost(SOON).until(() -> done.get() >= CLIENTS * INCREMENTS / 2);
            fault.end(redis);
            for (Future<?> each : all) {
                each.get(30, SECONDS);
            }
        } finally {
            clients.shutdownNow();
        }
        String expected = String.valueOf(CLIENTS * INCREMENTS);
        assertThat(browser.get(nodes.a, "/counter")).isEqualTo(expected);
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(browser.get(nodes.b, "/counter")).isEqualTo(expected));
        assertThat(log.with("HF-310")).isEmpty();
        awaitNoLock();
    }

    @Test
    void who_has_the_session_since_before_the_outage_is_waited_for_during_and_after_it() throws Exception {
        Gate gate = slowRequest("/slow");
        CompletableFuture<HttpResponse<String>> first = browser.async(nodes.a, "/slow");
        gate.awaitArrival();
        redis.pause();
        CompletableFuture<HttpResponse<String>> second = browser.async(nodes.a, "/increment");
        await().until(() -> !log.with("HF-602").isEmpty());
        assertThat(second).isNotDone();
        redis.resume();
        await().until(() -> !log.with("HF-603").isEmpty());
        assertThat(second).isNotDone();
        gate.open();
        assertThat(first.get(20, SECONDS).statusCode()).isEqualTo(200);
        assertThat(second.get(20, SECONDS).statusCode()).isEqualTo(200);
        assertThat(browser.get(nodes.a, "/counter")).isEqualTo("2");
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(browser.get(nodes.b, "/counter")).isEqualTo("2"));
        awaitNoLock();
    }

    @Test
    void who_has_got_the_session_in_the_outage_is_waited_for_on_its_node_when_redis_is_back() throws Exception {
        Gate gate = slowRequest("/slow");
        redis.pause();
        CompletableFuture<HttpResponse<String>> first = browser.async(nodes.a, "/slow");
        gate.awaitArrival();
        redis.resume();
        CompletableFuture<HttpResponse<String>> second = browser.async(nodes.a, "/increment");
        await().until(() -> browser.get(nodes.a, "/nothing").equals("nothing")
                && !redis.keys("*:lock:*").isEmpty());
        assertThat(second).isNotDone();
        gate.open();
        assertThat(first.get(20, SECONDS).statusCode()).isEqualTo(200);
        assertThat(second.get(20, SECONDS).statusCode()).isEqualTo(200);
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(browser.get(nodes.b, "/counter")).isEqualTo("2"));
        awaitNoLock();
    }

    @Test
    void a_request_that_is_longer_than_its_lease_has_its_lock_again_when_redis_has_lost_it() throws Exception {
        Gate gate = slowRequest("/slow");
        CompletableFuture<HttpResponse<String>> first = browser.async(nodes.a, "/slow");
        gate.awaitArrival();
        redis.flushAll();
        await().atMost(SOON).until(() -> !redis.keys("*:lock:*").isEmpty());
        CompletableFuture<HttpResponse<String>> second = browser.async(nodes.a, "/increment");
        gate.open();
        assertThat(first.get(20, SECONDS).statusCode()).isEqualTo(200);
        assertThat(second.get(20, SECONDS).statusCode()).isEqualTo(200);
        assertThat(browser.get(nodes.b, "/counter")).isEqualTo("2");
        assertThat(log.with("HF-310")).isEmpty();
        awaitNoLock();
    }
}
