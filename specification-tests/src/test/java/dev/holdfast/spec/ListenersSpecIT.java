package dev.holdfast.spec;

import static example.probe.Journal.Topic.CONTEXT;
import static example.probe.Journal.Topic.CONTEXT_ATTRIBUTE;
import static example.probe.Journal.Topic.REQUEST;
import static example.probe.Journal.Topic.REQUEST_ATTRIBUTE;
import static example.probe.Journal.Topic.SESSION;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** Servlet 6.0, chapter 11 (application lifecycle events): who hears of what, and in which order. */
@Descriptor("standard.xml")
class ListenersSpecIT extends SpecificationTest {

    @Clause(of = "11.3.3", says = "Listeners hear of a new session in the order in which they are declared.")
    void listeners_hear_of_a_new_session_in_their_order(Place place) {
        User user = new User(place);

        String id = user.ask("getSession");

        assertThat(heard(SESSION))
                .containsSubsequence(
                        "first sessionCreated " + id, "second sessionCreated " + id, "added sessionCreated " + id)
                .contains("annotated sessionCreated")
                .hasSize(4);
        user.perform("getSession");
        user.perform("getSession");
        assertThat(heard(SESSION)).isEmpty();
    }

    @Clause(of = "HttpSessionListener.sessionDestroyed", says = "Of an end they hear in the reverse order.")
    void listeners_hear_of_an_end_in_reverse_order(Place place) {
        User user = new User(place);
        String id = user.ask("getSession");
        heard();

        user.perform("invalidate");

        String ended = " sessionDestroyed " + id + " value=null";
        assertThat(heard(SESSION))
                .containsSubsequence("added" + ended, "second" + ended, "first" + ended)
                .contains("annotated sessionDestroyed")
                .hasSize(4);
    }

    @Clause(
            of = "HttpSessionListener.sessionDestroyed",
            says = "It comes when the session is about to end: its attributes can still be read.")
    void attributes_can_be_read_when_a_session_is_about_to_end(Place place) {
        User user = new User(place);
        user.perform("setAttribute value 1");
        String id = user.sessionId();
        heard();

        user.perform("invalidate");

        assertThat(heard(SESSION))
                .contains("first sessionDestroyed " + id + " value=1", "second sessionDestroyed " + id + " value=1");
    }

    @Clause(of = "HttpSessionListener.sessionDestroyed", says = "A session ends once.")
    void an_end_is_told_once(Place place) {
        User user = new User(place);
        user.perform("setAttribute a 1");
        user.ask("getAttribute a");
        heard();

        assertThat(user.perform("getSession", "invalidate", "invalidate").lines())
                .endsWith("done", "IllegalStateException");
        user.perform("getSession false");
        user.perform("getSession false");

        assertThat(heard(SESSION)).hasSize(4);
    }

    @Clause(
            of = "ServletRequestListener",
            says = "Listeners hear of a request in their order, and of its end in reverse.")
    void listeners_hear_of_requests(Place place) {
        User user = new User(place);
        user.perform("getSession");

        awaitHeard(REQUEST, 6);

        assertThat(heard(REQUEST))
                .containsExactly(
                        "first requestInitialized",
                        "second requestInitialized",
                        "added requestInitialized",
                        "added requestDestroyed",
                        "second requestDestroyed",
                        "first requestDestroyed");
    }

    @Clause(of = "11.2.1", says = "A session that a request begins, begins within it.")
    void a_session_begins_within_its_request(Place place) {
        new User(place).perform("getSession");

        awaitHeard(REQUEST, 6);

        List<String> all = heard(REQUEST, SESSION);
        int created = all.indexOf("first sessionCreated "
                + all.stream()
                        .filter(text -> text.startsWith("first sessionCreated "))
                        .findFirst()
                        .orElseThrow()
                        .substring("first sessionCreated ".length()));
        assertThat(created)
                .isGreaterThan(all.indexOf("added requestInitialized"))
                .isLessThan(all.indexOf("added requestDestroyed"));
    }

    @Clause(
            of = "ServletRequestAttributeListener",
            says = "Attributes of requests are told, with the old value if replaced.")
    void listeners_hear_of_attributes_of_requests(Place place) {
        new User(place)
                .perform(
                        "setRequestAttribute spec.a 1",
                        "setRequestAttribute spec.a 2",
                        "removeRequestAttribute spec.a");

        assertThat(heard(REQUEST_ATTRIBUTE).stream().filter(text -> text.startsWith("first")))
                .containsExactly(
                        "first attributeAdded spec.a=1",
                        "first attributeReplaced spec.a=1",
                        "first attributeRemoved spec.a=2");
    }

    @Clause(
            of = "ServletContextAttributeListener",
            says = "Attributes of the application are told, and stay on their node.")
    void listeners_hear_of_attributes_of_the_application(Place place) {
        new User(place)
                .perform(
                        "setContextAttribute spec.a 1",
                        "setContextAttribute spec.a 2",
                        "removeContextAttribute spec.a");

        assertThat(heard(CONTEXT_ATTRIBUTE).stream().filter(text -> text.startsWith("second")))
                .containsExactly(
                        "second attributeAdded spec.a=1",
                        "second attributeReplaced spec.a=1",
                        "second attributeRemoved spec.a=2");
    }

    @Clause(
            of = "11.3.4",
            says = "When the application stops, listeners hear of it in reverse order, and in order when it starts.")
    void listeners_hear_of_the_stop_and_the_start_of_the_application(Place place) {
        Reload.of(place, "a");

        // The third one is added while the others hear of the start, which is too late for this.
        assertThat(heard(CONTEXT).stream().filter(text -> !text.startsWith("added")))
                .containsExactly(
                        "second contextDestroyed",
                        "first contextDestroyed",
                        "first contextInitialized",
                        "second contextInitialized");
    }

    @Clause(
            of = "7.7.2, 11.3.4",
            says = "A container may keep sessions while the application stops: then nobody hears of an end.")
    void sessions_outlive_their_application(Place place) {
        User user = new User(place);
        user.perform("setAttribute value 1", "setBound b two");
        String created = user.ask("getCreationTime");
        String id = user.sessionId();
        heard();

        place.nodes().forEach(node -> Reload.of(place, node));

        assertThat(heard(SESSION)).isEmpty();
        assertThat(user.perform("getAttribute value", "getAttribute b", "getCreationTime", "isNew", "getId")
                        .lines())
                .containsExactly("1", "two", created, "false", id);
    }
}
