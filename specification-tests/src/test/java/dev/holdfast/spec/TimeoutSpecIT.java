package dev.holdfast.spec;

import static example.probe.Journal.Topic.ATTRIBUTE;
import static example.probe.Journal.Topic.BINDING;
import static example.probe.Journal.Topic.SESSION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import example.probe.Gate;
import example.probe.Journal;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Servlet 6.0, 7.5 (session timeouts). */
@Descriptor("standard.xml")
class TimeoutSpecIT extends SpecificationTest {

    @Clause(of = "7.5", says = "The descriptor gives the default, in minutes; a session has it in seconds.")
    void the_descriptor_gives_the_default(Place place) {
        User user = new User(place);

        assertThat(user.perform("getSessionTimeout", "getMaxInactiveInterval").lines())
                .containsExactly("5", "300");
        assertThat(user.ask("getMaxInactiveInterval")).isEqualTo("300");
    }

    @Clause(of = "HttpSession.setMaxInactiveInterval", says = "A session can have an interval of its own, in seconds.")
    void a_session_can_have_an_interval_of_its_own(Place place) {
        User user = new User(place);

        assertThat(user.perform("setMaxInactiveInterval 120", "getMaxInactiveInterval")
                        .lines())
                .containsExactly("done", "120");
        assertThat(user.ask("getMaxInactiveInterval")).isEqualTo("120");
        assertThat(user.ask("getMaxInactiveInterval")).isEqualTo("120");
        assertThat(new User(place).ask("getMaxInactiveInterval")).isEqualTo("300");
    }

    @Clause(
            of = "HttpSession.setMaxInactiveInterval",
            says = "An interval of zero or less means that a session never times out.")
    void zero_and_less_is_never(Place place) {
        User zero = new User(place);
        User less = new User(place);
        User soon = new User(place);
        zero.perform("setMaxInactiveInterval 0", "setAttribute a 1");
        less.perform("setMaxInactiveInterval -1", "setAttribute a 1");
        soon.perform("setMaxInactiveInterval 1");

        awaitEnded(soon.sessionId());

        assertThat(zero.perform("getAttribute a", "getMaxInactiveInterval").lines())
                .containsExactly("1", "0");
        assertThat(less.perform("getAttribute a", "getMaxInactiveInterval").lines())
                .containsExactly("1", "-1");
        assertThat(zero.ask("isNew")).isEqualTo("false");
    }

    @Clause(of = "7.5", says = "A session that was not used for longer than its interval is over for the next request.")
    void a_session_that_was_not_used_is_over(Place place) {
        User user = new User(place);
        String id = user.perform("setAttribute a 1", "setMaxInactiveInterval 1", "getSession")
                .lines()
                .get(2);

        await().pollDelay(Duration.ofMillis(1200)).until(() -> true);

        assertThat(user.perform("getSession false", "isRequestedSessionIdValid").lines())
                .containsExactly("none", "false");
        List<String> lines =
                user.perform("getSession", "isNew", "getAttribute a").lines();
        assertThat(lines.get(0)).isNotEqualTo(id);
        assertThat(lines.subList(1, 3)).containsExactly("true", "null");
        awaitEnded(id);
    }

    @Clause(of = "7.5", says = "Each request begins the interval anew.")
    void each_request_begins_the_interval_anew(Place place) {
        User user = new User(place);
        user.perform("setAttribute a 1", "setMaxInactiveInterval 3");

        for (int request = 0; request < 2; request++) {
            await().pollDelay(Duration.ofMillis(1600)).until(() -> true);
            assertThat(user.ask("getAttribute a")).isEqualTo("1");
        }
        user.perform("invalidate");
    }

    @Clause(of = "11.2.1", says = "Listeners and values hear of the end of a session that timed out.")
    void listeners_hear_of_a_session_that_timed_out(Place place) {
        User user = new User(place);
        user.perform("setAttribute value 1", "setBound b two", "setMaxInactiveInterval 1");
        String id = user.sessionId();
        heard();

        awaitEnded(id);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> Journal.entries(ATTRIBUTE).size() >= 6);

        String ended = " sessionDestroyed " + id + " value=1";
        assertThat(Journal.entries(SESSION))
                .extracting(Journal.Entry::text)
                .containsSubsequence("added" + ended, "second" + ended, "first" + ended)
                .hasSize(4);
        assertThat(Journal.entries(BINDING))
                .extracting(Journal.Entry::text)
                .containsExactly("valueUnbound two as b, readable: ended");
        assertThat(heard(ATTRIBUTE))
                .hasSize(6)
                .contains("first attributeRemoved value=1", "second attributeRemoved b=two");
    }

    @Clause(of = "7.5", says = "A session does not time out under a request that uses it.")
    void a_session_does_not_time_out_while_it_is_used(Place place) throws Exception {
        User user = new User(place);
        user.perform("setAttribute a 1", "setMaxInactiveInterval 3");
        String id = user.sessionId();
        heard();
        String gate = UUID.randomUUID().toString();
        CompletableFuture<Answer> slow =
                user.performLater("getAttribute a", "pass " + gate, "getAttribute a", "setAttribute b 2");
        Gate.named(gate).awaitArrival();

        await().pollDelay(Duration.ofMillis(4500)).until(() -> true);
        assertThat(heard(SESSION)).isEmpty();
        Gate.named(gate).open();

        assertThat(slow.join().lines()).containsExactly("1", "done", "1", "done");
        assertThat(user.perform("getAttribute a", "getAttribute b").lines()).containsExactly("1", "2");
        assertThat(user.sessionId()).isEqualTo(id);
        user.perform("invalidate");
    }

    /** Until the last listener has heard of it. */
    private static void awaitEnded(String id) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> Journal.entries(SESSION).stream()
                        .anyMatch(entry -> entry.text().startsWith("first sessionDestroyed " + id)));
    }
}
