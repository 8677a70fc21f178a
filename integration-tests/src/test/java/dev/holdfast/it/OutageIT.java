package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.servlet.http.HttpSession;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests while Redis does not answer: nobody waits for long, nobody is logged out, and it ends by itself. */
class OutageIT {

    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    /** How many calls in a row have to fail. */
    private static final int UNTIL_GIVEN_UP = 5;

    private static final Application APPLICATION = new Application()
            .on("/set", (request, response) -> request.getSession().setAttribute("value", request.getParameter("v")))
            .on("/get", (request, response) -> {
                HttpSession session = request.getSession(false);
                response.getWriter().print(session == null ? "no session" : session.getAttribute("value"));
            })
            .on("/nothing", (request, response) -> response.getWriter().print("nothing"));

    private final LogRecords log = new LogRecords();
    private final Browser browser = new Browser();
    private TwoNodes nodes;

    @BeforeEach
    void start() {
        nodes = TwoNodes.with(node -> node.setting("operationTimeout", "200ms")
                .setting("openInterval", "100ms")
                .setting("sweepInterval", "10m")
                .application("", APPLICATION));
        browser.get(nodes.a, "/set?v=1");
        assertThat(browser.get(nodes.b, "/get")).isEqualTo("1");
    }

    @AfterEach
    void stop() {
        nodes.redis.resume();
        nodes.close();
        log.close();
    }

    private int status(TomcatNode node) {
        return browser.response(node, "/get").statusCode();
    }

    private void giveUpOn(TomcatNode node) {
        for (int call = 0; call < UNTIL_GIVEN_UP; call++) {
            assertThat(status(node)).isEqualTo(UNAVAILABLE);
        }
        assertThat(log.with("HF-602")).hasSize(1);
    }

    private void awaitBack(TomcatNode node) {
        await().atMost(Duration.ofSeconds(20)).until(() -> status(node) == OK);
        assertThat(log.with("HF-603")).hasSize(1);
    }

    @Test
    void a_redis_that_hangs_is_soon_not_asked_any_more_and_nobody_is_logged_out() {
        nodes.redis.resetStats();
        nodes.redis.pause();
        giveUpOn(nodes.a);
        int requests = 200;
        assertThat(IntStream.range(0, requests).map(request -> status(nodes.a))).containsOnly(UNAVAILABLE);
        nodes.redis.resume();
        awaitBack(nodes.a);

        assertThat(browser.get(nodes.a, "/get")).isEqualTo("1");
        assertThat(nodes.redis.calls("evalsha"))
                .as("what a stopped Redis was asked, and does when it goes on")
                .isLessThan(requests);
    }

    @Test
    void requests_that_need_no_session_are_served() {
        nodes.redis.pause();
        giveUpOn(nodes.a);
        assertThat(browser.get(nodes.a, "/nothing")).isEqualTo("nothing");
    }

    @Test
    void a_redis_that_only_reads_is_given_up_and_comes_back_by_itself() {
        nodes.redis.text("REPLICAOF", "127.0.0.1", "1");
        giveUpOn(nodes.a);
        assertThat(log.with("HF-602").get(0).text()).contains("HF-205");
        nodes.redis.text("REPLICAOF", "NO", "ONE");
        awaitBack(nodes.a);
        assertThat(browser.get(nodes.a, "/get")).isEqualTo("1");
    }

    @Test
    void a_redis_that_was_killed_and_comes_back_is_worked_with_again() {
        nodes.redis.kill();
        giveUpOn(nodes.a);
        nodes.redis.restart();
        awaitBack(nodes.a);
        browser.get(nodes.a, "/set?v=2");
        await().until(() -> status(nodes.b) == OK);
        assertThat(browser.get(nodes.b, "/get")).isEqualTo("2");
    }

    @Test
    void a_node_stops_in_the_middle_of_an_outage_and_leaves_no_thread() {
        nodes.redis.pause();
        giveUpOn(nodes.a);
        nodes.a.close();
        nodes.b.close();
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("holdfast-")));
    }
}
