package dev.holdfast.it;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.catalina.Session;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** P3: what was logged out stays out, and what was renamed is one session, also for requests that run meanwhile. Servlet 6.0, 7.5,
 * and {@code HttpServletRequest.changeSessionId}. */
class EndAndIdentityIT {

    private static final int IDLE_SECONDS = 4711;

    /** With the default of {@code ttlMargin}. */
    private static final long MARKER_MILLIS =
            Duration.ofHours(1).plusSeconds(IDLE_SECONDS).toMillis();

    private static final AtomicInteger PATHS = new AtomicInteger();
    private static final Application APPLICATION = new Application();

    private static TwoNodes nodes;

    @BeforeAll
    static void start() {
        APPLICATION
                .on("/set", (request, response) -> {
                    request.getSession().setAttribute(request.getParameter("n"), request.getParameter("v"));
                })
                .on("/add", (request, response) -> list(request).add(request.getParameter("v")))
                .on("/fill", (request, response) -> {
                    HttpSession session = request.getSession();
                    session.setMaxInactiveInterval(IDLE_SECONDS);
                    session.setAttribute("value", "first");
                    session.setAttribute("list", new ArrayList<>(List.of("first")));
                })
                .on("/get", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    response.getWriter()
                            .print(session == null ? "no session" : session.getAttribute(request.getParameter("n")));
                })
                .on("/facts", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    response.getWriter()
                            .print(session.getId() + " " + session.getCreationTime() + " "
                                    + session.getMaxInactiveInterval() + " " + session.isNew());
                })
                .on("/end", (request, response) -> request.getSession(false).invalidate())
                .on("/rename", (request, response) -> request.changeSessionId())
                .on("/rename-and-end", (request, response) -> {
                    request.changeSessionId();
                    request.getSession(false).invalidate();
                })
                .on("/create-and-rename", (request, response) -> {
                    HttpSession session = request.getSession();
                    String before = session.getId();
                    session.setAttribute("value", "first");
                    request.changeSessionId();
                    response.getWriter().print(before + " " + session.getId());
                });
        nodes = TwoNodes.running(APPLICATION);
    }

    @AfterAll
    static void stop() {
        nodes.close();
    }

    // ---- the end -------------------------------------------------------------------------------------------------

    @Test
    void after_a_logout_on_one_node_the_other_one_knows_no_session() {
        Browser browser = browserWithSession();
        String id = browser.sessionId();
        assertThat(browser.get(nodes.b, "/get?n=value")).isEqualTo("first");

        browser.get(nodes.a, "/end");

        assertThat(browser.get(nodes.b, "/get?n=value")).isEqualTo("no session");
        assertThat(browser.get(nodes.a, "/get?n=value")).isEqualTo("no session");
        browser.get(nodes.b, "/set?n=other&v=x");
        assertThat(browser.sessionId()).isNotEqualTo(id);
        assertThat(browser.get(nodes.b, "/get?n=value")).isEqualTo("null");
        assertNothingIsLeftOf(id);
    }

    @Test
    void nothing_but_epochs_is_left_of_sessions_that_were_ended() {
        try (TwoNodes own = TwoNodes.running(APPLICATION)) {
            for (int round = 0; round < 10; round++) {
                Browser browser = new Browser();
                browser.get(own.a, "/fill");
                browser.get(own.b, "/add?v=second");
                browser.get(round % 2 == 0 ? own.a : own.b, "/end");
            }

            assertThat(own.redis.keys("*")).isNotEmpty().allMatch(key -> key.endsWith(":epoch"));
        }
    }

    @Test
    void a_request_that_only_reads_on_the_other_node_during_a_logout_reads_on() throws Exception {
        Browser browser = browserWithSession();
        Running running = runningOn(nodes.b, browser, (request, response) -> {
            HttpSession session = request.getSession(false);
            response.getWriter().print(session.getAttribute("value") + " " + list(request));
        });

        browser.get(nodes.a, "/end");

        assertThat(running.finish()).isEqualTo("first [first]");
        assertEnded(browser);
    }

    @Test
    void a_request_that_writes_on_the_other_node_during_a_logout_finishes_and_brings_nothing_back() throws Exception {
        Browser browser = browserWithSession();
        Running running = runningOn(nodes.b, browser, (request, response) -> {
            HttpSession session = request.getSession(false);
            session.setAttribute("late", "late");
            list(request).add("late");
            session.removeAttribute("value");
            response.getWriter()
                    .print(session.getAttribute("late") + " " + list(request) + " " + session.getAttribute("value"));
        });

        browser.get(nodes.a, "/end");

        assertThat(running.finish()).isEqualTo("late [first, late] null");
        assertEnded(browser);
    }

    @Test
    void what_a_request_wrote_before_the_logout_on_the_other_node_is_not_brought_back_either() throws Exception {
        Browser browser = browserWithSession();
        Gate gate = new Gate();
        String path = newPath();
        APPLICATION.on(path, (request, response) -> {
            HttpSession session = request.getSession(false);
            session.setAttribute("early", "early");
            list(request).add("early");
            gate.pass();
            session.setAttribute("late", "late");
            response.getWriter().print(session.getAttribute("early") + " " + session.getAttribute("late"));
        });
        Running running = new Running(gate, browser.twin().async(nodes.b, path));
        gate.awaitArrival();

        browser.get(nodes.a, "/end");

        assertThat(running.finish()).isEqualTo("early late");
        assertEnded(browser);
    }

    @Test
    void a_request_that_streams_during_a_logout_on_the_other_node_finishes_and_brings_nothing_back() throws Exception {
        Browser browser = browserWithSession();
        Running running = runningOn(nodes.b, browser, (request, response) -> {
            HttpSession session = request.getSession(false);
            session.setAttribute("late", "late");
            response.getWriter().print("one ");
            response.flushBuffer();
            session.setAttribute("later", "later");
            list(request).add("later");
            response.flushBuffer();
            response.getWriter()
                    .print(session.getAttribute("late") + " " + session.getAttribute("later") + " " + list(request)
                            + " " + (request.getSession() == session));
        });

        browser.get(nodes.a, "/end");

        assertThat(running.finish()).isEqualTo("one late later [first, later] true");
        assertEnded(browser);
    }

    @Test
    void an_asynchronous_request_during_a_logout_on_the_other_node_finishes_and_brings_nothing_back() throws Exception {
        Browser browser = browserWithSession();
        Gate gate = new Gate();
        String path = newPath();
        APPLICATION.on(path, (request, response) -> {
            HttpSession session = request.getSession(false);
            list(request);
            AsyncContext async = request.startAsync();
            async.start(() -> {
                try {
                    gate.pass();
                    session.setAttribute("late", "late");
                    list(session).add("late");
                    response.getWriter().print(session.getAttribute("late") + " " + list(session));
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                } finally {
                    async.complete();
                }
            });
        });
        Running running = new Running(gate, browser.twin().async(nodes.b, path));
        gate.awaitArrival();

        browser.get(nodes.a, "/end");

        assertThat(running.finish()).isEqualTo("late [first, late]");
        assertEnded(browser);
    }

    @Test
    void a_request_that_first_looks_after_the_logout_finds_no_session() throws Exception {
        Browser browser = browserWithSession();
        browser.get(nodes.b, "/get?n=value");
        Gate gate = new Gate();
        String path = newPath();
        APPLICATION.on(path, (request, response) -> {
            gate.pass();
            response.getWriter().print(request.getSession(false) + " " + request.isRequestedSessionIdValid());
        });
        Running running = new Running(gate, browser.twin().async(nodes.b, path));
        gate.awaitArrival();

        browser.get(nodes.a, "/end");

        assertThat(running.finish()).isEqualTo("null false");
    }

    @Test
    void a_request_that_runs_on_the_node_of_the_logout_brings_nothing_back() throws Exception {
        Browser browser = browserWithSession();
        Gate gate = new Gate();
        String path = newPath();
        APPLICATION.on(path, (request, response) -> {
            HttpSession session = request.getSession(false);
            session.setAttribute("early", "early");
            list(request).add("early");
            gate.pass();
            String outcome = "written";
            try {
                session.setAttribute("late", "late");
            } catch (IllegalStateException asInOneTomcat) {
                outcome = "refused";
            }
            response.getWriter().print(outcome + " " + request.getSession(false));
        });
        Running running = new Running(gate, browser.twin().async(nodes.a, path));
        gate.awaitArrival();

        browser.get(nodes.a, "/end");

        assertThat(running.finish()).isEqualTo("refused null");
        assertEnded(browser);
    }

    @Test
    void the_second_of_two_logouts_does_no_harm() throws Exception {
        Browser browser = browserWithSession();
        Running running = runningOn(nodes.b, browser, (request, response) -> {
            request.getSession(false).invalidate();
            response.getWriter().print(request.getSession(false));
        });

        browser.get(nodes.a, "/end");

        assertThat(running.finish()).isEqualTo("null");
        assertEnded(browser);
    }

    // ---- another id ----------------------------------------------------------------------------------------------

    @Test
    void a_renamed_session_carries_everything_and_its_old_id_is_dead_on_both_nodes() {
        Browser browser = browserWithSession();
        browser.get(nodes.b, "/add?v=second");
        String[] before = browser.get(nodes.b, "/facts").split(" ");
        Browser withOldId = browser.twin();

        browser.get(nodes.a, "/rename");

        assertThat(browser.sessionId()).isNotEqualTo(withOldId.sessionId());
        for (TomcatNode node : List.of(nodes.b, nodes.a)) {
            assertThat(withOldId.get(node, "/get?n=value")).isEqualTo("no session");
            assertThat(browser.get(node, "/get?n=value")).isEqualTo("first");
            assertThat(browser.get(node, "/get?n=list")).isEqualTo("[first, second]");
            assertThat(browser.get(node, "/facts").split(" "))
                    .containsExactly(browser.sessionId(), before[1], "4711", "false");
        }
    }

    @Test
    void a_renamed_session_goes_on_as_any_other() {
        Browser browser = browserWithSession();

        browser.get(nodes.a, "/rename");
        browser.get(nodes.b, "/add?v=second");
        browser.get(nodes.a, "/add?v=third");
        browser.get(nodes.b, "/set?n=value&v=fourth");

        assertThat(browser.get(nodes.a, "/get?n=list")).isEqualTo("[first, second, third]");
        assertThat(browser.get(nodes.a, "/get?n=value")).isEqualTo("fourth");
        browser.get(nodes.b, "/end");
        assertEnded(browser);
    }

    @Test
    void what_a_request_sets_and_removes_under_the_old_id_lands_in_the_renamed_session() throws Exception {
        Browser browser = browserWithSession();
        Browser withOldId = browser.twin();
        Running running = runningOn(nodes.b, browser, (request, response) -> {
            HttpSession session = request.getSession(false);
            session.setAttribute("late", "late");
            session.removeAttribute("value");
            response.getWriter().print(session.getAttribute("late"));
        });

        browser.get(nodes.a, "/rename");
        browser.get(nodes.a, "/set?n=meanwhile&v=meanwhile");

        assertThat(running.finish()).isEqualTo("late");
        for (TomcatNode node : List.of(nodes.a, nodes.b)) {
            assertThat(browser.get(node, "/get?n=late")).isEqualTo("late");
            assertThat(browser.get(node, "/get?n=value")).isEqualTo("null");
            assertThat(browser.get(node, "/get?n=meanwhile")).isEqualTo("meanwhile");
            assertThat(withOldId.get(node, "/get?n=late")).isEqualTo("no session");
        }
    }

    @Test
    void a_look_under_the_old_id_does_not_keep_a_request_that_runs_under_it_from_writing() throws Exception {
        for (TomcatNode node : List.of(nodes.a, nodes.b)) {
            Browser browser = browserWithSession();
            Browser withOldId = browser.twin();
            Running running = runningOn(node, browser, (request, response) -> {
                request.getSession(false).setAttribute("late", "late");
                list(request).add("late");
            });
            browser.get(nodes.a, "/rename");

            assertThat(withOldId.get(nodes.a, "/get?n=value")).isEqualTo("no session");
            assertThat(withOldId.get(nodes.b, "/get?n=value")).isEqualTo("no session");

            running.finish();
            assertThat(browser.get(nodes.b, "/get?n=late")).isEqualTo("late");
            assertThat(browser.get(nodes.a, "/get?n=list")).isEqualTo("[first, late]");
        }
    }

    @Test
    void a_logout_under_the_old_id_ends_the_renamed_session_also_after_a_look_under_the_old_id() throws Exception {
        Browser browser = browserWithSession();
        Browser withOldId = browser.twin();
        Running running = runningOn(nodes.b, browser, (request, response) -> {
            request.getSession(false).invalidate();
        });
        browser.get(nodes.a, "/rename");
        assertThat(withOldId.get(nodes.b, "/get?n=value")).isEqualTo("no session");

        running.finish();

        assertEnded(browser);
    }

    @Test
    void what_a_request_changes_in_place_under_the_old_id_lands_in_the_renamed_session() throws Exception {
        Browser browser = browserWithSession();
        Running running =
                runningOn(nodes.b, browser, (request, response) -> list(request).add("late"));

        browser.get(nodes.a, "/rename");

        running.finish();
        assertThat(browser.get(nodes.a, "/get?n=list")).isEqualTo("[first, late]");
        assertThat(browser.get(nodes.b, "/get?n=list")).isEqualTo("[first, late]");
    }

    @Test
    void what_a_streaming_request_writes_under_the_old_id_lands_in_the_renamed_session() throws Exception {
        Browser browser = browserWithSession();
        Running running = runningOn(nodes.b, browser, (request, response) -> {
            for (int part = 0; part < 5; part++) {
                list(request).add("part" + part);
                request.getSession().setAttribute("part" + part, "set");
                response.getWriter().print(part);
                response.flushBuffer();
            }
        });

        browser.get(nodes.a, "/rename");

        running.finish();
        assertThat(browser.get(nodes.a, "/get?n=list")).isEqualTo("[first, part0, part1, part2, part3, part4]");
        assertThat(browser.get(nodes.b, "/get?n=part0")).isEqualTo("set");
        assertThat(browser.get(nodes.b, "/get?n=part4")).isEqualTo("set");
    }

    @Test
    void what_a_request_writes_under_the_old_id_on_the_renaming_node_lands_in_the_renamed_session() throws Exception {
        Browser browser = browserWithSession();
        Running running = runningOn(nodes.a, browser, (request, response) -> {
            list(request).add("late");
            request.getSession(false).setAttribute("late", "late");
        });

        browser.get(nodes.a, "/rename");

        running.finish();
        assertThat(browser.get(nodes.b, "/get?n=list")).isEqualTo("[first, late]");
        assertThat(browser.get(nodes.b, "/get?n=late")).isEqualTo("late");
    }

    @Test
    void a_logout_by_a_request_under_the_old_id_ends_the_renamed_session() throws Exception {
        Browser browser = browserWithSession();
        String oldId = browser.sessionId();
        Running running = runningOn(nodes.b, browser, (request, response) -> {
            request.getSession(false).invalidate();
        });
        browser.get(nodes.a, "/rename");
        assertThat(browser.get(nodes.a, "/get?n=value")).isEqualTo("first");

        running.finish();

        assertEnded(browser);
        assertThat(nodes.redis.keys("*" + oldId + "*")).allMatch(key -> key.contains(":moved:"));
    }

    @Test
    void a_request_under_the_old_id_brings_nothing_back_when_the_renamed_session_has_ended() throws Exception {
        Browser browser = browserWithSession();
        String oldId = browser.sessionId();
        Running running = runningOn(nodes.b, browser, (request, response) -> {
            request.getSession(false).setAttribute("late", "late");
            list(request).add("late");
        });
        browser.get(nodes.a, "/rename");
        browser.get(nodes.a, "/end");

        running.finish();

        assertEnded(browser);
        assertThat(nodes.redis.keys("*" + oldId + "*")).allMatch(key -> key.contains(":moved:"));
    }

    @Test
    void all_that_is_left_of_an_old_id_is_a_marker_and_not_for_ever() {
        Browser browser = browserWithSession();
        browser.get(nodes.b, "/get?n=value");
        String oldId = browser.sessionId();

        browser.get(nodes.a, "/rename");

        assertThat(nodes.redis.keys("*" + oldId + "*")).singleElement().satisfies(marker -> {
            assertThat(marker).contains(":moved:");
            assertThat((Long) nodes.redis.command("PTTL", marker)).isBetween(1L, MARKER_MILLIS);
        });
        assertThat(isDue(oldId)).isFalse();
        assertThat(isDue(browser.sessionId())).isTrue();
    }

    @Test
    void all_that_is_left_of_a_session_that_was_renamed_and_ended_is_the_marker() {
        Browser browser = browserWithSession();
        String oldId = browser.sessionId();

        browser.get(nodes.b, "/rename-and-end");

        assertThat(browser.sessionId()).isNotEqualTo(oldId);
        assertEnded(browser);
        assertThat(nodes.redis.keys("*" + oldId + "*")).allMatch(key -> key.contains(":moved:"));
    }

    @Test
    void a_request_follows_a_session_through_many_changes_of_its_id() throws Exception {
        Browser browser = browserWithSession();
        List<Browser> formers = new ArrayList<>();
        Running first = runningOn(nodes.b, browser, (request, response) -> {
            list(request).add("late");
            request.getSession(false).setAttribute("late", "late");
        });
        Running middle = null;
        for (int hop = 0; hop < 6; hop++) {
            formers.add(browser.twin());
            browser.get(hop % 2 == 0 ? nodes.a : nodes.b, "/rename");
            if (hop == 2) {
                middle = runningOn(nodes.a, browser, (request, response) -> {
                    request.getSession(false).setAttribute("middle", "middle");
                });
            }
        }

        first.finish();
        middle.finish();

        for (TomcatNode node : List.of(nodes.a, nodes.b)) {
            assertThat(browser.get(node, "/get?n=list")).isEqualTo("[first, late]");
            assertThat(browser.get(node, "/get?n=late")).isEqualTo("late");
            assertThat(browser.get(node, "/get?n=middle")).isEqualTo("middle");
            for (Browser former : formers) {
                assertThat(former.get(node, "/get?n=value")).isEqualTo("no session");
            }
        }
    }

    @Test
    void a_request_under_an_old_id_can_change_the_id_again() throws Exception {
        Browser browser = browserWithSession();
        Browser other = browser.twin();
        Gate gate = new Gate();
        String path = newPath();
        APPLICATION.on(path, (request, response) -> {
            request.getSession(false);
            gate.pass();
            request.changeSessionId();
        });
        Running running = new Running(gate, other.async(nodes.b, path));
        gate.awaitArrival();
        browser.get(nodes.a, "/rename");

        running.finish();

        assertThat(other.sessionId()).isNotEqualTo(browser.sessionId());
        for (TomcatNode node : List.of(nodes.a, nodes.b)) {
            assertThat(other.get(node, "/get?n=value")).isEqualTo("first");
            assertThat(browser.get(node, "/get?n=value")).isEqualTo("no session");
        }
    }

    @Test
    void an_id_that_changes_in_the_request_that_creates_the_session_is_the_only_one_that_was_ever_there() {
        Browser browser = new Browser();

        String[] ids = browser.get(nodes.a, "/create-and-rename").split(" ");

        assertThat(browser.sessionId()).isEqualTo(ids[1]).isNotEqualTo(ids[0]);
        assertThat(browser.get(nodes.b, "/get?n=value")).isEqualTo("first");
        assertNothingIsLeftOf(ids[0]);
    }

    // ---- ids that the container chose, in other partitions -------------------------------------------------------

    @Test
    void a_session_takes_any_id_that_the_container_chooses() throws Exception {
        Browser browser = browserWithSession();
        String[] facts = browser.get(nodes.b, "/facts").split(" ");
        Set<String> partitions = new HashSet<>();
        for (int round = 0; round < 20; round++) {
            TomcatNode node = round % 2 == 0 ? nodes.a : nodes.b;
            TomcatNode other = round % 2 == 0 ? nodes.b : nodes.a;
            Browser withOldId = browser.twin();
            browser.get(node, "/add?v=" + round);

            chooseId(node, browser);

            assertThat(withOldId.get(other, "/get?n=value")).isEqualTo("no session");
            assertThat(withOldId.get(node, "/get?n=value")).isEqualTo("no session");
            assertThat(browser.get(other, "/get?n=list"))
                    .startsWith("[first, 0")
                    .endsWith(round + "]");
            assertThat(browser.get(node, "/facts").split(" "))
                    .containsExactly(browser.sessionId(), facts[1], "4711", "false");
            assertThat(nodes.redis.keys("*" + withOldId.sessionId() + "*")).allSatisfy(marker -> {
                assertThat(marker).contains(":moved:");
                assertThat((Long) nodes.redis.command("PTTL", marker)).isBetween(1L, MARKER_MILLIS);
            });
            partitions.add(partitionOf(browser.sessionId()));
        }
        assertThat(partitions).hasSizeGreaterThan(2);
        browser.get(nodes.b, "/end");
        assertEnded(browser);
    }

    @Test
    void a_request_follows_a_session_into_other_partitions() throws Exception {
        for (int round = 0; round < 5; round++) {
            Browser browser = browserWithSession();
            Running writing = runningOn(nodes.b, browser, (request, response) -> {
                request.getSession(false).setAttribute("late", "late");
                list(request).add("late");
            });
            chooseId(nodes.a, browser);
            browser.get(nodes.a, "/rename");
            chooseId(nodes.a, browser);

            writing.finish();

            assertThat(browser.get(nodes.a, "/get?n=late")).isEqualTo("late");
            assertThat(browser.get(nodes.a, "/get?n=list")).isEqualTo("[first, late]");
            assertThat(browser.get(nodes.b, "/get?n=late")).isEqualTo("late");
        }
    }

    @Test
    void a_logout_follows_a_session_into_another_partition() throws Exception {
        for (int round = 0; round < 5; round++) {
            Browser browser = browserWithSession();
            Running ending = runningOn(nodes.b, browser, (request, response) -> {
                request.getSession(false).invalidate();
            });
            chooseId(nodes.a, browser);

            ending.finish();

            assertEnded(browser);
        }
    }

    @Test
    void nothing_is_lost_while_a_session_that_is_written_to_changes_its_id_again_and_again() throws Exception {
        Browser browser = browserWithSession();
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger written = new AtomicInteger();
        Running running = runningOn(nodes.b, browser, (request, response) -> {
            HttpSession session = request.getSession(false);
            while (!done.get()) {
                session.setAttribute("n" + written.get() % 200, written.get());
                response.getWriter().print('.');
                response.flushBuffer();
                written.incrementAndGet();
                LockSupport.parkNanos(1_000_000);
            }
        });
        running.gate().open();

        for (int change = 0; change < 10; change++) {
            int before = written.get();
            await().until(() -> written.get() > before + 3);
            if (change % 2 == 0) {
                chooseId(nodes.a, browser);
            } else {
                browser.get(nodes.a, "/rename");
            }
        }
        int changed = written.get();
        await().until(() -> written.get() > changed + 10);
        done.set(true);
        running.finish();

        int last = written.get();
        assertThat(changed).isGreaterThan(10);
        for (int number = Math.max(0, last - 200); number < last; number++) {
            String url = "/get?n=n" + number % 200;
            assertThat(browser.get(number % 2 == 0 ? nodes.a : nodes.b, url)).isEqualTo(Integer.toString(number));
        }
    }

    // ---- helpers -------------------------------------------------------------------------------------------------

    /** A request that has read its session and waits, while the test does something on the other node. */
    private record Running(Gate gate, CompletableFuture<HttpResponse<String>> response) {

        String finish() throws Exception {
            gate.open();
            HttpResponse<String> answered = response.get(20, SECONDS);
            assertThat(answered.statusCode()).as(answered.body()).isEqualTo(200);
            return answered.body();
        }
    }

    private static Running runningOn(TomcatNode node, Browser browser, Action goesOn) throws Exception {
        Gate gate = new Gate();
        String path = newPath();
        APPLICATION.on(path, (request, response) -> {
            request.getSession(false).getAttribute("value");
            list(request);
            gate.pass();
            goesOn.run(request, response);
        });
        Running running = new Running(gate, browser.twin().async(node, path));
        gate.awaitArrival();
        return running;
    }

    private static String newPath() {
        return "/running" + PATHS.incrementAndGet();
    }

    /** A user with a session that A has made. */
    private static Browser browserWithSession() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/fill");
        return browser;
    }

    private static void chooseId(TomcatNode node, Browser browser) throws Exception {
        String chosen = UUID.randomUUID().toString();
        Session session = node.manager().findSession(browser.sessionId());
        node.manager().changeSessionId(session, chosen);
        browser.cookie(chosen);
    }

    private static List<String> list(HttpServletRequest request) {
        return list(request.getSession(false));
    }

    @SuppressWarnings("unchecked")
    private static List<String> list(HttpSession session) {
        return (List<String>) session.getAttribute("list");
    }

    private static void assertEnded(Browser browser) {
        assertThat(browser.get(nodes.a, "/get?n=value")).isEqualTo("no session");
        assertThat(browser.get(nodes.b, "/get?n=value")).isEqualTo("no session");
        assertNothingIsLeftOf(browser.sessionId());
    }

    private static void assertNothingIsLeftOf(String id) {
        assertThat(nodes.redis.keys("*" + id + "*")).isEmpty();
        assertThat(isDue(id)).isFalse();
    }

    private static boolean isDue(String id) {
        return nodes.redis.keys("*:due").stream().anyMatch(due -> nodes.redis.text("ZSCORE", due, id) != null);
    }

    private static String partitionOf(String id) {
        String key = nodes.redis.keys("*:s:" + id).first();
        return key.substring(key.indexOf('{'), key.indexOf('}'));
    }
}
