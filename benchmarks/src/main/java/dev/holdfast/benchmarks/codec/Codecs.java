package dev.holdfast.benchmarks.codec;

import dev.holdfast.session.DirtyDetectionBenchmark;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs the benchmarks of codecs, and prints tables. Arguments are those of JMH, such as {@code -f 1 -wi 1 -i 1}. */
public final class Codecs {

    private Codecs() {}

    public static void main(String[] arguments) throws IOException, RunnerException, CommandLineOptionException {
        System.out.println(tables(arguments));
    }

    static String tables(String... arguments) throws IOException, RunnerException, CommandLineOptionException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .parent(new CommandLineOptions(arguments))
                        .include(SessionCodecBenchmark.class.getSimpleName())
                        .include(DirtyDetectionBenchmark.class.getSimpleName())
                        .include(CompressionBenchmark.class.getSimpleName())
                        .build())
                .run();
        Map<String, Double> micros = new TreeMap<>();
        results.forEach(
                result -> micros.put(keyOf(result), result.getPrimaryResult().getScore()));
        return bytes() + times("encode", micros) + times("decode", micros) + looks(micros) + compression(micros);
    }

    private static String keyOf(RunResult result) {
        BenchmarkParams parameters = result.getParams();
        String method = parameters.getBenchmark();
        return Stream.of(
                        method.substring(method.lastIndexOf('.') + 1),
                        parameters.getParam("session"),
                        parameters.getParam("way"),
                        parameters.getParam("attribute"))
                .filter(Objects::nonNull)
                .collect(Collectors.joining(" "));
    }

    private static String bytes() throws IOException {
        StringBuilder table = new StringBuilder(head("bytes"));
        for (SessionSize session : SessionSize.values()) {
            table.append(row(session));
            int ours = EncodedSession.of(session, Way.HOLDFAST.open()).bytes();
            for (Way way : Way.values()) {
                int bytes = EncodedSession.of(session, way.open()).bytes();
                table.append(" %d (%.2f) |".formatted(bytes, (double) bytes / ours));
            }
            table.append('\n');
        }
        return table.toString();
    }

    private static String times(String what, Map<String, Double> micros) {
        StringBuilder table = new StringBuilder(head(what + ", µs"));
        for (SessionSize session : SessionSize.values()) {
            table.append(row(session));
            double ours = of(micros, what, session.name(), "HOLDFAST");
            for (Way way : Way.values()) {
                double time = of(micros, what, session.name(), way.name());
                table.append(String.format(Locale.ROOT, " %.1f (%.2f) |", time, time / ours));
            }
            table.append('\n');
        }
        return table.toString();
    }

    private static String looks(Map<String, Double> micros) {
        StringBuilder table =
                new StringBuilder("\n| Holdfast, µs | look for changes | its checksums |\n|---|---|---|\n");
        for (SessionSize session : SessionSize.values()) {
            table.append(row(session))
                    .append(String.format(
                            Locale.ROOT,
                            " %.1f | %.1f |%n",
                            of(micros, "lookForChanges", session.name()),
                            of(micros, "fingerprints", session.name())));
        }
        return table.toString();
    }

    private static String compression(Map<String, Double> micros) {
        StringBuilder table = new StringBuilder("""

                | Holdfast with compression | bytes | compressed | write, µs | compress, µs | uncompress, µs | read, µs |
                |---|---|---|---|---|---|---|
                """);
        for (Compressible attribute : Compressible.values()) {
            CompressionBenchmark sample = CompressionBenchmark.of(attribute);
            double ratio = (double) sample.packedBytes() / sample.encodedBytes();
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %d | %d (%.2f) | %.1f | %.1f | %.1f | %.1f |%n",
                    attribute.title(),
                    sample.encodedBytes(),
                    sample.packedBytes(),
                    ratio,
                    of(micros, "write", attribute.name()),
                    of(micros, "pack", attribute.name()),
                    of(micros, "unpack", attribute.name()),
                    of(micros, "read", attribute.name())));
        }
        return table.toString();
    }

    private static double of(Map<String, Double> micros, String... of) {
        Double found = micros.get(String.join(" ", of));
        if (found == null) {
            throw new IllegalStateException("Not measured: " + String.join(" ", of) + "; of " + micros);
        }
        return found;
    }

    private static String row(SessionSize session) {
        return "| " + session.name().toLowerCase(Locale.ROOT) + " |";
    }

    private static String head(String what) {
        Stream<String> ways = Arrays.stream(Way.values()).map(Way::title);
        return "\n| " + what + " (to Holdfast) | " + ways.collect(Collectors.joining(" | ")) + " |\n|---|"
                + "---|".repeat(Way.values().length) + "\n";
    }
}
