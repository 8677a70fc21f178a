package dev.holdfast.tomcat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.SessionId;
import org.junit.jupiter.api.Test;

class RoutedIdTest {

    private static final String ID = "0123456789ABCDEF";

    @Test
    void the_route_is_what_follows_the_first_dot() {
        assertThat(RoutedId.idOf(ID + ".node1")).contains(new SessionId(ID));
        assertThat(RoutedId.idOf(ID + ".node1.a")).contains(new SessionId(ID));
        assertThat(RoutedId.idOf(ID)).contains(new SessionId(ID));
    }

    @Test
    void what_has_no_id_before_the_dot_is_no_id() {
        assertThat(RoutedId.idOf(".node1")).isEmpty();
        assertThat(RoutedId.idOf("")).isEmpty();
        assertThat(RoutedId.idOf(null)).isEmpty();
    }

    @Test
    void a_node_without_a_route_adds_nothing() {
        assertThat(RoutedId.of(new SessionId(ID), null)).isEqualTo(ID);
        assertThat(RoutedId.of(new SessionId(ID), "")).isEqualTo(ID);
        assertThat(RoutedId.of(new SessionId(ID), "node1")).isEqualTo(ID + ".node1");
    }
}
