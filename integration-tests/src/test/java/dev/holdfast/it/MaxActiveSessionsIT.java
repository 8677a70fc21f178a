package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.catalina.session.TooManyActiveSessionsException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tomcat's {@code maxActiveSessions}: what one node takes on. */
class MaxActiveSessionsIT {

    private TwoNodes nodes;

    @BeforeEach
    void start() {
        Application application = new Application()
                .on("/create", MaxActiveSessionsIT::create)
                .on("/read", (request, response) -> {
                    response.getWriter().print(request.getSession(false).getAttribute("name"));
                })
                .on("/end", (request, response) -> request.getSession(false).invalidate());
        nodes = TwoNodes.with(
                node -> node.application("", application).onManager(manager -> manager.setMaxActiveSessions(2)),
                node -> node.application("", application));
    }

    @AfterEach
    void stop() {
        nodes.close();
    }

    private static void create(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            request.getSession().setAttribute("name", "value");
            response.getWriter().print("created");
        } catch (TooManyActiveSessionsException refused) {
            response.getWriter().print("refused at " + refused.getMaxActiveSessions());
        }
    }

    private static Browser user(TomcatNode node) {
        Browser browser = new Browser();
        assertThat(browser.get(node, "/create")).isEqualTo("created");
        return browser;
    }

    @Test
    void a_node_that_has_as_many_sessions_as_allowed_creates_no_further_one() {
        Browser first = user(nodes.a);
        user(nodes.a);

        assertThat(new Browser().get(nodes.a, "/create")).isEqualTo("refused at 2");
        assertThat(new Browser().get(nodes.a, "/create")).isEqualTo("refused at 2");
        assertThat(nodes.a.manager().getRejectedSessions()).isEqualTo(2);
        assertThat(nodes.a.manager().getActiveSessions()).isEqualTo(2);
        assertThat(nodes.a.manager().getMaxActive()).isEqualTo(2);
        assertThat(nodes.redis.keys("*:s:*")).hasSize(2);
        assertThat(new Browser().get(nodes.b, "/create")).isEqualTo("created");

        first.get(nodes.a, "/end");
        assertThat(new Browser().get(nodes.a, "/create")).isEqualTo("created");
        assertThat(nodes.a.manager().getMaxActive()).isEqualTo(2);
    }

    @Test
    void a_session_that_was_created_elsewhere_is_never_refused_and_counts() {
        user(nodes.a);
        user(nodes.a);
        Browser third = user(nodes.b);
        assertThat(third.get(nodes.a, "/read")).isEqualTo("value");

        assertThat(nodes.a.manager().getActiveSessions()).isEqualTo(3);
        assertThat(nodes.a.manager().getMaxActive()).isEqualTo(3);
        assertThat(nodes.a.manager().getRejectedSessions()).isZero();
        assertThat(new Browser().get(nodes.a, "/create")).isEqualTo("refused at 2");
        assertThat(nodes.a.manager().getRejectedSessions()).isEqualTo(1);
    }
}
