package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.FreePorts;
import dev.holdfast.testkit.RedisServer;
import dev.holdfast.tomcat.RedisClient;
import dev.holdfast.tomcat.RedisSingleSignOn;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.catalina.LifecycleState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A Tomcat that starts while Redis is not there: it serves at once, and works with Redis as soon as that comes. */
class StartWithoutRedisIT {

    private static final int OK = 200;
    /** A third of the connect time-out of the network that drops packets; the test machines are noisy. */
    private static final Duration BOUNDED = Duration.ofSeconds(10);

    private static final Duration SOON = Duration.ofSeconds(40);

    private static final Application APPLICATION = new Application()
            .on("/set", (request, response) -> request.getSession().setAttribute("value", request.getParameter("v")))
            .on("/get", (request, response) -> {
                HttpSession session = request.getSession(false);
                response.getWriter().print(session == null ? "no session" : session.getAttribute("value"));
            })
            .on("/nothing", (request, response) -> response.getWriter().print("nothing"));

    private final LogRecords log = new LogRecords();
    private final Browser browser = new Browser();

    /** What a young JVM takes for its classes is none of what is tested. */
    @BeforeAll
    static void loadClasses() {
        try (RedisServer redis = RedisServer.start();
                TomcatNode node = node(redis.uri()).start()) {
            assertThat(node.isRunning()).isTrue();
        }
    }

    @AfterEach
    void stop() {
        log.close();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .noneMatch(thread -> thread.getName().startsWith("holdfast-")));
    }

    private static TomcatNode.Builder node(String uri) {
        return TomcatNode.builder().redis(uri).application("", APPLICATION);
    }

    private static TomcatNode startInTime(TomcatNode.Builder node) {
        long start = System.nanoTime();
        TomcatNode started = node.start();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        try {
            assertThat(started.isRunning()).isTrue();
            assertThat(took).isLessThan(BOUNDED);
            return started;
        } catch (AssertionError late) {
            started.close();
            throw late;
        }
    }

    private void assertServesWithoutRedis(TomcatNode node) {
        assertThat(browser.get(node, "/nothing")).isEqualTo("nothing");
        assertThat(log.with("HF-605 There is no Redis")).hasSize(1);
        assertThat(log.with("HF-602")).isEmpty();
    }

    /** A new session is answered with 200 also if it could not be stored: so it is looked for in Redis itself. */
    private void awaitThere(TomcatNode node, RedisServer redis) {
        await().atMost(SOON).until(() -> log.with("HF-607").size() == 1);
        assertThat(browser.response(node, "/set?v=1").statusCode()).isEqualTo(OK);
        assertThat(redis.keys("*" + browser.sessionId())).isNotEmpty();
        assertThat(browser.get(node, "/get")).isEqualTo("1");
        assertThat(log.with("HF-603")).isEmpty();
    }

    @Test
    void sessions_work_and_are_shared_when_redis_comes_later() {
        int port = FreePorts.next();
        String uri = "redis://127.0.0.1:" + port;
        try (TomcatNode a = startInTime(node(uri))) {
            assertServesWithoutRedis(a);
            assertThat(log.with("HF-605 There is no Redis").get(0).text()).contains("HF-202");
            try (RedisServer redis = RedisServer.builder().port(port).start();
                    TomcatNode b = startInTime(node(uri))) {
                awaitThere(a, redis);
                assertThat(browser.get(b, "/get")).isEqualTo("1");
            }
        }
    }

    @Test
    void exclusive_sessions_work_when_redis_comes_later() {
        int port = FreePorts.next();
        String uri = "redis://127.0.0.1:" + port;
        try (TomcatNode a = startInTime(node(uri).setting("lock", "request"));
                RedisServer redis = RedisServer.builder().port(port).start()) {
            awaitThere(a, redis);
            assertThat(redis.texts("PUBSUB", "CHANNELS", "*unlocked")).hasSize(1);
        }
    }

    @Test
    void a_wrong_password_is_said_once_and_healed_without_a_restart() {
        try (RedisServer redis = RedisServer.builder().password("right").start();
                TomcatNode node = startInTime(node("redis://:rotated@127.0.0.1:" + redis.port()))) {
            assertServesWithoutRedis(node);
            assertThat(log.with("HF-605 There is no Redis").get(0).text()).contains("HF-203");
            long before = failedLogins(redis);
            await().atMost(SOON).until(() -> failedLogins(redis) >= before + 2);
            assertThat(log.with("HF-606")).isEmpty();

            redis.text("ACL", "SETUSER", "default", ">rotated");

            awaitThere(node, redis);
            assertThat(log.with("rotated@")).isEmpty();
        }
    }

    /** Those that failed: this question logs in, too. */
    private static long failedLogins(RedisServer redis) {
        return redis.info("commandstats").entrySet().stream()
                .filter(entry -> entry.getKey().matches("cmdstat_(auth|hello)"))
                .mapToLong(entry -> Long.parseLong(entry.getValue().replaceFirst(".*failed_calls=(\\d+).*", "$1")))
                .sum();
    }

    @Test
    void a_missing_permission_is_said_with_the_remedy_and_healed_without_a_restart() {
        try (RedisServer redis = RedisServer.start()) {
            redis.text("ACL", "SETUSER", "shop", "on", ">secret", "~*", "&*", "+@all", "-evalsha", "-eval");
            String uri = "redis://shop:secret@127.0.0.1:" + redis.port();
            try (TomcatNode node = startInTime(node(uri))) {
                assertServesWithoutRedis(node);
                assertThat(log.with("HF-605 There is no Redis").get(0).text())
                        .contains("HF-204")
                        .contains("redis-acl.conf");
                redis.text("ACL", "SETUSER", "shop", "+@all");
                awaitThere(node, redis);
            }
        }
    }

    @Test
    void a_strict_start_is_refused() {
        try (TomcatNode node = node("redis://127.0.0.1:" + FreePorts.next())
                .setting("startup", "strict")
                .start()) {
            assertThat(node.context().getState()).isNotEqualTo(LifecycleState.STARTED);
            assertThat(log.with("HF-202")).hasSize(1);
            assertThat(log.with("HF-605")).isEmpty();
        }
    }

    @Test
    void another_number_of_partitions_is_refused_in_both_modes() {
        try (RedisServer redis = RedisServer.start();
                TomcatNode first = node(redis.uri()).start();
                TomcatNode other = node(redis.uri()).setting("partitions", "8").start()) {
            assertThat(first.isRunning()).isTrue();
            assertThat(other.isRunning()).isFalse();
        }
    }

    @Test
    void a_name_that_does_not_resolve_holds_nothing_up() {
        try (TomcatNode node = startInTime(node("redis://no-such-host.invalid:6379"))) {
            assertServesWithoutRedis(node);
        }
    }

    @Test
    void a_redis_that_hangs_holds_nothing_up() {
        try (RedisServer redis = RedisServer.start()) {
            redis.pause();
            try (TomcatNode node = startInTime(node(redis.uri()))) {
                assertServesWithoutRedis(node);
                redis.resume();
                awaitThere(node, redis);
            }
        }
    }

    @Test
    void a_network_that_drops_packets_holds_up_neither_start_nor_stop() throws IOException {
        try (BlackHole hole = new BlackHole()) {
            TomcatNode node =
                    startInTime(node("redis://127.0.0.1:" + hole.port()).setting("connectTimeout", "30s"));
            assertServesWithoutRedis(node);
            long start = System.nanoTime();
            node.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUNDED);
        }
    }

    private static TomcatNode.Builder sharing(int port) {
        return new RedisResource("redis://127.0.0.1:" + port)
                .with("connectTimeout", "30s")
                .node()
                .setting("client", RedisResource.NAME)
                .onTomcat(tomcat -> {
                    RedisSingleSignOn valve = new RedisSingleSignOn();
                    valve.setProperty("client", RedisResource.NAME);
                    tomcat.getHost().getPipeline().addValve(valve);
                })
                .application("/one", APPLICATION)
                .application("/two", APPLICATION);
    }

    @Test
    void applications_and_single_sign_on_that_share_a_client_do_not_hold_each_other_up() throws IOException {
        try (BlackHole hole = new BlackHole()) {
            TomcatNode node = startInTime(sharing(hole.port()));
            assertThat(browser.get(node, "/one/nothing")).isEqualTo("nothing");
            assertThat(browser.get(node, "/two/nothing")).isEqualTo("nothing");
            assertThat(log.with("HF-605 There is no Redis")).hasSize(3);
            long start = System.nanoTime();
            node.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUNDED);
        }
    }

    @Test
    void applications_and_single_sign_on_that_share_a_client_all_work_when_redis_comes() throws Exception {
        int port = FreePorts.next();
        try (TomcatNode node = startInTime(sharing(port));
                RedisServer redis = RedisServer.builder().port(port).start()) {
            await().atMost(SOON).until(() -> log.with("HF-607").size() == 3);
            browser.get(node, "/one/set?v=1");
            assertThat(browser.get(node, "/one/get")).isEqualTo("1");
            assertThat(redis.keys("*" + browser.sessionId())).isNotEmpty();
            RedisClient client =
                    (RedisClient) node.server().getGlobalNamingContext().lookup(RedisResource.NAME);
            assertThat(client.getUsers()).isEqualTo(3);
        }
    }

    /** A port whose queue is full: the operating system drops what would open a further connection. */
    private static final class BlackHole implements AutoCloseable {

        private static final int PATIENCE_MILLIS = 300;

        private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        private final List<Socket> queue = new ArrayList<>();

        BlackHole() throws IOException {
            boolean full = false;
            while (!full) {
                Socket socket = new Socket();
                queue.add(socket);
                try {
                    socket.connect(new InetSocketAddress("127.0.0.1", port()), PATIENCE_MILLIS);
                } catch (IOException dropped) {
                    full = true;
                }
            }
        }

        int port() {
            return listener.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : queue) {
                socket.close();
            }
            listener.close();
        }
    }
}
