package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlaceholdersTest {

    private final Placeholders placeholders =
            new Placeholders(Map.of("A", "1", "B_2", "two", "EMPTY", "", "NESTED", "${A}")::get);

    @ParameterizedTest
    @CsvSource({
        "plain,            plain",
        "${A},             1",
        "x${A}y${B_2}z,    x1ytwoz",
        "${NONE:fallback}, fallback",
        "${NONE:redis://h:1/2}, redis://h:1/2",
        "${NONE:},         ''",
        "${A:fallback},    1",
        "${EMPTY:other},   ''",
        "$${A},            ${A}",
        "a$${b$${A}c${A},  a${b${A}c1",
        "$,                $",
        "a$b$,             a$b$",
        "{A},              {A}",
        "${NESTED},        ${A}"
    })
    void variables_are_replaced_once(String text, String replaced) {
        assertThat(placeholders.replace(text)).isEqualTo(replaced);
    }

    @ParameterizedTest
    @CsvSource({
        "${NONE},           not set in the environment of the server: NONE",
        "${NONE}${NADA},    'not set in the environment of the server: NONE, NADA'",
        "x${A,              a ${ has no }",
        "${},               is not the name of a variable",
        "${ A},             is not the name of a variable",
        "${1A},             is not the name of a variable",
        "${NONE:-x},        without -",
        "${NONE:${A}},      without a further"
    })
    void what_cannot_be_replaced_is_refused(String text, String reason) {
        assertThatExceptionOfType(BadValueException.class)
                .isThrownBy(() -> placeholders.replace(text))
                .withMessageContaining(reason);
    }
}
