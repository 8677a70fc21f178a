package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.RedisServer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionActivationListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The stop of a node: it writes what is left, passivates, expires nothing, and ends in time. Servlet 6.0, 7.7.2. */
class ShutdownIT {

    private static final int SESSIONS = 100;

    /** 100 sessions times operationTimeout would take 200 s. */
    private static final Duration IN_TIME = Duration.ofSeconds(20);

    /** For a shutdownTimeout of 2 s; with a listener that waits for ever, the default of 10 s would take 7 s. */
    private static final Duration SOON = Duration.ofSeconds(5);

    /** The same for one that waits in the sweep: nobody waits for it long, whatever the time-out is. */
    private static final Duration SOON_WITHOUT_THE_SWEEP = Duration.ofSeconds(8);

    private static final ConcurrentLinkedQueue<HttpSession> KNOWN = new ConcurrentLinkedQueue<>();
    private static final AtomicInteger DESTROYED = new AtomicInteger();
    private static final AtomicInteger PASSIVATED = new AtomicInteger();
    private static final AtomicInteger WAITERS = new AtomicInteger();
    private static final AtomicBoolean HANG_AT_END = new AtomicBoolean();
    private static volatile CountDownLatch never = new CountDownLatch(1);

    private RedisServer redis;
    private TomcatNode stopping;
    private TomcatNode other;

    /** Changed in place by a thread that belongs to no request. */
    static final class Box implements Serializable {
        private static final long serialVersionUID = 1L;
        private volatile String content = "before";
    }

    static final class Listening implements HttpSessionActivationListener, Serializable {
        private static final long serialVersionUID = 1L;
        private final boolean waiting;

        Listening(boolean waiting) {
            this.waiting = waiting;
        }

        @Override
        public void sessionWillPassivate(HttpSessionEvent event) {
            PASSIVATED.incrementAndGet();
            if (waiting) {
                WAITERS.incrementAndGet();
                awaitUninterruptibly(never);
            }
        }

        private static void awaitUninterruptibly(CountDownLatch latch) {
            while (latch.getCount() > 0) {
                try {
                    if (latch.await(30, TimeUnit.SECONDS)) {
                        return;
                    }
                } catch (InterruptedException ignored) {
                    // As an application may do.
                }
            }
        }
    }

    public static final class Ends implements HttpSessionListener {
        @Override
        public void sessionDestroyed(HttpSessionEvent event) {
            DESTROYED.incrementAndGet();
            if (HANG_AT_END.compareAndSet(true, false)) {
                WAITERS.incrementAndGet();
                Listening.awaitUninterruptibly(never);
            }
        }
    }

    @BeforeEach
    void start() {
        never = new CountDownLatch(1);
        redis = RedisServer.start();
        stopping = node("4s");
        other = node("4s");
    }

    private TomcatNode node(String shutdownTimeout, String... settings) {
        Application application = new Application()
                .on("/create", (request, response) -> create(request))
                .on("/read", (request, response) -> {
                    response.getWriter().print(((Box) request.getSession(false).getAttribute("box")).content);
                });
        TomcatNode.Builder builder = TomcatNode.builder()
                .redis(redis.uri())
                .setting("shutdownTimeout", shutdownTimeout)
                .application("", application)
                .onContext(context -> context.addApplicationListener(Ends.class.getName()));
        for (String setting : settings) {
            builder.setting(setting.split("=", 2)[0], setting.split("=", 2)[1]);
        }
        return builder.start();
    }

    /** Instead of the node that was to stop: one that has 2 s for it. */
    private void hasTwoSeconds(String... settings) {
        stopping.close();
        stopping = node("2s", settings);
    }

    private static void create(HttpServletRequest request) {
        HttpSession session = request.getSession();
        session.setAttribute("box", new Box());
        String listening = request.getParameter("listening");
        if (listening != null) {
            session.setAttribute("listening", new Listening("waiting".equals(listening)));
        }
        String seconds = request.getParameter("seconds");
        if (seconds != null) {
            session.setMaxInactiveInterval(Integer.parseInt(seconds));
        }
        KNOWN.add(session);
    }

    @AfterEach
    void stop() {
        never.countDown();
        redis.resume();
        stopping.close();
        other.close();
        redis.close();
        KNOWN.clear();
        DESTROYED.set(0);
        PASSIVATED.set(0);
        WAITERS.set(0);
        HANG_AT_END.set(false);
    }

    private List<Browser> users(String path) {
        List<Browser> users = new ArrayList<>();
        for (int number = 0; number < SESSIONS; number++) {
            Browser user = new Browser();
            user.get(stopping, path);
            users.add(user);
        }
        return users;
    }

    private static void changeAll() {
        KNOWN.forEach(session -> ((Box) session.getAttribute("box")).content = "after");
    }

    private Duration stopped() {
        long before = System.nanoTime();
        stopping.close();
        return Duration.ofNanos(System.nanoTime() - before);
    }

    @Test
    void with_a_living_redis_all_is_saved_and_nothing_expires() {
        try (LogRecords log = new LogRecords()) {
            List<Browser> users = users("/create?listening=yes");
            changeAll();
            assertThat(stopped()).isLessThan(IN_TIME);

            assertThat(PASSIVATED).hasValue(SESSIONS);
            assertThat(DESTROYED).hasValue(0);
            assertThat(log.with("HF-316")).isEmpty();
            assertThat(users)
                    .allSatisfy(user -> assertThat(user.get(other, "/read")).isEqualTo("after"));
        }
    }

    @Test
    void a_redis_that_hangs_does_not_hold_the_stop_up_and_one_message_counts_what_was_not_saved() {
        try (LogRecords log = new LogRecords()) {
            List<Browser> users = users("/create?listening=yes");
            changeAll();
            redis.pause();
            assertThat(stopped()).isLessThan(IN_TIME);

            assertThat(PASSIVATED).hasValue(SESSIONS);
            assertThat(log.with("HF-619")).singleElement().satisfies(line -> {
                assertThat(line.level()).isEqualTo(Level.SEVERE);
                assertThat(line.text()).contains("What was done here to 100 sessions");
            });
            redis.resume();
            assertThat(users.get(0).get(other, "/read")).isIn("before", "after");
        }
    }

    @Test
    void a_listener_that_does_not_return_is_left_behind_and_all_else_is_saved() {
        try (LogRecords log = new LogRecords()) {
            List<Browser> users = users("/create?listening=yes");
            new Browser().get(stopping, "/create?listening=waiting");
            changeAll();
            assertThat(stopped()).isLessThan(IN_TIME);

            assertThat(WAITERS).hasValue(1);
            assertThat(PASSIVATED).hasValue(SESSIONS + 1);
            assertThat(log.with("HF-316"))
                    .singleElement()
                    .satisfies(line -> assertThat(line.text())
                            .contains("up to 0 have changes", "1 have passivation listeners that were not called"));
            assertThat(users)
                    .allSatisfy(user -> assertThat(user.get(other, "/read")).isEqualTo("after"));
        }
    }

    @Test
    void shutdown_timeout_bounds_the_stop_also_when_redis_hangs() {
        hasTwoSeconds();
        users("/create?listening=yes");
        changeAll();
        redis.pause();
        assertThat(stopped()).isLessThan(SOON);
        assertThat(PASSIVATED).hasValue(SESSIONS);
    }

    @Test
    void shutdown_timeout_bounds_the_stop_also_when_a_listener_does_not_return() {
        hasTwoSeconds();
        new Browser().get(stopping, "/create?listening=waiting");
        assertThat(stopped()).isLessThan(SOON);
        assertThat(WAITERS).hasValue(1);
    }

    @Test
    void a_listener_that_hangs_in_the_sweep_does_not_hold_the_stop_up_and_another_node_ends_the_session() {
        other.close();
        String[] settings = {"sweepInterval=1s", "sweepLease=5s"};
        hasTwoSeconds(settings);
        HANG_AT_END.set(true);
        try (LogRecords log = new LogRecords()) {
            new Browser().get(stopping, "/create?seconds=1");
            await().atMost(Duration.ofSeconds(30)).until(() -> WAITERS.get() == 1);
            assertThat(stopped()).isLessThan(SOON_WITHOUT_THE_SWEEP);
            assertThat(log.with("HF-405")).isNotEmpty();
        }
        assertThat(never.getCount()).as("it hangs still").isEqualTo(1);
        assertThat(DESTROYED).hasValue(1);

        other = node("2s", settings);
        await().atMost(Duration.ofSeconds(30)).until(() -> DESTROYED.get() == 2);
        await().until(() -> redis.keys("*:s:*").isEmpty());
    }
}
