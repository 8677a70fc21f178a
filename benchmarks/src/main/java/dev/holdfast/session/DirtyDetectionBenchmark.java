package dev.holdfast.session;

import dev.holdfast.benchmarks.codec.MicroBenchmark;
import dev.holdfast.benchmarks.codec.SessionSize;
import dev.holdfast.codec.KryoAttributeCodec;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What a request pays at its end to find out that it has changed nothing in objects that it has read: all attributes of the
 * session are encoded, and their fingerprints taken. In this package because fingerprints are nobody else's business.
 */
@State(Scope.Benchmark)
public class DirtyDetectionBenchmark extends MicroBenchmark {

    @Param({"SMALL", "MEDIUM", "LARGE"})
    private SessionSize session = SessionSize.SMALL;

    private final KryoAttributeCodec codec = new KryoAttributeCodec(DirtyDetectionBenchmark.class.getClassLoader());
    private List<Object> mutable = List.of();
    private List<byte[]> encoded = List.of();

    /** Makes the session. What cannot change is not looked at. */
    @Setup
    public void make() {
        mutable = session.attributes().values().stream()
                .filter(value -> !codec.isImmutable(value))
                .toList();
        encoded = mutable.stream().map(codec::encode).toList();
    }

    /** All that is done. */
    @Benchmark
    public void lookForChanges(Blackhole sink) {
        for (Object value : mutable) {
            sink.consume(Fingerprint.of(codec.encode(value)));
        }
    }

    /** The part of the checksums. */
    @Benchmark
    public void fingerprints(Blackhole sink) {
        for (byte[] bytes : encoded) {
            sink.consume(Fingerprint.of(bytes));
        }
    }
}
