package dev.holdfast.it;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.catalina.Context;
import org.apache.catalina.Lifecycle;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sessions that are used where few look: around a request, after it, and with unusual cookies. */
class CornersIT {

    private static final Application APPLICATION = new Application();
    private static final AtomicReference<Object> SEEN_BY_LOG = new AtomicReference<>();
    private static final ExecutorService THREADS = Executors.newCachedThreadPool();

    private static TwoNodes nodes;

    @BeforeAll
    static void start() {
        APPLICATION
                .on(
                        "/set",
                        (request, response) -> request.getSession().setAttribute("value", request.getParameter("v")))
                .on("/get", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    response.getWriter().print(session == null ? "no session" : session.getAttribute("value"));
                })
                .on("/destroyed", (request, response) -> response.getWriter().print("body"))
                .on("/valve", (request, response) -> response.getWriter().print("body"))
                .on("/flush-destroyed", (request, response) -> {
                    response.getWriter().print("body");
                    response.flushBuffer();
                })
                .on("/filter", (request, response) -> response.getWriter().print("body"))
                .on(
                        "/list",
                        (request, response) ->
                                response.getWriter().print(request.getSession().getAttribute("list")))
                .on("/link", (request, response) -> {
                    request.getSession();
                    response.getWriter().print(response.encodeURL("/get"));
                })
                .on("/end", (request, response) -> request.getSession(false).invalidate());
        nodes = TwoNodes.with(node -> node.application("", APPLICATION)
                .setting("sweepInterval", "10m")
                .onContext(CornersIT::surround));
        nodes.a.host().getPipeline().addValve(new LoggingValve());
    }

    private static void surround(Context context) {
        context.addServletContainerInitializer(
                (classes, application) -> application.addListener(new ServletRequestListener() {
                    @Override
                    public void requestDestroyed(ServletRequestEvent event) {
                        HttpServletRequest request = (HttpServletRequest) event.getServletRequest();
                        if (request.getRequestURI().endsWith("destroyed")) {
                            request.getSession().setAttribute("value", "set when destroyed");
                        }
                    }
                }),
                null);
        FilterDef definition = new FilterDef();
        definition.setFilterName("filter");
        definition.setFilter((Filter) (request, response, chain) -> {
            chain.doFilter(request, response);
            if (((HttpServletRequest) request).getRequestURI().endsWith("/filter")) {
                ((HttpServletRequest) request).getSession().setAttribute("value", "set after the chain");
            }
        });
        context.addFilterDef(definition);
        FilterMap map = new FilterMap();
        map.setFilterName("filter");
        map.addURLPattern("/*");
        context.addFilterMap(map);
    }

    /** Looks at the session when the application has returned, as access logs do. */
    private static final class LoggingValve extends ValveBase {

        LoggingValve() {
            super(true);
        }

        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            getNext().invoke(request, response);
            HttpSession session = request.getSession(false);
            SEEN_BY_LOG.set(session == null ? null : session.getAttribute("value"));
            if (request.getRequestURI().endsWith("/valve")) {
                request.getSession().setAttribute("value", "set by the valve");
            }
        }
    }

    @AfterAll
    static void stop() {
        nodes.close();
        THREADS.shutdownNow();
    }

    // ---- around a request ----------------------------------------------------------------------------------------

    @Test
    void what_a_request_listener_does_at_the_end_of_a_request_is_there_with_the_response() {
        for (boolean known : List.of(true, false)) {
            Browser browser = new Browser();
            if (known) {
                browser.get(nodes.b, "/set?v=before");
            }
            assertThat(browser.get(nodes.a, "/destroyed")).isEqualTo("body");
            assertThat(browser.get(nodes.b, "/get")).isEqualTo("set when destroyed");
        }
    }

    @Test
    void what_a_request_listener_does_after_a_flushed_response_is_there_soon() {
        Browser browser = new Browser();
        browser.get(nodes.b, "/set?v=before");

        browser.get(nodes.a, "/flush-destroyed");

        await().atMost(Duration.ofSeconds(2))
                .until(() -> browser.get(nodes.b, "/get").equals("set when destroyed"));
    }

    @Test
    void a_valve_around_the_application_sees_the_session_as_the_request_left_it_and_costs_nothing() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/set?v=1");
        browser.get(nodes.b, "/set?v=2");

        long calls = Traffic.scriptCallsOf(nodes.redis, () -> browser.get(nodes.a, "/get"));

        assertThat(SEEN_BY_LOG).hasValue("2");
        assertThat(calls).isEqualTo(1);
        assertThat(browser.get(nodes.a, "/valve")).isEqualTo("body");
        assertThat(browser.get(nodes.b, "/get")).isEqualTo("set by the valve");
    }

    @Test
    void a_filter_may_create_the_session_after_the_chain() {
        Browser browser = new Browser();

        assertThat(browser.get(nodes.a, "/filter")).isEqualTo("body");

        assertThat(browser.cookie()).isNotNull();
        assertThat(browser.get(nodes.b, "/get")).isEqualTo("set after the chain");
    }

    @Test
    void a_head_request_may_create_a_session() {
        Browser browser = new Browser();

        assertThat(browser.response("HEAD", nodes.a.url("/set?v=head")).statusCode())
                .isEqualTo(200);

        assertThat(browser.get(nodes.b, "/get")).isEqualTo("head");
    }

    // ---- after a request -----------------------------------------------------------------------------------------

    @Test
    void a_thread_that_outlives_its_request_reads_fresh_and_writes_soon_and_hears_of_the_end() throws Exception {
        AtomicReference<HttpSession> kept = new AtomicReference<>();
        APPLICATION.on("/keep", (request, response) -> {
            request.getSession().setAttribute("list", new ArrayList<>());
            kept.set(request.getSession());
        });
        Browser browser = new Browser();
        browser.get(nodes.a, "/keep");
        for (int round = 0; round < 20; round++) {
            browser.get(nodes.b, "/set?v=" + round);
            assertThat(inThread(() -> kept.get().getAttribute("value"))).isEqualTo(Integer.toString(round));
            inThread(() -> {
                kept.get().setAttribute("value", "of a thread");
                return null;
            });
            assertThat(browser.get(nodes.b, "/get")).isEqualTo("of a thread");
        }
        inThread(() -> {
            @SuppressWarnings("unchecked")
            List<String> list = (List<String>) kept.get().getAttribute("list");
            return list.add("x");
        });
        await().atMost(Duration.ofSeconds(2))
                .until(() -> browser.get(nodes.b, "/list").equals("[x]"));

        browser.get(nodes.b, "/end");

        assertThat(inThread(() -> {
                    try {
                        return kept.get().getAttribute("value");
                    } catch (IllegalStateException ended) {
                        return "ended";
                    }
                }))
                .isEqualTo("ended");
    }

    private static Object inThread(Callable<Object> work) throws Exception {
        return THREADS.submit(work).get(20, SECONDS);
    }

    // ---- cookies -------------------------------------------------------------------------------------------------

    @Test
    void the_path_of_the_cookie_may_end_with_a_slash() {
        try (TwoNodes own = TwoNodes.with(node -> node.application("/shop", APPLICATION)
                .onContext(context -> context.setSessionCookiePathUsesTrailingSlash(true)))) {
            Browser browser = new Browser();
            HttpResponse<String> response = browser.response(own.a, "/shop/set?v=1");

            assertThat(response.headers().firstValue("Set-Cookie"))
                    .hasValueSatisfying(cookie -> assertThat(cookie).contains("Path=/shop/;"));
            assertThat(browser.get(own.b, "/shop/get")).isEqualTo("1");
        }
    }

    @Test
    void without_cookies_the_id_is_in_urls_only() {
        try (TwoNodes own = TwoNodes.with(
                node -> node.application("", APPLICATION).onContext(context -> context.setCookies(false)))) {
            Browser browser = new Browser();
            HttpResponse<String> response = browser.response(own.a, "/link");
            String link = response.body();

            assertThat(response.headers().firstValue("Set-Cookie")).isEmpty();
            String id = link.replaceFirst(".*;jsessionid=", "");
            browser.get(own.b, "/set;jsessionid=" + id + "?v=1");
            assertThat(browser.get(own.a, link)).isEqualTo("1");
            assertThat(new Browser().cookie(id).get(own.a, "/get")).isEqualTo("no session");
        }
    }

    @Test
    void the_cookie_may_have_another_name() {
        try (TwoNodes own = TwoNodes.with(
                node -> node.application("", APPLICATION).onContext(context -> context.setSessionCookieName("SHOP")))) {
            HttpResponse<String> created = new Browser().response(own.a, "/set?v=1");
            String cookie = created.headers().firstValue("Set-Cookie").orElseThrow();

            assertThat(cookie).startsWith("SHOP=");
            String id = cookie.replaceFirst("SHOP=", "").replaceFirst(";.*", "");
            assertThat(new Browser()
                            .responseTo(own.b, "/get", "Cookie", "SHOP=" + id)
                            .body())
                    .isEqualTo("1");
            assertThat(new Browser().cookie(id).get(own.b, "/get")).isEqualTo("no session");
        }
    }

    @Test
    void an_application_that_is_stopped_does_not_hinder_one_that_shares_its_cookie() throws Exception {
        try (TwoNodes own = TwoNodes.with(node -> node.application("", APPLICATION)
                .application("/other", APPLICATION)
                .onContext(context -> context.setSessionCookiePath("/")))) {
            ((Lifecycle) own.a.host().findChild("/other")).stop();
            Browser browser = new Browser().cookie(UUID.randomUUID().toString());

            browser.get(own.a, "/set?v=1");
            assertThat(browser.get(own.b, "/get")).isEqualTo("1");
            browser.get(own.b, "/other/set?v=2");
            browser.get(own.a, "/end");
            // The id is known to the other application, so it is adopted; but this node cannot know.
            browser.get(own.a, "/set?v=3");
            assertThat(browser.get(own.b, "/get")).isEqualTo("3");
        }
    }
}
