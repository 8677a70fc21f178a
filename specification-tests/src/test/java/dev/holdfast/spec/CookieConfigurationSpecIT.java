package dev.holdfast.spec;

import static org.assertj.core.api.Assertions.assertThat;

/** Servlet 6.0, 7.1.1 and 14.4 (session-config): the cookie as {@code web.xml} wants it. */
@Descriptor("cookies.xml")
class CookieConfigurationSpecIT extends SpecificationTest {

    @Clause(
            of = "14.4 cookie-config",
            says = "Name, domain, path, age, secure, HTTP only and further attributes are taken.",
            butTomcat = "it adds HttpOnly as long as useHttpOnly of the context is true, its default.")
    void the_cookie_is_as_the_descriptor_wants_it(Place place) {
        Answer answer = new User(place).perform("getSession");

        String cookie = answer.setCookie("BASKET").orElseThrow();
        assertThat(cookie).startsWith("BASKET=" + answer.lines().get(0) + ";");
        assertThat(cookie.split("; "))
                .contains("Max-Age=60", "Domain=shop.example", "Path=/shop", "Secure", "SameSite=Strict", "HttpOnly");
        assertThat(answer.setCookie("JSESSIONID")).isEmpty();
    }

    @Clause(of = "SessionCookieConfig.setComment", says = "A comment has no effect any more.")
    void a_comment_is_not_sent(Place place) {
        assertThat(new User(place).perform("getSession").setCookie("BASKET").orElseThrow())
                .doesNotContainIgnoringCase("comment")
                .doesNotContain("no longer sent");
    }

    @Clause(of = "7.1.1", says = "The session is found by the cookie of that name, and by no other.")
    void the_session_is_found_by_the_cookie_of_that_name(Place place) {
        User user = new User(place);
        String id = user.perform("setAttribute a 1", "getSession").lines().get(1);

        assertThat(user.perform("getSession false", "getAttribute a").lines()).containsExactly(id, "1");
        assertThat(new User(place).withCookie("JSESSIONID", id).ask("getSession false"))
                .isEqualTo("none");
    }

    @Clause(of = "7.1.3", says = "If the cookie has another name, the path parameter has it, too.")
    void the_path_parameter_has_that_name_too(Place place) {
        User user = new User(place).refusingCookies();
        String id = user.perform("setAttribute a 1", "getSession", "encodeURL step")
                .lines()
                .get(1);

        assertThat(user.perform("getSession", "encodeURL step").lines().get(1)).startsWith("step;BASKET=");
        assertThat(user.get("/step;BASKET=" + id + "?" + User.query("step", "getAttribute a"))
                        .lines())
                .containsExactly("1");
    }

    @Clause(of = "7.1.1", says = "A new id is sent in the same kind of cookie.")
    void a_changed_id_is_sent_in_the_same_kind_of_cookie(Place place) {
        User user = new User(place);
        user.perform("getSession");

        Answer answer = user.perform("changeSessionId");

        assertThat(answer.setCookie("BASKET").orElseThrow())
                .startsWith("BASKET=" + answer.lines().get(0) + ";")
                .contains("SameSite=Strict", "Path=/shop");
    }

    @Clause(
            of = "ServletContext.getSessionCookieConfig",
            says = "The application can read how its cookie is configured.")
    void the_application_can_read_the_configuration(Place place) {
        assertThat(new User(place).ask("describeCookie")).startsWith("BASKET /shop 60 false true");
    }
}
