package dev.holdfast.spec;

import static org.assertj.core.api.Assertions.assertThat;

/** Servlet 6.0, 4.4 and 7.1: sessions as a listener configures them while the application starts. */
@Descriptor("by-code.xml")
class ConfigurationByCodeSpecIT extends SpecificationTest {

    @Clause(
            of = "SessionCookieConfig",
            says = "A listener that hears of the start of the application configures the cookie.",
            butTomcat = "it adds HttpOnly as long as useHttpOnly of the context is true, its default.")
    void the_cookie_is_as_the_code_wants_it(Place place) {
        Answer answer = new User(place).perform("getSession");

        String cookie = answer.setCookie("BYCODE").orElseThrow();
        assertThat(cookie).startsWith("BYCODE=" + answer.lines().get(0) + ";");
        assertThat(cookie.split("; "))
                .contains("Max-Age=120", "Path=" + place.path(), "Secure", "SameSite=Lax", "HttpOnly");
    }

    @Clause(of = "ServletContext.setSessionTimeout", says = "A listener sets the time-out of all sessions, in minutes.")
    void the_time_out_is_as_the_code_wants_it(Place place) {
        User user = new User(place);

        assertThat(user.perform("getSessionTimeout", "getMaxInactiveInterval").lines())
                .containsExactly("7", "420");
        assertThat(user.ask("getMaxInactiveInterval")).isEqualTo("420");
    }
}
