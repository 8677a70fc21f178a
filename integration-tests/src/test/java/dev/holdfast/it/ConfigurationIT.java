package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.FreePorts;
import dev.holdfast.testkit.RedisServer;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.logging.Level;
import java.util.stream.Collectors;
import org.apache.catalina.Manager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator gets to read, and never gets to read, when an application starts. */
class ConfigurationIT {

    private static final String PASSWORD = "tell-nobody";
    private static final Duration LONGEST_FAILURE = Duration.ofSeconds(10);

    private static RedisServer redis;

    private LogRecords log;

    @BeforeAll
    static void startRedis() {
        redis = RedisServer.builder().password(PASSWORD).start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @BeforeEach
    void listen() {
        log = new LogRecords();
    }

    @AfterEach
    void nobodyWasToldThePassword() {
        log.close();
        assertThat(log.lines()).isNotEmpty();
        assertThat(log.with(PASSWORD)).isEmpty();
    }

    private static String uri(String password, int port) {
        return "redis://:" + password + "@127.0.0.1:" + port;
    }

    private static String uri() {
        return uri(PASSWORD, redis.port());
    }

    private static TomcatNode.Builder node() {
        return TomcatNode.builder()
                .application(
                        "",
                        new Application()
                                .on(
                                        "/set",
                                        (request, response) ->
                                                request.getSession().setAttribute("value", "set"))
                                .on(
                                        "/get",
                                        (request, response) -> response.getWriter()
                                                .print(request.getSession().getAttribute("value"))));
    }

    private static void assertWorks(TomcatNode node) {
        assertThat(node.isRunning()).isTrue();
        Browser browser = new Browser();
        browser.get(node, "/set");
        assertThat(browser.get(node, "/get")).isEqualTo("set");
        assertThat(redis.keys("*" + browser.sessionId())).isNotEmpty();
    }

    /** The one record that says why an application does not run. */
    private String refusal(TomcatNode node, String code) {
        assertThat(node.isRunning()).isFalse();
        assertThat(new Browser().response(node, "/set").statusCode()).isNotEqualTo(200);
        assertThat(log.with(code)).hasSize(1);
        LogRecords.Line line = log.with(code).get(0);
        assertThat(line.level()).isEqualTo(Level.SEVERE);
        return line.text();
    }

    // ---- the password --------------------------------------------------------------------------------------------

    @Test
    void a_password_opens_redis() {
        try (TomcatNode node = node().redis(uri()).start()) {
            assertWorks(node);
            // The finest lines are there, those of the driver about the commands that it sends among them.
            assertThat(log.with("AUTH")).extracting(LogRecords.Line::level).contains(Level.FINEST);
        }
    }

    @Test
    void a_password_in_a_redisson_file_opens_redis() throws IOException {
        try (Directory directory = Directory.temporary()) {
            Path file = directory.path().resolve("redisson.yaml");
            Files.writeString(
                    file,
                    "password: \"" + PASSWORD + "\"\nsingleServerConfig:\n  address: \"redis://127.0.0.1:"
                            + redis.port() + "\"\n");
            try (TomcatNode node =
                    node().setting("redissonConfig", file.toString()).start()) {
                assertWorks(node);
            }
        }
    }

    @Test
    void a_wrong_password_stops_a_strict_start_with_a_message_that_does_not_tell_it() {
        String wrong = PASSWORD + "-wrong";
        Set<Thread> before = threadsOfRedisson();
        try (TomcatNode node = node().redis(uri(wrong, redis.port()))
                .setting("startup", "strict")
                .start()) {
            assertThat(refusal(node, "HF-203"))
                    .contains("127.0.0.1:" + redis.port())
                    .contains("user or password");
            awaitThreads(before);
        }
    }

    @Test
    void a_redis_that_is_not_there_stops_a_strict_start_with_a_message_that_tells_where_it_was_looked_for() {
        int nobody = FreePorts.next();
        Set<Thread> before = threadsOfRedisson();
        long start = System.nanoTime();
        try (TomcatNode node =
                node().redis(uri(PASSWORD, nobody)).setting("startup", "strict").start()) {
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONGEST_FAILURE);
            assertThat(refusal(node, "HF-202")).contains("127.0.0.1:" + nobody);
            awaitThreads(before);
        }
    }

    @Test
    void a_malformed_uri_stops_the_application_with_a_message_that_does_not_tell_its_password() {
        try (TomcatNode node =
                node().redis("redis://:" + PASSWORD + "@127.0.0.1:port/x").start()) {
            assertThat(refusal(node, "HF-001")).contains("redis=").contains("***@");
        }
    }

    private static Set<Thread> threadsOfRedisson() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("redisson"))
                .collect(Collectors.toSet());
    }

    /** A start that failed leaves no threads behind. */
    private static void awaitThreads(Set<Thread> before) {
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(threadsOfRedisson()).isSubsetOf(before));
    }

    // ---- settings ------------------------------------------------------------------------------------------------

    @Test
    void wrong_values_stop_the_application_with_one_message_that_lists_them_all() {
        try (TomcatNode node = node().redis("redis://localhost:99999")
                .setting("operationTimeout", "fast")
                .setting("partitions", "0")
                .setting("keyPrefix", "with blank")
                .start()) {
            assertThat(refusal(node, "HF-001"))
                    .contains("localhost/")
                    .contains("4 settings are wrong")
                    .contains("redis=\"redis://localhost:99999\"")
                    .contains("between 1 and 65535")
                    .contains("operationTimeout=\"fast\"")
                    .contains("10ms", "60s")
                    .contains("partitions=\"0\"")
                    .contains("1024")
                    .contains("keyPrefix=\"with blank\"");
        }
    }

    @Test
    void without_a_redis_the_message_tells_the_line_to_write() {
        try (TomcatNode node = node().start()) {
            assertThat(refusal(node, "HF-001")).contains("Write redis=\"redis://localhost:6379\"");
        }
    }

    @Test
    void an_unknown_name_is_a_warning_that_tells_the_nearest_one() {
        try (TomcatNode node = node().redis(uri())
                .setting("operationTimout", "1s")
                .setting("maxActiveSession", "100")
                .setting("colour", "red")
                .start()) {
            assertWorks(node);
            assertThat(log.with("HF-002"))
                    .extracting(LogRecords.Line::level)
                    .containsOnly(Level.WARNING)
                    .hasSize(3);
            assertThat(log.with("HF-002"))
                    .extracting(LogRecords.Line::text)
                    .anyMatch(text -> text.contains("operationTimout") && text.endsWith("operationTimeout"))
                    .anyMatch(text -> text.contains("maxActiveSession ") && text.endsWith("maxActiveSessions"))
                    .anyMatch(text -> text.contains("colour"));
        }
    }

    @Test
    void a_variable_that_is_not_set_has_its_default_or_is_named_as_a_problem() {
        try (TomcatNode node = node().redis("redis://:" + PASSWORD + "@${HOLDFAST_NO_HOST:127.0.0.1}:" + redis.port())
                .start()) {
            assertWorks(node);
        }
        try (TomcatNode node = node().redis("redis://:${HOLDFAST_NO_PASSWORD}@127.0.0.1:" + redis.port())
                .start()) {
            assertThat(refusal(node, "HF-001")).contains("HOLDFAST_NO_PASSWORD");
        }
    }

    // ---- the place of the jar ------------------------------------------------------------------------------------

    @Test
    void a_jar_in_the_wrong_place_is_told_with_the_right_one() throws Exception {
        try (WrongPlace wrongPlace = new WrongPlace();
                TomcatNode node = node().redis(uri())
                        .onContext(context -> context.setManager(wrongPlace.manager(uri())))
                        .start()) {
            assertThat(refusal(node, "HF-101"))
                    .contains("Put the jar into the lib directory of Tomcat")
                    .contains("WEB-INF/lib");
        }
    }

    /** A class loader that has the jar although Tomcat's own loader has it, too. */
    private static final class WrongPlace extends URLClassLoader {

        WrongPlace() throws MalformedURLException {
            super(
                    new URL[] {
                        Path.of(System.getProperty("holdfast.test.jar")).toUri().toURL()
                    },
                    WrongPlace.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            boolean ofTheJar = name.startsWith("org.apache.coyote.Holdfast")
                    || (name.startsWith("dev.holdfast.") && !name.startsWith("dev.holdfast.it."));
            if (!ofTheJar) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }

        Manager manager(String uri) {
            try {
                Manager manager = (Manager) loadClass("dev.holdfast.tomcat.RedisSessionManager")
                        .getDeclaredConstructor()
                        .newInstance();
                manager.getClass().getMethod("setRedis", String.class).invoke(manager, uri);
                return manager;
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
