package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What real applications keep in sessions is carried: same class, same content, and what Java serialization makes of it. */
final class CorpusTest {

    private final AttributeCodec codec = new KryoAttributeCodec(CorpusTest.class.getClassLoader());

    @TestFactory
    Stream<DynamicTest> what_java_serialization_carries_comes_back_as_it_would_from_java_serialization() {
        return cases(Corpus.groups())
                .map(entry -> dynamicTest(entry.getKey(), () -> {
                    Object original = entry.getValue().get();
                    byte[] bytes = codec.encode(original);

                    assertThat(codec.encode(original)).isEqualTo(bytes);

                    Object copy = codec.decode(bytes);
                    Object javaCopy = JavaCopy.of(original);

                    assertThat(Picture.of(copy)).isEqualTo(Picture.of(javaCopy));
                    assertThat(classOf(copy)).isEqualTo(classOf(javaCopy));
                    assertThat(Comparison.isEqual(original, copy)).isEqualTo(Comparison.isEqual(original, javaCopy));
                }));
    }

    @TestFactory
    Stream<DynamicTest> what_java_serialization_refuses_comes_back_equal() {
        return cases(Corpus.beyondJava())
                .map(entry -> dynamicTest(entry.getKey(), () -> {
                    Object original = entry.getValue().get();

                    Object copy = codec.decode(codec.encode(original));

                    assertThat(Picture.of(copy)).isEqualTo(Picture.of(original));
                    assertThat(classOf(copy)).isEqualTo(classOf(original));
                }));
    }

    @Test
    void there_are_at_least_300_cases() {
        assertThat(cases(Corpus.groups()).count() + cases(Corpus.beyondJava()).count())
                .isGreaterThanOrEqualTo(300);
    }

    /** Lambdas get a class of their own with each copy. */
    private static String classOf(Object object) {
        String name = object.getClass().getName();
        return object.getClass().isHidden() ? name.substring(0, name.indexOf("$$")) : name;
    }

    static Stream<Map.Entry<String, Supplier<Object>>> cases(Map<String, Map<String, Supplier<Object>>> groups) {
        return groups.values().stream().flatMap(group -> group.entrySet().stream());
    }
}
