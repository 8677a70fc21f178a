package dev.holdfast.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** Servlet 6.0, 7.1.3 and 14.4 (tracking-mode): ids in URLs only. */
@Descriptor("url.xml")
class UrlTrackingSpecIT extends SpecificationTest {

    @Clause(of = "14.4 tracking-mode", says = "With URLs as the only mode, no cookie is sent.")
    void no_cookie_is_sent(Place place) {
        User user = new User(place);

        assertThat(user.perform("getSession", "setAttribute a 1").setsCookie()).isFalse();
        assertThat(user.ask("getEffectiveSessionTrackingModes")).isEqualTo("[URL]");
    }

    @Clause(of = "14.4 tracking-mode", says = "With URLs as the only mode, ids are found in URLs, and not in cookies.")
    void the_session_is_found_by_its_URL_only(Place place) {
        User user = new User(place);
        String id = user.perform("setAttribute a 1", "getSession").lines().get(1);

        List<String> lines = user.get("/step;jsessionid=" + id + "?"
                        + User.query("step", "getAttribute a", "isRequestedSessionIdFromURL", "encodeURL next"))
                .lines();

        assertThat(lines).containsExactly("1", "true", "next;jsessionid=" + id);
        assertThat(user.withCookie("JSESSIONID", id).ask("getSession false")).isEqualTo("none");
    }

    @Clause(
            of = "HttpServletRequest.changeSessionId",
            says = "With URLs, too, the id can change: URLs then hold the new one.")
    void a_changed_id_goes_into_URLs(Place place) {
        User user = new User(place);
        String id = user.perform("setAttribute a 1", "getSession").lines().get(1);

        List<String> lines = user.get(
                        "/step;jsessionid=" + id + "?" + User.query("step", "changeSessionId", "encodeURL next"))
                .lines();

        String newId = lines.get(0);
        assertThat(newId).isNotEqualTo(id);
        assertThat(lines.get(1)).isEqualTo("next;jsessionid=" + newId);
        assertThat(user.get("/step;jsessionid=" + newId + "?" + User.query("step", "getAttribute a"))
                        .lines())
                .containsExactly("1");
        assertThat(user.get("/step;jsessionid=" + id + "?" + User.query("step", "getSession false"))
                        .lines())
                .containsExactly("none");
    }

    @Clause(
            of = "14.4 session-timeout",
            says = "A time-out of zero in the descriptor means that sessions never time out.")
    void a_time_out_of_zero_is_none(Place place) {
        assertThat(Integer.parseInt(new User(place).ask("getMaxInactiveInterval")))
                .isLessThanOrEqualTo(0);
        assertThat(Integer.parseInt(new User(place).ask("getSessionTimeout"))).isLessThanOrEqualTo(0);
    }
}
