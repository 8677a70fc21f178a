package dev.holdfast.benchmarks.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is compared must do the same; and a short run, so that the benchmark works when it is needed. */
class CodecsIT {

    @ParameterizedTest
    @EnumSource
    void each_way_carries_the_sessions_that_are_measured(Way way) throws Exception {
        Codec codec = way.open();
        for (SessionSize size : SessionSize.values()) {
            for (Map.Entry<String, Object> attribute : size.attributes().entrySet()) {
                Object carried = codec.decode(codec.encode(attribute.getValue()));
                assertThat(carried).as(attribute.getKey()).isEqualTo(attribute.getValue());
                assertThat(carried).hasSameClassAs(attribute.getValue());
            }
        }
    }

    @Test
    void the_sessions_have_the_sizes_that_they_claim() throws Exception {
        assertThat(SessionSize.SMALL.attributes()).hasSize(8);
        assertThat(SessionSize.LARGE.attributes()).hasSize(100);
        assertThat(EncodedSession.of(SessionSize.LARGE, Way.JAVA.open()).bytes())
                .isBetween(45_000, 55_000);
    }

    @Test
    void sessions_take_fewer_bytes_than_with_java_serialization() throws Exception {
        for (SessionSize size : SessionSize.values()) {
            assertThat(EncodedSession.of(size, Way.HOLDFAST.open()).bytes())
                    .as(size.name())
                    .isLessThan(EncodedSession.of(size, Way.JAVA.open()).bytes());
        }
    }

    @Test
    void a_short_run_fills_the_tables() throws Exception {
        assertThat(Codecs.tables("-f", "0", "-wi", "0", "-i", "1", "-r", "10ms"))
                .contains(
                        "| bytes (to Holdfast) | Holdfast | Java serialization | Redisson Kryo5Codec | JBoss Marshalling |")
                .contains("| encode, µs")
                .contains("| decode, µs")
                .contains("| look for changes |")
                .contains("| Holdfast with compression |");
    }

    @Test
    void compression_makes_smaller_what_can_be_and_leaves_the_rest() {
        assertThat(CompressionBenchmark.of(Compressible.CART)).satisfies(CodecsIT::isSmaller);
        assertThat(CompressionBenchmark.of(Compressible.TEXT)).satisfies(CodecsIT::isSmaller);
        CompressionBenchmark noise = CompressionBenchmark.of(Compressible.NOISE);
        assertThat(noise.packedBytes()).isEqualTo(noise.encodedBytes());
    }

    private static void isSmaller(CompressionBenchmark attribute) {
        assertThat(attribute.packedBytes()).isLessThan(attribute.encodedBytes());
    }
}
