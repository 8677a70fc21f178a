package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esotericsoftware.kryo.io.Output;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class HostileBytesTest {

    private static final int SMALL = 4_000;
    private static final int TWO_BILLION = 2_000_000_000;

    private final AttributeCodec codec = new KryoAttributeCodec(HostileBytesTest.class.getClassLoader());

    @Test
    void bytes_cut_off_anywhere_give_nothing_but_a_codec_exception() {
        for (byte[] whole : samples()) {
            for (int length = 0; length < whole.length; length++) {
                byte[] cut = Arrays.copyOf(whole, length);
                assertThatThrownBy(() -> codec.decode(cut)).isInstanceOf(CodecException.class);
            }
        }
    }

    @Test
    void bytes_after_the_end_give_a_codec_exception() {
        byte[] whole = codec.encode("x");

        assertThatThrownBy(() -> codec.decode(Arrays.copyOf(whole, whole.length + 1)))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("do not end");
    }

    @Test
    void flipped_bits_give_another_object_or_a_codec_exception() {
        Random random = new Random(20_260_101);
        Assertions.assertTimeoutPreemptively(Duration.ofMinutes(2), () -> {
            for (byte[] whole : samples()) {
                for (int i = 0; i < 80; i++) {
                    tryToDecode(withFlippedBits(whole, random));
                }
            }
        });
    }

    @Test
    void random_bytes_give_a_codec_exception() {
        Random random = new Random(20_260_102);
        Assertions.assertTimeoutPreemptively(Duration.ofMinutes(1), () -> {
            for (int i = 0; i < 20_000; i++) {
                byte[] noise = new byte[3 + random.nextInt(60)];
                random.nextBytes(noise);
                noise[0] = 0x11;
                noise[1] = 0;
                tryToDecode(noise);
            }
        });
    }

    private void tryToDecode(byte[] bytes) {
        try {
            assertThat(codec.decode(bytes)).isNotNull();
        } catch (CodecException expected) {
            assertThat(expected).hasMessageStartingWith("Cannot decode an attribute: ");
        }
    }

    private static byte[] withFlippedBits(byte[] whole, Random random) {
        byte[] flipped = whole.clone();
        for (int i = 0; i <= random.nextInt(4); i++) {
            int position = Envelope.HEADER_LENGTH + random.nextInt(whole.length - Envelope.HEADER_LENGTH);
            flipped[position] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }

    private List<byte[]> samples() {
        return Stream.concat(Cases.serializable().values().stream(), Cases.notSerializable().values().stream())
                .map(Supplier::get)
                .map(codec::encode)
                .filter(bytes -> bytes.length < SMALL)
                .toList();
    }

    /** Numbers of types that begin with a length. */
    static Stream<Integer> types_with_a_length() {
        return Stream.of(
                1, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 40,
                41, 42, 43, 44, 45, 46, 53, 54, 55, 56, 57, 59, 61, 64, 71, 77, 9, 34, 35, 36, 37);
    }

    @ParameterizedTest
    @MethodSource("types_with_a_length")
    void a_few_bytes_that_announce_two_billion_elements_cost_no_memory(int type) {
        for (int zeros = 0; zeros < 3; zeros++) {
            int before = zeros;
            byte[] bytes = body(out -> {
                out.writeVarInt(type + 2, true);
                out.writeByte(1);
                for (int i = 0; i < before; i++) {
                    out.writeByte(0);
                }
                out.writeVarInt(TWO_BILLION, true);
            });

            assertThatThrownBy(() -> codec.decode(bytes)).isInstanceOf(CodecException.class);
        }
    }

    @Test
    void an_array_of_the_application_that_announces_two_billion_elements_costs_no_memory() {
        byte[] bytes = body(out -> {
            writeClass(out, Shop.Cart[].class.getName(), Form.ARRAY);
            out.writeByte(1);
            out.writeVarInt(TWO_BILLION, true);
        });

        assertThatThrownBy(() -> codec.decode(bytes))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("length");
    }

    @Test
    void arrays_that_each_announce_all_the_bytes_there_are_cost_no_memory_together() {
        byte[] bytes = body(out -> {
            for (int i = 0; i < 250; i++) {
                out.writeVarInt(19 + 2, true);
                out.writeByte(1);
                out.writeVarInt(900_000, true);
            }
            out.writeBytes(new byte[1_000_000]);
        });

        assertThatThrownBy(() -> codec.decode(bytes))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("length");
    }

    @Test
    void a_million_nested_lists_overflow_no_stack() {
        byte[] bytes = body(out -> {
            for (int i = 0; i < 1_000_000; i++) {
                out.writeVarInt(20 + 2, true);
                out.writeByte(1);
                out.writeVarInt(1, true);
            }
            out.writeByte(0);
        });

        assertThatThrownBy(() -> codec.decode(bytes))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("nested too deeply");
    }

    @Test
    void a_box_that_announces_a_huge_array_costs_no_memory() {
        byte[] box = serialized(new long[3]);
        byte[] length = {0x7F, (byte) 0xFF, (byte) 0xFF, (byte) 0xF0};
        System.arraycopy(length, 0, box, box.length - 3 * Long.BYTES - Integer.BYTES, Integer.BYTES);

        assertThatThrownBy(() -> codec.decode(boxed(box)))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("REJECTED");
    }

    @Test
    void a_map_of_the_jdk_with_a_key_too_many_gives_a_codec_exception_and_not_an_internal_error() {
        byte[] bytes = HexFormat.of()
                .parseHex("1200aced0005737200116a6176612e7574696c2e436f6c6c536572578eabb63a1ba811030001490003"
                        + "74616778700000000377040000000374000161740001627400016378");

        assertThatThrownBy(() -> codec.decode(bytes)).isInstanceOf(CodecException.class);
    }

    @Test
    void a_class_that_is_not_an_enum_any_more_is_refused() {
        byte[] bytes = body(out -> {
            writeClass(out, Shop.Cart.class.getName(), Form.ENUM);
            out.writeString("SMALL");
        });

        assertThatThrownBy(() -> codec.decode(bytes))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("of another kind");
    }

    @Test
    void objects_of_the_jdk_are_not_taken_together_from_fields() {
        for (String name : List.of("java.lang.Thread", "java.util.ArrayList", "int", "java.util.List", "[I")) {
            byte[] bytes = body(out -> {
                writeClass(out, name, Form.FIELDS);
                out.writeVarInt(0, true);
                out.writeByte(1);
            });

            assertThatThrownBy(() -> codec.decode(bytes)).isInstanceOf(CodecException.class);
        }
    }

    @Test
    void a_field_does_not_take_a_value_of_another_type() {
        byte[] bytes = body(out -> {
            writeClass(out, Shop.Cart.class.getName(), Form.FIELDS);
            out.writeVarInt(1, true);
            out.writeString("items");
            out.writeByte('L');
            out.writeByte(1);
            out.writeVarInt(1 + 2, true);
            out.writeByte(1);
            out.writeString("secret");
        });

        assertThatThrownBy(() -> codec.decode(bytes))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("Shop$Cart.items cannot hold a java.lang.String")
                .hasMessageNotContaining("secret");
    }

    @Test
    void after_hostile_bytes_the_codec_works_as_before() {
        Map<String, Object> value = new HashMap<>(Map.of("a", new ArrayList<>(List.of(1, 2))));
        byte[] good = codec.encode(value);
        for (int i = 0; i < 100; i++) {
            tryToDecode(Arrays.copyOf(good, good.length - 1 - i % 10));
        }

        assertThatCode(() -> assertThat(codec.decode(good)).isEqualTo(value)).doesNotThrowAnyException();
        assertThat(codec.encode(value)).isEqualTo(good);
    }

    private static byte[] body(Consumer<Output> writer) {
        Output out = new Output(64, -1);
        out.writeByte(Envelope.firstByte(1, Envelope.KRYO));
        out.writeByte(Envelope.flags());
        writer.accept(out);
        return out.toBytes();
    }

    private static void writeClass(Output out, String name, Form form) {
        out.writeVarInt(1, true);
        out.writeVarInt(0, true);
        out.writeString(name);
        out.writeByte(form.code());
    }

    private static byte[] boxed(byte[] box) {
        return body(out -> {
            out.writeVarInt(JdkTypes.BOX + 2, true);
            out.writeByte(1);
            out.writeVarInt(0, true);
            out.writeVarInt(box.length, true);
            out.writeBytes(box);
        });
    }

    private static byte[] serialized(Object object) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        return bytes.toByteArray();
    }
}
