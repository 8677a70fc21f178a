package dev.holdfast.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys as people write them. */
class KeyRingTest {

    private static final String ONE = "5Qm0zZ7oH1kq3hZ8yq1x3N4l0o6mJp0aWm2rV9cT7uE=";
    private static final String OTHER = "1vYQ3m7s8pZb2kXo9hJ6tR4w5nE0uC1dLxGfAaSgB8M=";

    @Test
    void the_first_key_encrypts_and_all_are_there() {
        KeyRing keys = KeyRing.parse("k2:" + ONE + ",k1:" + OTHER);

        assertThat(keys.names()).containsExactly("k2", "k1");
        assertThat(keys.first().name()).isEqualTo("k2");
        assertThat(keys.find("k1")).isNotNull();
        assertThat(keys.find("k0")).isNull();
    }

    @Test
    void lines_comments_and_blanks_may_stand_in_between() {
        assertThat(KeyRing.parse("# of May\nk2:" + ONE + "\n\n  # of April, until June\r\n  k1:" + OTHER + " \n")
                        .names())
                .containsExactly("k2", "k1");
    }

    @ParameterizedTest
    @CsvSource({
        "'',                     there is no key",
        "'# none',               there is no key",
        "AAAA,                   key number 1 has no name",
        ":AAAA,                  key number 1 has no name",
        "k/1:AAAA,               key number 1 has no name",
        "k1:AAAA,                the key k1 has 3 bytes and not 32",
        "k1:,                    the key k1 has 0 bytes and not 32",
        "k1:n%t,                  the key k1 is not base64",
        "k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=, the key k1 is one byte 32 times",
        "'k1:" + ONE + ",k1:" + OTHER + "', there are two keys of the name k1",
        "'k1:" + ONE + ",k2:" + ONE + "',   the keys k1 and k2 are the same key",
        ONE + ":k1,              key number 1 has no name"
    })
    void what_is_wrong_is_said_without_a_key(String text, String message) {
        assertThatThrownBy(() -> KeyRing.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message)
                .hasNoCause()
                .satisfies(e ->
                        assertThat(e.getMessage()).doesNotContain(ONE.substring(0, 8), OTHER.substring(0, 8), "n%t"));
    }

    @Test
    void a_ring_shows_names_only() {
        KeyRing keys = KeyRing.parse("k2:" + ONE);

        assertThat(keys).hasToString("KeyRing[k2]");
        assertThat(keys.first()).hasToString("Key[k2]");
        assertThat(Protection.with(keys, true, false, "shop")).hasToString("Protection[KeyRing[k2]]");
        assertThat(keys).isEqualTo(KeyRing.parse("k2:" + ONE)).isNotEqualTo(KeyRing.parse("k2:" + OTHER));
    }
}
