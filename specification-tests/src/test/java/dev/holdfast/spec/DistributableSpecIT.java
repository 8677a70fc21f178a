package dev.holdfast.spec;

import static example.probe.Journal.Topic.ATTRIBUTE;
import static example.probe.Journal.Topic.BINDING;
import static org.assertj.core.api.Assertions.assertThat;

/** Servlet 6.0, 7.7.2 (distributed environments): the application is marked with {@code <distributable/>}. */
@Descriptor("distributable.xml")
class DistributableSpecIT extends SpecificationTest {

    @Clause(of = "7.7.2", says = "The container takes objects that are serializable.")
    void serializable_objects_are_taken(Place place) {
        User user = new User(place);

        assertThat(user.perform("setAttribute a 1", "setBound b two", "setMoving c three")
                        .lines())
                .containsExactly("done", "done", "done");

        assertThat(user.perform("getAttribute a", "getAttribute b").lines()).containsExactly("1", "two");
        assertThat(user.ask("getAttribute c")).startsWith("three ");
    }

    @Clause(of = "7.7.2", says = "Objects that it cannot move are refused with an IllegalArgumentException.")
    void other_objects_are_refused(Place place) {
        User user = new User(place);
        user.perform("setAttribute a 1", "setBound b two");
        heard();

        assertThat(user.perform("setThread a", "setThread b", "setThread c").lines())
                .containsOnly("IllegalArgumentException")
                .hasSize(3);

        assertThat(heard(ATTRIBUTE, BINDING)).isEmpty();
        assertThat(user.perform("getAttribute a", "getAttribute b", "getAttributeNames")
                        .lines())
                .containsExactly("1", "two", "a,b");
    }

    @Clause(
            of = "7.7.2",
            says = "A session may move to another node between two requests; there it is the same session.",
            at = Place.TWO_NODES)
    void a_session_moves_with_all_that_belongs_to_it(Place place) {
        User user = new User(place);
        String created = user.perform("setAttribute a 1", "setMaxInactiveInterval 77", "getCreationTime")
                .lines()
                .get(2);
        String id = user.sessionId();

        for (int request = 0; request < 2; request++) {
            assertThat(user.perform(
                                    "getSession",
                                    "getAttribute a",
                                    "getMaxInactiveInterval",
                                    "getCreationTime",
                                    "isNew")
                            .lines())
                    .containsExactly(id, "1", "77", created, "false");
        }
    }
}
