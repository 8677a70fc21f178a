package dev.holdfast.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import example.probe.Gate;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Servlet 6.0, 7.2 (creating a session), 7.6 (last accessed times), 7.7, and what the API says of a session's life. */
@Descriptor("standard.xml")
class SessionLifeSpecIT extends SpecificationTest {

    // ---- 7.2 the beginning -----------------------------------------------------------------------------------------

    @Clause(
            of = "7.2",
            says = "A session is new in the request that creates it, and not after the client has joined it.")
    void a_session_is_new_until_the_client_joins(Place place) {
        User user = new User(place);

        assertThat(user.perform("isNew", "setAttribute a 1", "isNew").lines()).containsExactly("true", "done", "true");
        assertThat(user.perform("isNew", "getAttribute a").lines()).containsExactly("false", "1");
        assertThat(user.ask("isNew")).isEqualTo("false");
    }

    @Clause(of = "7.2", says = "A client that does not join gets a new session with each request.")
    void a_client_that_does_not_join_always_begins_anew(Place place) {
        User user = new User(place).refusingCookies();

        List<String> first = user.perform("getSession", "isNew").lines();
        List<String> second = user.perform("getSession", "isNew").lines();

        assertThat(first.get(1)).isEqualTo("true");
        assertThat(second.get(1)).isEqualTo("true");
        assertThat(second.get(0)).isNotEqualTo(first.get(0));
    }

    @Clause(of = "HttpServletRequest.getSession", says = "getSession(false) returns null if there is no session.")
    void a_session_is_only_created_if_asked_for(Place place) {
        assertThat(new User(place)
                        .perform("getSession false", "getSession false")
                        .lines())
                .containsExactly("none", "none");
    }

    @Clause(of = "HttpServletRequest.getSession", says = "All calls within a request return the same session.")
    void a_request_has_one_session(Place place) {
        User user = new User(place);

        assertThat(user.perform("getSession", "isSameSession", "getSession", "isSameSession")
                        .lines())
                .element(3)
                .isEqualTo("true");
        assertThat(user.ask("isSameSession")).isEqualTo("true");
    }

    @Clause(
            of = "HttpServletRequest.getSession",
            says = "A session cannot be created when the response is committed, as its cookie could not be sent.")
    void no_session_begins_when_the_response_has_left(Place place) {
        assertThat(new User(place)
                        .perform("flushBuffer", "getSession", "getSession false", "getSession true")
                        .lines())
                .containsExactly("done", "IllegalStateException", "none", "IllegalStateException");
    }

    @Clause(
            of = "HttpServletRequest.getSession",
            says = "A session that exists can be used when the response is committed.")
    void a_session_can_be_used_when_the_response_has_left(Place place) {
        User user = new User(place);
        String id = user.ask("getSession");

        assertThat(user.perform("flushBuffer", "getSession", "setAttribute a 1").lines())
                .containsExactly("done", id, "done");
        assertThat(user.ask("getAttribute a")).isEqualTo("1");
    }

    // ---- the end ---------------------------------------------------------------------------------------------------

    @Clause(of = "HttpSession.invalidate", says = "The session ends for all later requests.")
    void an_ended_session_is_not_found_any_more(Place place) {
        User user = new User(place);
        String id = user.perform("setAttribute a 1", "getSession").lines().get(1);

        user.perform("getSession", "invalidate");

        assertThat(user.perform("getSession false", "isRequestedSessionIdValid").lines())
                .containsExactly("none", "false");
        assertThat(user.perform("getSession false", "isRequestedSessionIdValid").lines())
                .containsExactly("none", "false");
        List<String> begun =
                user.perform("getSession", "isNew", "getAttribute a").lines();
        assertThat(begun.get(0)).isNotEqualTo(id);
        assertThat(begun.subList(1, 3)).containsExactly("true", "null");
    }

    @Clause(
            of = "HttpSession",
            says = "Of an ended session, nothing but the id, the interval and the application can be read.")
    void an_ended_session_refuses_to_be_used(Place place) {
        User user = new User(place);
        user.perform("setAttribute a 1");

        List<String> lines = user.perform(
                        "getSession",
                        "invalidate",
                        "getAttribute a",
                        "getAttributeNames",
                        "setAttribute a 2",
                        "setNull a",
                        "removeAttribute a",
                        "getCreationTime",
                        "getLastAccessedTime",
                        "isNew",
                        "invalidate",
                        "getId",
                        "getServletContext")
                .lines();

        assertThat(lines.subList(2, 11)).hasSize(9).containsOnly("IllegalStateException");
        assertThat(lines.get(11)).isEqualTo(lines.get(0));
        assertThat(lines.get(12)).isEqualTo(place.path());
    }

    @Clause(
            of = "HttpSession.getMaxInactiveInterval",
            says = "The interval and its setting work on an ended session, too.")
    void the_interval_of_an_ended_session_can_be_read(Place place) {
        assertThat(new User(place)
                        .perform("getSession", "invalidate", "getMaxInactiveInterval", "setMaxInactiveInterval 7")
                        .lines()
                        .subList(2, 4))
                .containsExactly("300", "done");
    }

    @Clause(
            of = "HttpSession.invalidate",
            says = "Within the same request, a new session with another id can be begun.")
    void a_request_may_end_a_session_and_begin_another(Place place) {
        User user = new User(place);
        String id = user.perform("setAttribute a 1", "getSession").lines().get(1);

        List<String> lines = user.perform(
                        "getSession",
                        "invalidate",
                        "getSession false",
                        "getSession",
                        "isNew",
                        "getAttribute a",
                        "setAttribute b 2")
                .lines();

        assertThat(lines.subList(1, 3)).containsExactly("done", "none");
        assertThat(lines.get(3)).isNotEqualTo(id);
        assertThat(lines.subList(4, 6)).containsExactly("true", "null");
        assertThat(user.sessionId()).isEqualTo(lines.get(3));
        assertThat(user.perform("getAttribute b", "isNew").lines()).containsExactly("2", "false");
    }

    // ---- 7.6 times -------------------------------------------------------------------------------------------------

    @Clause(
            of = "HttpSession.getCreationTime",
            says = "The time of creation is that of the request that began the session.")
    void the_time_of_creation_stays(Place place) {
        User user = new User(place);
        List<String> lines = user.perform("now", "getCreationTime", "now").lines();

        assertThat(Long.parseLong(lines.get(1))).isBetween(Long.parseLong(lines.get(0)), Long.parseLong(lines.get(2)));
        assertThat(user.ask("getCreationTime")).isEqualTo(lines.get(1));
        assertThat(user.ask("getCreationTime")).isEqualTo(lines.get(1));
    }

    @Clause(of = "7.6", says = "In the request that begins a session, the last access is its beginning.")
    void a_new_session_was_last_accessed_when_it_began(Place place) {
        List<String> lines = new User(place)
                .perform("getCreationTime", "linger", "getLastAccessedTime")
                .lines();

        assertThat(lines.get(2)).isEqualTo(lines.get(0));
    }

    @Clause(of = "7.6", says = "The last access is that of the request before this one, whoever answered it.")
    void the_last_access_is_that_of_the_request_before(Place place) {
        User user = new User(place);
        user.perform("getSession");
        afterAWhile();
        List<String> second = user.perform("now", "getSession").lines();
        long secondEnded = System.currentTimeMillis();
        afterAWhile();

        long lastAccess = Long.parseLong(user.ask("getLastAccessedTime"));

        // Two clocks: that of the node, and that of Redis.
        assertThat(lastAccess).isBetween(Long.parseLong(second.get(0)) - 20, secondEnded + 20);
    }

    @Clause(of = "7.6", says = "Reading and writing attributes does not change the time of the last access.")
    void using_a_session_does_not_change_the_last_access_of_its_request(Place place) {
        User user = new User(place);
        user.perform("getSession");
        afterAWhile();

        List<String> lines = user.perform(
                        "getLastAccessedTime", "linger", "setAttribute a 1", "getAttribute a", "getLastAccessedTime")
                .lines();

        assertThat(lines.get(4)).isEqualTo(lines.get(0));
    }

    @Clause(
            of = "7.6",
            says = "A request that belongs to a session is an access, also if it does not ask for the session.")
    void a_request_that_does_not_ask_for_its_session_is_an_access(Place place) {
        User user = new User(place);
        user.perform("getSession");
        afterAWhile();
        List<String> second = user.perform("now").lines();
        afterAWhile();

        long lastAccess = Long.parseLong(user.ask("getLastAccessedTime"));

        assertThat(lastAccess).isGreaterThanOrEqualTo(Long.parseLong(second.get(0)) - 20);
    }

    // ---- 7.7 semantics ---------------------------------------------------------------------------------------------

    @Clause(of = "7.7.1", says = "Several requests use a session at the same time, and see what the others have done.")
    void requests_use_a_session_at_the_same_time(Place place) throws Exception {
        User user = new User(place);
        user.perform("setAttribute a 1");
        String gate = UUID.randomUUID().toString();

        CompletableFuture<Answer> slow = user.performLater("setAttribute b 2", "pass " + gate, "setAttribute c 3");
        Gate.named(gate).awaitArrival();
        assertThat(user.perform("getAttribute a", "setAttribute d 4").lines()).containsExactly("1", "done");
        Gate.named(gate).open();

        assertThat(slow.join().lines()).containsExactly("done", "done", "done");
        assertThat(user.ask("getAttributeNames")).isEqualTo("a,b,c,d");
        assertThat(user.ask("getAttributeNames")).isEqualTo("a,b,c,d");
    }

    @Clause(of = "7.7.3", says = "Windows of a browser send the same cookie: they are one session.")
    void windows_of_a_browser_share_the_session(Place place) {
        User window = new User(place);
        window.perform("setAttribute a 1");
        User other = new User(place).withCookie("JSESSIONID", window.sessionId());

        other.perform("setAttribute b 2");

        assertThat(window.perform("getAttribute a", "getAttribute b").lines()).containsExactly("1", "2");
    }

    @Clause(of = "HttpSession.getServletContext", says = "A session knows its application.")
    void a_session_knows_its_application(Place place) {
        User user = new User(place);

        assertThat(user.ask("getServletContext")).isEqualTo(place.path());
        assertThat(user.ask("getServletContext")).isEqualTo(place.path());
    }

    /** Long enough for clocks to show it. */
    private static void afterAWhile() {
        await().pollDelay(Duration.ofMillis(60)).until(() -> true);
    }
}
