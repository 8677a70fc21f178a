package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.RedisServer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.catalina.Context;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes that are killed (kill -9) in the middle of what they do for the cluster: others finish it. */
class KilledNodesIT {

    private static final int SESSIONS = 30;
    private static final Pattern ENDED = Pattern.compile("ended ([0-9A-F]{32})\\.");

    /** What the listeners of the survivor heard, in this JVM. */
    private static final Queue<String> HEARD = new ConcurrentLinkedQueue<>();

    private RedisServer redis;

    /** The application of all nodes. */
    static class Shop implements Supplier<Application>, Consumer<Context> {

        @Override
        public Application get() {
            return new Application()
                    .on("/create", (request, response) -> create(request))
                    .on("/add", (request, response) -> {
                        HttpSession session = request.getSession(false);
                        session.setAttribute("committed", "yes");
                        response.getOutputStream().write('x');
                        response.flushBuffer();
                        session.setAttribute("uncommitted", "yes");
                        assertThat(new CountDownLatch(1).await(60, TimeUnit.SECONDS))
                                .isTrue();
                    })
                    .on("/read", (request, response) -> {
                        HttpSession session = request.getSession(false);
                        response.getWriter()
                                .print(session.getAttribute("committed") + " " + session.getAttribute("uncommitted"));
                    });
        }

        static void create(HttpServletRequest request) {
            request.getSession().setAttribute("name", "value");
            request.getSession().setMaxInactiveInterval(Integer.parseInt(request.getParameter("seconds")));
        }

        @Override
        public void accept(Context context) {
            context.addApplicationListener(Survivor.class.getName());
        }
    }

    /** The application of the node that is to die: its fourth listener never returns. */
    static final class MortalShop extends Shop {
        @Override
        public void accept(Context context) {
            context.addApplicationListener(Mortal.class.getName());
        }
    }

    public static final class Survivor implements HttpSessionListener {
        @Override
        public void sessionDestroyed(HttpSessionEvent event) {
            HEARD.add(event.getSession().getId() + event.getSession().getAttribute("name"));
        }
    }

    public static final class Mortal implements HttpSessionListener {
        private static final int LAST = 4;
        private static final AtomicInteger COUNT = new AtomicInteger();

        @Override
        public void sessionDestroyed(HttpSessionEvent event) {
            System.out.println("ended " + event.getSession().getId() + ".");
            if (COUNT.incrementAndGet() == LAST) {
                try {
                    assertThat(new CountDownLatch(1).await(60, TimeUnit.SECONDS))
                            .isTrue();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    /** The application of a node that dies before any of its sessions is due, and of the one that inherits them. */
    static final class Estate implements Supplier<Application>, Consumer<Context> {

        @Override
        public Application get() {
            return new Application().on("/create", (request, response) -> {
                Shop.create(request);
                request.getSession().setAttribute("bound", new Bound("content"));
            });
        }

        @Override
        public void accept(Context context) {
            context.addApplicationListener(Heir.class.getName());
        }
    }

    static final class Bound implements HttpSessionBindingListener, Serializable {
        private static final long serialVersionUID = 1L;
        private final String content;

        Bound(String content) {
            this.content = content;
        }

        @Override
        public void valueUnbound(HttpSessionBindingEvent event) {
            HEARD.add(event.getSession().getId() + " unbound " + event.getName() + " " + content);
        }

        @Override
        public String toString() {
            return content;
        }
    }

    public static final class Heir implements HttpSessionListener, HttpSessionAttributeListener {
        @Override
        public void sessionDestroyed(HttpSessionEvent event) {
            HttpSession session = event.getSession();
            System.out.println("ended " + session.getId() + ".");
            HEARD.add(session.getId() + " destroyed " + session.getAttribute("name") + " "
                    + session.getAttribute("bound"));
        }

        @Override
        public void attributeRemoved(HttpSessionBindingEvent event) {
            HEARD.add(event.getSession().getId() + " removed " + event.getName() + " " + event.getValue());
        }
    }

    @BeforeEach
    void start() {
        redis = RedisServer.start();
    }

    @AfterEach
    void stop() {
        redis.close();
        HEARD.clear();
    }

    private TomcatNode survivor(String... settings) {
        Shop shop = new Shop();
        return survivor(shop.get(), shop, settings);
    }

    private TomcatNode survivor(Application application, Consumer<Context> customizer, String... settings) {
        TomcatNode.Builder builder = TomcatNode.builder()
                .redis(redis.uri())
                .application("", application)
                .onContext(customizer);
        for (String setting : settings) {
            builder.setting(setting.split("=", 2)[0], setting.split("=", 2)[1]);
        }
        return builder.start();
    }

    @Test
    void when_a_node_is_killed_in_the_middle_of_its_batch_another_one_ends_the_rest() {
        String[] settings = {"partitions=1", "sweepInterval=1s", "sweepLease=5s"};
        List<String> created = new ArrayList<>();
        List<String> endedByMortal;
        try (NodeProcess mortal = NodeProcess.start(redis, MortalShop.class, settings)) {
            for (int number = 0; number < SESSIONS; number++) {
                Browser browser = new Browser();
                browser.get(mortal.url("/create?seconds=3"));
                created.add(browser.sessionId());
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> ended(mortal).size() == Mortal.LAST);
            mortal.kill();
            endedByMortal = ended(mortal);
        }
        try (TomcatNode survivor = survivor(settings)) {
            await().atMost(Duration.ofSeconds(60)).until(() -> keysOfSessions().isEmpty());
            assertThat(survivor.isRunning()).isTrue();
        }

        String inTheMiddle = endedByMortal.get(Mortal.LAST - 1);
        List<String> expected = new ArrayList<>(created);
        expected.removeAll(endedByMortal);
        expected.add(inTheMiddle);
        assertThat(HEARD)
                .as("each once, and only the one that was in the middle a second time")
                .containsExactlyInAnyOrderElementsOf(
                        expected.stream().map(id -> id + "value").toList());
    }

    @Test
    void sessions_whose_node_was_killed_before_their_time_are_ended_in_full_by_one_that_never_saw_them() {
        String[] settings = {"sweepInterval=1s"};
        Estate estate = new Estate();
        List<String> created = new ArrayList<>();
        try (TomcatNode survivor = survivor(estate.get(), estate, settings)) {
            try (NodeProcess mortal = NodeProcess.start(redis, Estate.class, settings)) {
                for (int number = 0; number < SESSIONS; number++) {
                    Browser browser = new Browser();
                    browser.get(mortal.url("/create?seconds=10"));
                    created.add(browser.sessionId());
                }
                mortal.kill();
                assertThat(ended(mortal)).as("killed before the first is due").isEmpty();
            }
            assertThat(HEARD).isEmpty();
            assertThat(survivor.manager().getActiveSessions()).isZero();

            await().atMost(Duration.ofSeconds(60)).until(() -> keysOfSessions().isEmpty());
            await().until(() -> HEARD.size() >= 4 * SESSIONS);
            assertThat(survivor.isRunning()).isTrue();
        }

        List<String> expected = new ArrayList<>();
        for (String id : created) {
            expected.add(id + " destroyed value content");
            expected.add(id + " unbound bound content");
            expected.add(id + " removed name value");
            expected.add(id + " removed bound content");
        }
        assertThat(HEARD).as("each once").containsExactlyInAnyOrderElementsOf(expected);
        assertThat(keysOfSessions()).isEmpty();
    }

    private static List<String> ended(NodeProcess node) {
        return ENDED.matcher(node.output())
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    private List<String> keysOfSessions() {
        return redis.keys("*").stream().filter(key -> !key.endsWith(":epoch")).toList();
    }

    @Test
    void when_a_node_is_killed_that_has_a_session_locked_the_next_request_gets_it_after_the_lease() throws Exception {
        String[] settings = {"lock=request", "lockLease=2s", "lockTimeout=20s"};
        Browser browser = new Browser();
        try (NodeProcess mortal = NodeProcess.start(redis, Shop.class, settings);
                TomcatNode survivor = survivor(settings)) {
            browser.get(survivor, "/create?seconds=600");
            Browser dying = browser.twin();
            CompletableFuture<Void> held = CompletableFuture.runAsync(() -> firstByteOf(dying, mortal.url("/add")));
            held.get(30, TimeUnit.SECONDS);
            assertThat(redis.keys("*:lock:" + browser.sessionId())).hasSize(1);

            CompletableFuture<String> waiting = browser.twin()
                    .async(survivor, "/read")
                    .thenApply(response -> {
                        assertThat(response.statusCode()).isEqualTo(200);
                        return response.body();
                    });
            await().until(() ->
                    String.valueOf(redis.text("GET", lockKey(browser))).endsWith("+"));
            assertThat(waiting).isNotDone();
            mortal.kill();

            assertThat(waiting.get(20, TimeUnit.SECONDS)).isEqualTo("yes null");
            await().until(() -> redis.keys("*:lock:*").isEmpty());
        }
    }

    private String lockKey(Browser browser) {
        return redis.keys("*:lock:" + browser.sessionId()).stream().findFirst().orElse("none");
    }

    private static void firstByteOf(Browser browser, String url) {
        try {
            assertThat(browser.stream("POST", url).body().read()).isEqualTo('x');
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
