package dev.holdfast.spec;

import static example.probe.Journal.Topic.ATTRIBUTE;
import static example.probe.Journal.Topic.BINDING;
import static org.assertj.core.api.Assertions.assertThat;

/** Servlet 6.0, 7.4 (binding attributes into a session), and the listeners that hear of it. */
@Descriptor("standard.xml")
class AttributesSpecIT extends SpecificationTest {

    // ---- what attributes are ---------------------------------------------------------------------------------------

    @Clause(
            of = "7.4",
            says = "What one request binds is there for every other of the session, and for no other session.")
    void an_attribute_is_there_for_the_whole_session(Place place) {
        User user = new User(place);
        user.perform("setAttribute a 1");

        assertThat(user.ask("getAttribute a")).isEqualTo("1");
        assertThat(user.ask("getAttribute a")).isEqualTo("1");
        assertThat(new User(place).ask("getAttribute a")).isEqualTo("null");
    }

    @Clause(of = "HttpSession.setAttribute", says = "A second value under the same name takes the place of the first.")
    void an_attribute_is_replaced(Place place) {
        User user = new User(place);
        user.perform("setAttribute a 1", "setAttribute b 2");
        user.perform("setAttribute a 3");

        assertThat(user.perform("getAttribute a", "getAttribute b").lines()).containsExactly("3", "2");
    }

    @Clause(
            of = "HttpSession.removeAttribute",
            says = "What is removed is gone; removing what is not there does nothing.")
    void an_attribute_is_removed(Place place) {
        User user = new User(place);
        user.perform("setAttribute a 1", "setAttribute b 2");

        assertThat(user.perform("removeAttribute a", "removeAttribute none", "getAttribute a")
                        .lines())
                .containsExactly("done", "done", "null");
        assertThat(user.perform("getAttribute a", "getAttributeNames").lines()).containsExactly("null", "b");
    }

    @Clause(of = "HttpSession.setAttribute", says = "Setting null is removing.")
    void null_removes(Place place) {
        User user = new User(place);
        user.perform("setAttribute a 1");
        heard();

        user.perform("setNull a");

        assertThat(user.perform("getAttribute a", "getAttributeNames").lines()).containsExactly("null", "");
        assertThat(heard(ATTRIBUTE))
                .containsExactly(
                        "first attributeRemoved a=1", "second attributeRemoved a=1", "added attributeRemoved a=1");
    }

    @Clause(of = "HttpSession.getAttributeNames", says = "All names can be listed, and none if there is no attribute.")
    void names_can_be_listed(Place place) {
        User user = new User(place);

        assertThat(user.ask("getAttributeNames")).isEmpty();
        user.perform("setAttribute a 1", "setAttribute b 2", "setAttribute c 3");
        assertThat(user.ask("getAttributeNames")).isEqualTo("a,b,c");
        user.perform("removeAttribute b");
        assertThat(user.ask("getAttributeNames")).isEqualTo("a,c");
    }

    @Clause(
            of = "7.7.2",
            says =
                    "An application that is not distributable may have objects in sessions that cannot move; they stay where they are.",
            at = {Place.TOMCAT, Place.ONE_NODE})
    void a_value_that_cannot_move_stays_where_it_is(Place place) {
        User user = new User(place);

        assertThat(user.perform("setThread a", "setAttribute b 2").lines()).containsExactly("done", "done");

        assertThat(user.ask("getAttribute a")).startsWith("Thread[");
        assertThat(user.ask("getAttribute b")).isEqualTo("2");
    }

    // ---- values that hear of it themselves -------------------------------------------------------------------------

    @Clause(of = "7.4", says = "A value hears that it is bound before it can be read from the session.")
    void valueBound_comes_before_the_value_can_be_read(Place place) {
        new User(place).perform("setBound a one", "getAttribute a");

        assertThat(heard(BINDING)).containsExactly("valueBound one as a, readable: null");
    }

    @Clause(of = "7.4", says = "A value hears that it is unbound after it can no longer be read from the session.")
    void valueUnbound_comes_after_the_value_could_be_read(Place place) {
        User user = new User(place);
        user.perform("setBound a one");
        heard();

        user.perform("removeAttribute a");

        assertThat(heard(BINDING)).containsExactly("valueUnbound one as a, readable: null");
    }

    @Clause(of = "7.4", says = "If a value is replaced, the new one is bound, then the old one unbound.")
    void the_new_value_is_bound_and_the_old_one_unbound(Place place) {
        User user = new User(place);
        user.perform("setBound a one");
        heard();

        user.perform("setBound a two");
        assertThat(heard(BINDING))
                .containsExactly("valueBound two as a, readable: one", "valueUnbound one as a, readable: two");

        user.perform("setAttribute a plain");
        assertThat(heard(BINDING)).containsExactly("valueUnbound two as a, readable: plain");
    }

    @Clause(of = "HttpSessionBindingListener", says = "A value hears of an end of its session.")
    void values_are_unbound_when_the_session_ends(Place place) {
        User user = new User(place);
        user.perform("setBound a one", "setBound b two");
        heard();

        user.perform("invalidate");

        assertThat(heard(BINDING))
                .containsExactlyInAnyOrder(
                        "valueUnbound one as a, readable: ended", "valueUnbound two as b, readable: ended");
    }

    @Clause(
            of = "HttpSessionBindingListener",
            says = "Only being bound and unbound is told: reading and moving is not.")
    void reading_a_value_is_not_binding_it(Place place) {
        User user = new User(place);
        user.perform("setBound a one");
        heard();

        assertThat(user.ask("getAttribute a")).isEqualTo("one");
        assertThat(user.ask("getAttribute a")).isEqualTo("one");

        assertThat(heard(BINDING, ATTRIBUTE)).isEmpty();
    }

    @Clause(
            of = "HttpSessionBindingListener.valueBound",
            says = "A value that is set again is bound again.",
            butTomcat = "it leaves out valueBound and valueUnbound for the same object, if not told otherwise.")
    void a_value_that_is_set_again_is_not_told(Place place) {
        User user = new User(place);
        user.perform("setBound a one");
        heard();

        user.perform("setAgain a");

        assertThat(heard(BINDING)).isEmpty();
        assertThat(user.ask("getAttribute a")).isEqualTo("one");
    }

    @Clause(
            of = "11.5",
            says = "A listener that fails does not keep a value from being bound, and others from hearing of it.")
    void a_value_that_fails_is_bound_all_the_same(Place place) {
        User user = new User(place);

        assertThat(user.ask("setFailing a")).isEqualTo("done");

        assertThat(heard(ATTRIBUTE)).contains("first attributeAdded a=failing", "second attributeAdded a=failing");
        assertThat(user.ask("getAttribute a")).isEqualTo("failing");
    }

    // ---- listeners of the application ------------------------------------------------------------------------------

    @Clause(of = "11.3.3", says = "Listeners hear of attributes in the order in which the descriptor declares them.")
    void listeners_hear_of_a_new_attribute_in_their_order(Place place) {
        User user = new User(place);

        user.perform("setAttribute a 1");

        assertThat(heard(ATTRIBUTE))
                .containsSubsequence(
                        "first attributeAdded a=1", "second attributeAdded a=1", "added attributeAdded a=1")
                .contains("annotated attributeAdded a")
                .hasSize(4);
    }

    @Clause(of = "HttpSessionBindingEvent.getValue", says = "Of a replaced attribute, listeners get the old value.")
    void listeners_get_the_old_value_of_a_replaced_attribute(Place place) {
        User user = new User(place);
        user.perform("setAttribute a 1");
        heard();

        user.perform("setAttribute a 2");

        assertThat(heard(ATTRIBUTE))
                .containsExactly(
                        "first attributeReplaced a=1", "second attributeReplaced a=1", "added attributeReplaced a=1");
    }

    @Clause(
            of = "HttpSessionBindingEvent.getValue",
            says = "The same holds if the new value is told itself that it is bound.",
            butTomcat = "listeners then get the new value.")
    void listeners_get_the_new_value_if_it_is_bound(Place place) {
        User user = new User(place);
        user.perform("setAttribute a 1");
        heard();

        user.perform("setBound a two");

        assertThat(heard(ATTRIBUTE))
                .containsExactly(
                        "first attributeReplaced a=two",
                        "second attributeReplaced a=two",
                        "added attributeReplaced a=two");
    }

    @Clause(
            of = "HttpSessionBindingEvent.getValue",
            says = "Of a removed attribute, listeners get the value that it had.")
    void listeners_get_the_value_of_a_removed_attribute(Place place) {
        User user = new User(place);
        user.perform("setAttribute a 1");
        heard();

        user.perform("removeAttribute a");
        assertThat(heard(ATTRIBUTE))
                .containsExactly(
                        "first attributeRemoved a=1", "second attributeRemoved a=1", "added attributeRemoved a=1");

        user.perform("removeAttribute a");
        assertThat(heard(ATTRIBUTE)).isEmpty();
    }

    @Clause(of = "HttpSessionAttributeListener", says = "What another request removed is added, not replaced.")
    void what_was_removed_before_is_added(Place place) {
        User user = new User(place);
        user.perform("setAttribute a 1");
        user.ask("getAttribute a");
        user.perform("removeAttribute a");
        heard();

        user.perform("setAttribute a 2");

        assertThat(heard(ATTRIBUTE)).contains("first attributeAdded a=2").noneMatch(text -> text.contains("Replaced"));
    }

    @Clause(
            of = "HttpSessionAttributeListener",
            says = "Listeners hear of the attributes that go with an ended session.")
    void listeners_hear_of_attributes_that_go_with_the_session(Place place) {
        User user = new User(place);
        user.perform("setAttribute a 1", "setAttribute b 2");
        heard();

        user.perform("invalidate");

        assertThat(heard(ATTRIBUTE))
                .hasSize(6)
                .contains("first attributeRemoved a=1", "second attributeRemoved a=1", "first attributeRemoved b=2");
    }
}
