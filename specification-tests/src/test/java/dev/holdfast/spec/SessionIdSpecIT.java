package dev.holdfast.spec;

import static example.probe.Journal.Topic.ATTRIBUTE;
import static example.probe.Journal.Topic.BINDING;
import static example.probe.Journal.Topic.SESSION;
import static example.probe.Journal.Topic.SESSION_ID;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** {@code HttpServletRequest.changeSessionId} and {@code HttpSessionIdListener}: Servlet 6.0, table 11-2 and the API. */
@Descriptor("standard.xml")
class SessionIdSpecIT extends SpecificationTest {

    @Clause(
            of = "HttpServletRequest.changeSessionId",
            says = "It returns the new id, which the session and the client then have.")
    void the_session_has_the_new_id(Place place) {
        User user = new User(place);
        String oldId = user.ask("getSession");

        List<String> lines =
                user.perform("changeSessionId", "getId", "getSession").lines();

        assertThat(lines.get(0)).isNotEqualTo(oldId);
        assertThat(lines).containsOnly(lines.get(0));
        assertThat(user.sessionId()).isEqualTo(lines.get(0));
        assertThat(user.ask("getSession")).isEqualTo(lines.get(0));
    }

    @Clause(
            of = "HttpServletRequest.changeSessionId",
            says = "Only the id changes: attributes, times and the object stay.")
    void only_the_id_changes(Place place) {
        User user = new User(place);
        String created = user.perform(
                        "setAttribute a 1", "setBound b two", "setMaxInactiveInterval 77", "getCreationTime")
                .lines()
                .get(3);
        heard();

        assertThat(user.perform("getSession", "changeSessionId", "isSameSession", "getAttribute a")
                        .lines())
                .endsWith("true", "1");

        assertThat(user.perform(
                                "getAttribute a",
                                "getAttribute b",
                                "getMaxInactiveInterval",
                                "getCreationTime",
                                "isNew")
                        .lines())
                .containsExactly("1", "two", "77", created, "false");
        assertThat(heard(SESSION, ATTRIBUTE, BINDING)).isEmpty();
    }

    @Clause(of = "HttpServletRequest.changeSessionId", says = "The old id is no session any more.")
    void the_old_id_is_no_session(Place place) {
        User user = new User(place);
        String oldId = user.ask("getSession");
        user.perform("changeSessionId");

        User late = new User(place).withCookie("JSESSIONID", oldId);

        assertThat(late.perform("getSession false", "isRequestedSessionIdValid").lines())
                .containsExactly("none", "false");
        assertThat(late.perform("getSession false", "isRequestedSessionIdValid").lines())
                .containsExactly("none", "false");
    }

    @Clause(of = "HttpServletRequest.changeSessionId", says = "Without a session, it fails.")
    void without_a_session_there_is_no_id_to_change(Place place) {
        User user = new User(place);

        assertThat(user.ask("changeSessionId")).isEqualTo("IllegalStateException");

        user.perform("getSession");
        user.perform("invalidate");
        assertThat(user.ask("changeSessionId")).isEqualTo("IllegalStateException");
    }

    @Clause(
            of = "HttpServletRequest.changeSessionId",
            says = "The id of a new session can change in the request that began it.")
    void the_id_of_a_new_session_can_change(Place place) {
        User user = new User(place);

        List<String> lines = user.perform("setAttribute a 1", "getId", "changeSessionId", "isNew")
                .lines();

        assertThat(lines.get(2)).isNotEqualTo(lines.get(1));
        assertThat(lines.get(3)).isEqualTo("true");
        assertThat(user.sessionId()).isEqualTo(lines.get(2));
        assertThat(user.ask("getAttribute a")).isEqualTo("1");
    }

    @Clause(
            of = "HttpServletRequest.changeSessionId",
            says = "The id can change again and again, also within a request.")
    void the_id_can_change_again(Place place) {
        User user = new User(place);
        user.perform("setAttribute a 1");

        List<String> ids =
                user.perform("getSession", "changeSessionId", "changeSessionId").lines();
        String last = user.ask("changeSessionId");

        assertThat(ids).doesNotHaveDuplicates().doesNotContain(last);
        assertThat(user.ask("getAttribute a")).isEqualTo("1");
    }

    @Clause(
            of = "HttpSessionIdListener",
            says = "Listeners hear of a change, in their order, with the old id; the session has the new.")
    void listeners_hear_of_a_changed_id(Place place) {
        User user = new User(place);
        String oldId = user.ask("getSession");
        heard();

        String newId = user.ask("changeSessionId");

        String change = " sessionIdChanged " + oldId + " to " + newId;
        assertThat(heard(SESSION_ID)).containsExactly("first" + change, "second" + change, "added" + change);
    }

    @Clause(
            of = "HttpServletRequest.getRequestedSessionId",
            says = "What the client sent stays the requested id of the request.",
            butTomcat = "it makes the new id the requested one, so that the request stays one of a valid session.")
    void the_requested_id_becomes_the_new_one(Place place) {
        User user = new User(place);
        String oldId = user.ask("getSession");

        List<String> lines =
                user.perform("changeSessionId", "getRequestedSessionId").lines();

        assertThat(lines.get(1)).isEqualTo(lines.get(0)).isNotEqualTo(oldId);
    }
}
