package dev.holdfast.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Servlet 6.0, 13.6.1 (HTTP basic authentication) and 13.10 (login and logout), as far as sessions go. */
@Descriptor("basic.xml")
class BasicLoginSpecIT extends SpecificationTest {

    private static final String WHO = "/secret/step?" + User.query("step", "getRemoteUser", "getAuthType");

    @Clause(
            of = "13.6.1",
            says = "Who asks for what is protected is asked for name and password, for the realm of the descriptor.")
    void a_client_is_asked_for_its_password(Place place) {
        Answer answer = new User(place).get(WHO);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate")).startsWith("Basic realm=\"the shop\"");
        assertThat(answer.setsCookie()).isFalse();
    }

    @Clause(
            of = "13.6.1",
            says = "With the right password it gets what it asked for, and with a wrong one it is asked again.")
    void a_client_with_its_password_is_let_in(Place place) {
        assertThat(knownAs(place, "ann", "secret").get(WHO).lines()).containsExactly("ann", "BASIC");
        assertThat(knownAs(place, "ann", "guess").get(WHO).status()).isEqualTo(401);
        assertThat(knownAs(place, "bob", "hidden").get(WHO).status()).isEqualTo(403);
    }

    @Clause(of = "13.6.1", says = "A session that there was before the login goes on, under another id.")
    void the_session_goes_on_under_another_id(Place place) {
        User user = new User(place);
        user.perform("setAttribute a 1");
        String before = user.sessionId();

        user.sending("Authorization", basic("ann", "secret")).get(WHO);

        assertThat(user.sessionId()).isNotEqualTo(before);
        assertThat(user.perform("getAttribute a", "getRemoteUser").lines()).containsExactly("1", "ann");
        assertThat(new User(place).withCookie("JSESSIONID", before).ask("getSession false"))
                .isEqualTo("none");
    }

    @Clause(
            of = "HttpServletRequest.authenticate",
            says = "It asks the client for its password, if nobody is logged in.")
    void an_application_may_ask_for_the_password(Place place) {
        Answer asked = new User(place).get("/step?" + User.query("step", "authenticate"));

        assertThat(asked.status()).isEqualTo(401);
        assertThat(asked.header("WWW-Authenticate")).startsWith("Basic ");
        assertThat(knownAs(place, "ann", "secret")
                        .perform("authenticate", "getRemoteUser")
                        .lines())
                .containsExactly("true", "ann");
    }

    @Clause(
            of = "HttpServletRequest.login",
            says = "A login by code is kept with the session, also where clients use BASIC.")
    void a_login_by_code_is_kept_with_the_session(Place place) {
        User user = new User(place);
        user.perform("setAttribute a 1");

        user.perform("getSession", "login ann secret");

        assertThat(user.perform("getRemoteUser", "getAuthType").lines()).containsExactly("ann", "BASIC");
        assertThat(user.get(WHO).lines()).containsExactly("ann", "BASIC");
        user.perform("logout");
        assertThat(user.get(WHO).status()).isEqualTo(401);
    }

    @Clause(
            of = "HttpServletRequest.logout",
            says = "A client that sends its password with each request is logged in again.")
    void a_client_with_its_password_is_in_again(Place place) {
        User user = knownAs(place, "ann", "secret");
        user.get("/secret/step?" + User.query("step", "getSession", "logout"));

        assertThat(user.get(WHO).lines()).containsExactly("ann", "BASIC");
    }

    private static User knownAs(Place place, String name, String password) {
        return new User(place).sending("Authorization", basic(name, password));
    }

    private static String basic(String name, String password) {
        byte[] both = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(both);
    }
}
