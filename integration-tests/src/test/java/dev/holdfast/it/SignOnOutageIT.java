package dev.holdfast.it;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.RedisServer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Users who are signed on to two applications on two nodes, while Redis does not answer: nobody is logged out. */
@Tag("faults")
class SignOnOutageIT {

    private static final Duration BUDGET = Duration.ofMillis(500);

    /** After the return of Redis; the test machines are noisy. 2 s are promised, and the time is printed. */
    private static final Duration SOON = Duration.ofSeconds(10);

    /** What a request takes on a busy machine beside waiting for Redis. */
    private static final Duration ALLOWANCE = Duration.ofMillis(1000);

    private final LogRecords log = new LogRecords();
    private final List<Loads> loads = new ArrayList<>();
    private RedisServer redis;
    private TwoNodes nodes;

    /** What a test does to Redis. */
    enum Fault {
        HANGS(RedisServer::pause, RedisServer::resume),
        KILLED_AND_BACK_WITH_ITS_DATA(RedisServer::kill, RedisServer::restart),
        /** Of a server that keeps nothing: to empty it later would be another loss, after the return. */
        KILLED_AND_BACK_EMPTY(RedisServer::kill, RedisServer::restart),
        READ_ONLY(
                master -> master.text("REPLICAOF", "127.0.0.1", "1"),
                replica -> replica.text("REPLICAOF", "NO", "ONE"));

        private final Consumer<RedisServer> begin;
        private final Consumer<RedisServer> end;

        Fault(Consumer<RedisServer> begin, Consumer<RedisServer> end) {
            this.begin = begin;
            this.end = end;
        }

        void begin(RedisServer redis) {
            begin.accept(redis);
        }

        void end(RedisServer redis) {
            end.accept(redis);
        }
    }

    private void start(String method, String onUnknown) {
        start(RedisServer.builder().persistent(), method, onUnknown);
    }

    private void start(RedisServer.Builder server, String method, String onUnknown) {
        redis = server.start();
        nodes = TwoNodes.on(redis, node(method, onUnknown), node(method, onUnknown));
    }

    private TomcatNode.Builder node(String method, String onUnknown) {
        return SingleSignOnIT.BOTH
                .apply(SingleSignOnIT.withSignOn(TomcatNode.builder().redis(redis.uri()), method, valve -> {
                    valve.setProperty("operationTimeout", "250ms");
                    valve.setProperty("openInterval", "100ms");
                    valve.setProperty("requestBudget", BUDGET.toMillis() + "ms");
                    valve.setProperty("onUnknown", onUnknown);
                }))
                .setting("operationTimeout", "250ms")
                .setting("openInterval", "100ms")
                .setting("requestBudget", BUDGET.toMillis() + "ms")
                .setting("sweepInterval", "10m");
    }

    @AfterEach
    void stop() {
        loads.forEach(Loads::close);
        if (redis.isAlive()) {
            redis.resume();
        }
        nodes.close();
        log.close();
    }

    /** Signed on, and with a session of each application on the nodes. */
    private static Visitor signedOn(String user, TomcatNode... known) {
        Visitor visitor = SingleSignOnIT.loggedIn(known[0], "/shop", user);
        for (TomcatNode node : known) {
            assertThat(visitor.get(node, "/forum/protected/set?v=" + user)).isEmpty();
            assertThat(visitor.get(node, "/shop/protected/set?v=" + user)).isEmpty();
            // Each node has seen what the other one has done last.
            assertThat(visitor.get(known[0], "/forum/protected/get")).isEqualTo(user);
        }
        return visitor;
    }

    private static void assertSignedOn(Visitor visitor, String user, TomcatNode node) {
        assertThat(visitor.get(node, "/shop/protected/who")).isEqualTo(user + " true FORM");
        assertThat(visitor.get(node, "/forum/protected/who")).isEqualTo(user + " true FORM");
    }

    /** A user who clicks without end, and to whom nothing may ever happen. */
    private static final class Loads implements AutoCloseable {
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final AtomicBoolean running = new AtomicBoolean(true);
        private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
        private final Latencies latencies = new Latencies();

        void click(Visitor visitor, String user, TomcatNode node) {
            threads.execute(() -> {
                while (running.get()) {
                    for (String application : List.of("/shop", "/forum")) {
                        Latencies.Phase begun = latencies.phase();
                        long start = System.nanoTime();
                        HttpResponse<String> answer = visitor.response(node, application + "/protected/get");
                        long took = System.nanoTime() - start;
                        latencies.note(begun, took);
                        if (answer.statusCode() != 200 || !answer.body().equals(user)) {
                            wrong.add(application + " answered " + user + ": " + answer.statusCode() + " "
                                    + answer.body());
                        }
                        if (took > BUDGET.plus(ALLOWANCE).toNanos()) {
                            wrong.add(application + " took " + Duration.ofNanos(took));
                        }
                    }
                }
            });
        }

        void end() throws InterruptedException {
            running.set(false);
            threads.shutdown();
            assertThat(threads.awaitTermination(20, SECONDS)).isTrue();
            assertThat(wrong).isEmpty();
        }

        @Override
        public void close() {
            running.set(false);
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void who_is_signed_on_stays_so_and_logins_and_logouts_meanwhile_count_everywhere_later(Fault fault)
            throws InterruptedException {
        boolean empty = fault == Fault.KILLED_AND_BACK_EMPTY;
        start(empty ? RedisServer.builder() : RedisServer.builder().persistent(), "FORM", "new");
        Visitor alice = signedOn("alice", nodes.a, nodes.b);
        Visitor carol = signedOn("carol", nodes.a, nodes.b);
        Visitor erin = signedOn("erin", nodes.a);
        Loads load = new Loads();
        loads.add(load);
        for (TomcatNode node : List.of(nodes.a, nodes.b)) {
            load.click(signedOn("user1", node), "user1", node);
            load.click(signedOn("user2", node), "user2", node);
        }

        load.latencies.enter(Latencies.Phase.FAULT);
        fault.begin(redis);
        assertSignedOn(alice, "alice", nodes.a);
        assertSignedOn(alice, "alice", nodes.b);
        if (fault != Fault.READ_ONLY) {
            await().untilAsserted(() -> assertThat(log.with("HF-602").stream()
                            .filter(line -> line.text().contains("for single sign-on")))
                    .hasSize(2));
        }
        Visitor bob = SingleSignOnIT.loggedIn(nodes.a, "/shop", "bob");
        assertSignedOn(bob, "bob", nodes.a);
        Visitor olderTabOfCarol = carol.twin();
        assertThat(carol.response(nodes.a, "/shop/logout").statusCode()).isEqualTo(200);
        if (fault != Fault.READ_ONLY) {
            assertThat(erin.get(nodes.b, "/shop/protected/who"))
                    .as("unknown there")
                    .isEqualTo("please log in");
            assertThat(erin.cookies(SingleSignOnIT.COOKIE)).hasSize(1);
        }
        assertThat(olderTabOfCarol.twin().get(nodes.a, "/forum/get")).isEqualTo("no session");
        assertThat(olderTabOfCarol.twin().get(nodes.a, "/forum/protected/who")).isEqualTo("please log in");
        assertSignedOn(alice, "alice", nodes.a);
        assertSignedOn(alice, "alice", nodes.b);

        load.latencies.enter(Latencies.Phase.RETURN);
        fault.end(redis);
        long back = System.nanoTime();
        // Who comes to a node before it can know loses the cookie there: hence always another window.
        await().atMost(SOON).untilAsserted(() -> assertSignedOn(bob.twin(), "bob", nodes.b));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(olderTabOfCarol.twin().get(nodes.b, "/forum/get"))
                        .isEqualTo("no session"));
        Duration late = Duration.ofNanos(System.nanoTime() - back);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(olderTabOfCarol.twin().get(nodes.b, "/shop/protected/who"))
                        .isEqualTo("please log in"));
        assertSignedOn(alice, "alice", nodes.b);
        assertSignedOn(alice, "alice", nodes.a);
        load.latencies.enter(Latencies.Phase.AFTER);
        assertSignedOn(alice, "alice", nodes.b);
        load.end();
        System.out.println("LOAD sign-on " + fault + ": all known after " + late + "; " + load.latencies);
        bob.get(nodes.b, "/forum/logout");
        assertThat(bob.get(nodes.a, "/shop/protected/who")).isEqualTo("please log in");
        assertThat(log.with("HF-644")).isEmpty();
    }

    @Test
    void logins_by_basic_meanwhile_count_in_both_applications() {
        start("BASIC", "new");
        redis.pause();
        Visitor visitor = new Visitor();
        assertThat(visitor.response(nodes.a, "/shop/protected/who", "Authorization", SingleSignOnIT.basic("alice"))
                        .body())
                .isEqualTo("alice true BASIC");
        assertThat(visitor.get(nodes.a, "/forum/protected/who")).isEqualTo("alice true BASIC");
        redis.resume();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(visitor.twin()
                                .response(nodes.b, "/forum/protected/who")
                                .body())
                        .isEqualTo("alice true BASIC"));
    }

    @Test
    void who_logs_out_on_a_node_that_does_not_know_the_sign_on_is_logged_out_later() {
        start("FORM", "new");
        Visitor visitor = signedOn("alice", nodes.a);
        Visitor olderTab = new Visitor()
                .cookie(
                        SingleSignOnIT.COOKIE,
                        visitor.cookies(SingleSignOnIT.COOKIE).get(0).getValue());
        redis.pause();
        assertThat(olderTab.response(nodes.b, "/shop/logout").statusCode()).isEqualTo(200);
        assertThat(log.with("HF-640")).hasSize(1);
        redis.resume();
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(visitor.get(nodes.a, "/forum/protected/who")).isEqualTo("please log in"));
    }

    @Test
    void a_redis_that_was_emptied_without_an_outage_gets_sign_ons_back_with_their_next_request() {
        start("FORM", "new");
        Visitor visitor = signedOn("alice", nodes.a, nodes.b);
        Visitor gone = signedOn("carol", nodes.a, nodes.b);
        String cookie = gone.cookies(SingleSignOnIT.COOKIE).get(0).getValue();
        gone.get(nodes.a, "/shop/logout");
        redis.flushAll();
        assertSignedOn(visitor, "alice", nodes.a);
        assertSignedOn(visitor, "alice", nodes.b);
        assertThat(new Visitor().cookie(SingleSignOnIT.COOKIE, cookie).get(nodes.a, "/forum/protected/who"))
                .isEqualTo("please log in");
        visitor.get(nodes.b, "/forum/logout");
        assertThat(visitor.get(nodes.a, "/shop/protected/who")).isEqualTo("please log in");
    }

    @Test
    void a_start_without_redis_signs_on_and_redis_hears_of_it_when_it_comes() {
        start("FORM", "new");
        nodes.b.close();
        redis.kill();
        try (TomcatNode late = node("FORM", "new").start()) {
            Visitor visitor = SingleSignOnIT.loggedIn(late, "/shop", "alice");
            assertSignedOn(visitor, "alice", late);
            redis.restart();
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertSignedOn(visitor.twin(), "alice", nodes.a));
        }
    }

    @Test
    void a_node_that_stops_meanwhile_says_what_is_lost_and_leaves_no_thread() {
        start("FORM", "new");
        Visitor visitor = signedOn("alice", nodes.a);
        redis.kill();
        visitor.get(nodes.a, "/shop/logout");
        nodes.a.close();
        nodes.b.close();
        assertThat(log.with("HF-646")).hasSize(1);
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("holdfast-")));
    }
}
