package dev.holdfast.benchmarks.codec;

import java.io.IOException;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** One session, attribute by attribute, as a store for sessions needs it. */
@State(Scope.Benchmark)
public class SessionCodecBenchmark extends MicroBenchmark {

    @Param({"SMALL", "MEDIUM", "LARGE"})
    private SessionSize session = SessionSize.SMALL;

    @Param({"HOLDFAST", "JAVA", "REDISSON_KRYO5", "JBOSS_MARSHALLING"})
    private Way way = Way.HOLDFAST;

    private Codec codec = way.open();
    private List<Object> values = List.of();
    private List<byte[]> encoded = List.of();

    /** Makes the session. */
    @Setup
    public void make() throws IOException {
        codec = way.open();
        values = List.copyOf(session.attributes().values());
        encoded = EncodedSession.of(session, codec).values();
    }

    /** Writes all attributes. */
    @Benchmark
    public void encode(Blackhole sink) throws IOException {
        for (Object value : values) {
            sink.consume(codec.encode(value));
        }
    }

    /** Reads all attributes. */
    @Benchmark
    public void decode(Blackhole sink) throws IOException, ClassNotFoundException {
        for (byte[] bytes : encoded) {
            sink.consume(codec.decode(bytes));
        }
    }
}
