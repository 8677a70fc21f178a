package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.tomcat.RedisSessionManager;
import jakarta.servlet.http.HttpSession;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.catalina.Lifecycle;
import org.apache.catalina.LifecycleEvent;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.startup.HostConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two versions of an application on the same path: who has a session stays with the version that made it. */
class ParallelDeploymentIT {

    private static final AtomicInteger SHOPS = new AtomicInteger();
    private static TwoNodes nodes;

    private final HostConfig deployerOnA = new HostConfig();
    private final HostConfig deployerOnB = new HostConfig();
    private final String shop = "/shop" + SHOPS.incrementAndGet();

    private static Application versionCalled(String name) {
        return new Application()
                .on("/version", (request, response) -> response.getWriter().print(name))
                .on("/set", (request, response) -> {
                    request.getSession().setAttribute("value", request.getParameter("v"));
                    response.getWriter().print(name);
                })
                .on("/get", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    response.getWriter()
                            .print(name + " " + (session == null ? "no session" : session.getAttribute("value")));
                })
                .on("/name", (request, response) -> response.getWriter().print(name))
                .on("/end", (request, response) -> request.getSession(false).invalidate());
    }

    @BeforeAll
    static void start() {
        // An application at the root, so that nodes have one to be known by; each test has a path of its own.
        nodes = TwoNodes.with(node -> node.application("", versionCalled("root"))
                .setting("sweepInterval", "10m")
                .setting("operationTimeout", "500ms"));
        ((StandardHost) nodes.a.host()).setUndeployOldVersions(true);
        ((StandardHost) nodes.b.host()).setUndeployOldVersions(true);
    }

    @AfterAll
    static void stop() {
        nodes.close();
    }

    @BeforeEach
    void startWithVersion1() {
        look(deployerOnA, nodes.a);
        look(deployerOnB, nodes.b);
        deploy("1");
    }

    private void deploy(String version) {
        deployerOnA.manageApp(version(nodes.a, version));
        deployerOnB.manageApp(version(nodes.b, version));
    }

    private void deployNamed(String version) {
        StandardContext onA = version(nodes.a, version);
        StandardContext onB = version(nodes.b, version);
        ((RedisSessionManager) onA.getManager()).setProperty("applicationName", "given");
        ((RedisSessionManager) onB.getManager()).setProperty("applicationName", "given");
        deployerOnA.manageApp(onA);
        deployerOnB.manageApp(onB);
    }

    private StandardContext version(TomcatNode node, String version) {
        return node.version(shop, version, versionCalled("version " + version));
    }

    /** What Tomcat's background thread does from time to time. */
    private static void look(HostConfig deployer, TomcatNode node) {
        deployer.lifecycleEvent(new LifecycleEvent(node.host(), Lifecycle.PERIODIC_EVENT, null));
    }

    private boolean isDeployed(TomcatNode node, String version) {
        return node.host().findChild(shop + "##" + version) != null;
    }

    private Browser userOfVersion1() {
        Browser browser = new Browser();
        assertThat(browser.get(nodes.a, shop + "/set?v=old")).isEqualTo("version 1");
        return browser;
    }

    @Test
    void who_has_a_session_stays_with_its_version_on_both_nodes_and_who_is_new_gets_the_latest() {
        Browser old = userOfVersion1();
        deploy("2");
        Browser young = new Browser();

        assertThat(young.get(nodes.b, shop + "/set?v=new")).isEqualTo("version 2");
        for (TomcatNode node : new TomcatNode[] {nodes.b, nodes.a, nodes.b}) {
            assertThat(old.get(node, shop + "/get")).isEqualTo("version 1 old");
            assertThat(young.get(node, shop + "/get")).isEqualTo("version 2 new");
            assertThat(new Browser().get(node, shop + "/get")).isEqualTo("version 2 no session");
        }

        assertThat(old.get(nodes.b, shop + "/set?v=newer")).isEqualTo("version 1");
        assertThat(old.get(nodes.a, shop + "/get")).isEqualTo("version 1 newer");
    }

    @Test
    void versions_do_not_share_a_namespace() {
        Browser old = userOfVersion1();
        deploy("2");
        Browser young = new Browser();
        young.get(nodes.b, shop + "/set?v=new");

        assertThat(nodes.redis.keys("*:s:" + old.sessionId()))
                .singleElement()
                .asString()
                .startsWith("holdfast:{localhost" + shop + "##1:");
        assertThat(nodes.redis.keys("*:s:" + young.sessionId()))
                .singleElement()
                .asString()
                .startsWith("holdfast:{localhost" + shop + "##2:");
    }

    @Test
    void while_redis_does_not_answer_nobody_gets_a_wrong_version_or_an_error_500() {
        Browser old = userOfVersion1();
        deploy("2");
        nodes.redis.pause();
        try {
            // The first ones wait for Redis, the others do not.
            for (int request = 0; request < 8; request++) {
                assertThat(old.get(nodes.a, shop + "/get")).isEqualTo("version 1 old");
            }
            assertThat(old.get(nodes.a, shop + "/name")).isEqualTo("version 1");
            assertThat(new Browser().get(nodes.a, shop + "/name")).isEqualTo("version 2");
        } finally {
            nodes.redis.resume();
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() -> old.response(nodes.a, shop + "/get").statusCode() == 200);
        assertThat(old.get(nodes.a, shop + "/get")).isEqualTo("version 1 old");

        // For a while every version on these nodes has something to say to Redis, and other tests count calls.
        stop();
        start();
    }

    @Test
    void versions_that_are_given_one_name_have_their_own_sessions_all_the_same() {
        deployNamed("3");
        Browser old = new Browser();
        assertThat(old.get(nodes.a, shop + "/set?v=old")).isEqualTo("version 3");
        deployNamed("4");
        assertThat(new Browser().get(nodes.b, shop + "/set?v=new")).isEqualTo("version 4");
        assertThat(old.get(nodes.b, shop + "/get")).isEqualTo("version 3 old");
        assertThat(nodes.redis.keys("*:s:" + old.sessionId()))
                .singleElement()
                .asString()
                .startsWith("holdfast:{given##3:");
    }

    @Test
    void who_ends_the_session_gets_the_latest_version_on_both_nodes() {
        Browser old = userOfVersion1();
        deploy("2");
        old.get(nodes.a, shop + "/end");

        assertThat(old.get(nodes.b, shop + "/get")).isEqualTo("version 2 no session");
        assertThat(old.get(nodes.a, shop + "/get")).isEqualTo("version 2 no session");
        assertThat(old.get(nodes.a, shop + "/set?v=new")).isEqualTo("version 2");
        assertThat(old.get(nodes.b, shop + "/get")).isEqualTo("version 2 new");
    }

    @Test
    void the_choice_of_the_version_costs_one_call_for_each_version_that_is_asked() {
        Browser old = userOfVersion1();
        // Redis has seen each script once then.
        old.get(nodes.a, shop + "/set?v=old");
        assertThat(calls(old, shop + "/get")).isEqualTo(1);
        deploy("2");
        Browser young = new Browser();
        young.get(nodes.b, shop + "/set?v=new");

        // Tomcat asks from the latest version on, until one knows the session, and that before the request begins.
        assertThat(calls(young, shop + "/version")).isEqualTo(1);
        assertThat(calls(young, shop + "/get")).isEqualTo(1 + 1);
        assertThat(calls(old, shop + "/version")).isEqualTo(2);
        assertThat(calls(old, shop + "/get")).isEqualTo(2 + 1);
        assertThat(calls(old, shop + "/set?v=old")).isEqualTo(2 + 2);
        assertThat(calls(new Browser(), shop + "/version")).isZero();
    }

    private long calls(Browser browser, String path) {
        return Traffic.scriptCallsOf(nodes.redis, () -> browser.get(nodes.a, path));
    }

    @Test
    void a_version_is_undeployed_when_its_last_session_has_ended() {
        Browser old = userOfVersion1();
        deploy("2");
        look(deployerOnA, nodes.a);
        assertThat(isDeployed(nodes.a, "1")).isTrue();

        old.get(nodes.a, shop + "/end");
        look(deployerOnA, nodes.a);

        assertThat(isDeployed(nodes.a, "1")).isFalse();
        assertThat(isDeployed(nodes.a, "2")).isTrue();
        assertThat(old.get(nodes.a, shop + "/get")).isEqualTo("version 2 no session");
    }

    @Test
    void a_version_is_not_undeployed_while_only_another_node_has_its_sessions_at_hand() {
        Browser old = userOfVersion1();
        deploy("2");

        look(deployerOnB, nodes.b);

        assertThat(isDeployed(nodes.b, "1")).isTrue();
        assertThat(old.get(nodes.b, shop + "/get")).isEqualTo("version 1 old");
        old.get(nodes.a, shop + "/end");
        look(deployerOnB, nodes.b);
        assertThat(isDeployed(nodes.b, "1")).isFalse();
    }
}
