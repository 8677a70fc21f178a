package dev.holdfast.benchmarks.codec;

import dev.holdfast.codec.CodecOptions;
import dev.holdfast.codec.KryoAttributeCodec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What compression costs beside the encoding, with the default threshold. */
@State(Scope.Benchmark)
public class CompressionBenchmark extends MicroBenchmark {

    private static final int THRESHOLD = 2048;

    @Param({"CART", "TEXT", "NOISE"})
    private Compressible attribute = Compressible.CART;

    private final KryoAttributeCodec codec = new KryoAttributeCodec(
            CompressionBenchmark.class.getClassLoader(), CodecOptions.DEFAULTS.withCompressionThreshold(THRESHOLD));

    private Object value = "";
    private byte[] encoded = {};
    private byte[] packed = {};

    /** Makes the attribute. */
    @Setup
    public void make() {
        value = attribute.value();
        encoded = codec.encode(value);
        packed = codec.pack(encoded);
    }

    static CompressionBenchmark of(Compressible attribute) {
        CompressionBenchmark made = new CompressionBenchmark();
        made.attribute = attribute;
        made.make();
        return made;
    }

    int encodedBytes() {
        return encoded.length;
    }

    int packedBytes() {
        return packed.length;
    }

    /** From the object to bytes. */
    @Benchmark
    public byte[] write() {
        return codec.encode(value);
    }

    /** From these to what Redis gets. */
    @Benchmark
    public byte[] pack() {
        return codec.pack(encoded);
    }

    /** From what Redis gives to the bytes of before. */
    @Benchmark
    public byte[] unpack() {
        return codec.unpack(packed);
    }

    /** From these to an object. */
    @Benchmark
    public Object read() {
        return codec.decode(encoded);
    }
}
