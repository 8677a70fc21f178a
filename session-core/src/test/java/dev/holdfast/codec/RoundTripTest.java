package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.NotSerializableException;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

final class RoundTripTest {

    private final AttributeCodec codec = new KryoAttributeCodec(RoundTripTest.class.getClassLoader());

    @TestFactory
    Stream<DynamicTest> what_java_serialization_carries_is_carried() {
        return cases(Cases.serializable())
                .map(entry -> dynamicTest(entry.getKey(), () -> {
                    Object original = entry.getValue().get();

                    Object copy = codec.decode(codec.encode(original));

                    assertThat(Picture.of(copy)).isEqualTo(Picture.of(JavaCopy.of(original)));
                }));
    }

    @TestFactory
    Stream<DynamicTest> what_java_serialization_does_not_carry_is_carried_too() {
        return cases(Cases.notSerializable())
                .map(entry -> dynamicTest(entry.getKey(), () -> {
                    Object original = entry.getValue().get();
                    assertThat(javaCarries(original)).isFalse();

                    Object copy = codec.decode(codec.encode(original));

                    assertThat(Picture.of(copy)).isEqualTo(Picture.of(original));
                }));
    }

    @TestFactory
    Stream<DynamicTest> the_same_object_gives_the_same_bytes() {
        return Stream.concat(cases(Cases.serializable()), cases(Cases.notSerializable()))
                .map(entry -> dynamicTest(entry.getKey(), () -> {
                    Object original = entry.getValue().get();
                    byte[] bytes = codec.encode(original);
                    codec.encode(new Shop.Cart());

                    assertThat(codec.encode(original)).isEqualTo(bytes);
                    AttributeCodec other = new KryoAttributeCodec(RoundTripTest.class.getClassLoader());
                    assertThat(other.encode(original)).isEqualTo(bytes);
                }));
    }

    @TestFactory
    Stream<DynamicTest> what_was_decoded_encodes_the_same_however_often_it_is_decoded() {
        return Stream.concat(cases(Cases.serializable()), cases(Cases.notSerializable()))
                .map(entry -> dynamicTest(entry.getKey(), () -> {
                    byte[] bytes = codec.encode(entry.getValue().get());

                    byte[] again = codec.encode(codec.decode(bytes));

                    assertThat(codec.encode(codec.decode(bytes))).isEqualTo(again);
                }));
    }

    private static Stream<Map.Entry<String, Supplier<Object>>> cases(Map<String, Supplier<Object>> cases) {
        return cases.entrySet().stream();
    }

    private static boolean javaCarries(Object original) throws Exception {
        try {
            JavaCopy.of(original);
            return true;
        } catch (NotSerializableException refused) {
            return false;
        }
    }
}
