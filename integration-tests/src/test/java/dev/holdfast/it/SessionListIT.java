package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.apache.catalina.DistributedManager;
import org.junit.jupiter.api.Test;

/** What Tomcat's manager application is told of the sessions of all nodes, also if Redis tells nothing. */
class SessionListIT {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private static TomcatNode.Builder node() {
        return TomcatNode.builder()
                .application(
                        "",
                        new Application()
                                .on("/make", (request, response) -> request.getSession())
                                .on(
                                        "/endless",
                                        (request, response) ->
                                                request.getSession().setMaxInactiveInterval(-1))
                                .on("/change", (request, response) -> request.changeSessionId())
                                .on(
                                        "/end",
                                        (request, response) ->
                                                request.getSession().invalidate()));
    }

    private static String open(TomcatNode node, String path) {
        Browser browser = new Browser();
        browser.get(node, path);
        return browser.sessionId();
    }

    @Test
    void sessions_of_all_nodes_are_there_whatever_became_of_them() {
        try (RedisServer redis = RedisServer.start();
                TomcatNode a = node().redis(redis.uri()).start();
                TomcatNode b = node().redis(redis.uri()).start();
                TomcatNode ofAnother = node().redis(redis.uri())
                        .setting("applicationName", "another")
                        .start()) {
            open(ofAnother, "/make");
            String plain = open(a, "/make");
            String endless = open(b, "/endless");
            Browser changing = new Browser();
            changing.get(a, "/make");
            changing.get(b, "/change");
            Browser ending = new Browser();
            ending.get(a, "/make");
            ending.get(b, "/end");

            for (TomcatNode node : new TomcatNode[] {a, b}) {
                DistributedManager manager = node.manager();
                assertThat(manager.getSessionIdsFull()).containsExactlyInAnyOrder(plain, endless, changing.sessionId());
                assertThat(manager.getActiveSessionsFull()).isEqualTo(3);
            }
            assertThat(redis.commandStats()).doesNotContainKey("keys").containsKey("scan");
        }
    }

    @Test
    void a_user_who_may_not_scan_is_shown_the_sessions_of_the_node_and_the_log_says_why_once() throws IOException {
        try (Directory directory = Directory.temporary()) {
            Path acl = directory.path().resolve("users.acl");
            Files.writeString(
                    acl, "user default on nopass ~* &* +@all\nuser shop on >secret ~* &* +@all -scan -keys -config\n");
            try (RedisServer redis = RedisServer.builder()
                            .directive("aclfile", acl.toString())
                            .start();
                    LogRecords log = new LogRecords();
                    TomcatNode a = node().redis("redis://shop:secret@127.0.0.1:" + redis.port())
                            .start();
                    TomcatNode b = node().redis(redis.uri()).start()) {
                open(b, "/make");
                assertThat(a.manager().getSessionIdsFull()).isEmpty();
                assertThat(a.manager().getActiveSessionsFull())
                        .as("an application of which nobody knows that it has no session must not be undeployed")
                        .isEqualTo(1);
                String here = open(a, "/make");

                assertThat(a.manager().getSessionIdsFull()).containsExactly(here);
                assertThat(a.manager().getActiveSessionsFull()).isEqualTo(1);
                assertThat(b.manager().getSessionIdsFull()).hasSize(2);

                assertThat(log.with("HF-215"))
                        .singleElement()
                        .satisfies(line -> assertThat(line.text()).contains("Allow +scan"));
            }
        }
    }

    @Test
    void a_redis_that_hangs_delays_the_list_for_a_moment_only_and_the_set_may_be_changed() {
        try (RedisServer redis = RedisServer.start();
                LogRecords log = new LogRecords();
                TomcatNode a = node().redis(redis.uri())
                        .setting("operationTimeout", "500ms")
                        .start()) {
            String here = open(a, "/make");
            redis.pause();
            try {
                long before = System.nanoTime();
                Set<String> ids = a.manager().getSessionIdsFull();
                assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(LONGEST_WAIT);
                assertThat(ids).containsExactly(here);
                assertThat(ids.remove(here)).isTrue();
                assertThat(log.with("HF-216")).hasSize(1);
            } finally {
                redis.resume();
            }
            assertThat(a.manager().getSessionIdsFull()).containsExactly(here);
        }
    }

    @Test
    void an_application_that_is_stopped_does_not_count_as_one_without_sessions() throws Exception {
        try (RedisServer redis = RedisServer.start();
                TomcatNode a = node().redis(redis.uri()).start()) {
            open(a, "/make");
            a.context().stop();

            assertThat(a.manager().getSessionIdsFull()).isEmpty();
            assertThat(a.manager().getActiveSessionsFull())
                    .as("or Tomcat would undeploy it as an old version that nobody uses")
                    .isEqualTo(1);
        }
    }
}
