package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.catalina.Context;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** P1, the hard part: a change is stored before the first byte that the client can see after it, whoever sends it. Servlet 6.0, 5.5 to
 * 5.7. */
class ResponseBoundaryIT {

    private static final int ROUNDS = 200;

    private static TwoNodes nodes;
    private static ExecutorService threads;

    @BeforeAll
    static void start() {
        threads = Executors.newCachedThreadPool();
        Application application = new Application()
                .on("/get", (request, response) -> {
                    response.getWriter().print(request.getSession().getAttribute("value"));
                })
                .on("/set", (request, response) -> set(request))
                .on("/stream", (request, response) -> {
                    set(request);
                    response.getOutputStream().write(new byte[64 << 10]);
                    response.flushBuffer();
                    workOn();
                })
                .on("/print", (request, response) -> {
                    set(request);
                    response.getWriter().print("x");
                    workOn();
                })
                .on("/flush", (request, response) -> {
                    set(request);
                    response.flushBuffer();
                    workOn();
                })
                .on("/overflow", (request, response) -> {
                    set(request);
                    for (int part = 0; part < 40; part++) {
                        response.getOutputStream().write(new byte[1024]);
                    }
                    workOn();
                })
                .on("/writer-overflow", (request, response) -> {
                    set(request);
                    for (int part = 0; part < 40; part++) {
                        response.getWriter().print("0123456789".repeat(100));
                    }
                    workOn();
                })
                .on("/redirect", (request, response) -> {
                    set(request);
                    response.sendRedirect("/get");
                    workOn();
                })
                .on("/error", (request, response) -> {
                    set(request);
                    response.sendError(HttpServletResponse.SC_CONFLICT);
                    workOn();
                })
                .on("/exception", (request, response) -> {
                    set(request);
                    throw new IllegalStateException("by intent");
                })
                .on("/error-page", (request, response) -> {
                    request.getSession()
                            .setAttribute("page", request.getSession().getAttribute("value"));
                    response.getWriter().print("the error page");
                    response.flushBuffer();
                    workOn();
                })
                .on("/page", (request, response) -> {
                    response.getWriter().print(request.getSession().getAttribute("page"));
                })
                .on("/close", (request, response) -> {
                    set(request);
                    response.getWriter().close();
                    workOn();
                })
                .on("/late", (request, response) -> {
                    response.getWriter().print("first");
                    response.flushBuffer();
                    set(request);
                    changeInPlace(request);
                })
                .on("/second-part", (request, response) -> {
                    response.getOutputStream().write(new byte[10_000]);
                    response.flushBuffer();
                    set(request);
                    response.getOutputStream().write(new byte[10_000]);
                    response.flushBuffer();
                    workOn();
                })
                .on("/async-complete", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    threads.execute(() -> {
                        set(request);
                        async.complete();
                    });
                })
                .on("/async-print", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    threads.execute(() -> {
                        set(request);
                        try {
                            response.getWriter().print("x");
                            response.flushBuffer();
                        } catch (IOException e) {
                            throw new IllegalStateException(e);
                        }
                        workOn();
                        async.complete();
                    });
                })
                .on("/async-start", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    async.start(() -> {
                        set(request);
                        async.complete();
                    });
                })
                .on("/async-dispatch", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    threads.execute(() -> async.dispatch("/set?v=" + request.getParameter("v")));
                })
                .on("/async-at-once", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    set(request);
                    async.complete();
                })
                .on("/fill", (request, response) -> {
                    request.getSession().setAttribute("list", new ArrayList<String>());
                })
                .on("/size", (request, response) -> {
                    response.getWriter().print(((List<?>) request.getSession().getAttribute("list")).size());
                });
        nodes = TwoNodes.with(node -> node.application("", application).onContext(ResponseBoundaryIT::addErrorPage));
    }

    private static void addErrorPage(Context context) {
        ErrorPage page = new ErrorPage();
        page.setExceptionType(IllegalStateException.class.getName());
        page.setLocation("/error-page");
        context.addErrorPage(page);
    }

    @AfterAll
    static void stop() {
        nodes.close();
        threads.shutdownNow();
    }

    private static void set(HttpServletRequest request) {
        request.getSession().setAttribute("value", request.getParameter("v"));
    }

    @SuppressWarnings("unchecked")
    private static void changeInPlace(HttpServletRequest request) {
        ((List<String>) request.getSession().getAttribute("list")).add("x");
    }

    /** Gives a client time to be faster than the end of the request. */
    private static void workOn() {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100);
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    @Test
    void a_client_that_saw_the_first_byte_of_a_stream_finds_the_change_on_the_other_node() throws IOException {
        Browser browser = new Browser();
        browser.get(nodes.a, "/get");
        for (int round = 0; round < ROUNDS; round++) {
            HttpResponse<InputStream> response = browser.stream(nodes.a, "/stream?v=" + round);
            try (InputStream body = response.body()) {
                assertThat(body.read()).isZero();
                assertThat(browser.get(nodes.b, "/get")).isEqualTo(Integer.toString(round));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/set",
                "/print",
                "/flush",
                "/overflow",
                "/writer-overflow",
                "/redirect",
                "/error",
                "/exception",
                "/close",
                "/second-part",
                "/async-complete",
                "/async-print",
                "/async-start",
                "/async-dispatch",
                "/async-at-once"
            })
    void every_kind_of_response_is_behind_its_changes(String path) throws IOException {
        visibleAtOnce(new Browser(), "GET", path);
        visibleAtOnce(Browser.http2(), "GET", path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/set", "/print", "/flush", "/redirect", "/error", "/overflow", "/async-complete"})
    void a_head_request_is_no_exception(String path) throws IOException {
        visibleAtOnce(new Browser(), "HEAD", path);
        if (!path.startsWith("/async")) {
            // Tomcat 11.0.21 never answers this one on HTTP/2, with its own session manager neither.
            visibleAtOnce(Browser.http2(), "HEAD", path);
        }
    }

    private static void visibleAtOnce(Browser browser, String method, String path) throws IOException {
        browser.get(nodes.a, "/get");
        for (int round = 0; round < 10; round++) {
            HttpResponse<InputStream> response = browser.stream(method, nodes.a.url(path + "?v=" + round));
            try (InputStream body = response.body()) {
                if (path.equals("/second-part")) {
                    assertThat(body.readNBytes(10_001)).hasSize(10_001);
                }
                assertThat(browser.get(nodes.b, "/get")).isEqualTo(Integer.toString(round));
                // To the end: a client that resets many streams of HTTP/2 is sent away.
                body.readAllBytes();
            }
        }
    }

    @Test
    void what_an_error_page_changes_is_there_as_soon_as_its_first_byte() throws IOException {
        Browser browser = new Browser();
        browser.get(nodes.a, "/get");
        for (int round = 0; round < 20; round++) {
            HttpResponse<InputStream> response = browser.stream("GET", nodes.a.url("/exception?v=" + round));
            try (InputStream body = response.body()) {
                assertThat(response.statusCode()).isEqualTo(500);
                assertThat(body.read()).isEqualTo('t');
                assertThat(browser.get(nodes.b, "/page")).isEqualTo(Integer.toString(round));
            }
        }
    }

    @Test
    void a_change_after_the_flush_is_there_when_the_response_is_complete() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/fill");
        for (int round = 1; round <= 50; round++) {
            browser.get(nodes.a, "/late?v=" + round);
            assertThat(browser.get(nodes.b, "/get")).isEqualTo(Integer.toString(round));
            assertThat(browser.get(nodes.b, "/size")).isEqualTo(Integer.toString(round));
        }
    }
}
