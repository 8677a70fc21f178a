package dev.holdfast.it;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.RedisServer;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** A node that is killed (kill -9) takes nothing with it that a client has received a byte of. */
class NodeDeathIT {

    private static final int BROWSERS = 10;
    private static final int RESPONSES_BEFORE_DEATH = 200;

    /** A machine that is short of time must not look like an outage, which keeps changes in memory until it is over. */
    private static final String PATIENT = "requestBudget=20s";

    private static RedisServer redis;
    private static TomcatNode survivor;
    private static ExecutorService threads;

    /** What is changed in place. */
    static final class Cart implements Serializable {
        private static final long serialVersionUID = 1L;
        private final List<Integer> lines = new ArrayList<>();
        private int counter;
    }

    /** The application of all nodes. */
    static final class Shop implements Supplier<Application> {

        @Override
        public Application get() {
            return new Application()
                    .on("/stream", Shop::stream)
                    .on("/count", (request, response) -> {
                        response.getWriter().print(++cart(request.getSession()).counter);
                    })
                    .on("/value", (request, response) -> {
                        request.getSession().setAttribute("value", request.getParameter("v"));
                    })
                    .on("/big", (request, response) -> request.getSession().setAttribute("big", new byte[1 << 20]))
                    .on("/remove", (request, response) -> {
                        request.getSession().removeAttribute("value");
                    })
                    .on("/end", (request, response) -> request.getSession().invalidate())
                    .on("/rename", (request, response) -> request.changeSessionId())
                    .on("/read", Shop::read);
        }

        /** Changes the session, lets the first part of the body go, and never comes to an end. */
        private static void stream(HttpServletRequest request, HttpServletResponse response) throws Exception {
            HttpSession session = request.getSession();
            session.setAttribute("value", request.getParameter("v"));
            cart(session).lines.add(Integer.valueOf(request.getParameter("v")));
            ServletOutputStream body = response.getOutputStream();
            body.write(new byte[1 << 16]);
            body.flush();
            assertThat(new CountDownLatch(1).await(30, SECONDS)).isTrue();
        }

        private static void read(HttpServletRequest request, HttpServletResponse response) throws IOException {
            HttpSession session = request.getSession(false);
            if (session == null) {
                response.getWriter().print("no session");
                return;
            }
            byte[] big = (byte[]) session.getAttribute("big");
            response.getWriter()
                    .print(session.getAttribute("value") + " " + cart(session).lines + " " + cart(session).counter + " "
                            + (big == null ? 0 : big.length));
        }

        private static Cart cart(HttpSession session) {
            Cart cart = (Cart) session.getAttribute("cart");
            if (cart == null) {
                cart = new Cart();
                session.setAttribute("cart", cart);
            }
            return cart;
        }
    }

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
        survivor = TomcatNode.builder()
                .redis(redis.uri())
                .application("", new Shop().get())
                .setting("requestBudget", "20s")
                .start();
        threads = Executors.newFixedThreadPool(BROWSERS);
    }

    @AfterAll
    static void stop() {
        threads.shutdownNow();
        survivor.close();
        redis.close();
    }

    @RepeatedTest(3)
    void what_a_request_changed_before_its_first_byte_outlives_the_node() throws Exception {
        List<Browser> browsers = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        List<Future<InputStream>> bodies = new ArrayList<>();
        try (NodeProcess mortal = NodeProcess.start(redis, Shop.class, PATIENT)) {
            for (int number = 0; number < BROWSERS; number++) {
                Browser browser = new Browser();
                boolean newSession = number % 2 == 0;
                if (!newSession) {
                    browser.get(survivor, "/count");
                }
                browsers.add(browser);
                expected.add(number + " [" + number + "] " + (newSession ? 0 : 1) + " 0");
                String url = mortal.url("/stream?v=" + number);
                bodies.add(threads.submit(() -> firstByteOf(browser, url)));
            }
            for (Future<InputStream> body : bodies) {
                body.get(30, SECONDS);
            }
            mortal.kill();
            for (int number = 0; number < BROWSERS; number++) {
                assertThat(browsers.get(number).get(survivor, "/read"))
                        .as(() -> mortal.output())
                        .isEqualTo(expected.get(number));
            }
        } finally {
            for (Future<InputStream> body : bodies) {
                body.get(30, SECONDS).close();
            }
        }
    }

    private static InputStream firstByteOf(Browser browser, String url) throws IOException {
        InputStream body = browser.stream("POST", url).body();
        assertThat(body.read()).isZero();
        return body;
    }

    @RepeatedTest(3)
    void every_response_that_came_before_a_sudden_death_is_remembered() throws Exception {
        AtomicInteger responses = new AtomicInteger();
        List<Counting> users = new ArrayList<>();
        List<Future<Integer>> last = new ArrayList<>();
        try (NodeProcess mortal = NodeProcess.start(redis, Shop.class, PATIENT)) {
            for (int number = 0; number < BROWSERS; number++) {
                Counting user = new Counting(mortal.url("/count"), responses);
                users.add(user);
                last.add(threads.submit(user));
            }
            Awaitility.await().until(() -> responses.get() >= RESPONSES_BEFORE_DEATH);
            mortal.kill();
            for (int number = 0; number < BROWSERS; number++) {
                int seen = last.get(number).get(30, SECONDS);
                String[] remembered =
                        users.get(number).browser.get(survivor, "/read").split(" ");
                // The last request may have been written without being answered.
                assertThat(Integer.parseInt(remembered[2])).isBetween(seen, seen + 1);
            }
        }
    }

    /** A user who counts as fast as the node answers, until it is dead. */
    private static final class Counting implements Callable<Integer> {
        private final Browser browser = new Browser();
        private final String url;
        private final AtomicInteger responses;

        Counting(String url, AtomicInteger responses) {
            this.url = url;
            this.responses = responses;
        }

        @Override
        public Integer call() {
            int seen = 0;
            while (true) {
                try {
                    seen = Integer.parseInt(browser.send("POST", url).body());
                    responses.incrementAndGet();
                } catch (IOException dead) {
                    return seen;
                }
            }
        }
    }

    @Test
    void all_kinds_of_changes_outlive_the_node_that_answered() {
        try (NodeProcess mortal = NodeProcess.start(redis, Shop.class, PATIENT)) {
            Browser created = new Browser();
            Browser changed = withValue(survivor.url("/value?v=old"));
            Browser removed = withValue(survivor.url("/value?v=old"));
            Browser ended = withValue(survivor.url("/value?v=old"));
            Browser renamed = withValue(mortal.url("/value?v=old"));
            String oldId = renamed.sessionId();
            Browser late = withValue(survivor.url("/value?v=old"));

            created.get(mortal.url("/big"));
            changed.get(mortal.url("/count"));
            removed.get(mortal.url("/remove"));
            ended.get(mortal.url("/end"));
            renamed.get(mortal.url("/rename"));
            late.get(mortal.url("/value?v=new"));
            mortal.kill();

            assertThat(late.get(survivor, "/read")).isEqualTo("new [] 0 0");
            assertThat(created.get(survivor, "/read")).isEqualTo("null [] 0 1048576");
            assertThat(changed.get(survivor, "/read")).isEqualTo("old [] 1 0");
            assertThat(removed.get(survivor, "/read")).isEqualTo("null [] 0 0");
            assertThat(ended.get(survivor, "/read")).isEqualTo("no session");
            assertThat(renamed.sessionId()).isNotEqualTo(oldId);
            assertThat(renamed.get(survivor, "/read")).isEqualTo("old [] 0 0");
            assertThat(new Browser().cookie(oldId).get(survivor, "/read")).isEqualTo("no session");
        }
    }

    private static Browser withValue(String url) {
        Browser browser = new Browser();
        browser.get(url);
        return browser;
    }
}
