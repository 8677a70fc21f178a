package dev.holdfast.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionIdTest {

    @ParameterizedTest
    @ValueSource(strings = {"0123456789ABCDEF", "abcdefghij_-0123456789", "node0_1x7k2m3n4b5v6c"})
    void an_id_of_the_usual_generators_is_accepted(String id) {
        assertThat(SessionId.parse(id)).map(SessionId::value).contains(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0123456789ABCDE",
                "0123456789ABCDEF.route",
                "0123456789ABCDEF}",
                "{0123456789ABCDEF",
                "0123456789ABCDEF:due",
                "0123456789ABCDEF\n",
                "0123456789ABCDEF\u0000",
                "0123456789ABCDE\u00c4",
                "../../../../etc/passwd"
            })
    void anything_else_is_not(String candidate) {
        assertThat(SessionId.parse(candidate)).isEmpty();
        assertThatThrownBy(() -> new SessionId(candidate)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void an_id_has_128_characters_at_most() {
        assertThat(SessionId.parse("x".repeat(128))).isPresent();
        assertThat(SessionId.parse("x".repeat(129))).isEmpty();
        assertThat(SessionId.parse(null)).isEmpty();
    }

    @Test
    void an_id_is_a_credential_and_is_never_shown_whole() {
        assertThat(new SessionId("0123456789ABCDEF")).hasToString("0123…");
        assertThatThrownBy(() -> new SessionId("0123456789ABCDEF{}"))
                .hasMessageContaining("0123…")
                .message()
                .doesNotContain("456789");
        assertThat(SessionId.mask("a\nb")).isEqualTo("a…");
        assertThat(SessionId.mask(null)).isEqualTo("-");
    }
}
