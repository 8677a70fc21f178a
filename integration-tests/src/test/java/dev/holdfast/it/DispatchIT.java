package dev.holdfast.it;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.catalina.Context;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A request that goes through several hands is one request to its session, with and without a lock. Jakarta Servlet 6.0,
 * chapter 9 (dispatching requests), 10.9 (error handling) and 2.3.3.3 (asynchronous processing).
 */
class DispatchIT {

    private static final Application APPLICATION = new Application();
    private static Map<String, TwoNodes> both;

    @BeforeAll
    static void start() {
        APPLICATION
                .on("/start", (request, response) -> request.getSession().setAttribute("trace", new ArrayList<>()))
                .on("/trace", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    response.getWriter().print(session == null ? "no session" : session.getAttribute("trace"));
                })
                .on("/nothing", (request, response) -> {})
                .on("/note", (request, response) -> note(request, request.getParameter("n")))
                .on("/note-and-print", (request, response) -> {
                    note(request, request.getDispatcherType().name());
                    response.getWriter().print("printed");
                })
                .on("/forward-twice", (request, response) -> {
                    note(request, "first");
                    request.getRequestDispatcher("/forward-once").forward(request, response);
                })
                .on("/forward-once", (request, response) -> {
                    note(request, "second");
                    request.getRequestDispatcher("/note-and-print").forward(request, response);
                })
                .on("/include-twice", (request, response) -> {
                    note(request, "first");
                    request.getRequestDispatcher("/note-and-print").include(request, response);
                    note(request, "between");
                    request.getRequestDispatcher("/note-and-print").include(request, response);
                })
                .on("/status-page", (request, response) -> {
                    note(request, "page of " + request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE));
                    response.getWriter().print(request.getSession().getAttribute("trace"));
                })
                .on("/exception-page", (request, response) -> {
                    Throwable thrown = (Throwable) request.getAttribute(RequestDispatcher.ERROR_EXCEPTION);
                    note(request, "page of " + thrown.getMessage());
                    response.getWriter().print(request.getSession().getAttribute("trace"));
                })
                .on("/conflict", (request, response) -> {
                    note(request, "before");
                    response.sendError(HttpServletResponse.SC_CONFLICT);
                })
                .on("/throw", (request, response) -> {
                    note(request, "before");
                    throw new IllegalStateException("intent");
                })
                .on("/throw-unseen", (request, response) -> {
                    throw new IllegalStateException("intent");
                })
                .on("/forward-and-throw", (request, response) -> {
                    note(request, "first");
                    request.getRequestDispatcher("/throw").forward(request, response);
                });
        both = Map.of("none", nodesWith("none"), "request", nodesWith("request"));
    }

    private static TwoNodes nodesWith(String lock) {
        return TwoNodes.with(node -> node.application("", APPLICATION)
                .setting("lock", lock)
                .onContext(DispatchIT::addPages)
                .onContext(DispatchIT::addFilter));
    }

    private static void addPages(Context context) {
        ErrorPage byStatus = new ErrorPage();
        byStatus.setErrorCode(HttpServletResponse.SC_CONFLICT);
        byStatus.setLocation("/status-page");
        context.addErrorPage(byStatus);
        ErrorPage byException = new ErrorPage();
        byException.setExceptionType(IllegalStateException.class.getName());
        byException.setLocation("/exception-page");
        context.addErrorPage(byException);
    }

    private static void addFilter(Context context) {
        FilterDef definition = new FilterDef();
        definition.setFilterName("filter");
        definition.setFilter((Filter) (request, response, chain) -> {
            HttpServletRequest http = (HttpServletRequest) request;
            if (http.getRequestURI().equals("/refused")) {
                note(http, "filter");
                ((HttpServletResponse) response).sendError(HttpServletResponse.SC_CONFLICT);
            } else {
                chain.doFilter(request, response);
            }
        });
        definition.setAsyncSupported("true");
        context.addFilterDef(definition);
        FilterMap map = new FilterMap();
        map.setFilterName("filter");
        map.addURLPattern("/*");
        map.setDispatcher(DispatcherType.REQUEST.name());
        context.addFilterMap(map);
    }

    @SuppressWarnings("unchecked")
    private static void note(HttpServletRequest request, String what) {
        ((List<String>) request.getSession().getAttribute("trace")).add(what);
    }

    @AfterAll
    static void stop() {
        both.values().forEach(TwoNodes::close);
    }

    @AfterEach
    void no_lock_is_left() {
        TwoNodes locking = both.get("request");
        await().atMost(Duration.ofSeconds(5))
                .until(() -> locking.redis.keys("*:lock:*").isEmpty());
    }

    private static Browser user(TwoNodes nodes) {
        Browser browser = new Browser();
        browser.get(nodes.a, "/start");
        return browser;
    }

    // ---- forward, include, error pages ---------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"none", "request"})
    void what_each_of_several_forwards_and_includes_changes_is_there_with_the_response(String lock) throws Exception {
        TwoNodes nodes = both.get(lock);
        Browser browser = user(nodes);

        assertThat(firstByte(browser, nodes.a, "/forward-twice")).isEqualTo("[first, second, FORWARD]");
        assertThat(firstByte(browser, nodes.b, "/include-twice"))
                .isEqualTo("[first, second, FORWARD, first, INCLUDE, between, INCLUDE]");
    }

    /** The trace, as the other node sees it as soon as the first byte has come. */
    private static String firstByte(Browser browser, TomcatNode node, String path) throws Exception {
        TwoNodes nodes = both.values().stream()
                .filter(pair -> pair.a == node || pair.b == node)
                .findFirst()
                .orElseThrow();
        HttpResponse<InputStream> response = browser.stream("GET", node.url(path));
        try (InputStream body = response.body()) {
            body.read();
            String trace = browser.twin().get(node == nodes.a ? nodes.b : nodes.a, "/trace");
            body.readAllBytes();
            return trace;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "request"})
    void an_error_page_reads_and_changes_the_session_after_a_status_or_an_exception(String lock) throws Exception {
        TwoNodes nodes = both.get(lock);
        for (String path : List.of("/conflict", "/throw")) {
            Browser browser = user(nodes);
            String page = path.equals("/throw") ? "page of intent" : "page of 409";

            HttpResponse<String> response = browser.response(nodes.a, path);

            assertThat(response.statusCode()).isEqualTo(path.equals("/throw") ? 500 : 409);
            assertThat(response.body()).isEqualTo("[before, " + page + "]");
            assertThat(firstByte(browser, nodes.b, path)).isEqualTo("[before, " + page + ", before, " + page + "]");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "request"})
    void an_error_page_may_be_the_first_to_look_at_the_session(String lock) {
        TwoNodes nodes = both.get(lock);
        Browser browser = user(nodes);

        assertThat(browser.response(nodes.b, "/throw-unseen").body()).isEqualTo("[page of intent]");

        assertThat(browser.get(nodes.a, "/trace")).isEqualTo("[page of intent]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "request"})
    void an_exception_behind_a_forward_loses_nothing(String lock) {
        TwoNodes nodes = both.get(lock);
        Browser browser = user(nodes);

        assertThat(browser.response(nodes.a, "/forward-and-throw").body()).isEqualTo("[first, before, page of intent]");

        assertThat(browser.get(nodes.b, "/trace")).isEqualTo("[first, before, page of intent]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "request"})
    void a_filter_that_refuses_a_request_may_change_the_session_before(String lock) {
        TwoNodes nodes = both.get(lock);
        Browser browser = user(nodes);

        assertThat(browser.response(nodes.a, "/refused").body()).isEqualTo("[filter, page of 409]");

        assertThat(browser.get(nodes.b, "/trace")).isEqualTo("[filter, page of 409]");
    }

    // ---- async ---------------------------------------------------------------------------------------------------

    /** What an application does at the events of an asynchronous request; nothing unless it says otherwise. */
    private interface Events extends AsyncListener {
        @Override
        default void onComplete(AsyncEvent event) {}

        @Override
        default void onTimeout(AsyncEvent event) {}

        @Override
        default void onError(AsyncEvent event) {}

        @Override
        default void onStartAsync(AsyncEvent event) {}
    }

    private static void note(AsyncEvent event, String what) {
        note((HttpServletRequest) event.getSuppliedRequest(), what);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "request"})
    void what_a_listener_changes_at_a_timeout_is_there_with_the_response(String lock) throws Exception {
        TwoNodes nodes = both.get(lock);
        APPLICATION.on("/times-out", (request, response) -> {
            note(request, "started");
            AsyncContext async = request.startAsync(request, response);
            async.setTimeout(50);
            async.addListener(
                    new Events() {
                        @Override
                        public void onTimeout(AsyncEvent event) {
                            note(event, "timeout");
                            event.getAsyncContext().complete();
                        }
                    },
                    request,
                    response);
        });
        Browser browser = user(nodes);
        browser.get(nodes.a, "/times-out");
        assertThat(browser.get(nodes.b, "/trace")).isEqualTo("[started, timeout]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "request"})
    void a_timeout_that_is_dispatched_goes_on_in_the_same_session(String lock) throws Exception {
        TwoNodes nodes = both.get(lock);
        APPLICATION.on("/times-out-to-dispatch", (request, response) -> {
            note(request, "started");
            AsyncContext async = request.startAsync(request, response);
            async.setTimeout(50);
            async.addListener(new Events() {
                @Override
                public void onTimeout(AsyncEvent event) {
                    event.getAsyncContext().dispatch("/note-and-print");
                }
            });
        });
        Browser browser = user(nodes);
        assertThat(firstByte(browser, nodes.a, "/times-out-to-dispatch")).isEqualTo("[started, ASYNC]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "request"})
    void a_timeout_that_nobody_handles_is_an_error_and_loses_nothing(String lock) {
        TwoNodes nodes = both.get(lock);
        APPLICATION.on("/times-out-unhandled", (request, response) -> {
            note(request, "started");
            request.startAsync().setTimeout(50);
        });
        Browser browser = user(nodes);
        assertThat(browser.response(nodes.a, "/times-out-unhandled").statusCode())
                .isEqualTo(500);
        assertThat(browser.get(nodes.b, "/trace")).isEqualTo("[started]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "request"})
    void what_a_listener_changes_at_an_error_is_there_with_the_response(String lock) {
        TwoNodes nodes = both.get(lock);
        APPLICATION
                .on("/fails-later", (request, response) -> {
                    note(request, "started");
                    AsyncContext async = request.startAsync(request, response);
                    async.addListener(
                            new Events() {
                                @Override
                                public void onError(AsyncEvent event) {
                                    note(event, "error");
                                }
                            },
                            request,
                            response);
                    async.dispatch("/fails-now");
                })
                .on("/fails-now", (request, response) -> {
                    note(request, "failing");
                    throw new IllegalArgumentException("intent");
                });
        Browser browser = user(nodes);
        assertThat(browser.response(nodes.a, "/fails-later").statusCode()).isEqualTo(500);
        assertThat(browser.get(nodes.b, "/trace")).startsWith("[started, failing");
        await().atMost(Duration.ofSeconds(5))
                .until(() -> browser.get(nodes.b, "/trace").equals("[started, failing, error]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "request"})
    void what_a_listener_changes_at_the_completion_is_written(String lock) {
        TwoNodes nodes = both.get(lock);
        APPLICATION.on("/completes", (request, response) -> {
            note(request, "started");
            AsyncContext async = request.startAsync(request, response);
            async.addListener(
                    new Events() {
                        @Override
                        public void onComplete(AsyncEvent event) {
                            note(event, "completed");
                        }
                    },
                    request,
                    response);
            async.start(async::complete);
        });
        Browser browser = user(nodes);
        browser.get(nodes.a, "/completes");
        // Tomcat may tell of the completion after the response has left.
        await().atMost(Duration.ofSeconds(5))
                .until(() -> browser.get(nodes.b, "/trace").equals("[started, completed]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "request"})
    void a_request_may_become_asynchronous_twice_and_dispatch_to_others(String lock) throws Exception {
        TwoNodes nodes = both.get(lock);
        APPLICATION
                .on("/twice", (request, response) -> {
                    note(request, "first");
                    AsyncContext async = request.startAsync();
                    async.start(() -> async.dispatch("/twice-again"));
                })
                .on("/twice-again", (request, response) -> {
                    note(request, "second");
                    AsyncContext async = request.startAsync();
                    async.start(() -> {
                        note((HttpServletRequest) async.getRequest(), "worker");
                        async.dispatch("/note-and-print");
                    });
                });
        Browser browser = user(nodes);
        assertThat(firstByte(browser, nodes.a, "/twice")).isEqualTo("[first, second, worker, ASYNC]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "request"})
    void what_is_changed_long_after_the_client_has_gone_is_written_all_the_same(String lock) throws Exception {
        TwoNodes nodes = both.get(lock);
        Gate gate = new Gate();
        APPLICATION.on("/nobody-waits", (request, response) -> {
            HttpSession session = request.getSession();
            AsyncContext async = request.startAsync();
            async.start(() -> {
                try {
                    gate.pass();
                    note(request, "in vain");
                    session.setAttribute("late", "late");
                } catch (InterruptedException interrupted) {
                    throw new IllegalStateException(interrupted);
                } finally {
                    async.complete();
                }
            });
        });
        Browser browser = user(nodes);
        try (java.net.Socket client = new java.net.Socket(InetAddress.getLoopbackAddress(), nodes.a.port())) {
            OutputStream out = client.getOutputStream();
            out.write(("GET /nobody-waits HTTP/1.1\r\nHost: localhost\r\nCookie: JSESSIONID=" + browser.cookie()
                            + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            gate.awaitArrival();
            client.setSoLinger(true, 0);
        }
        gate.open();

        await().atMost(10, SECONDS).until(() -> browser.get(nodes.b, "/trace").equals("[in vain]"));
    }
}
