package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Bytes that were changed at random: each gives an object or a {@link CodecException}, in bounded time and memory. The same
 * changes each time; {@code -Pfuzz} for ten minutes of them, {@code -Dholdfast.fuzz.seed=...} for other bytes.
 */
final class FuzzTest {

    /** So many in any case: the same ones on every machine. */
    private static final int LEAST_TRIES = 60_000;

    private static final long SECONDS = Long.getLong("holdfast.fuzz.seconds", 0);
    private static final long SEED = Long.getLong("holdfast.fuzz.seed", 20_261_121);
    private static final int LONGEST_SAMPLE = 6_000;
    private static final int LONGEST_CHUNK = 64;
    private static final long FREE_BYTES = 24L << 20;
    private static final long BYTES_PER_BYTE = 4_000;
    private static final Duration MOST_TIME = Duration.ofSeconds(5);

    /** What lengths are made of. */
    private static final List<byte[]> FORGED = List.of(
            new byte[] {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x07},
            new byte[] {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x0F},
            new byte[] {(byte) 0x80, (byte) 0x94, (byte) 0xEB, (byte) 0xDC, 0x03},
            new byte[] {0x7F, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF},
            new byte[] {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF},
            new byte[] {0, 0, 0, 0},
            new byte[] {(byte) 0xFF, (byte) 0xFF, 0x7F},
            new byte[] {0x00, (byte) 0x98, (byte) 0x96, (byte) 0x80});

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final ClassLoader application = FuzzTest.class.getClassLoader();
    private final AttributeCodec codec = new KryoAttributeCodec(
            application, CodecOptions.DEFAULTS.withRules(ClassRules.of(application, List.of(), true)));

    @Test
    void changed_bytes_give_an_object_or_a_codec_exception_in_bounded_time_and_memory() {
        List<byte[]> samples = samples();
        Random random = new Random(SEED);
        long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
        long read = 0;
        long refused = 0;
        for (int tries = 0; tries < LEAST_TRIES || System.nanoTime() - end < 0; tries++) {
            byte[] bytes = mutated(samples, random);
            if (decode(bytes)) {
                read++;
            } else {
                refused++;
            }
        }

        assertThat(read).as("read").isPositive();
        assertThat(refused).as("refused").isPositive();
        // And nothing of it has left a trace.
        samples.forEach(sample -> assertThat(codec.decode(sample)).isNotNull());
    }

    private boolean decode(byte[] bytes) {
        byte[] before = bytes.clone();
        long allocated = threads.getCurrentThreadAllocatedBytes();
        long started = System.nanoTime();
        boolean read = true;
        try {
            codec.decode(bytes);
        } catch (CodecException expected) {
            read = false;
        } catch (Throwable unexpected) {
            fail("seed " + SEED + ": " + HexFormat.of().formatHex(before), unexpected);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - started))
                .as(() -> "time for " + HexFormat.of().formatHex(before))
                .isLessThan(MOST_TIME);
        assertThat(threads.getCurrentThreadAllocatedBytes() - allocated)
                .as(() -> "memory for " + HexFormat.of().formatHex(before))
                .isLessThan(FREE_BYTES + BYTES_PER_BYTE * unpackedLength(before));
        assertThat(bytes).isEqualTo(before);
        return read;
    }

    private int unpackedLength(byte[] bytes) {
        try {
            return codec.unpack(bytes).length;
        } catch (CodecException damaged) {
            return bytes.length;
        }
    }

    /** Without libraries whose own hooks make room for whatever length they read, as those of Kotlin and Scala do. */
    private List<byte[]> samples() {
        AttributeCodec plain = new KryoAttributeCodec(application);
        List<byte[]> encoded = Stream.of(
                        Cases.serializable(),
                        Cases.notSerializable(),
                        JdkCases.values(),
                        JdkCases.times(),
                        JdkCases.collections(),
                        JdkCases.throwables(),
                        JdkCases.notSerializable(),
                        ApplicationCases.classes(),
                        ApplicationCases.graphs(),
                        LibraryCases.jackson(),
                        LibraryCases.spring(),
                        LibraryCases.faces())
                .map(Map::values)
                .flatMap(values -> values.stream().map(Supplier::get))
                .map(plain::encode)
                .filter(bytes -> bytes.length < LONGEST_SAMPLE)
                .toList();
        // The same in Java serialization, which is another reader.
        Stream<byte[]> streams = Stream.of(JdkCases.collections(), JdkCases.throwables(), ApplicationCases.classes())
                .flatMap(cases -> cases.values().stream().map(Supplier::get))
                .map(ClassRulesTest::javaStream)
                .filter(bytes -> bytes.length < LONGEST_SAMPLE);
        // And compressed: then changes are those of blocks of LZ4, and of their lengths.
        AttributeCodec packing = new KryoAttributeCodec(application, CodecOptions.DEFAULTS.withCompressionThreshold(1));
        Stream<byte[]> packed = encoded.stream().map(packing::pack).filter(bytes -> bytes[1] == Envelope.COMPRESSED);
        return Stream.concat(Stream.concat(encoded.stream(), streams), packed).toList();
    }

    private static byte[] mutated(List<byte[]> samples, Random random) {
        byte[] bytes = samples.get(random.nextInt(samples.size())).clone();
        for (int i = 0; i <= random.nextInt(4); i++) {
            bytes = mutatedOnce(bytes, samples, random);
        }
        return bytes;
    }

    private static byte[] mutatedOnce(byte[] bytes, List<byte[]> samples, Random random) {
        if (bytes.length < 4) {
            return bytes;
        }
        int place = random.nextInt(8) == 0 ? random.nextInt(2) : 2 + random.nextInt(bytes.length - 2);
        int length = Math.min(1 + random.nextInt(LONGEST_CHUNK), bytes.length - place);
        return switch (random.nextInt(9)) {
            case 0, 1 -> flipped(bytes, place, random.nextInt(8));
            case 2 -> replaced(bytes, place, 1, new byte[] {(byte) random.nextInt(256)});
            case 3 -> replaced(bytes, place, random.nextInt(6), FORGED.get(random.nextInt(FORGED.size())));
            case 4 -> replaced(bytes, place, length, new byte[0]);
            case 5 -> replaced(bytes, place, 0, Arrays.copyOfRange(bytes, place, place + length));
            case 6 -> Arrays.copyOf(bytes, place);
            case 7 -> replaced(bytes, place, length, chunkOf(samples.get(random.nextInt(samples.size())), random));
            default -> replaced(bytes, place, 0, repeated(bytes, place, random));
        };
    }

    private static byte[] flipped(byte[] bytes, int place, int bit) {
        byte[] flipped = bytes.clone();
        flipped[place] ^= (byte) (1 << bit);
        return flipped;
    }

    private static byte[] replaced(byte[] bytes, int place, int length, byte[] by) {
        int rest = Math.min(place + length, bytes.length);
        byte[] replaced = Arrays.copyOf(bytes, place + by.length + bytes.length - rest);
        System.arraycopy(by, 0, replaced, place, by.length);
        System.arraycopy(bytes, rest, replaced, place + by.length, bytes.length - rest);
        return replaced;
    }

    private static byte[] chunkOf(byte[] other, Random random) {
        int place = random.nextInt(other.length);
        return Arrays.copyOfRange(other, place, Math.min(other.length, place + 1 + random.nextInt(LONGEST_CHUNK)));
    }

    /** Nests, where a few bytes open something. */
    private static byte[] repeated(byte[] bytes, int place, Random random) {
        int length = Math.min(1 + random.nextInt(6), bytes.length - place);
        byte[] repeated = new byte[length * (1 + random.nextInt(2_000))];
        for (int i = 0; i < repeated.length; i++) {
            repeated[i] = bytes[place + i % length];
        }
        return repeated;
    }
}
