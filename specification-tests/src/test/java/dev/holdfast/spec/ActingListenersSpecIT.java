package dev.holdfast.spec;

import static example.probe.Journal.Topic.SESSION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;

/** Servlet 6.0, chapter 11: listeners that change the session of which they hear. */
@Descriptor("acting.xml")
class ActingListenersSpecIT extends SpecificationTest {

    @Clause(of = "HttpSessionListener.sessionCreated", says = "A listener may furnish a new session.")
    void a_listener_furnishes_a_new_session(Place place) {
        User user = new User(place);

        assertThat(user.perform("getAttribute greeting", "getMaxInactiveInterval")
                        .lines())
                .containsExactly("hello", "42");
        for (int request = 0; request < 2; request++) {
            assertThat(user.perform("getAttribute greeting", "getMaxInactiveInterval")
                            .lines())
                    .containsExactly("hello", "42");
        }
    }

    @Clause(of = "HttpSessionAttributeListener", says = "A listener may set and remove other attributes.")
    void a_listener_changes_other_attributes(Place place) {
        User user = new User(place);

        user.perform("setAttribute a 1");
        assertThat(user.ask("getAttribute copyOfA")).isEqualTo("1");
        user.perform("setAttribute a 2");
        assertThat(user.perform("getAttribute a", "getAttribute formerA").lines())
                .containsExactly("2", "1");
        user.perform("removeAttribute a");
        assertThat(user.perform("getAttribute a", "getAttribute copyOfA").lines())
                .containsExactly("null", "null");
        assertThat(user.perform("getAttribute a", "getAttribute copyOfA").lines())
                .containsExactly("null", "null");
    }

    @Clause(of = "HttpSessionBindingListener", says = "A value may set and remove other attributes.")
    void a_value_changes_other_attributes(Place place) {
        User user = new User(place);

        user.perform("setActing a");
        assertThat(user.perform("getAttribute a", "getAttribute with.a").lines())
                .containsExactly("acting", "bound");
        user.perform("removeAttribute a");
        assertThat(user.perform("getAttribute a", "getAttribute with.a").lines())
                .containsExactly("null", "null");
        assertThat(user.perform("getAttribute a", "getAttribute with.a").lines())
                .containsExactly("null", "null");
    }

    @Clause(of = "HttpSessionIdListener", says = "A listener may use the session under its new id.")
    void a_listener_uses_the_session_under_its_new_id(Place place) {
        User user = new User(place);
        String oldId = user.ask("getSession");

        user.perform("changeSessionId");

        assertThat(user.ask("getAttribute oldId")).isEqualTo(oldId);
        assertThat(user.ask("getAttribute oldId")).isEqualTo(oldId);
    }

    @Clause(of = "ServletRequestListener", says = "A listener that hears of a request may use its session.")
    void a_listener_of_requests_uses_their_session(Place place) {
        User user = new User(place);
        user.perform("getSession");

        assertThat(user.ask("getAttribute requests")).isEqualTo("1");
        assertThat(user.ask("getAttribute requests")).isEqualTo("2");
        user.perform("now");
        assertThat(user.ask("getAttribute requests")).isEqualTo("4");
    }

    @Clause(
            of = "HttpSessionListener.sessionDestroyed",
            says = "A session that is about to end can be used as any other.")
    void a_session_that_is_about_to_end_can_be_used(Place place) {
        User user = new User(place);
        user.perform("setAttribute value 1");
        heard();

        user.perform("invalidate");

        assertThat(endsOf(heard(SESSION))).containsExactly("acting sessionDestroyed last=words greeting=null");
        assertThat(user.ask("getSession false")).isEqualTo("none");
        assertThat(user.ask("getSession false")).isEqualTo("none");
    }

    @Clause(of = "7.5", says = "So can one that has timed out; using it does not keep it alive.")
    void a_session_that_timed_out_can_be_used_when_its_end_is_told(Place place) {
        User user = new User(place);
        user.perform("setAttribute value 1", "setMaxInactiveInterval 1");
        heard();

        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> !endsOf(heardSoFar(SESSION)).isEmpty());

        assertThat(user.ask("getSession false")).isEqualTo("none");
        assertThat(user.ask("getSession false")).isEqualTo("none");
        assertThat(endsOf(heard(SESSION))).containsExactly("acting sessionDestroyed last=words greeting=null");
    }

    private static List<String> endsOf(List<String> heard) {
        return heard.stream()
                .filter(text -> text.startsWith("acting sessionDestroyed"))
                .toList();
    }
}
