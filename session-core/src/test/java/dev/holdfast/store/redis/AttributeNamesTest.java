package dev.holdfast.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AttributeNamesTest {

    private static final char[] AWKWARD = {
        'a', '?', '\0', 'é', '\uD7FF', '\uD800', '\uDBFF', '\uDC00', '\uDFFF', '\uE000', '\uFFFD', '\uFFFF', 'í', '日'
    };

    @Test
    void well_formed_names_are_utf_8() {
        for (String name : new String[] {"", "cart", "naïve", "日本語", "𝕏", "\uE000"}) {
            assertThat(AttributeNames.encode(name)).isEqualTo(name.getBytes(UTF_8));
        }
    }

    @Test
    void half_a_surrogate_pair_is_kept() {
        assertThat(HexFormat.of().formatHex(AttributeNames.encode("a\uD800b"))).isEqualTo("61eda08062");
        assertThat(AttributeNames.decode(AttributeNames.encode("a\uD800b"), 0)).isEqualTo("a\uD800b");
    }

    @Test
    void no_two_names_become_one() {
        Random random = new Random(1);
        Map<String, String> nameByBytes = new HashMap<>();
        for (int i = 0; i < 200_000; i++) {
            StringBuilder name = new StringBuilder();
            for (int length = random.nextInt(6); length > 0; length--) {
                name.append(AWKWARD[random.nextInt(AWKWARD.length)]);
            }
            byte[] encoded = AttributeNames.encode(name.toString());

            assertThat(AttributeNames.decode(encoded, 0)).isEqualTo(name.toString());
            String previous = nameByBytes.put(HexFormat.of().formatHex(encoded), name.toString());
            assertThat(previous).isIn(null, name.toString());
        }
    }
}
