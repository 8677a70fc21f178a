package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.FreePorts;
import dev.holdfast.testkit.RedisServer;
import jakarta.servlet.http.HttpSession;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Nodes whose clocks are off, five minutes ahead and five minutes behind: sessions live by the time of Redis. Chapter 7.5
 * of the Servlet specification: a session ends when it has not been used for its max-inactive interval.
 */
@Tag("faults")
class ClocksIT {

    private static final Duration OFF = Duration.ofMinutes(5);
    private static final int INTERVAL_SECONDS = 2;
    private static final Duration INTERVAL = Duration.ofSeconds(INTERVAL_SECONDS);

    /** Sweeps come once a second, and test machines are noisy. */
    private static final Duration LATE = Duration.ofSeconds(8);

    private static final Application APPLICATION = new Application()
            .on("/begin", (request, response) -> {
                request.getSession().setMaxInactiveInterval(INTERVAL_SECONDS);
                request.getSession().setAttribute("name", "value");
            })
            .on("/look", (request, response) -> {
                HttpSession session = request.getSession(false);
                response.getWriter()
                        .print(
                                session == null
                                        ? "no session"
                                        : session.getCreationTime() + " " + session.getLastAccessedTime());
            });

    private static TomcatNode.Builder node(String uri, Duration ahead) {
        return TomcatNode.builder()
                .redis(uri)
                .setting("sweepInterval", "1s")
                .clockAheadBy(ahead)
                .application("", APPLICATION);
    }

    private static boolean isThere(RedisServer redis, Browser browser) {
        return !redis.keys("*" + browser.sessionId()).isEmpty();
    }

    /** @param lastUseNanos before the last request */
    private static void assertEndsInTime(RedisServer redis, Browser browser, long lastUseNanos) {
        await().atMost(INTERVAL.plus(LATE)).until(() -> !isThere(redis, browser));
        assertThat(Duration.ofNanos(System.nanoTime() - lastUseNanos)).isGreaterThanOrEqualTo(INTERVAL);
    }

    @Test
    void sessions_end_neither_early_nor_late_and_show_the_right_times() {
        try (RedisServer redis = RedisServer.start();
                TomcatNode ahead = node(redis.uri(), OFF).start();
                TomcatNode behind = node(redis.uri(), OFF.negated()).start()) {
            Browser ofAhead = new Browser();
            Browser ofBehind = new Browser();
            List<Browser> both = List.of(ofAhead, ofBehind);
            long before = System.currentTimeMillis();
            ofAhead.get(ahead, "/begin");
            ofBehind.get(behind, "/begin");
            long begun = System.nanoTime();
            long used = begun;
            while (System.nanoTime() - begun < INTERVAL.plusSeconds(1).toNanos()) {
                used = System.nanoTime();
                both.forEach(browser ->
                        Stream.of(ahead, behind).forEach(node -> assertRight(browser.get(node, "/look"), before)));
            }
            long lastUse = used;
            both.forEach(browser -> assertEndsInTime(redis, browser, lastUse));
            both.forEach(browser -> Stream.of(ahead, behind)
                    .forEach(node -> assertThat(browser.get(node, "/look")).isEqualTo("no session")));
        }
    }

    private static void assertRight(String times, long before) {
        String[] createdAndAccessed = times.split(" ");
        assertThat(createdAndAccessed).as(times).hasSize(2);
        long tolerance = 1000;
        long created = Long.parseLong(createdAndAccessed[0]);
        long accessed = Long.parseLong(createdAndAccessed[1]);
        assertThat(created).isBetween(before - tolerance, System.currentTimeMillis() + tolerance);
        assertThat(accessed).isBetween(created, System.currentTimeMillis() + tolerance);
    }

    /** Before Redis has told its own time, a node has nothing but its clock. */
    @Test
    void sessions_that_begin_before_redis_is_there_end_in_time_too() {
        for (Duration off : List.of(OFF, OFF.negated())) {
            int port = FreePorts.next();
            Browser browser = new Browser();
            try (TomcatNode node = node("redis://127.0.0.1:" + port, off).start()) {
                browser.get(node, "/begin");
                assertThat(browser.get(node, "/look")).isNotEqualTo("no session");
                try (RedisServer redis = RedisServer.builder().port(port).start();
                        TomcatNode other = node(redis.uri(), Duration.ZERO).start()) {
                    long[] used = new long[1];
                    await().atMost(Duration.ofSeconds(20)).until(() -> {
                        browser.get(node, "/look");
                        used[0] = System.nanoTime();
                        return !browser.get(other, "/look").equals("no session");
                    });
                    assertEndsInTime(redis, browser, used[0]);
                }
            }
        }
    }
}
