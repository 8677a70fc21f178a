package dev.holdfast.it;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.FaultyProxy;
import dev.holdfast.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A node that stands still for longer than a request may wait for Redis: garbage collection, a throttled container. */
class NodePauseIT {

    private static final int BROWSERS = 8;
    private static final int PAUSES = 5;
    private static final Duration LONGER_THAN_THE_BUDGET = Duration.ofSeconds(1);

    /** The application of both nodes. */
    static final class Counter implements Supplier<Application> {

        @Override
        public Application get() {
            return new Application().on("/count", (request, response) -> {
                Integer count = (Integer) request.getSession().getAttribute("count");
                int next = count == null ? 1 : count + 1;
                request.getSession().setAttribute("count", next);
                response.getWriter().print(next);
            });
        }
    }

    @Test
    void it_does_not_take_its_own_pause_for_a_silent_redis() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(BROWSERS);
        AtomicBoolean isOver = new AtomicBoolean();
        AtomicInteger responses = new AtomicInteger();
        try (RedisServer redis = RedisServer.start();
                FaultyProxy network = FaultyProxy.before(redis);
                NodeProcess node = NodeProcess.start(redis, Counter.class, "redis=" + network.uri());
                TomcatNode other = TomcatNode.start(redis.uri(), new Counter().get())) {
            List<Browser> browsers = new ArrayList<>();
            List<Future<Integer>> seen = new ArrayList<>();
            for (int number = 0; number < BROWSERS; number++) {
                Browser browser = new Browser();
                browser.get(node.url("/count"));
                browsers.add(browser);
            }
            // So that replies are on their way when it stops.
            network.delay(Duration.ofMillis(50));
            for (Browser browser : browsers) {
                seen.add(threads.submit(() -> {
                    int last = 0;
                    while (!isOver.get()) {
                        last = Integer.parseInt(browser.get(node.url("/count")));
                        responses.incrementAndGet();
                    }
                    return last;
                }));
            }
            for (int pause = 0; pause < PAUSES; pause++) {
                int before = responses.get();
                Awaitility.await().until(() -> responses.get() > before + 2 * BROWSERS);
                node.pause();
                Awaitility.await().pollDelay(LONGER_THAN_THE_BUDGET).until(() -> true);
                node.resume();
            }
            int before = responses.get();
            Awaitility.await().until(() -> responses.get() > before + 2 * BROWSERS);
            isOver.set(true);
            for (int number = 0; number < BROWSERS; number++) {
                int last = seen.get(number).get(30, SECONDS);
                assertThat(browsers.get(number).get(other, "/count")).isEqualTo(Integer.toString(last + 1));
            }
            assertThat(node.output()).doesNotContain("HF-2", "HF-6");
        } finally {
            isOver.set(true);
            threads.shutdownNow();
        }
    }
}
