package dev.holdfast.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class OfflineDeltaTest {

    @Test
    void it_keeps_what_it_was_given() {
        Map<String, OfflineChange> changes = new HashMap<>(Map.of("a", new OfflineChange(new byte[1], 5)));
        List<Integer> tokens = new ArrayList<>(List.of(1));
        OfflineDelta delta = new OfflineDelta(changes, OptionalInt.empty(), 0, 0, tokens);
        changes.clear();
        tokens.clear();

        assertThat(delta.attributes()).containsOnlyKeys("a");
        assertThat(delta.tokens()).containsExactly(1);
    }

    @Test
    void instants_are_never_negative() {
        assertThatThrownBy(() -> new OfflineChange(null, -1)).hasMessageContaining("-1 (allowed: 0 or more)");
        assertThatThrownBy(() -> new OfflineDelta(Map.of(), OptionalInt.empty(), -2, 0, List.of()))
                .hasMessageContaining("last access is -2");
        assertThatThrownBy(() -> new OfflineDelta(Map.of(), OptionalInt.empty(), 0, -3, List.of()))
                .hasMessageContaining("beginning is -3");
    }

    @Test
    void a_removal_has_no_value() {
        assertThat(new OfflineChange(null, 0).isRemoval()).isTrue();
        assertThat(new OfflineChange(new byte[0], 0).isRemoval()).isFalse();
    }

    @Test
    void values_are_not_printed() {
        assertThat(new OfflineChange(new byte[] {42}, 7)).hasToString("OfflineChange[1 bytes at 7]");
    }
}
