package dev.holdfast.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** Servlet 6.0, 7.3 (session scope), and sessions across forwards and includes, also to another application. */
@Descriptor(value = "standard.xml", neighbour = true)
class SessionScopeSpecIT extends SpecificationTest {

    @Clause(of = "7.3", says = "The id may be the same in two applications, but each has a session of its own.")
    void applications_do_not_share_sessions(Place place) {
        User user = new User(place);
        String id = user.perform("setAttribute a 1", "getSession").lines().get(1);

        // The neighbour is called within the same request, so it is given the same id.
        List<String> lines =
                included(place, user, "getSession", "getAttribute a", "getServletContext", "setAttribute b 2");

        assertThat(lines.subList(0, 4)).containsExactly(id, "null", place.path() + "-neighbour", "done");
        assertThat(user.perform("getAttribute a", "getAttribute b").lines()).containsExactly("1", "null");
        assertThat(included(place, user, "getAttribute a", "getAttribute b").subList(0, 2))
                .containsExactly("null", "2");
    }

    @Clause(of = "7.3", says = "The end of a session in one application does not end that of another.")
    void the_end_of_one_is_not_the_end_of_the_other(Place place) {
        User user = new User(place);
        user.perform("setAttribute a 1");
        included(place, user, "setAttribute b 2");

        included(place, user, "invalidate");

        assertThat(user.ask("getAttribute a")).isEqualTo("1");
        assertThat(included(place, user, "getAttribute b").get(0)).isEqualTo("null");
    }

    @Clause(of = "7.3", says = "Both applications of a request may use their sessions in it, one after the other.")
    void one_request_uses_the_sessions_of_two_applications(Place place) {
        User user = new User(place);

        Answer answer = user.get("/step?"
                + User.query(
                        "step",
                        "setAttribute a mine",
                        "includeOf " + place.path() + "-neighbour",
                        "getAttribute a",
                        "setAttribute c mine")
                + "&" + User.query("then", "setAttribute a its", "getAttribute a"));

        assertThat(answer.lines()).containsExactly("done", "done", "its", "done", "mine", "done");
        assertThat(user.perform("getAttribute a", "getAttribute c").lines()).containsExactly("mine", "mine");
        assertThat(included(place, user, "getAttribute a", "getAttribute c").subList(0, 2))
                .containsExactly("its", "null");
    }

    @Clause(of = "9.4 forward", says = "Whom a request is forwarded to has its session.")
    void a_forward_keeps_the_session(Place place) {
        User user = new User(place);

        Answer answer = user.get("/step?" + User.query("step", "setAttribute a 1", "forward") + "&"
                + User.query("then", "getAttribute a", "setAttribute b 2", "isNew"));

        assertThat(answer.lines()).containsExactly("1", "done", "true");
        assertThat(user.perform("getAttribute a", "getAttribute b").lines()).containsExactly("1", "2");
    }

    @Clause(of = "9.3 include", says = "Whom a request includes has its session.")
    void an_include_shares_the_session(Place place) {
        User user = new User(place);
        user.perform("setAttribute a 1");

        Answer answer = user.get("/step?" + User.query("step", "setAttribute b 2", "include", "getAttribute c") + "&"
                + User.query("then", "getAttribute a", "getAttribute b", "setAttribute c 3"));

        assertThat(answer.lines()).containsExactly("done", "1", "2", "done", "done", "3");
        assertThat(user.ask("getAttributeNames")).isEqualTo("a,b,c");
    }

    /** What the neighbour answers, and then the line of the include itself. */
    private static List<String> included(Place place, User user, String... steps) {
        return user.get("/step?" + User.query("step", "includeOf " + place.path() + "-neighbour") + "&"
                        + User.query("then", steps))
                .lines();
    }
}
