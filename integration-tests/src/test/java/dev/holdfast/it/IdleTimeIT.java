package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How long a session is idle, as Tomcat's {@code sessionActivityCheck} and {@code sessionLastAccessAtStart} say; by the
 * stored times, on all nodes. Servlet 6.0, 7.5 and 7.6.
 */
class IdleTimeIT {

    private final Gate gate = new Gate();
    private TwoNodes nodes;

    @AfterEach
    void stop() {
        nodes.close();
    }

    private void running(boolean atStart, boolean activityCheck) {
        Application application = new Application()
                .on("/create", (request, response) -> {
                    request.getSession().setAttribute("name", "value");
                    request.getSession().setMaxInactiveInterval(Integer.parseInt(request.getParameter("seconds")));
                })
                .on("/look", IdleTimeIT::look)
                .on("/write", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    gate.pass();
                    session.setAttribute("name", "other");
                })
                .on("/slow", (request, response) -> {
                    request.getSession(false).getAttribute("name");
                    gate.pass();
                });
        nodes = TwoNodes.with(node -> node.application("", application)
                .setting("sweepInterval", "10m")
                .setting("partitions", "1")
                .onManager(manager -> {
                    manager.setSessionLastAccessAtStart(atStart);
                    manager.setSessionActivityCheck(activityCheck);
                }));
    }

    private static void look(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.getWriter().print(request.getSession(false) != null);
    }

    private Browser user(int seconds) {
        Browser browser = new Browser();
        browser.get(nodes.a, "/create?seconds=" + seconds);
        return browser;
    }

    /** When the session is due, in milliseconds by the clock of Redis. */
    private long due(Browser browser) {
        String key = nodes.redis.keys("*:due").iterator().next();
        return (long) Double.parseDouble(nodes.redis.text("ZSCORE", key, browser.sessionId()));
    }

    private long now() {
        var time = nodes.redis.texts("TIME");
        return Long.parseLong(time.get(0)) * 1000 + Long.parseLong(time.get(1)) / 1000;
    }

    private void awaitDue(Browser browser) {
        long due = due(browser);
        await().atMost(Duration.ofSeconds(20)).until(() -> now() >= due);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_session_that_is_due_is_not_brought_back_by_the_request_that_finds_it(boolean setting) {
        running(setting, setting);
        Browser browser = user(2);
        assertThat(browser.get(nodes.b, "/look")).isEqualTo("true");
        awaitDue(browser);
        long due = due(browser);

        assertThat(browser.get(nodes.a, "/look")).isEqualTo("false");
        assertThat(browser.get(nodes.b, "/look")).isEqualTo("false");
        assertThat(browser.get(nodes.a, "/look")).isEqualTo("false");
        assertThat(due(browser)).isEqualTo(due);
    }

    @Test
    void idle_time_runs_from_the_end_of_a_long_request() throws Exception {
        running(false, false);
        Browser browser = user(60);
        long begin = now();
        CompletableFuture<?> slow = browser.async(nodes.b, "/slow");
        gate.awaitArrival();
        assertThat(due(browser)).isGreaterThanOrEqualTo(begin + 60_000);
        await().atMost(Duration.ofSeconds(20)).until(() -> now() - begin > 3000);
        long end = now();
        gate.open();
        slow.join();
        await().until(() -> due(browser) >= end + 60_000);
    }

    @Test
    void idle_time_may_run_from_the_start_of_a_request() throws Exception {
        running(true, false);
        Browser browser = user(60);
        CompletableFuture<?> slow = browser.async(nodes.b, "/slow");
        gate.awaitArrival();
        long due = due(browser);
        long begin = now();
        await().atMost(Duration.ofSeconds(20)).until(() -> now() - begin > 3000);
        gate.open();
        slow.join();
        // A second request is over when its answer is here; the first one has then been over for long.
        new Browser().get(nodes.b, "/look");
        assertThat(due(browser)).isEqualTo(due);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_commit_is_a_use_of_the_session_unless_idle_time_runs_from_the_start(boolean atStart) throws Exception {
        running(atStart, false);
        Browser browser = user(600);
        CompletableFuture<?> writing = browser.async(nodes.b, "/write");
        gate.awaitArrival();
        long due = due(browser);
        long begin = now();
        await().until(() -> now() - begin > 100);
        gate.open();
        writing.join();

        if (atStart) {
            assertThat(due(browser)).isEqualTo(due);
        } else {
            assertThat(due(browser)).isGreaterThanOrEqualTo(begin + 600_000);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_session_that_a_request_uses_is_kept_whatever_the_settings_say(boolean setting) throws Exception {
        running(setting, setting);
        Browser browser = user(2);
        CompletableFuture<?> slow = browser.async(nodes.b, "/slow");
        gate.awaitArrival();
        long begin = now();
        await().atMost(Duration.ofSeconds(20)).until(() -> now() - begin > 5000);
        assertThat(browser.get(nodes.a, "/look")).isEqualTo("true");
        gate.open();
        slow.join();
        assertThat(browser.get(nodes.a, "/look")).isEqualTo("true");
    }

    @Test
    void a_short_request_tells_nobody_of_its_end() {
        running(false, false);
        Browser browser = user(1800);
        assertThat(Traffic.scriptCallsOf(nodes.redis, () -> browser.get(nodes.b, "/look")))
                .isEqualTo(1);
    }
}
