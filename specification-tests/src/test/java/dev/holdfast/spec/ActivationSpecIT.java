package dev.holdfast.spec;

import static example.probe.Journal.Topic.ACTIVATION;
import static example.probe.Journal.Topic.BINDING;
import static example.probe.Journal.Topic.SESSION;
import static org.assertj.core.api.Assertions.assertThat;

import example.probe.Journal;
import example.probe.Journal.Entry;

/**
 * Servlet 6.0, 7.7.2 (distributed environments) and {@code HttpSessionActivationListener}: what values hear when their
 * session moves.
 */
@Descriptor("standard.xml")
class ActivationSpecIT extends SpecificationTest {

    @Clause(
            of = "7.7.2",
            says = "A value hears that its session is about to leave the node, when the application stops there.")
    void values_hear_that_their_session_leaves(Place place) {
        User user = new User(place);
        user.perform("setMoving a one");
        assertThat(heard(ACTIVATION)).isEmpty();

        Reload.of(place, "a");

        assertThat(heard(ACTIVATION)).contains("sessionWillPassivate one");
    }

    @Clause(of = "7.7.2", says = "A value hears that its session has come, before the application gets it.")
    void values_hear_that_their_session_has_come(Place place) {
        User user = new User(place);
        assertThat(user.perform("setMoving a one", "getAttribute a").lines()).containsExactly("done", "one made");
        place.nodes().forEach(node -> Reload.of(place, node));

        assertThat(user.ask("getAttribute a")).isEqualTo("one activated");

        assertThat(heard(ACTIVATION)).containsSubsequence("sessionWillPassivate one", "sessionDidActivate one");
        assertThat(user.ask("getAttribute a")).isEqualTo("one activated");
    }

    @Clause(
            of = "7.7.2",
            says = "A value that another node has set hears that its session has come, on the node to which it came.",
            at = Place.TWO_NODES)
    void values_of_another_node_hear_that_their_session_has_come(Place place) {
        User user = new User(place);
        user.perform("setMoving a one");
        forgetWhatWasHeard();

        assertThat(user.ask("getAttribute a")).isEqualTo("one activated");

        assertThat(Journal.entries(ACTIVATION)).containsExactly(new Entry("b", ACTIVATION, "sessionDidActivate one"));
    }

    @Clause(
            of = "HttpSessionActivationListener",
            says = "Only a move is told: a session that stays is neither left nor come.")
    void a_session_that_stays_is_not_told(Place place) {
        User user = new User(place);
        user.perform("setMoving a one");
        user.ask("getAttribute a");
        heard();

        // Back on the nodes that have the value already.
        assertThat(user.ask("getAttribute a")).startsWith("one ");
        assertThat(user.ask("getAttribute a")).startsWith("one ");

        assertThat(heard(ACTIVATION)).isEmpty();
    }

    @Clause(
            of = "HttpSessionActivationListener",
            says = "A move is no end and no beginning: nothing is destroyed or unbound.")
    void a_move_is_no_end(Place place) {
        User user = new User(place);
        user.perform("setMoving a one", "setBound b two");
        heard();

        place.nodes().forEach(node -> Reload.of(place, node));
        assertThat(user.perform("getAttribute a", "getAttribute b").lines()).containsExactly("one activated", "two");

        assertThat(heard(SESSION, BINDING)).isEmpty();
    }
}
