package dev.holdfast.spec;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code HttpSession.getAccessor} of Servlet 6.1: Tomcat 11 has it, Tomcat 10.1 does not. */
@Descriptor("standard.xml")
class AccessorSpecIT extends SpecificationTest {

    private static final boolean SERVLET_6_1 = "11".equals(System.getProperty("holdfast.test.tomcat.version"));

    @Clause(
            of = "HttpSession.getAccessor",
            says = "Servlet 6.1: a session can be used after the request that got its accessor.")
    void a_session_can_be_used_after_its_request(Place place) {
        User user = new User(place);
        assertThat(user.perform("setAttribute a 1", "keepAccessor").lines()).endsWith(onServlet61("done"));

        if (SERVLET_6_1) {
            // On the same node: the application keeps the accessor in its context.
            User sameNode = new User(place);
            assertThat(sameNode.ask("access b 2")).isEqualTo("done");
            assertThat(user.perform("getAttribute a", "getAttribute b").lines()).containsExactly("1", "2");
            assertThat(user.perform("getAttribute a", "getAttribute b").lines()).containsExactly("1", "2");
        }
    }

    @Clause(of = "HttpSession.Accessor.access", says = "Servlet 6.1: it fails when the session has ended.")
    void an_ended_session_cannot_be_used(Place place) {
        User user = new User(place);
        assertThat(user.perform("setAttribute a 1", "keepAccessor").lines()).endsWith(onServlet61("done"));
        user.perform("invalidate");

        if (SERVLET_6_1) {
            assertThat(new User(place).ask("access b 2")).isEqualTo("IllegalStateException");
        }
    }

    @Clause(of = "HttpSession.getAccessor", says = "Servlet 6.1: an ended session gives no accessor.")
    void an_ended_session_gives_no_accessor(Place place) {
        assertThat(new User(place)
                        .perform("getSession", "invalidate", "keepAccessor")
                        .lines())
                .endsWith(onServlet61("IllegalStateException"));
    }

    private static String onServlet61(String expected) {
        return SERVLET_6_1 ? expected : "NoSuchMethodException";
    }
}
