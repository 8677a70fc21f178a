package dev.holdfast.spec;

import static example.probe.Journal.Topic.SESSION_ID;
import static org.assertj.core.api.Assertions.assertThat;

/** Servlet 6.0, 13.6.3 (form based authentication) and 13.10 (login and logout), as far as sessions go. */
@Descriptor("form.xml")
class FormLoginSpecIT extends SpecificationTest {

    private static final String WHO = "/secret/step?" + User.query("step", "getRemoteUser", "getAuthType");

    @Clause(
            of = "13.6.3",
            says = "Who asks for what is protected gets the login page, and after the login what was asked for.")
    void a_login_leads_to_what_was_asked_for(Place place) {
        User user = new User(place);
        assertThat(user.get(WHO).body()).isEqualTo("the login page");

        Answer login = login(user, "ann", "secret");

        assertThat(login.status()).isIn(302, 303);
        assertThat(user.follow(login).lines()).containsExactly("ann", "FORM");
        assertThat(user.get(WHO).lines()).containsExactly("ann", "FORM");
        assertThat(user.get(WHO).lines()).containsExactly("ann", "FORM");
    }

    @Clause(
            of = "13.6.3",
            says = "Who gives a wrong password gets the error page, is not logged in, and may try again.")
    void a_wrong_password_leads_to_the_error_page(Place place) {
        User user = new User(place);
        user.get(WHO);

        assertThat(login(user, "ann", "guess").body()).isEqualTo("the error page");
        assertThat(user.get(WHO).body()).isEqualTo("the login page");
        assertThat(user.follow(login(user, "ann", "secret")).lines()).containsExactly("ann", "FORM");
    }

    @Clause(of = "13.6.3", says = "What was asked for is restored with its method and its parameters.")
    void a_form_that_was_sent_before_the_login_is_not_lost(Place place) {
        User user = new User(place);
        assertThat(user.post("/secret/step", "step=getMethod&step=getParameter+q&step=getRemoteUser&q=7")
                        .body())
                .isEqualTo("the login page");

        Answer answer = user.follow(login(user, "ann", "secret"));

        assertThat(answer.lines()).containsExactly("POST", "7", "ann");
    }

    @Clause(of = "13.6.3", says = "The session that there was before the login goes on, under another id.")
    void the_session_goes_on_under_another_id(Place place) {
        User user = new User(place);
        user.perform("setAttribute a 1");
        String before = user.sessionId();
        user.get(WHO);
        heard();

        user.follow(login(user, "ann", "secret"));

        assertThat(user.sessionId()).isNotEqualTo(before);
        assertThat(user.ask("getAttribute a")).isEqualTo("1");
        assertThat(new User(place).withCookie("JSESSIONID", before).ask("getSession false"))
                .isEqualTo("none");
        assertThat(heard(SESSION_ID)).anyMatch(text -> text.startsWith("first sessionIdChanged "));
    }

    @Clause(of = "13.6.3", says = "Who may not have what was asked for is refused after the login.")
    void a_user_without_the_role_is_refused(Place place) {
        User user = new User(place);
        user.get(WHO);

        assertThat(user.follow(login(user, "bob", "hidden")).status()).isEqualTo(403);

        assertThat(user.get(WHO).status()).isEqualTo(403);
        assertThat(user.perform("getRemoteUser", "isUserInRole clerk", "isUserInRole customer")
                        .lines())
                .containsExactly("bob", "true", "false");
    }

    @Clause(of = "13.3", says = "Who is logged in is known where nothing is protected, too, with name, way and roles.")
    void a_login_is_known_everywhere_in_the_application(Place place) {
        User user = loggedIn(place);

        for (int request = 0; request < 2; request++) {
            assertThat(user.perform("getRemoteUser", "getAuthType", "isUserInRole customer", "isUserInRole clerk")
                            .lines())
                    .containsExactly("ann", "FORM", "true", "false");
        }
        assertThat(new User(place)
                        .perform("getRemoteUser", "getAuthType", "isUserInRole customer")
                        .lines())
                .containsExactly("null", "null", "false");
    }

    @Clause(of = "13.10", says = "The end of the session is the end of the login.")
    void invalidate_logs_out(Place place) {
        User user = loggedIn(place);

        user.perform("invalidate");

        assertThat(user.ask("getRemoteUser")).isEqualTo("null");
        assertThat(user.get(WHO).body()).isEqualTo("the login page");
    }

    @Clause(of = "HttpServletRequest.logout", says = "A logout ends the login, and not the session.")
    void a_logout_ends_the_login_and_not_the_session(Place place) {
        User user = loggedIn(place);
        user.perform("setAttribute a 1");

        assertThat(user.perform("logout", "getRemoteUser", "getAuthType", "isUserInRole customer")
                        .lines())
                .containsExactly("done", "null", "null", "false");

        assertThat(user.perform("getRemoteUser", "getAttribute a").lines()).containsExactly("null", "1");
        assertThat(user.get(WHO).body()).isEqualTo("the login page");
    }

    @Clause(of = "HttpServletRequest.login", says = "An application may log its user in by itself.")
    void an_application_may_log_in_by_itself(Place place) {
        User user = new User(place);
        user.perform("setAttribute a 1");

        assertThat(user.perform("getSession", "login ann secret", "getRemoteUser")
                        .lines())
                .endsWith("done", "ann");

        assertThat(user.perform("getRemoteUser", "getAttribute a").lines()).containsExactly("ann", "1");
        assertThat(user.get(WHO).lines()).containsExactly("ann", "FORM");
    }

    @Clause(
            of = "HttpServletRequest.login",
            says = "It fails with a wrong password, and if somebody is logged in already.")
    void a_login_may_fail(Place place) {
        User user = new User(place);
        user.perform("setAttribute a 1");

        assertThat(user.perform("getSession", "login ann guess", "getRemoteUser")
                        .lines())
                .endsWith("ServletException", "null");
        assertThat(user.perform("getSession", "login ann secret", "login bob hidden", "getRemoteUser")
                        .lines())
                .endsWith("done", "ServletException", "ann");
        assertThat(user.perform("login bob hidden", "getRemoteUser").lines())
                .containsExactly("ServletException", "ann");
    }

    private static User loggedIn(Place place) {
        User user = new User(place);
        user.get(WHO);
        assertThat(user.follow(login(user, "ann", "secret")).lines()).containsExactly("ann", "FORM");
        return user;
    }

    private static Answer login(User user, String name, String password) {
        return user.post("/j_security_check", "j_username=" + name + "&j_password=" + password);
    }
}
