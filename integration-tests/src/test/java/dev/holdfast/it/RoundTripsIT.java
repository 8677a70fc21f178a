package dev.holdfast.it;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.io.Serializable;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * P4: what a request costs in Redis. Redis counts the scripts that were called; and it counts its reads from sockets,
 * which shows that nothing else was sent.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoundTripsIT {

    private static final int REQUESTS = 100;
    private static final int ATTRIBUTES = 50;
    private static final Application APPLICATION = new Application();

    private static TwoNodes nodes;

    static final class Person implements Serializable {
        private static final long serialVersionUID = 1L;
        private final String name;
        private final List<Person> children = new ArrayList<>();
        private final Map<String, Integer> points = new HashMap<>();

        Person(String name) {
            this.name = name;
        }
    }

    /** Without equals and hashCode: in a hash set, it stands wherever its identity puts it. */
    static final class Item implements Serializable {
        private static final long serialVersionUID = 1L;
        private final int number;

        Item(int number) {
            this.number = number;
        }
    }

    /** What the nodes are set to. */
    TomcatNode.Builder configured(TomcatNode.Builder node) {
        return node;
    }

    @BeforeAll
    void start() {
        APPLICATION
                .on("/nothing", (request, response) -> response.getWriter().print("nothing"))
                .on("/fill", (request, response) -> {
                    for (int i = 0; i < ATTRIBUTES; i++) {
                        request.getSession().setAttribute("text" + i, "text");
                    }
                })
                .on("/read", (request, response) -> {
                    boolean found = request.getSession(false) != null && request.isRequestedSessionIdValid();
                    for (int i = 0; i < ATTRIBUTES; i++) {
                        found &= request.getSession().getAttribute("text" + i) != null;
                    }
                    HttpSession session = request.getSession();
                    int names = Collections.list(session.getAttributeNames()).size();
                    found &= session.getAttribute("unknown") == null
                            && session.getLastAccessedTime() >= session.getCreationTime();
                    response.getWriter().print(found + " " + names + " " + request.isRequestedSessionIdValid());
                })
                .on("/write", (request, response) -> write(request))
                .on("/stream-after-write", (request, response) -> {
                    write(request);
                    for (int part = 0; part < 10; part++) {
                        response.getWriter().print("x".repeat(10_000));
                        response.flushBuffer();
                    }
                })
                .on("/write-after-flush", (request, response) -> {
                    write(request);
                    response.flushBuffer();
                    write(request);
                    response.getWriter().print("done");
                })
                .on("/look", (request, response) -> {
                    response.getWriter()
                            .print(request.getSession(false) + " " + request.isRequestedSessionIdValid() + " "
                                    + request.getSession(false));
                })
                .on("/graph", (request, response) -> setGraphs(request.getSession()))
                .on("/read-graph", (request, response) -> {
                    HttpSession session = request.getSession();
                    response.getWriter().print(readGraphs(session));
                })
                .on("/stream-graph", (request, response) -> {
                    readGraphs(request.getSession());
                    for (int part = 0; part < 20; part++) {
                        response.getWriter().print("x".repeat(20_000));
                    }
                })
                .on("/set-of-items", (request, response) -> {
                    Set<Item> items = new HashSet<>();
                    Map<Item, String> byItem = new HashMap<>();
                    for (int i = 0; i < 30; i++) {
                        items.add(new Item(i));
                        byItem.put(new Item(i), "item");
                    }
                    request.getSession().setAttribute("items", items);
                    request.getSession().setAttribute("byItem", byItem);
                })
                .on("/read-items", (request, response) -> {
                    Set<?> items = (Set<?>) request.getSession().getAttribute("items");
                    Map<?, ?> byItem = (Map<?, ?>) request.getSession().getAttribute("byItem");
                    response.getWriter().print(items.size() + byItem.size());
                })
                .on("/rename", (request, response) -> request.changeSessionId())
                .on("/end", (request, response) -> request.getSession(false).invalidate());
        // A look for sessions whose time is over calls a script for each partition: it would be counted, too.
        nodes = TwoNodes.with(
                node -> configured(node.application("", APPLICATION).setting("sweepInterval", "10m")));
    }

    private static void write(HttpServletRequest request) {
        HttpSession session = request.getSession();
        for (int i = 0; i < ATTRIBUTES; i++) {
            request.getSession().setAttribute("text" + i, UUID.randomUUID().toString());
        }
        session.removeAttribute("text0");
        session.setMaxInactiveInterval(session.getMaxInactiveInterval() == 1000 ? 2000 : 1000);
        session.setAttribute("list", new ArrayList<>(List.of("one")));
    }

    private static void setGraphs(HttpSession session) {
        Map<String, Person> map = new HashMap<>();
        for (int i = 0; i < 100; i++) {
            Person person = new Person("person" + i);
            person.points.put("points", i);
            map.put("person" + i, person);
        }
        Person parent = new Person("parent");
        parent.children.addAll(map.values());
        session.setAttribute("map", map);
        session.setAttribute("person", parent);
        session.setAttribute("list", new ArrayList<>(List.of("one", "two")));
        session.setAttribute("set", new HashSet<>(map.keySet()));
        session.setAttribute("sorted", new TreeMap<>(Map.of("one", 1, "two", 2)));
        session.setAttribute("linked", new LinkedHashMap<>(Map.of("one", List.of(1), "two", List.of(2))));
        session.setAttribute("bytes", new byte[100]);
        session.setAttribute("grown", grown());
    }

    /** A map that has more room than a copy of it would have, and so another order. */
    private static Map<Integer, String> grown() {
        Map<Integer, String> map = new HashMap<>();
        for (int i = 0; i < 10_000; i++) {
            map.put(i * 1021, "grown");
        }
        map.keySet().removeIf(key -> key % 1000 != 0);
        return map;
    }

    private static String readGraphs(HttpSession session) {
        Map<?, ?> map = (Map<?, ?>) session.getAttribute("map");
        Person parent = (Person) session.getAttribute("person");
        List<?> list = (List<?>) session.getAttribute("list");
        Set<?> set = (Set<?>) session.getAttribute("set");
        Map<?, ?> grown = (Map<?, ?>) session.getAttribute("grown");
        session.getAttribute("sorted");
        session.getAttribute("linked");
        session.getAttribute("bytes");
        return map.size() + " " + parent.name + " " + parent.children.size() + " " + list.size() + " " + set.size()
                + " " + !grown.isEmpty();
    }

    @SuppressWarnings("unchecked")
    private static Set<Item> items(HttpServletRequest request) {
        return (Set<Item>) request.getSession().getAttribute("items");
    }

    @AfterAll
    void stop() {
        nodes.close();
    }

    // ---- requests that write nothing -----------------------------------------------------------------------------

    @Test
    void a_request_that_never_asks_for_its_session_costs_nothing() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/fill");

        assertCost(0, round -> browser.get(one(round), "/nothing"));
    }

    @Test
    void a_request_that_reads_costs_one_script_call_however_much_it_reads() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/fill");

        assertCost(1, round -> assertThat(browser.get(one(round), "/read")).isEqualTo("true " + ATTRIBUTES + " true"));
    }

    @Test
    void a_request_that_reads_on_one_node_only_costs_the_same() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/fill");

        assertCost(1, round -> browser.get(nodes.b, "/read"));
    }

    @Test
    void a_request_that_asks_in_vain_costs_one_script_call_however_often_it_asks() {
        assertCost(1, round -> {
            Browser browser = new Browser().cookie(UUID.randomUUID().toString());
            assertThat(browser.get(one(round), "/look")).isEqualTo("null false null");
        });
    }

    @Test
    void a_request_without_a_cookie_that_asks_costs_nothing() {
        assertCost(
                0, round -> assertThat(new Browser().get(one(round), "/look")).isEqualTo("null false null"));
    }

    @Test
    void objects_that_were_handed_out_and_left_alone_are_not_written() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/graph");

        assertCost(
                1, round -> assertThat(browser.get(one(round), "/read-graph")).isEqualTo("100 parent 100 2 100 true"));
    }

    @Test
    void the_first_look_of_the_other_node_at_objects_writes_nothing() {
        for (int round = 0; round < 10; round++) {
            Browser browser = new Browser();
            TomcatNode other = one(round + 1);
            browser.get(one(round), "/graph");

            long calls = Traffic.scriptCallsOf(nodes.redis, () -> {
                browser.get(other, "/read-graph");
                new Browser().get(other, "/nothing");
            });

            assertThat(calls).isEqualTo(1);
        }
    }

    @Test
    void objects_that_were_handed_out_before_a_long_body_are_not_written_either() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/graph");

        assertCost(1, round -> browser.get(one(round), "/stream-graph"));
    }

    @Test
    void a_set_whose_order_depends_on_identities_is_not_written_when_it_was_left_alone() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/set-of-items");

        assertCost(
                1, round -> assertThat(browser.get(one(round), "/read-items")).isEqualTo("60"));
    }

    @Test
    void a_slow_request_that_left_such_a_set_alone_does_not_undo_what_the_other_node_added() throws Exception {
        Browser browser = new Browser();
        browser.get(nodes.a, "/set-of-items");
        Gate gate = new Gate();
        APPLICATION.on("/read-items-slowly", (request, response) -> {
            request.getSession().getAttribute("items");
            request.getSession().getAttribute("byItem");
            gate.pass();
        });
        CompletableFuture<HttpResponse<String>> reading = browser.twin().async(nodes.b, "/read-items-slowly");
        gate.awaitArrival();
        APPLICATION.on("/add-item", (request, response) -> items(request).add(new Item(30)));
        browser.get(nodes.a, "/add-item");

        gate.open();

        assertThat(reading.get(20, SECONDS).statusCode()).isEqualTo(200);
        assertThat(browser.get(nodes.a, "/read-items")).isEqualTo("61");
        assertThat(browser.get(nodes.b, "/read-items")).isEqualTo("61");
    }

    // ---- requests that write -------------------------------------------------------------------------------------

    @Test
    void a_request_that_writes_costs_two_script_calls_however_much_it_writes() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/fill");

        assertCost(2, round -> browser.get(one(round), "/write"));
    }

    @Test
    void a_request_that_writes_before_it_streams_costs_the_same() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/fill");

        assertCost(2, round -> browser.get(one(round), "/stream-after-write"));
    }

    @Test
    void what_is_written_after_the_first_bytes_costs_one_more() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/fill");

        assertCost(3, round -> browser.get(one(round), "/write-after-flush"));
    }

    @Test
    void a_request_that_creates_a_session_costs_one_script_call() {
        assertCost(1, round -> new Browser().get(one(round), "/write"));
    }

    @Test
    void a_request_that_creates_a_session_in_place_of_one_that_has_ended_costs_two() {
        assertCost(
                2, round -> new Browser().cookie(UUID.randomUUID().toString()).get(one(round), "/write"));
    }

    @Test
    void a_logout_and_a_change_of_id_cost_two() {
        List<Browser> users = new ArrayList<>();
        for (int round = 0; round < REQUESTS + 2; round++) {
            Browser browser = new Browser();
            browser.get(nodes.a, "/fill");
            users.add(browser);
        }

        assertCost(2, round -> users.get(round).get(one(round), "/rename"));
        assertCost(2, round -> users.get(round).get(one(round), "/end"));
    }

    // ---- helpers -------------------------------------------------------------------------------------------------

    @FunctionalInterface
    private interface Request {
        void send(int round);
    }

    private static TomcatNode one(int round) {
        return round % 2 == 0 ? nodes.a : nodes.b;
    }

    /** Sends many requests and counts what they cost, each of them, on either node. */
    private static void assertCost(int scriptCalls, Request request) {
        for (int round = 0; round < 2; round++) {
            request.send(round);
        }
        Traffic before = Traffic.of(nodes.redis);
        for (int round = 2; round < REQUESTS + 2; round++) {
            request.send(round);
        }
        // Over the same connections: what comes after a response has come when the next request is answered.
        new Browser().get(nodes.a, "/nothing");
        new Browser().get(nodes.b, "/nothing");
        Traffic traffic = Traffic.of(nodes.redis).since(before);

        assertThat(traffic.scriptCalls()).isEqualTo((long) scriptCalls * REQUESTS);
        // Some reads are the test's own, or those of connections that say that they are alive.
        assertThat(traffic.reads())
                .isBetween((long) scriptCalls * REQUESTS, (long) scriptCalls * REQUESTS + REQUESTS / 2);
    }
}
