package dev.holdfast.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Servlet 6.0, 7.1: how requests are told to belong to a session, by cookies and by URLs, if nothing is configured. */
@Descriptor("standard.xml")
class SessionTrackingSpecIT extends SpecificationTest {

    // ---- 7.1.1 cookies ---------------------------------------------------------------------------------------------

    @Clause(of = "7.1.1", says = "The cookie of a session is named JSESSIONID, and holds its id.")
    void the_cookie_is_named_JSESSIONID_and_holds_the_id(Place place) {
        User user = new User(place);

        String id = user.ask("getSession");

        assertThat(user.cookie("JSESSIONID")).isEqualTo(id);
        assertThat(user.ask("getSession")).isEqualTo(id);
    }

    @Clause(of = "7.1.1", says = "The cookie may be marked for HTTP only. It is valid for the path of the application.")
    void the_cookie_is_for_HTTP_only_and_for_the_path_of_the_application(Place place) {
        Answer answer = new User(place).perform("getSession");

        assertThat(answer.setCookie("JSESSIONID").orElseThrow())
                .isEqualTo("JSESSIONID=" + answer.lines().get(0) + "; Path=" + place.path() + "; HttpOnly");
    }

    @Clause(of = "SessionCookieConfig.setSecure", says = "The cookie of a session is secure if its request was.")
    void the_cookie_of_a_secure_request_is_secure(Place place) {
        User user = new User(place).sending("X-Forwarded-Proto", "https");

        Answer answer = user.perform("isSecure", "getSession");

        assertThat(answer.lines().get(0)).isEqualTo("true");
        assertThat(answer.setCookie("JSESSIONID").orElseThrow()).contains("; Secure");
    }

    @Clause(of = "7.1.1", says = "A request that asks for no session gets no cookie.")
    void no_session_no_cookie(Place place) {
        User user = new User(place);

        assertThat(user.perform("getSession false").setsCookie()).isFalse();
        assertThat(user.perform("now").setsCookie()).isFalse();
    }

    @Clause(of = "7.1.1", says = "The cookie is sent when the session begins; the client then returns it by itself.")
    void the_cookie_is_sent_once(Place place) {
        User user = new User(place);

        assertThat(user.perform("getSession").setsCookie()).isTrue();
        assertThat(user.perform("setAttribute a 1").setsCookie()).isFalse();
        assertThat(user.perform("getAttribute a", "removeAttribute a").setsCookie())
                .isFalse();
    }

    @Clause(of = "9.3 include", says = "Who is included sets no headers, but may begin a session: its cookie is sent.")
    void a_session_that_an_included_servlet_begins_is_found_again(Place place) {
        User user = new User(place);

        Answer answer = user.get("/step?step=include&" + User.query("then", "setAttribute a 1"));

        assertThat(answer.setCookie("JSESSIONID")).isPresent();
        assertThat(user.ask("getAttribute a")).isEqualTo("1");
    }

    @Clause(
            of = "HttpServletRequest.isRequestedSessionIdFromCookie",
            says = "A request tells that its id came by cookie, which id, and whether it is valid.")
    void a_request_tells_that_its_id_came_by_cookie(Place place) {
        User user = new User(place);
        String id = user.ask("getSession");

        assertThat(user.perform(
                                "getRequestedSessionId",
                                "isRequestedSessionIdFromCookie",
                                "isRequestedSessionIdFromURL",
                                "isRequestedSessionIdValid")
                        .lines())
                .containsExactly(id, "true", "false", "true");
    }

    @Clause(
            of = "HttpServletRequest.getRequestedSessionId",
            says = "A request without an id has none, which is not valid and came from nowhere.")
    void a_request_without_an_id_tells_so(Place place) {
        assertThat(new User(place)
                        .perform(
                                "getRequestedSessionId",
                                "isRequestedSessionIdFromCookie",
                                "isRequestedSessionIdFromURL",
                                "isRequestedSessionIdValid",
                                "getSession",
                                "getRequestedSessionId")
                        .lines())
                .containsSubsequence("null", "false", "false", "false", "null");
    }

    @Clause(
            of = "HttpServletRequest.getRequestedSessionId",
            says =
                    "The requested id stays what the client sent, also if that is no session; then a new session has another.")
    void an_id_that_is_no_session_is_reported_and_not_used(Place place) {
        String sent = "0123456789ABCDEF0123456789ABCDEF";
        User user = new User(place).withCookie("JSESSIONID", sent);

        List<String> lines = user.perform(
                        "getRequestedSessionId",
                        "isRequestedSessionIdValid",
                        "getSession false",
                        "getSession",
                        "isRequestedSessionIdValid",
                        "getRequestedSessionId")
                .lines();

        assertThat(lines.subList(0, 3)).containsExactly(sent, "false", "none");
        assertThat(lines.get(3)).isNotEqualTo(sent);
        assertThat(lines.subList(4, 6)).containsExactly("false", sent);
        assertThat(user.sessionId()).isEqualTo(lines.get(3));
    }

    @Clause(of = "7.1", says = "Ids tell sessions apart: each session has its own.")
    void each_session_has_an_id_of_its_own(Place place) {
        Set<String> ids = new HashSet<>();
        for (int session = 0; session < 50; session++) {
            ids.add(new User(place).ask("getSession"));
        }

        assertThat(ids).hasSize(50).allSatisfy(id -> assertThat(id).hasSizeGreaterThanOrEqualTo(32));
    }

    // ---- 7.1.3 URLs ------------------------------------------------------------------------------------------------

    @Clause(of = "7.1.3", says = "The id in a URL is a path parameter named jsessionid, in front of the query.")
    void the_id_becomes_a_path_parameter(Place place) {
        List<String> lines = new User(place)
                .perform("getSession", "encodeURL step?a=1#b", "encodeRedirectURL " + place.path() + "/step?a=1")
                .lines();

        String id = lines.get(0);
        assertThat(lines.get(1)).isEqualTo("step;jsessionid=" + id + "?a=1#b");
        assertThat(lines.get(2)).isEqualTo(place.path() + "/step;jsessionid=" + id + "?a=1");
    }

    @Clause(of = "7.1.3", says = "A client without cookies is followed by its URLs.")
    void a_client_without_cookies_is_followed_by_its_URLs(Place place) {
        User user = new User(place).refusingCookies();
        List<String> lines = user.perform("setAttribute a 1", "getSession", "encodeURL /step")
                .lines();
        String id = lines.get(1);

        Answer next = user.get("/step;jsessionid=" + id + "?"
                + User.query(
                        "step",
                        "getSession",
                        "getAttribute a",
                        "isRequestedSessionIdFromURL",
                        "isRequestedSessionIdFromCookie",
                        "isNew"));

        assertThat(next.lines()).containsExactly(id, "1", "true", "false", "false");
        assertThat(next.setsCookie()).isFalse();
    }

    @Clause(of = "HttpServletResponse.encodeURL", says = "A URL stays as it is for a client whose id came by cookie.")
    void a_client_with_cookies_gets_plain_URLs(Place place) {
        User user = new User(place);
        user.perform("getSession");

        assertThat(user.perform("getSession", "encodeURL step", "encodeRedirectURL step")
                        .lines()
                        .subList(1, 3))
                .containsExactly("step", "step");
    }

    @Clause(of = "HttpServletResponse.encodeURL", says = "A URL stays as it is if there is no session.")
    void without_a_session_URLs_are_plain(Place place) {
        assertThat(new User(place)
                        .perform("encodeURL step", "encodeRedirectURL step")
                        .lines())
                .containsExactly("step", "step");
    }

    @Clause(
            of = "HttpServletResponse.encodeRedirectURL",
            says = "An id is not given to others: URLs of other hosts and other applications stay as they are.")
    void an_id_is_not_given_to_others(Place place) {
        List<String> lines = new User(place)
                .perform(
                        "getSession",
                        "encodeURL http://other.example/step",
                        "encodeRedirectURL http://other.example/step",
                        "encodeURL /another/step")
                .lines();

        assertThat(lines.subList(1, 4))
                .containsExactly("http://other.example/step", "http://other.example/step", "/another/step");
    }

    @Clause(
            of = "HttpServletResponse.encodeURL",
            says = "When the session has ended within the request, its id is no longer put into URLs.")
    void the_id_of_an_ended_session_is_not_put_into_URLs(Place place) {
        List<String> lines = new User(place)
                .perform("getSession", "invalidate", "encodeURL step")
                .lines();

        assertThat(lines.get(2)).isEqualTo("step");
    }

    // ---- 7.1.4 integrity -------------------------------------------------------------------------------------------

    @Clause(of = "7.1.4", says = "Sessions work if the client does not support cookies.")
    void a_session_can_be_used_through_URLs_alone(Place place) {
        User user = new User(place).refusingCookies();
        String id = user.ask("getSession");
        String url = "/step;jsessionid=" + id + "?";

        for (int count = 1; count <= 4; count++) {
            Answer answer = user.get(url + User.query("step", "increment n", "encodeURL step"));
            assertThat(answer.lines()).containsExactly(String.valueOf(count), "step;jsessionid=" + id);
        }
    }

    @Clause(
            of = "ServletContext.getEffectiveSessionTrackingModes",
            says = "Cookies and URLs are what applies by default.")
    void cookies_and_URLs_are_tried_by_default(Place place) {
        assertThat(new User(place).ask("getEffectiveSessionTrackingModes")).isEqualTo("[COOKIE, URL]");
    }

    @Clause(
            of = "ServletContext.setSessionTrackingModes",
            says = "How sessions are tracked cannot be changed when the application has started.")
    void tracking_cannot_be_changed_at_run_time(Place place) {
        assertThat(new User(place)
                        .perform("setSessionTrackingModes", "setCookieName OTHER", "setSessionTimeout 3")
                        .lines())
                .containsExactly("IllegalStateException", "IllegalStateException", "IllegalStateException");
    }
}
