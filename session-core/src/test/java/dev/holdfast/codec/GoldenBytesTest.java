package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.io.Input;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class GoldenBytesTest {

    private static final ClassLoader APPLICATION = GoldenBytesTest.class.getClassLoader();

    private final AttributeCodec codec =
            new KryoAttributeCodec(APPLICATION, CodecOptions.DEFAULTS.withCompressionThreshold(1024));

    static Stream<String> names() {
        return Golden.values().keySet().stream();
    }

    @Test
    void there_are_golden_bytes_of_every_case_and_of_nothing_else() {
        assertThat(Golden.files()).hasSizeGreaterThan(100).containsExactlyInAnyOrderElementsOf(names().toList());
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

    /** How well something is compressed may change with the library; what comes out of it may not. */
    @ParameterizedTest
    @MethodSource("names_of_what_we_write")
    void format_1_is_still_written_in_the_same_way(String name) {
        byte[] golden = Golden.bytesOf(name);
        byte[] encoded = codec.encode(Golden.values().get(name));

        assertThat(golden[1]).isEqualTo((byte) (Golden.isCompressed(name) ? Envelope.COMPRESSED : 0));
        assertThat(encoded).isEqualTo(codec.unpack(golden));
        if (Golden.isCompressed(name)) {
            byte[] packed = codec.pack(encoded);
            assertThat(packed).startsWith(golden[0], golden[1]).hasSizeLessThan(encoded.length);
            assertThat(codec.unpack(packed)).isEqualTo(encoded);
        }
    }

    @Test
    void every_type_that_has_a_number_has_golden_bytes_of_its_own() {
        Set<Integer> expected = new TreeSet<>();
        // Kryo's own: primitives and strings.
        IntStream.range(0, JdkTypes.BOX).forEach(expected::add);
        JdkTypes.of(new ClassLookup(APPLICATION, CodecOptions.DEFAULTS)).registrations().stream()
                .map(Registration::getId)
                .forEach(expected::add);
        Set<Integer> found = new TreeSet<>();
        names().map(GoldenBytesTest::formOf).forEach(form -> form.number().ifPresent(found::add));

        assertThat(found).containsAll(expected);
    }

    @Test
    void every_form_of_a_class_and_every_codec_has_golden_bytes_of_its_own_also_compressed() {
        Set<Form> forms = EnumSet.noneOf(Form.class);
        names().map(GoldenBytesTest::formOf).forEach(form -> forms.addAll(form.form()));
        Set<List<Integer>> envelopes = new HashSet<>();
        names().map(Golden::bytesOf).forEach(bytes -> envelopes.add(List.of((int) bytes[0], (int) bytes[1])));

        assertThat(forms).containsExactlyInAnyOrder(Form.values());
        assertThat(envelopes)
                .containsExactlyInAnyOrder(
                        List.of(0x11, 0),
                        List.of(0x12, 0),
                        List.of(0x11, Envelope.COMPRESSED),
                        List.of(0x12, Envelope.COMPRESSED));
    }

    /** In which form the object itself is written. */
    private static Root formOf(String name) {
        Envelope envelope = Envelope.open(Golden.bytesOf(name));
        if (envelope.codec() == Envelope.JAVA) {
            return new Root(Set.of(), Set.of());
        }
        Input input = new Input(envelope.body());
        int code = input.readVarInt(true);
        if (code != 1) {
            return new Root(Set.of(code - 2), Set.of());
        }
        input.readVarInt(true);
        input.readString();
        return new Root(Set.of(), Set.of(Form.of(input.readByte())));
    }

    /** One of both, or none for Java serialization. */
    private record Root(Set<Integer> numbers, Set<Form> form) {

        java.util.Optional<Integer> number() {
            return numbers.stream().findFirst();
        }
    }
}
