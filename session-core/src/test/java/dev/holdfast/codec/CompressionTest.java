package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is compressed, and that compressed bytes are not trusted more than others. */
final class CompressionTest {

    private static final int THRESHOLD = 1024;
    private static final int LENGTH_AT = Envelope.HEADER_LENGTH;
    private static final int BLOCK_AT = LENGTH_AT + Integer.BYTES;
    private static final long MOST_ALLOCATED = 1 << 20;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final AttributeCodec codec = withThreshold(THRESHOLD);

    private static AttributeCodec withThreshold(int bytes) {
        return new KryoAttributeCodec(
                CompressionTest.class.getClassLoader(), CodecOptions.DEFAULTS.withCompressionThreshold(bytes));
    }

    private static List<String> articles() {
        List<String> articles = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            articles.add("article number " + i);
        }
        return articles;
    }

    private byte[] packed(Object value) {
        byte[] packed = codec.pack(codec.encode(value));
        assertThat(packed[1]).as("compressed").isEqualTo((byte) Envelope.COMPRESSED);
        return packed;
    }

    @Test
    void a_large_attribute_is_compressed_and_comes_back() {
        List<String> articles = articles();
        byte[] encoded = codec.encode(articles);

        byte[] packed = codec.pack(encoded);

        assertThat(packed).startsWith(0x11, 0x01).hasSizeLessThan(encoded.length / 3);
        assertThat(ByteBuffer.wrap(packed).getInt(LENGTH_AT)).isEqualTo(encoded.length - Envelope.HEADER_LENGTH);
        assertThat(codec.decode(packed)).isEqualTo(articles);
        assertThat(codec.unpack(packed)).isEqualTo(encoded);
    }

    @Test
    void every_case_of_the_corpus_comes_back_from_its_compressed_bytes() {
        AttributeCodec all = withThreshold(1);
        Corpus.groups()
                .values()
                .forEach(cases -> cases.values().stream().map(Supplier::get).forEach(value -> {
                    byte[] encoded = all.encode(value);
                    byte[] packed = all.pack(encoded);
                    assertThat(all.unpack(packed)).isEqualTo(encoded);
                    if (packed != encoded) {
                        assertThat(Picture.of(all.decode(packed))).isEqualTo(Picture.of(all.decode(encoded)));
                    }
                }));
    }

    @Test
    void a_body_as_long_as_the_threshold_is_left_alone_and_a_longer_one_is_not() {
        byte[] encoded = codec.encode("x".repeat(THRESHOLD * 2));
        int length = encoded.length - Envelope.HEADER_LENGTH;

        assertThat(withThreshold(length).pack(encoded)).isSameAs(encoded);
        assertThat(withThreshold(length - 1).pack(encoded)).hasSizeLessThan(length);
        assertThat(withThreshold(0).pack(encoded)).isSameAs(encoded);
    }

    @Test
    void what_saves_less_than_an_eighth_is_left_alone() {
        byte[] noise = new byte[64 << 10];
        new Random(20_261_121).nextBytes(noise);
        byte[] encoded = codec.encode(noise);

        assertThat(codec.pack(encoded)).isSameAs(encoded);

        byte[] nearlyNoise = noise.clone();
        Arrays.fill(nearlyNoise, 0, nearlyNoise.length / 10, (byte) 0);
        byte[] hardlyBetter = codec.encode(nearlyNoise);
        assertThat(codec.pack(hardlyBetter)).isSameAs(hardlyBetter);
        Arrays.fill(nearlyNoise, 0, nearlyNoise.length / 6, (byte) 0);
        assertThat(packed(nearlyNoise)).hasSizeLessThan(noise.length * 7 / 8 + 100);
    }

    @Test
    void what_is_packed_already_is_left_alone() {
        byte[] packed = packed(articles());

        assertThat(codec.pack(packed)).isSameAs(packed);
    }

    @Test
    void packing_and_unpacking_leave_their_bytes_alone() {
        byte[] encoded = codec.encode(articles());
        byte[] before = encoded.clone();
        byte[] packed = codec.pack(encoded);
        assertThat(encoded).isEqualTo(before);

        byte[] packedBefore = packed.clone();
        codec.unpack(packed);
        codec.decode(packed);
        assertThat(packed).isEqualTo(packedBefore);
    }

    @Test
    void a_node_reads_what_another_one_compressed_whatever_its_own_threshold() {
        byte[] packed = packed(articles());

        assertThat(withThreshold(0).decode(packed)).isEqualTo(articles());
        assertThat(withThreshold(1 << 20).decode(packed)).isEqualTo(articles());
        assertThat(codec.decode(withThreshold(0).encode(articles()))).isEqualTo(articles());
    }

    // ---- bytes that lie ------------------------------------------------------------------------------------------

    private void assertDamaged(byte[] bytes, String why) {
        for (Runnable reading : List.<Runnable>of(() -> codec.decode(bytes), () -> codec.unpack(bytes))) {
            long before = threads.getCurrentThreadAllocatedBytes();
            assertThatExceptionOfType(CodecException.class)
                    .isThrownBy(reading::run)
                    .withMessageContaining(why);
            assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                    .as("allocated")
                    .isLessThan(MOST_ALLOCATED);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MAX_VALUE, 2_000_000_000, Compression.MOST_LENGTH + 1, 0, -1, Integer.MIN_VALUE})
    void a_length_that_no_block_can_have_costs_no_memory(int length) {
        byte[] packed = packed(articles());
        ByteBuffer.wrap(packed).putInt(LENGTH_AT, length);

        assertDamaged(packed, "cannot stand for");
    }

    @Test
    void a_length_beyond_the_ratio_of_lz4_costs_no_memory() {
        byte[] packed = packed(articles());
        int block = packed.length - BLOCK_AT;
        ByteBuffer.wrap(packed).putInt(LENGTH_AT, block * 255 + 1);
        assertDamaged(packed, "cannot stand for");

        byte[] tiny = {0x11, 0x01, 0x7F, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0};
        assertDamaged(tiny, "1 bytes cannot stand for 2147483647");
    }

    @Test
    void a_length_that_is_not_that_of_the_block_is_damage() {
        byte[] packed = packed(articles());
        int length = ByteBuffer.wrap(packed).getInt(LENGTH_AT);

        ByteBuffer.wrap(packed).putInt(LENGTH_AT, length + 1);
        assertDamaged(packed, "and not for");
        ByteBuffer.wrap(packed).putInt(LENGTH_AT, length - 1);
        assertDamaged(packed, "no block of LZ4");
    }

    @Test
    void bytes_cut_off_anywhere_are_damage() {
        byte[] packed = packed(articles());

        for (int length = Envelope.HEADER_LENGTH + 1; length < packed.length; length++) {
            assertDamaged(Arrays.copyOf(packed, length), "are damaged");
        }
    }

    @Test
    void bytes_after_the_block_are_damage() {
        byte[] packed = packed(articles());

        assertDamaged(Arrays.copyOf(packed, packed.length + 1), "are damaged");
    }

    /** A megabyte of zeros is some 4 KB: as much as is allocated is read, and then it does not end where it should. */
    @Test
    void a_bomb_of_the_best_ratio_there_is_stays_within_the_ratio() {
        byte[] encoded = Arrays.copyOf(codec.encode(new byte[1 << 20]), 1 << 20);
        byte[] bomb = codec.pack(encoded);
        assertThat(bomb.length).isLessThan(encoded.length / 200);

        long before = threads.getCurrentThreadAllocatedBytes();
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> codec.decode(bomb));
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(bomb.length * 255L * 4);
    }

    @Test
    void a_compressed_body_that_is_compressed_again_is_not_unpacked_twice() {
        byte[] packed = packed(articles());
        byte[] twice = packed.clone();
        twice[1] = 0;
        byte[] outer = Arrays.copyOf(Compression.pack(Arrays.copyOf(twice, 1 << 16), 1), 1 << 16);

        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> codec.decode(outer));
    }

    @Test
    void another_flag_beside_that_of_compression_is_refused() {
        byte[] packed = packed(articles());
        packed[1] |= (byte) 0x80;

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.decode(packed))
                .withMessageContaining("flags 0x81");
    }

    @Test
    void what_could_not_be_unpacked_is_counted() {
        KryoAttributeCodec counting = new KryoAttributeCodec(CompressionTest.class.getClassLoader());
        byte[] cut = Arrays.copyOf(packed(articles()), 10);
        long before = counting.counts().unreadable();

        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> counting.unpack(cut));
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> counting.decode(cut));

        assertThat(counting.counts().unreadable() - before).isEqualTo(2);
    }
}
