package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.RedisServer;
import jakarta.servlet.http.HttpSession;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests while Redis does not answer: nobody waits for long, nobody is logged out, and it ends by itself. */
class OutageIT {

    private static final int OK = 200;

    /** How many calls in a row have to fail. */
    private static final int UNTIL_GIVEN_UP = 5;

    private static final Application APPLICATION = new Application()
            .on("/set", (request, response) -> request.getSession().setAttribute("value", request.getParameter("v")))
            .on(
                    "/put",
                    (request, response) ->
                            request.getSession().setAttribute(request.getParameter("n"), request.getParameter("v")))
            .on("/get", (request, response) -> {
                HttpSession session = request.getSession(false);
                response.getWriter().print(session == null ? "no session" : session.getAttribute("value"));
            })
            .on("/all", (request, response) -> {
                HttpSession session = request.getSession(false);
                Map<String, Object> all = new TreeMap<>();
                if (session != null) {
                    session.getAttributeNames()
                            .asIterator()
                            .forEachRemaining(name -> all.put(name, session.getAttribute(name)));
                }
                response.getWriter().print(all);
            })
            .on("/logout", (request, response) -> request.getSession(false).invalidate())
            .on("/change-id", (request, response) -> request.changeSessionId())
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

    /** Every request is answered meanwhile. */
    private void giveUpOn(TomcatNode node) {
        for (int call = 0; call < UNTIL_GIVEN_UP; call++) {
            assertThat(status(node)).isEqualTo(OK);
        }
        assertThat(log.with("HF-602")).isNotEmpty();
    }

    private void awaitBack() {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(log.with("HF-603")).hasSameSizeAs(log.with("HF-602")));
    }

    @Test
    void a_redis_that_hangs_is_soon_not_asked_any_more_and_nobody_is_logged_out() {
        nodes.redis.resetStats();
        nodes.redis.pause();
        giveUpOn(nodes.a);
        int requests = 200;
        assertThat(IntStream.range(0, requests).mapToObj(request -> browser.get(nodes.a, "/get")))
                .containsOnly("1");
        nodes.redis.resume();
        awaitBack();

        assertThat(browser.get(nodes.a, "/get")).isEqualTo("1");
        assertThat(nodes.redis.calls("evalsha"))
                .as("what a stopped Redis was asked, and does when it goes on")
                .isLessThan(requests);
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void what_users_do_meanwhile_is_on_the_other_node_when_redis_is_back(Fault fault) {
        fault.begin(nodes.redis);
        giveUpOn(nodes.a);
        browser.get(nodes.a, "/set?v=2");
        browser.get(nodes.a, "/put?n=other&v=3");
        Browser newcomer = new Browser();
        newcomer.get(nodes.a, "/set?v=new");
        assertThat(browser.get(nodes.a, "/all")).isEqualTo("{other=3, value=2}");
        assertThat(newcomer.get(nodes.a, "/get")).isEqualTo("new");

        fault.end(nodes.redis);
        awaitBack();

        await().untilAsserted(() -> assertThat(browser.get(nodes.b, "/all")).isEqualTo("{other=3, value=2}"));
        await().untilAsserted(() -> assertThat(newcomer.get(nodes.b, "/get")).isEqualTo("new"));
        browser.get(nodes.b, "/set?v=4");
        assertThat(browser.get(nodes.a, "/all")).isEqualTo("{other=3, value=4}");
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void a_logout_meanwhile_holds_here_at_once_and_later_everywhere(Fault fault) {
        Browser late = browser.twin();
        fault.begin(nodes.redis);
        giveUpOn(nodes.a);
        browser.get(nodes.a, "/logout");
        assertThat(late.get(nodes.a, "/get")).isEqualTo("no session");

        fault.end(nodes.redis);
        awaitBack();

        await().untilAsserted(() -> assertThat(late.get(nodes.b, "/get")).isEqualTo("no session"));
        assertThat(late.get(nodes.a, "/get")).isEqualTo("no session");
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void a_change_of_id_meanwhile_holds_here_at_once_and_later_everywhere(Fault fault) {
        Browser old = browser.twin();
        fault.begin(nodes.redis);
        giveUpOn(nodes.a);
        browser.get(nodes.a, "/change-id");
        browser.get(nodes.a, "/set?v=2");
        assertThat(old.get(nodes.a, "/get")).isEqualTo("no session");
        assertThat(browser.get(nodes.a, "/get")).isEqualTo("2");

        fault.end(nodes.redis);
        awaitBack();

        await().untilAsserted(() -> assertThat(browser.get(nodes.b, "/get")).isEqualTo("2"));
        assertThat(old.get(nodes.b, "/get")).isEqualTo("no session");
        assertThat(old.get(nodes.a, "/get")).isEqualTo("no session");
    }

    @Test
    void whoever_this_node_does_not_know_gets_a_new_session() {
        Browser other = new Browser();
        other.get(nodes.b, "/set?v=b");
        nodes.redis.pause();
        giveUpOn(nodes.a);
        assertThat(other.get(nodes.a, "/get")).isEqualTo("no session");
        assertThat(log.with("HF-319")).hasSize(1);
        nodes.redis.resume();
        awaitBack();
        assertThat(other.get(nodes.b, "/get")).isEqualTo("b");
    }

    @Test
    void a_redis_that_comes_back_empty_gets_the_sessions_of_this_node() {
        nodes.redis.pause();
        giveUpOn(nodes.a);
        browser.get(nodes.a, "/set?v=2");
        nodes.redis.resume();
        nodes.redis.text("FLUSHALL");
        awaitBack();
        await().untilAsserted(() -> assertThat(browser.get(nodes.b, "/get")).isEqualTo("2"));
        assertThat(browser.get(nodes.a, "/get")).isEqualTo("2");
    }

    @Test
    void a_redis_that_was_emptied_without_an_outage_gets_the_sessions_again_with_their_next_request() {
        nodes.redis.text("FLUSHALL");
        assertThat(browser.get(nodes.a, "/get")).isEqualTo("1");
        assertThat(browser.get(nodes.b, "/get")).isEqualTo("1");
        assertThat(log.with("HF-318")).hasSize(1);
        browser.get(nodes.b, "/set?v=2");
        assertThat(browser.get(nodes.a, "/get")).isEqualTo("2");
    }

    @Test
    void who_has_logged_out_stays_logged_out_when_redis_was_emptied() {
        Browser old = browser.twin();
        browser.get(nodes.a, "/logout");
        nodes.redis.text("FLUSHALL");
        assertThat(old.get(nodes.a, "/get")).isEqualTo("no session");
    }

    /** What a test does to Redis. */
    enum Fault {
        STOPPED {
            @Override
            void begin(RedisServer redis) {
                redis.pause();
            }

            @Override
            void end(RedisServer redis) {
                redis.resume();
            }
        },
        KILLED {
            @Override
            void begin(RedisServer redis) {
                redis.kill();
            }

            @Override
            void end(RedisServer redis) {
                redis.restart();
            }
        },
        READ_ONLY {
            @Override
            void begin(RedisServer redis) {
                redis.text("REPLICAOF", "127.0.0.1", "1");
            }

            @Override
            void end(RedisServer redis) {
                redis.text("REPLICAOF", "NO", "ONE");
            }
        };

        abstract void begin(RedisServer redis);

        abstract void end(RedisServer redis);
    }

    @Test
    void requests_that_need_no_session_are_served() {
        nodes.redis.pause();
        giveUpOn(nodes.a);
        assertThat(browser.get(nodes.a, "/nothing")).isEqualTo("nothing");
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
