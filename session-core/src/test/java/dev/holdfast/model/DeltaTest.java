package dev.holdfast.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeltaTest {

    @Test
    void an_attribute_is_either_set_or_removed() {
        assertThatThrownBy(() -> Delta.of(Map.of("name", new byte[1]), Set.of("name")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("name");
    }

    @Test
    void a_delta_without_changes_is_empty() {
        assertThat(Delta.nothing().isEmpty()).isTrue();
        assertThat(Delta.of(Map.of("name", new byte[1]), Set.of()).isEmpty()).isFalse();
        assertThat(Delta.of(Map.of(), Set.of("name")).isEmpty()).isFalse();
        assertThat(new Delta(Map.of(), Set.of(), OptionalInt.of(0)).isEmpty()).isFalse();
    }
}
