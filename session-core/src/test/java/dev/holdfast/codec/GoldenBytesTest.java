package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class GoldenBytesTest {

    private final AttributeCodec codec = new KryoAttributeCodec(GoldenBytesTest.class.getClassLoader());

    static Stream<String> names() {
        return Golden.values().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void bytes_of_format_1_are_decoded_forever(String name) {
        Map<String, Object> values = Golden.values();

        Object decoded = codec.decode(Golden.bytesOf(name));

        assertThat(Picture.of(decoded)).isEqualTo(Picture.of(values.get(name)));
    }

    static Stream<String> names_of_what_we_write() {
        return names().filter(name -> !name.equals(Golden.WRITTEN_BY_THE_JDK));
    }

    @ParameterizedTest
    @MethodSource("names_of_what_we_write")
    void format_1_is_still_written_in_the_same_way(String name) {
        assertThat(codec.encode(Golden.values().get(name))).isEqualTo(Golden.bytesOf(name));
    }
}
