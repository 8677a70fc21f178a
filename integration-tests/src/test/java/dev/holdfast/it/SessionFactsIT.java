package dev.holdfast.it;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.servlet.http.HttpSession;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a session says of itself is right on every node, and so is the time that its keys live. Servlet 6.0, 7.2, 7.5 and
 * 7.6. */
class SessionFactsIT {

    /** How long slow requests work, and how far requests are apart that are told apart by their times. */
    private static final Duration APART = Duration.ofMillis(250);

    private static final AtomicLong WORKS_SINCE = new AtomicLong();
    private static final Application APPLICATION = new Application();

    private static TwoNodes nodes;

    @BeforeAll
    static void start() {
        APPLICATION
                .on("/create", (request, response) -> {
                    response.getWriter().print(Facts.of(request.getSession()));
                })
                .on("/facts", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    response.getWriter().print(session == null ? "no session" : Facts.of(session));
                })
                .on("/slow", (request, response) -> {
                    Facts facts = Facts.of(request.getSession());
                    workOn();
                    response.getWriter().print(facts);
                })
                .on("/idle", (request, response) -> {
                    request.getSession().setMaxInactiveInterval(Integer.parseInt(request.getParameter("s")));
                })
                .on("/set", (request, response) -> request.getSession().setAttribute("value", "value"))
                .on("/rename", (request, response) -> request.changeSessionId())
                .on("/end", (request, response) -> request.getSession(false).invalidate())
                .on("/create-and-end", (request, response) -> {
                    HttpSession session = request.getSession();
                    session.setAttribute("value", "value");
                    session.getAttribute("value");
                    session.setMaxInactiveInterval(60);
                    session.invalidate();
                    response.getWriter().print(request.getSession(false));
                })
                .on("/new-until-the-end", (request, response) -> {
                    boolean first = request.getSession().isNew();
                    response.flushBuffer();
                    response.getWriter()
                            .print(first + " " + request.getSession().isNew());
                });
        nodes = TwoNodes.running(APPLICATION);
    }

    @AfterAll
    static void stop() {
        nodes.close();
    }

    // ---- new -----------------------------------------------------------------------------------------------------

    @Test
    void a_session_is_new_only_in_the_request_that_creates_it() {
        for (TomcatNode next : List.of(nodes.a, nodes.b)) {
            Browser browser = new Browser();

            assertThat(facts(browser, nodes.a, "/create").isNew).isTrue();

            assertThat(facts(browser, next, "/create").isNew).isFalse();
            assertThat(facts(browser, nodes.b, "/create").isNew).isFalse();
            assertThat(facts(browser, nodes.a, "/facts").isNew).isFalse();
        }
    }

    @Test
    void a_session_stays_new_until_the_request_that_creates_it_is_over() {
        assertThat(new Browser().get(nodes.a, "/new-until-the-end")).isEqualTo("true true");
    }

    @Test
    void a_session_is_not_new_to_a_client_that_knows_it_while_the_request_that_created_it_still_runs()
            throws Exception {
        Gate gate = new Gate();
        APPLICATION.on("/create-and-stream", (request, response) -> {
            request.getSession();
            response.flushBuffer();
            gate.pass();
        });
        Browser browser = new Browser();
        HttpResponse<?> streamed = browser.stream(nodes.a, "/create-and-stream");
        gate.awaitArrival();
        try {
            assertThat(streamed.statusCode()).isEqualTo(200);
            assertThat(facts(browser.twin(), nodes.b, "/facts").isNew).isFalse();
            assertThat(facts(browser.twin(), nodes.a, "/facts").isNew).isFalse();
        } finally {
            gate.open();
        }
    }

    // ---- times ---------------------------------------------------------------------------------------------------

    @Test
    void the_creation_time_is_the_same_on_both_nodes_and_for_ever() {
        Browser browser = new Browser();
        long before = System.currentTimeMillis();
        long created = facts(browser, nodes.a, "/create").created;
        long after = System.currentTimeMillis();

        assertThat(created).isBetween(before, after);
        pause();
        browser.get(nodes.b, "/set");
        browser.get(nodes.b, "/rename");
        assertThat(facts(browser, nodes.b, "/facts").created).isEqualTo(created);
        assertThat(facts(browser, nodes.a, "/facts").created).isEqualTo(created);
    }

    @Test
    void the_last_access_is_the_arrival_of_the_request_before_on_whichever_node() {
        Browser browser = new Browser();
        Interval previous = new Interval();
        Facts creation = facts(browser, nodes.a, "/create");
        previous.end();
        assertThat(creation.lastAccessed).isEqualTo(creation.created);

        for (TomcatNode node : List.of(nodes.b, nodes.b, nodes.a, nodes.b, nodes.a, nodes.a)) {
            pause();
            Interval present = new Interval();
            Facts facts = facts(browser, node, "/facts");
            present.end();
            assertThat(facts.lastAccessed).isBetween(previous.from, previous.to);
            previous = present;
        }
    }

    @Test
    void a_request_that_does_not_ask_for_its_session_is_no_access() {
        APPLICATION.on("/nothing", (request, response) -> {});
        Browser browser = new Browser();
        Interval creation = new Interval();
        browser.get(nodes.a, "/create");
        creation.end();
        pause();

        browser.get(nodes.a, "/nothing");
        browser.get(nodes.b, "/nothing");

        assertThat(facts(browser, nodes.b, "/facts").lastAccessed).isBetween(creation.from, creation.to);
    }

    @Test
    void the_last_access_is_when_a_slow_request_came_and_not_when_it_went() {
        for (String slowly : List.of("/slow", "/set-slowly", "/rename-slowly")) {
            APPLICATION.on("/set-slowly", (request, response) -> {
                request.getSession();
                workOn();
                request.getSession().setAttribute("value", "value");
            });
            APPLICATION.on("/rename-slowly", (request, response) -> {
                request.getSession();
                workOn();
                request.changeSessionId();
            });
            for (TomcatNode next : List.of(nodes.a, nodes.b)) {
                Browser browser = new Browser();
                browser.get(nodes.a, "/create");
                pause();
                long arrival = System.currentTimeMillis();
                browser.get(nodes.a, slowly);

                assertThat(facts(browser, next, "/facts").lastAccessed)
                        .as(slowly)
                        .isBetween(arrival, WORKS_SINCE.get());
            }
        }
    }

    @Test
    void the_last_access_is_when_the_session_was_created_also_if_the_creating_request_is_slow() {
        for (TomcatNode next : List.of(nodes.a, nodes.b)) {
            Browser browser = new Browser();
            long created = facts(browser, nodes.a, "/slow").created;

            assertThat(facts(browser, next, "/facts").lastAccessed).isBetween(created, WORKS_SINCE.get());
        }
    }

    @Test
    void the_last_access_stays_right_when_the_container_chooses_another_id() throws Exception {
        for (int round = 0; round < 4; round++) {
            Browser browser = new Browser();
            browser.get(nodes.a, "/create");
            pause();
            Interval request = new Interval();
            browser.get(nodes.b, "/facts");
            request.end();
            pause();

            String chosen = UUID.randomUUID().toString();
            nodes.a.manager().changeSessionId(nodes.a.manager().findSession(browser.sessionId()), chosen);
            browser.cookie(chosen);

            assertThat(facts(browser, nodes.b, "/facts").lastAccessed).isBetween(request.from, request.to);
        }
    }

    // ---- how long a session may be idle --------------------------------------------------------------------------

    @Test
    void the_max_inactive_interval_is_the_same_on_both_nodes_whoever_sets_it() {
        Browser browser = new Browser();
        assertThat(facts(browser, nodes.a, "/create").maxInactive).isEqualTo(30 * 60);
        assertThat(facts(browser, nodes.b, "/facts").maxInactive).isEqualTo(30 * 60);

        browser.get(nodes.a, "/idle?s=600");
        assertThat(facts(browser, nodes.b, "/facts").maxInactive).isEqualTo(600);
        assertThat(facts(browser, nodes.a, "/facts").maxInactive).isEqualTo(600);

        browser.get(nodes.b, "/idle?s=700");
        assertThat(facts(browser, nodes.a, "/facts").maxInactive).isEqualTo(700);
        browser.get(nodes.a, "/set");
        assertThat(facts(browser, nodes.b, "/facts").maxInactive).isEqualTo(700);
    }

    @Test
    void the_max_inactive_interval_of_the_application_counts_from_the_start() {
        try (TwoNodes own = TwoNodes.with(
                node -> node.application("", APPLICATION).onContext(context -> context.setSessionTimeout(7)))) {
            Browser browser = new Browser();

            assertThat(facts(browser, own.a, "/create").maxInactive).isEqualTo(7 * 60);
            assertThat(facts(browser, own.b, "/facts").maxInactive).isEqualTo(7 * 60);
        }
    }

    @Test
    void a_session_that_was_idle_for_too_long_is_gone_on_both_nodes() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/idle?s=1");
        browser.get(nodes.b, "/facts");
        String id = browser.sessionId();

        // Each look that finds the session would be an access: so they are further apart than the interval.
        await().pollDelay(Duration.ofMillis(1200))
                .pollInterval(Duration.ofMillis(1200))
                .until(() -> browser.get(nodes.b, "/facts").equals("no session"));

        assertThat(browser.get(nodes.a, "/facts")).isEqualTo("no session");
        assertThat(facts(browser, nodes.a, "/create").isNew).isTrue();
        assertThat(browser.sessionId()).isNotEqualTo(id);
    }

    @Test
    void a_session_that_is_used_on_either_node_lives_longer_than_its_interval() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/idle?s=1");
        long end = System.currentTimeMillis() + 2500;
        for (int round = 0; System.currentTimeMillis() < end; round++) {
            assertThat(browser.get(round % 2 == 0 ? nodes.b : nodes.a, "/facts"))
                    .isNotEqualTo("no session");
            pause();
        }
    }

    @Test
    void a_request_may_take_longer_than_the_session_may_be_idle() throws Exception {
        Browser browser = new Browser();
        browser.get(nodes.a, "/idle?s=1");
        Gate gate = new Gate();
        APPLICATION.on("/takes-longer", (request, response) -> {
            HttpSession session = request.getSession(false);
            gate.pass();
            session.setAttribute("value", "late");
            response.getWriter().print(session.getAttribute("value"));
        });
        CompletableFuture<HttpResponse<String>> running = browser.twin().async(nodes.b, "/takes-longer");
        gate.awaitArrival();
        await().pollDelay(Duration.ofMillis(1200)).until(() -> true);
        gate.open();

        assertThat(running.get(20, SECONDS).body()).isEqualTo("late");
        assertThat(browser.get(nodes.a, "/facts")).isNotEqualTo("no session");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void an_interval_of_zero_or_less_means_that_the_session_never_expires(int seconds) {
        Browser browser = new Browser();
        browser.get(nodes.a, "/create");
        browser.get(nodes.b, "/idle?s=" + seconds);

        assertThat(facts(browser, nodes.a, "/facts").maxInactive).isEqualTo(seconds);
        assertThat(timeToLive(recordOf(browser))).isEqualTo(-1);
        assertThat(isDue(browser.sessionId())).isFalse();
        browser.get(nodes.b, "/set");
        assertThat(timeToLive(recordOf(browser))).isEqualTo(-1);

        browser.get(nodes.a, "/idle?s=60");
        assertThat(timeToLive(recordOf(browser))).isGreaterThan(60_000);
        assertThat(isDue(browser.sessionId())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void a_session_that_never_expires_from_the_start_has_no_time_to_live(int minutes) {
        try (TwoNodes own = TwoNodes.with(
                node -> node.application("", APPLICATION).onContext(context -> context.setSessionTimeout(minutes)))) {
            Browser browser = new Browser();
            browser.get(own.a, "/create");
            browser.get(own.b, "/rename");
            browser.get(own.a, "/facts");

            assertThat(own.redis.keys("*:s:" + browser.sessionId()))
                    .singleElement()
                    .satisfies(record ->
                            assertThat(own.redis.command("PTTL", record)).isEqualTo(-1L));
            assertThat(own.redis.keys("*:due")).isEmpty();
        }
    }

    @Test
    void every_key_vanishes_by_itself_if_all_nodes_die() {
        try (TwoNodes own = TwoNodes.running(APPLICATION)) {
            for (int round = 0; round < 20; round++) {
                Browser browser = new Browser();
                browser.get(own.a, "/create");
                browser.get(own.b, "/set");
                if (round % 4 == 0) {
                    browser.get(own.b, "/rename");
                }
                if (round % 5 == 1) {
                    browser.get(own.b, "/end");
                }
                if (round % 7 == 2) {
                    browser.get(own.a, "/idle?s=" + 100 * round);
                }
                new Browser().cookie(UUID.randomUUID().toString()).get(own.a, "/facts");
                assertThat(keysThatStay(own)).isEmpty();
            }

            SortedSet<String> keys = own.redis.keys("*");
            assertThat(keys).anyMatch(key -> key.contains(":s:"));
            assertThat(keys).anyMatch(key -> key.contains(":moved:"));
            assertThat(keys).anyMatch(key -> key.endsWith(":due"));
            assertThat(keys).anyMatch(key -> key.endsWith(":epoch"));
        }
    }

    @Test
    void a_session_that_never_expires_keeps_its_own_record_only() {
        try (TwoNodes own = TwoNodes.running(APPLICATION)) {
            for (int round = 0; round < 10; round++) {
                new Browser().get(own.a, "/create");
            }
            Browser browser = new Browser();
            browser.get(own.b, "/idle?s=0");
            String record = own.redis.keys("*:s:" + browser.sessionId()).first();

            assertThat(keysThatStay(own)).containsExactly(record);
            browser.get(own.a, "/end");
            assertThat(keysThatStay(own)).isEmpty();
        }
    }

    @Test
    void a_record_outlives_the_end_of_its_session_so_that_listeners_can_still_read_it() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/idle?s=90");
        browser.get(nodes.b, "/facts");

        assertThat(timeToLive(recordOf(browser))).isGreaterThan(90_000 + 60_000);
        String due = nodes.redis.keys("*:due").stream()
                .filter(key -> nodes.redis.text("ZSCORE", key, browser.sessionId()) != null)
                .findAny()
                .orElseThrow();
        assertThat(timeToLive(due)).isGreaterThan(90_000);
    }

    // ---- sessions that are none ----------------------------------------------------------------------------------

    @Test
    void a_session_that_ends_in_the_request_that_creates_it_never_reaches_redis() {
        SortedSet<String> before = nodes.redis.keys("*");

        long calls = Traffic.scriptCallsOf(nodes.redis, () -> {
            for (int round = 0; round < 10; round++) {
                assertThat(new Browser().get(nodes.a, "/create-and-end")).isEqualTo("null");
            }
        });

        assertThat(calls).isZero();
        assertThat(nodes.redis.keys("*")).isEqualTo(before);
    }

    @Test
    void an_id_that_nobody_was_given_finds_no_session_and_makes_none() {
        String unknown = UUID.randomUUID().toString();
        for (TomcatNode node : List.of(nodes.a, nodes.b)) {
            Browser browser = new Browser().cookie(unknown);
            HttpResponse<String> response = browser.response(node, "/facts");

            assertThat(response.body()).isEqualTo("no session");
            assertThat(Browser.sessionCookieOf(response)).isEmpty();
        }
        assertThat(nodes.redis.keys("*" + unknown + "*")).isEmpty();
    }

    @Test
    void a_session_without_attributes_is_a_session() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/create");
        String id = browser.sessionId();

        assertThat(facts(browser, nodes.b, "/create").isNew).isFalse();
        assertThat(browser.sessionId()).isEqualTo(id);
    }

    // ---- helpers -------------------------------------------------------------------------------------------------

    private record Facts(boolean isNew, long created, long lastAccessed, int maxInactive) {

        static Facts of(HttpSession session) {
            return new Facts(
                    session.isNew(),
                    session.getCreationTime(),
                    session.getLastAccessedTime(),
                    session.getMaxInactiveInterval());
        }

        static Facts parse(String text) {
            String[] parts = text.split(" ");
            return new Facts(
                    Boolean.parseBoolean(parts[0]),
                    Long.parseLong(parts[1]),
                    Long.parseLong(parts[2]),
                    Integer.parseInt(parts[3]));
        }

        @Override
        public String toString() {
            return isNew + " " + created + " " + lastAccessed + " " + maxInactive;
        }
    }

    /** From before a request was sent until after it was answered. */
    private static final class Interval {
        private final long from = System.currentTimeMillis();
        private long to;

        private void end() {
            to = System.currentTimeMillis();
        }
    }

    private static Facts facts(Browser browser, TomcatNode node, String path) {
        return Facts.parse(browser.get(node, path));
    }

    /** What a servlet does that takes a while, after it has looked at its session. */
    private static void workOn() {
        WORKS_SINCE.set(System.currentTimeMillis());
        long end = System.nanoTime() + APART.toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    /** Requests before and after it are told apart by their times. */
    private static void pause() {
        await().pollDelay(APART).until(() -> true);
    }

    private static List<String> keysThatStay(TwoNodes own) {
        return own.redis.keys("*").stream()
                .filter(key -> (Long) own.redis.command("PTTL", key) < 0)
                .toList();
    }

    private static String recordOf(Browser browser) {
        return nodes.redis.keys("*:s:" + browser.sessionId()).first();
    }

    private static long timeToLive(String key) {
        return (Long) nodes.redis.command("PTTL", key);
    }

    private static boolean isDue(String id) {
        return nodes.redis.keys("*:due").stream().anyMatch(due -> nodes.redis.text("ZSCORE", due, id) != null);
    }
}
