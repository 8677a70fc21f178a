package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.servlet.http.HttpSession;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.catalina.util.StandardSessionIdGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which ids are taken from a client, and how they travel: with a route, in a URL, for several applications. Servlet 6.0,
 * 7.1 and 7.3.
 */
class IdsIT {

    private static final int LONGEST = 128;
    private static final Application APPLICATION = new Application();

    private static TwoNodes nodes;

    @BeforeAll
    static void start() {
        APPLICATION
                .on("/set", (request, response) -> {
                    request.getSession().setAttribute("value", request.getParameter("v"));
                })
                .on("/get", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    response.getWriter().print(session == null ? "no session" : session.getAttribute("value"));
                })
                .on("/look", (request, response) -> {
                    response.getWriter()
                            .print(request.getSession(false) + " " + request.isRequestedSessionIdValid() + " "
                                    + request.getSession(false));
                })
                .on("/id", (request, response) -> {
                    response.getWriter()
                            .print(request.getSession(false).getId() + " " + request.isRequestedSessionIdValid() + " "
                                    + request.isRequestedSessionIdFromURL());
                })
                .on("/link", (request, response) -> {
                    request.getSession();
                    response.getWriter().print(response.encodeURL("/get"));
                })
                .on("/accessed", (request, response) -> {
                    response.getWriter().print(request.getSession(false).getLastAccessedTime());
                })
                .on("/rename", (request, response) -> request.changeSessionId())
                .on("/end", (request, response) -> request.getSession(false).invalidate())
                .on("/nothing", (request, response) -> response.getWriter().print("nothing"));
        nodes = TwoNodes.running(APPLICATION);
    }

    @AfterAll
    static void stop() {
        nodes.close();
    }

    // ---- ids that are not adopted --------------------------------------------------------------------------------

    static List<Named<String>> malformed() {
        return Stream.of(
                        "short",
                        "123456789012345",
                        ".a",
                        "123456789012345.a",
                        "12345678901234567890:s:due",
                        "12345678901234567890{x}",
                        "12345678901234567890*",
                        "1234567890?234567890",
                        "1234567890/../234567890",
                        "12345678901234567890%0d%0a",
                        "12345678901234567890\u00e4",
                        "12345678901234567890 1234",
                        "a".repeat(LONGEST + 1),
                        "a".repeat(LONGEST + 1) + ".a",
                        "a".repeat(5000))
                .map(id -> Named.of(id.length() > 50 ? id.length() + " characters" : id, id))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void a_malformed_id_never_reaches_redis(String id) {
        for (TomcatNode node : List.of(nodes.a, nodes.b)) {
            Browser browser = new Browser();

            long calls = Traffic.scriptCallsOf(nodes.redis, () -> {
                assertThat(browser.cookie(id).get(node, "/look")).isEqualTo("null false null");
                assertThat(browser.get(node, "/nothing")).isEqualTo("nothing");
            });

            assertThat(calls).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void a_malformed_id_is_not_adopted(String id) {
        Browser browser = new Browser().cookie(id);

        long calls = Traffic.scriptCallsOf(nodes.redis, () -> browser.get(nodes.a, "/set?v=1"));

        assertThat(calls).isEqualTo(1);
        assertThat(browser.cookie()).isNotEqualTo(id).matches("[0-9A-F]{32}");
        assertThat(browser.get(nodes.b, "/get")).isEqualTo("1");
    }

    @Test
    void a_malformed_id_in_a_url_is_no_better() {
        for (String id :
                List.of("short", "a".repeat(LONGEST + 1), "12345678901234567890:due", "12345678901234567890*")) {
            Browser browser = new Browser();
            long calls = Traffic.scriptCallsOf(nodes.redis, () -> {
                assertThat(browser.get(nodes.a, "/look;jsessionid=" + id)).isEqualTo("null false null");
            });

            assertThat(calls).isZero();
            browser.get(nodes.a, "/set;jsessionid=" + id + "?v=1");
            assertThat(browser.sessionId()).isNotEqualTo(id);
        }
    }

    @Test
    void an_unknown_id_is_not_adopted() {
        for (String id : List.of(UUID.randomUUID().toString(), "a".repeat(LONGEST), "0123456789abcdef")) {
            for (TomcatNode node : List.of(nodes.a, nodes.b)) {
                Browser browser = new Browser().cookie(id);
                browser.get(node, "/set?v=1");

                assertThat(browser.cookie()).isNotEqualTo(id);
                assertThat(new Browser().cookie(id).get(node, "/get")).isEqualTo("no session");
            }
            assertThat(nodes.redis.keys("*" + id + "*")).isEmpty();
        }
    }

    @Test
    void the_id_of_a_session_that_has_ended_is_not_adopted() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/set?v=1");
        String id = browser.sessionId();
        browser.get(nodes.b, "/end");

        browser.get(nodes.a, "/set?v=2");

        assertThat(browser.sessionId()).isNotEqualTo(id);
        assertThat(new Browser().cookie(id).get(nodes.b, "/get")).isEqualTo("no session");
    }

    @Test
    void of_several_session_cookies_the_one_with_a_session_counts() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/set?v=1");
        String dead = UUID.randomUUID().toString();

        for (String cookies : List.of(
                dead + "; JSESSIONID=" + browser.cookie(),
                "short; JSESSIONID=" + browser.cookie(),
                browser.cookie() + "; JSESSIONID=" + dead)) {
            assertThat(new Browser().cookie(cookies).get(nodes.b, "/get"))
                    .as(cookies)
                    .isEqualTo("1");
        }
    }

    @Test
    void ids_may_be_as_long_as_tomcat_can_be_told_to_make_them() {
        UnaryOperator<TomcatNode.Builder> longIds =
                node -> node.application("", APPLICATION).onManager(manager -> {
                    StandardSessionIdGenerator generator = new StandardSessionIdGenerator();
                    generator.setSessionIdLength(LONGEST / 2);
                    manager.setSessionIdGenerator(generator);
                });
        try (TwoNodes own = TwoNodes.with(longIds)) {
            Browser browser = new Browser();
            browser.get(own.a, "/set?v=1");

            assertThat(browser.cookie()).hasSize(LONGEST);
            assertThat(browser.get(own.b, "/get")).isEqualTo("1");
            browser.get(own.b, "/rename");
            assertThat(browser.get(own.a, "/get")).isEqualTo("1");
        }
    }

    // ---- routes --------------------------------------------------------------------------------------------------

    @Test
    void the_route_follows_the_node_that_uses_the_session_and_the_id_stays() {
        try (TwoNodes own = TwoNodes.with(routed("a"), routed("b"))) {
            Browser browser = new Browser();
            browser.get(own.a, "/set?v=1");
            String id = browser.sessionId();
            assertThat(browser.cookie()).isEqualTo(id + ".a");

            assertThat(Browser.sessionCookieOf(browser.response(own.b, "/nothing")))
                    .isEmpty();
            assertThat(browser.cookie()).isEqualTo(id + ".a");

            for (int round = 0; round < 3; round++) {
                HttpResponse<String> onB = browser.response(own.b, "/id");
                assertThat(onB.body()).isEqualTo(id + " true false");
                assertThat(Browser.sessionCookieOf(onB)).contains(id + ".b");
                assertThat(onB.headers().allValues("Set-Cookie"))
                        .singleElement()
                        .asString()
                        .contains("Path=/", "HttpOnly");
                assertThat(Browser.sessionCookieOf(browser.response(own.b, "/get")))
                        .isEmpty();

                HttpResponse<String> onA = browser.response(own.a, "/id");
                assertThat(onA.body()).isEqualTo(id + " true false");
                assertThat(Browser.sessionCookieOf(onA)).contains(id + ".a");
            }
            assertThat(browser.get(own.b, "/get")).isEqualTo("1");
            assertThat(own.redis.keys("*" + id + "*")).noneMatch(key -> key.contains("."));
        }
    }

    @Test
    void the_route_is_rewritten_also_when_the_response_is_flushed_early_or_has_no_body() {
        try (TwoNodes own = TwoNodes.with(routed("a"), routed("b"))) {
            APPLICATION
                    .on("/flushed", (request, response) -> {
                        request.getSession(false);
                        response.flushBuffer();
                        response.getWriter().print("body");
                    })
                    .on("/redirected", (request, response) -> {
                        request.getSession(false);
                        response.sendRedirect("/get");
                    })
                    .on("/refused", (request, response) -> {
                        request.getSession(false);
                        response.sendError(404);
                    })
                    .on("/empty", (request, response) -> request.getSession(false));
            for (String path : List.of("/flushed", "/redirected", "/refused", "/empty")) {
                Browser browser = new Browser();
                browser.get(own.a, "/set?v=1");

                HttpResponse<String> response = browser.response(own.b, path);

                assertThat(Browser.sessionCookieOf(response)).as(path).contains(browser.sessionId() + ".b");
            }
        }
    }

    @Test
    void a_renamed_session_gets_the_route_of_the_node_that_renamed_it() {
        try (TwoNodes own = TwoNodes.with(routed("a"), routed("b"))) {
            Browser browser = new Browser();
            browser.get(own.a, "/set?v=1");
            String oldId = browser.sessionId();

            HttpResponse<String> response = browser.response(own.b, "/rename");

            assertThat(response.headers().allValues("Set-Cookie")).hasSize(1);
            assertThat(browser.cookie()).endsWith(".b").doesNotStartWith(oldId);
            assertThat(browser.get(own.a, "/get")).isEqualTo("1");
            assertThat(browser.cookie()).endsWith(".a");
        }
    }

    @Test
    void a_route_that_does_not_exist_does_no_harm() {
        try (TwoNodes own = TwoNodes.with(routed("a"), routed("b"))) {
            Browser browser = new Browser();
            browser.get(own.a, "/set?v=1");
            String id = browser.sessionId();
            for (String foreign : List.of(id, id + ".x", id + ".a.b", id + ".")) {
                browser.cookie(foreign);
                assertThat(browser.get(own.b, "/get")).as(foreign).isEqualTo("1");
                assertThat(browser.cookie()).isEqualTo(id + ".b");
            }
        }
    }

    @Test
    void without_routes_ids_have_none() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/set?v=1");
        String id = browser.cookie();

        assertThat(id).matches("[0-9A-F]{32}");
        HttpResponse<String> onB = browser.response(nodes.b, "/id");
        assertThat(onB.body()).isEqualTo(id + " true false");
        assertThat(Browser.sessionCookieOf(onB)).isEmpty();
        assertThat(browser.cookie(id + ".left-over").get(nodes.b, "/get")).isEqualTo("1");
    }

    @Test
    void a_node_with_a_route_and_one_without_share_sessions() {
        try (TwoNodes own = TwoNodes.with(routed("a"), node -> node.application("", APPLICATION))) {
            Browser fromA = new Browser();
            fromA.get(own.a, "/set?v=1");
            String id = fromA.sessionId();
            assertThat(fromA.get(own.b, "/id")).isEqualTo(id + " true false");
            assertThat(fromA.get(own.a, "/id")).isEqualTo(id + " true false");
            assertThat(fromA.cookie()).isEqualTo(id + ".a");

            Browser fromB = new Browser();
            fromB.get(own.b, "/set?v=2");
            assertThat(fromB.cookie()).doesNotContain(".");
            assertThat(fromB.get(own.a, "/get")).isEqualTo("2");
            assertThat(fromB.cookie()).endsWith(".a");
            assertThat(fromB.get(own.b, "/get")).isEqualTo("2");
        }
    }

    // ---- URLs ----------------------------------------------------------------------------------------------------

    @Test
    void a_client_without_cookies_carries_the_id_in_urls() {
        String link = new Browser().get(nodes.a, "/link");
        assertThat(link).startsWith("/get;jsessionid=");
        String id = link.substring(link.indexOf('=') + 1);

        new Browser().get(nodes.b, "/set;jsessionid=" + id + "?v=1");

        HttpResponse<String> response = new Browser().response(nodes.a, "/id;jsessionid=" + id);
        assertThat(response.body()).isEqualTo(id + " true true");
        assertThat(Browser.sessionCookieOf(response)).isEmpty();
        assertThat(new Browser().get(nodes.a, link)).isEqualTo("1");
        assertThat(new Browser().get(nodes.b, "/link;jsessionid=" + id)).isEqualTo(link);
    }

    @Test
    void a_link_carries_the_route_of_the_node_that_made_it() {
        try (TwoNodes own = TwoNodes.with(routed("a"), routed("b"))) {
            String link = new Browser().get(own.a, "/link");
            String id = link.substring(link.indexOf('=') + 1, link.indexOf('.'));
            assertThat(link).isEqualTo("/get;jsessionid=" + id + ".a");

            new Browser().get(own.b, "/set;jsessionid=" + id + ".a?v=1");

            assertThat(new Browser().get(own.a, link)).isEqualTo("1");
            HttpResponse<String> response = new Browser().response(own.b, "/link;jsessionid=" + id + ".a");
            assertThat(response.body()).isEqualTo("/get;jsessionid=" + id + ".b");
            assertThat(Browser.sessionCookieOf(response)).isEmpty();
        }
    }

    // ---- two applications ----------------------------------------------------------------------------------------

    @Test
    void two_applications_with_one_id_do_not_see_each_other() {
        try (TwoNodes own = twoApplications()) {
            Browser browser = new Browser();
            browser.get(own.a, "/one/set?v=1");
            String id = browser.sessionId();

            assertThat(browser.get(own.b, "/two/get")).isEqualTo("no session");
            browser.get(own.b, "/two/set?v=2");

            assertThat(browser.sessionId()).isEqualTo(id);
            for (TomcatNode node : List.of(own.a, own.b)) {
                assertThat(browser.get(node, "/one/get")).isEqualTo("1");
                assertThat(browser.get(node, "/two/get")).isEqualTo("2");
            }

            browser.get(own.a, "/two/end");

            for (TomcatNode node : List.of(own.b, own.a)) {
                assertThat(browser.get(node, "/one/get")).isEqualTo("1");
                assertThat(browser.get(node, "/two/get")).isEqualTo("no session");
            }
            browser.get(own.b, "/two/set?v=3");
            assertThat(browser.sessionId()).isEqualTo(id);
            assertThat(browser.get(own.a, "/two/get")).isEqualTo("3");
            assertThat(browser.get(own.a, "/one/get")).isEqualTo("1");
        }
    }

    @Test
    void an_id_that_no_application_knows_is_not_adopted_by_any() {
        try (TwoNodes own = twoApplications()) {
            for (String id : List.of(UUID.randomUUID().toString(), "short", "a".repeat(LONGEST + 1))) {
                Browser browser = new Browser().cookie(id);
                browser.get(own.a, "/one/set?v=1");
                assertThat(browser.sessionId()).isNotEqualTo(id);
            }
        }
    }

    @Test
    void both_nodes_may_adopt_the_id_for_the_second_application_at_the_same_time() throws Exception {
        try (TwoNodes own = twoApplications()) {
            for (int round = 0; round < 20; round++) {
                Browser browser = new Browser();
                browser.get(own.a, "/one/set?v=1");
                CompletableFuture<HttpResponse<String>> onA = browser.twin().async(own.a, "/two/set?v=2");
                CompletableFuture<HttpResponse<String>> onB = browser.twin().async(own.b, "/two/set?v=2");

                assertThat(onA.get().statusCode()).isEqualTo(200);
                assertThat(onB.get().statusCode()).isEqualTo(200);
                assertThat(browser.get(own.a, "/two/get")).isEqualTo("2");
                assertThat(browser.get(own.b, "/two/get")).isEqualTo("2");
            }
        }
    }

    @Test
    void a_request_of_a_session_that_ended_does_not_write_into_its_successor_with_the_same_id() throws Exception {
        try (TwoNodes own = twoApplications()) {
            Gate gate = new Gate();
            APPLICATION.on("/set-late", (request, response) -> {
                HttpSession session = request.getSession(false);
                session.getAttribute("value");
                gate.pass();
                session.setAttribute("value", "late");
            });
            Browser browser = new Browser();
            browser.get(own.a, "/one/set?v=1");
            browser.get(own.a, "/two/set?v=2");
            String id = browser.sessionId();
            CompletableFuture<HttpResponse<String>> late = browser.twin().async(own.b, "/two/set-late");
            gate.awaitArrival();
            browser.get(own.a, "/two/end");
            browser.get(own.a, "/two/set?v=3");
            assertThat(browser.sessionId()).isEqualTo(id);

            gate.open();

            assertThat(late.get().statusCode()).isEqualTo(200);
            assertThat(browser.get(own.a, "/two/get")).isEqualTo("3");
            assertThat(browser.get(own.b, "/two/get")).isEqualTo("3");
        }
    }

    @Test
    void the_look_of_one_application_at_the_id_of_another_one_is_no_access() throws Exception {
        try (TwoNodes own = twoApplications()) {
            Browser browser = new Browser();
            browser.get(own.a, "/one/set?v=1");
            long before = System.currentTimeMillis();
            await().pollDelay(Duration.ofMillis(100)).until(() -> true);

            browser.get(own.a, "/two/set?v=2");

            assertThat(Long.parseLong(browser.get(own.a, "/one/accessed"))).isLessThanOrEqualTo(before);
        }
    }

    // ---- helpers -------------------------------------------------------------------------------------------------

    private static UnaryOperator<TomcatNode.Builder> routed(String route) {
        return node -> node.route(route).application("", APPLICATION);
    }

    private static TwoNodes twoApplications() {
        return TwoNodes.with(node -> node.application("/one", APPLICATION)
                .application("/two", APPLICATION)
                .onContext(context -> context.setSessionCookiePath("/")));
    }
}
