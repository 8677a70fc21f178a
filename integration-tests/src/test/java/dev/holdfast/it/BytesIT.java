package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpSession;
import java.io.Serializable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** P5: only what changed travels, in both directions. Redis counts the bytes. */
class BytesIT {

    private static final int ATTRIBUTES = 100;
    private static final int ALTERNATIONS = 50;
    private static final int MOST_BYTES = 2048;
    private static final Application APPLICATION = new Application();

    private static TwoNodes nodes;

    static final class Counter implements Serializable {
        private static final long serialVersionUID = 1L;
        private int count;
    }

    @BeforeAll
    static void start() {
        APPLICATION
                .on("/fill", (request, response) -> {
                    HttpSession session = request.getSession();
                    int length = Integer.parseInt(request.getParameter("bytes")) / ATTRIBUTES;
                    for (int i = 0; i < ATTRIBUTES - 2; i++) {
                        session.setAttribute(
                                "attribute" + i, Integer.toString(i % 10).repeat(length));
                    }
                    session.setAttribute("small", "0");
                    session.setAttribute("counter", new Counter());
                })
                .on("/set", (request, response) -> {
                    int previous =
                            Integer.parseInt((String) request.getSession().getAttribute("small"));
                    request.getSession().setAttribute("small", Integer.toString(previous + 1));
                    response.getWriter().print(previous);
                })
                .on("/count", (request, response) -> {
                    Counter counter = (Counter) request.getSession().getAttribute("counter");
                    response.getWriter().print(counter.count++);
                })
                .on("/read", (request, response) -> {
                    HttpSession session = request.getSession();
                    long characters = 0;
                    for (int i = 0; i < ATTRIBUTES - 2; i++) {
                        characters += ((String) session.getAttribute("attribute" + i)).length();
                    }
                    response.getWriter().print(characters);
                });
        nodes = TwoNodes.running(APPLICATION);
    }

    @AfterAll
    static void stop() {
        nodes.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {50 << 10, 1 << 20})
    void an_attribute_that_is_set_travels_alone(int bytes) {
        assertBytesOfAlternation(bytes, "/set");
    }

    @ParameterizedTest
    @ValueSource(ints = {50 << 10, 1 << 20})
    void an_object_that_changes_in_place_travels_alone(int bytes) {
        assertBytesOfAlternation(bytes, "/count");
    }

    @ParameterizedTest
    @ValueSource(ints = {50 << 10, 1 << 20})
    void a_request_that_only_reads_moves_no_attribute(int bytes) {
        Browser browser = filled(bytes);
        browser.get(nodes.a, "/read");
        browser.get(nodes.b, "/read");

        Traffic before = Traffic.of(nodes.redis);
        for (int round = 0; round < ALTERNATIONS; round++) {
            String characters = browser.get(one(round), "/read");
            assertThat(Long.parseLong(characters)).isGreaterThan(bytes * 9L / 10);
        }

        assertThat(bytesSince(before) / ALTERNATIONS).isLessThan(MOST_BYTES / 2);
    }

    /** Each request sees what the one before did on the other node, and changes it again. */
    private static void assertBytesOfAlternation(int bytes, String path) {
        Browser browser = filled(bytes);
        browser.get(nodes.a, path);
        browser.get(nodes.b, path);

        Traffic before = Traffic.of(nodes.redis);
        for (int round = 0; round < ALTERNATIONS; round++) {
            assertThat(browser.get(one(round), path)).isEqualTo(Integer.toString(round + 2));
        }

        long each = bytesSince(before) / ALTERNATIONS;
        assertThat(each).isGreaterThan(100).isLessThan(MOST_BYTES);
    }

    private static Browser filled(int bytes) {
        Browser browser = new Browser();
        browser.get(nodes.a, "/fill?bytes=" + bytes);
        return browser;
    }

    private static TomcatNode one(int round) {
        return round % 2 == 0 ? nodes.a : nodes.b;
    }

    /** Without what the question itself costs. */
    private static long bytesSince(Traffic before) {
        Traffic now = Traffic.of(nodes.redis);
        Traffic question = Traffic.of(nodes.redis).since(now);
        return now.since(before).bytes() - question.bytes();
    }
}
