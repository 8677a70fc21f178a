package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.RedisServer;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/** P3 and P7: after any end of a session nothing of it stays in Redis. */
class NothingLeftIT {

    private static final String[] SETTINGS = {
        "lock=request", "lockLease=2s", "sweepInterval=1s", "sweepLease=5s", "persistAuthentication=true"
    };

    /** The application of all nodes. */
    static final class Shop implements Supplier<Application> {
        @Override
        public Application get() {
            return new Application()
                    .on("/create", (request, response) -> create(request))
                    .on("/rename", (request, response) -> request.changeSessionId())
                    .on("/end", (request, response) -> request.getSession(false).invalidate())
                    .on("/create-and-end", (request, response) -> {
                        create(request);
                        request.getSession(false).invalidate();
                    });
        }

        private static void create(HttpServletRequest request) {
            request.getSession().setAttribute("name", "value");
            String seconds = request.getParameter("seconds");
            if (seconds != null) {
                request.getSession().setMaxInactiveInterval(Integer.parseInt(seconds));
            }
        }
    }

    private static TomcatNode node(RedisServer redis) {
        TomcatNode.Builder builder = TomcatNode.builder()
                .redis(redis.uri())
                .application("", new Shop().get())
                .onManager(manager -> manager.setPersistAuthentication(true));
        for (String setting : SETTINGS) {
            if (!setting.startsWith("persistAuthentication")) {
                builder.setting(setting.split("=", 2)[0], setting.split("=", 2)[1]);
            }
        }
        return builder.start();
    }

    @Test
    void after_any_end_only_the_epochs_are_left_and_for_a_while_the_marker_of_a_changed_id() throws Exception {
        try (RedisServer redis = RedisServer.start();
                TomcatNode a = node(redis);
                TomcatNode b = node(redis)) {
            user(a, "/create").get(b, "/end");
            user(a, "/create-and-end");
            user(a, "/create?seconds=1");
            Browser renamed = user(a, "/create");
            String oldId = renamed.sessionId();
            renamed.get(b, "/rename");
            renamed.get(a, "/end");
            endByJmx(b, user(a, "/create").sessionId());
            endTogether(user(a, "/create"), a, b);
            try (NodeProcess mortal = NodeProcess.start(redis, Shop.class, SETTINGS)) {
                new Browser().get(mortal.url("/create?seconds=1"));
                mortal.kill();
            }

            await().atMost(Duration.ofSeconds(40))
                    .untilAsserted(() -> assertThat(keysBesideEpochs(redis))
                            .allMatch(key -> key.endsWith(":moved:" + oldId))
                            .hasSize(1));
            String marker = keysBesideEpochs(redis).get(0);
            assertThat(Long.parseLong(String.valueOf(redis.command("PTTL", marker))))
                    .isBetween(1L, Duration.ofMinutes(30 + 60).toMillis());
            assertThat(redis.keys("*:epoch")).isNotEmpty();
        }
    }

    private static Browser user(TomcatNode node, String path) {
        Browser browser = new Browser();
        browser.get(node, path);
        return browser;
    }

    private static void endByJmx(TomcatNode node, String id) throws Exception {
        ObjectName bean = node.manager().getObjectName();
        java.lang.management.ManagementFactory.getPlatformMBeanServer()
                .invoke(bean, "expireSession", new Object[] {id}, new String[] {String.class.getName()});
    }

    private static void endTogether(Browser browser, TomcatNode a, TomcatNode b) throws Exception {
        CompletableFuture<?> one = browser.twin().async(a, "/end");
        CompletableFuture<?> two = browser.twin().async(b, "/end");
        CompletableFuture.allOf(one, two).get(20, TimeUnit.SECONDS);
    }

    private static List<String> keysBesideEpochs(RedisServer redis) {
        return redis.keys("*").stream().filter(key -> !key.endsWith(":epoch")).toList();
    }
}
