package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.RedisServer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Two downloads of Tomcat with the jar in {@code lib} and one line in {@code conf/context.xml}, and an ordinary web
 * application with attributes of its own classes.
 */
class DistributionIT {

    private static final String PASSWORD = "tell-nobody";
    private static final Duration LONGEST_STOP = Duration.ofSeconds(3);

    private static RedisServer redis;
    private static TomcatInstallation a;
    private static TomcatInstallation b;

    @BeforeAll
    static void start() {
        redis = RedisServer.builder().password(PASSWORD).start();
        a = installation("redis://:" + PASSWORD + "@127.0.0.1:" + redis.port()).start();
        b = installation("redis://:${HOLDFAST_TEST_PASSWORD}@${HOLDFAST_TEST_HOST:127.0.0.1}:" + redis.port())
                .variable("HOLDFAST_TEST_PASSWORD", PASSWORD)
                .showProxySessions()
                .start();
        a.awaitStart();
        b.awaitStart();
    }

    private static TomcatInstallation installation(String redisUri) {
        TomcatInstallation installation = new TomcatInstallation(
                "<Manager className=\"dev.holdfast.tomcat.RedisSessionManager\" redis=\"" + redisUri + "\"/>");
        WebApplication.deployShop(installation.webApplication("shop"));
        return installation;
    }

    @AfterAll
    static void stop() {
        if (a != null) {
            a.close();
        }
        if (b != null) {
            b.close();
        }
        redis.close();
    }

    private static String add(Browser browser, TomcatInstallation node, String article) {
        return browser.get(node.url("/shop/add?article=" + article));
    }

    private static String show(Browser browser, TomcatInstallation node) {
        return browser.get(node.url("/shop/show"));
    }

    @Test
    void two_downloads_of_tomcat_share_a_session_with_objects_of_the_application() {
        Browser browser = new Browser();
        assertThat(add(browser, a, "tea")).isEqualTo("[1 tea]");
        assertThat(add(browser, b, "tea")).isEqualTo("[2 tea]");
        assertThat(add(browser, a, "milk")).isEqualTo("[2 tea, 1 milk]");
        assertThat(show(browser, b)).isEqualTo("[2 tea, 1 milk]");
        for (int count = 2; count <= 50; count++) {
            assertThat(add(browser, count % 2 == 0 ? a : b, "milk")).isEqualTo("[2 tea, " + count + " milk]");
        }

        browser.get(b.url("/shop/end"));
        assertThat(show(browser, a)).isEqualTo("no session");
    }

    /** By what is in the jar, in plain Java: there is no native library to unpack, and none is loaded. */
    @Test
    void a_large_attribute_is_compressed_and_read_by_the_other_tomcat() {
        Browser browser = new Browser();
        String article = "tea-".repeat(1000);

        assertThat(add(browser, a, article)).isEqualTo("[1 " + article + "]");

        assertThat(show(browser, b)).isEqualTo("[1 " + article + "]");
        assertThat(redis.command(
                        "HSTRLEN", redis.keys("*:s:" + browser.sessionId()).first(), "acart"))
                .isInstanceOfSatisfying(
                        Long.class, length -> assertThat(length).isPositive().isLessThan(500));
        assertThat(a.console() + a.catalinaLog()).doesNotContain("Unsafe").doesNotContain("lz4");
    }

    @Test
    void lines_of_holdfast_and_of_redisson_reach_the_log_of_tomcat() {
        await().untilAsserted(() -> assertThat(a.catalinaLog())
                .contains("dev.holdfast.tomcat.RedisSessionManager")
                .contains("Sessions of localhost/shop are kept in redis://:***@127.0.0.1:" + redis.port())
                .containsPattern("dev\\.holdfast\\.shaded\\.org\\.redisson\\..* connections initialized")
                .doesNotContain("SLF4J"));
        assertThat(a.console()).doesNotContain("SLF4J");
    }

    @Test
    void no_log_tells_the_password_whether_it_is_written_out_or_a_variable() {
        Browser browser = new Browser();
        add(browser, a, "tea");
        add(browser, b, "tea");

        for (TomcatInstallation node : new TomcatInstallation[] {a, b}) {
            assertThat(node.console()).isNotEmpty().doesNotContain(PASSWORD);
            assertThat(node.allLogs()).isNotEmpty().doesNotContain(PASSWORD);
        }
    }

    @Test
    void fifty_reloads_keep_the_session_and_leave_nothing_of_the_old_applications_behind() {
        Browser browser = new Browser();
        Operator operator = new Operator(a);
        add(browser, b, "tea");
        add(browser, a, "tea");
        List<String> threadsBefore = threadsOfOurs(operator);
        assertThat(threadsBefore).isNotEmpty();

        for (int reload = 1; reload <= 50; reload++) {
            assertThat(operator.get("/manager/text/reload?path=/shop")).startsWith("OK");
            assertThat(add(browser, a, "tea")).isEqualTo("[" + (reload + 2) + " tea]");
        }

        assertThat(show(browser, b)).isEqualTo("[52 tea]");
        await().untilAsserted(() -> assertThat(threadsOfOurs(operator)).isEqualTo(threadsBefore));
        await().untilAsserted(() -> assertThat(operator.get("/manager/text/findleaks?statusLine=true"))
                .startsWith("OK")
                .doesNotContain("/shop"));
        assertNoLeak(a);
    }

    /** By their names, without the numbers that the next application counts on. */
    private static List<String> threadsOfOurs(Operator operator) {
        return operator.get("/manager/text/threaddump")
                .lines()
                .filter(line -> line.startsWith("\"holdfast") || line.startsWith("\"redisson"))
                .map(line -> line.substring(0, line.indexOf('"', 1)).replaceAll("[0-9]+", "0"))
                .sorted()
                .toList();
    }

    @Test
    void a_stopped_tomcat_has_ended_cleanly_and_knows_its_sessions_when_it_is_back() {
        TomcatInstallation node = b;
        Browser browser = new Browser();
        add(browser, node, "tea");

        Duration stop = node.stop();

        assertThat(stop).isLessThan(LONGEST_STOP);
        assertThat(node.console()).contains("Destroying ProtocolHandler").doesNotContain("SEVERE");
        assertThat(node.catalinaLog()).contains("Destroying ProtocolHandler").doesNotContain("SEVERE");
        assertNoLeak(node);
        assertThat(add(browser, a, "tea")).isEqualTo("[2 tea]");

        node.start().awaitStart();
        assertThat(add(browser, node, "tea")).isEqualTo("[3 tea]");
    }

    private static void assertNoLeak(TomcatInstallation node) {
        assertThat(node.console().lines())
                .filteredOn(line -> line.contains("failed to stop it")
                        || line.contains("memory leak")
                        || line.contains("ThreadLocal"))
                .isEmpty();
    }

    @Test
    void the_manager_application_lists_sessions_and_expires_them_in_the_whole_cluster() {
        Browser browser = new Browser();
        Operator operator = new Operator(a);
        add(browser, a, "tea");
        add(browser, b, "tea");

        assertThat(operator.get("/manager/text/list")).containsPattern("/shop:running:[1-9][0-9]*:shop");
        assertThat(operator.get("/manager/text/sessions?path=/shop"))
                .startsWith("OK")
                .containsPattern("<1] minutes: \\[[1-9]");
        assertThat(operator.get("/manager/text/expire?path=/shop&idle=0")).startsWith("OK");

        assertThat(show(browser, b)).isEqualTo("no session");
        assertThat(show(browser, a)).isEqualTo("no session");
        assertThat(redis.keys("*" + browser.sessionId() + "*")).isEmpty();
    }

    @Test
    void the_manager_application_reads_our_bean() {
        Browser browser = new Browser();
        add(browser, a, "tea");

        assertThat(new Operator(a).get("/manager/jmxproxy/?qry=Catalina:type=Manager,context=/shop,*"))
                .startsWith("OK - Number of results: 1")
                .contains("className: dev.holdfast.tomcat.RedisSessionManager")
                .containsPattern("activeSessions: [1-9]")
                .contains("applicationName: localhost/shop")
                .contains("redisLocation: redis://:***@127.0.0.1:" + redis.port())
                .doesNotContain(PASSWORD);
    }

    @Test
    void the_manager_application_shows_a_session_and_ends_it() {
        Browser browser = new Browser();
        Operator operator = new Operator(a);
        String sessions = sessionsOnPage(operator, browser);
        String id = browser.sessionId();

        String details = operator.get(Operator.target(sessions, "sessionId=" + id));
        assertThat(details).contains("Details for Session " + id).contains("[1 tea, 1 milk]");
        String afterwards = operator.post(
                Operator.target(sessions, "/html/sessions\\b.*path=/shop\\b"),
                Map.of("action", "invalidateSessions", "sessionIds", id));
        assertThat(afterwards).contains("1 sessions invalidated");

        assertThat(show(browser, b)).isEqualTo("no session");
        assertThat(redis.keys("*" + id + "*")).isEmpty();
    }

    @Test
    void the_manager_application_lists_the_sessions_of_all_nodes_if_it_is_asked_to() {
        Browser onA = new Browser();
        add(onA, a, "tea");
        Browser onB = new Browser();
        add(onB, b, "tea");
        Operator operator = new Operator(b);

        String applications = operator.get("/manager/html");
        String sessions = operator.get(Operator.target(applications, "/html/sessions\\b.*path=/shop\\b"));
        assertThat(sessions)
                .containsPattern(onA.sessionId() + "(?s:.{1,400})Proxy")
                .containsPattern(onB.sessionId() + "(?s:.{1,400})Primary");

        String details = operator.get(Operator.target(sessions, "sessionId=" + onB.sessionId()));
        assertThat(details).contains("Details for Session " + onB.sessionId());
        operator.post(
                Operator.target(sessions, "/html/sessions\\b.*path=/shop\\b"),
                Map.of("action", "invalidateSessions", "sessionIds", onB.sessionId()));
        assertThat(show(onB, a)).isEqualTo("no session");
        assertThat(show(onA, a)).isEqualTo("[1 tea]");

        Operator onOneNode = new Operator(a);
        String ofOneNode = onOneNode.get("/manager/html");
        assertThat(onOneNode.get(Operator.target(ofOneNode, "/html/sessions\\b.*path=/shop\\b")))
                .doesNotContain("Proxy");
    }

    @Test
    void an_operator_ends_a_session_of_another_node_by_its_id() {
        Browser browser = new Browser();
        add(browser, a, "tea");
        Operator operator = new Operator(b);

        String beans = operator.get("/manager/jmxproxy/?qry=Catalina:type=Manager,context=/shop,*");
        String bean = beans.lines()
                .filter(line -> line.startsWith("Name: "))
                .findFirst()
                .orElseThrow()
                .substring("Name: ".length());
        String answer = operator.get("/manager/jmxproxy/?invoke=" + URLEncoder.encode(bean, StandardCharsets.UTF_8)
                + "&op=endSession&ps=" + browser.sessionId());

        assertThat(answer).startsWith("OK").contains("true");
        assertThat(show(browser, a)).isEqualTo("no session");
    }

    @Test
    void an_attribute_that_is_removed_in_the_manager_application_is_gone_on_all_nodes() {
        Browser browser = new Browser();
        Operator operator = new Operator(a);
        String sessions = sessionsOnPage(operator, browser);
        String id = browser.sessionId();

        String details = operator.get(Operator.target(sessions, "sessionId=" + id));
        String afterwards = operator.post(
                Operator.target(details, "/html/sessions\\b.*path=/shop\\b"),
                Map.of(
                        "action", "removeSessionAttribute",
                        "sessionId", id,
                        "sessionType", "Primary",
                        "attributeName", "cart"));
        assertThat(afterwards).contains("removed");

        assertThat(show(browser, b)).isEqualTo("null");
        assertThat(show(browser, a)).isEqualTo("null");
    }

    /** The manager application's page with a session that both nodes have changed. */
    private static String sessionsOnPage(Operator operator, Browser browser) {
        add(browser, a, "tea");
        add(browser, b, "milk");
        show(browser, a);
        String applications = operator.get("/manager/html");
        String sessions = operator.get(Operator.target(applications, "/html/sessions\\b.*path=/shop\\b"));
        assertThat(sessions).contains(browser.sessionId());
        return sessions;
    }
}
