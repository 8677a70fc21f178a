package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.FaultyProxy;
import dev.holdfast.testkit.RedisServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A Redis whose name is gone from the network, as that of a container that is not running, under a steady load on two
 * nodes. They are JVMs of their own, which look names up in a file.
 */
@Tag("faults")
class NamesIT {

    private static final Duration FAULT = Duration.parse(System.getProperty("holdfast.test.fault", "PT1.5S"));
    private static final Duration USUAL = Duration.ofMillis(500);
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String NAME = "redis.shop.test";

    /** What both nodes run. */
    static final class Shop implements Supplier<Application> {
        @Override
        public Application get() {
            return LoadApplication.create();
        }
    }

    @Test
    void a_name_that_does_not_resolve_any_more() throws IOException {
        try (Directory directory = Directory.temporary();
                RedisServer redis = RedisServer.start();
                FaultyProxy network = FaultyProxy.before(redis)) {
            Names names = new Names(directory.path().resolve("hosts"));
            names.know(NAME);
            Path config = configuration(directory.path().resolve("redisson.yaml"), redis, network);
            Path classes = compile(directory.path());
            try (NodeProcess a = node(names, config, classes);
                    NodeProcess b = node(names, config, classes);
                    Load load = new Load(a, b)) {
                load.runFor(USUAL);
                load.stayAtHome();
                names.forget();
                await().until(() -> hasNotResolved(a) && hasNotResolved(b));
                load.requireRight();
                assertThat(a.output()).as("connections are still there").doesNotContain("HF-602");
                network.cut();
                load.runFor(FAULT);
                load.requireRight();
                assertThat(List.of(a.output(), b.output()))
                        .allSatisfy(output -> assertThat(output).contains("HF-602"));
                network.heal();
                names.know(NAME);
                Duration recovery = load.awaitKnownElsewhere(SOON);
                load.goAnywhere();
                load.runFor(USUAL);
                load.report(System.getProperty("holdfast.test.tomcat.version") + " name gone", recovery);
                load.requireRight();
                assertThat(List.of(a.output(), b.output()))
                        .allSatisfy(output ->
                                assertThat(output).contains("HF-603").doesNotContain("HF-612", "HF-616", "HF-618"));
            }
        }
    }

    private static boolean hasNotResolved(NodeProcess node) {
        return node.output().contains("Unable to resolve " + NAME);
    }

    private static NodeProcess node(Names names, Path config, Path classes) {
        return NodeProcess.start(
                Shop.class,
                List.of("-Djdk.net.hosts.file=" + names.file, "-Djava.security.properties=" + names.security()),
                classes,
                "redissonConfig=" + config);
    }

    private static Path configuration(Path file, RedisServer redis, FaultyProxy network) throws IOException {
        return Files.writeString(
                file, """
                addressResolverGroupFactory: !!names.NamesOfTheJdk {}
                singleServerConfig:
                  address: "%s"
                  dnsMonitoringInterval: 300
                  retryAttempts: 0
                  timeout: 3000
                  connectionPoolSize: 8
                  connectionMinimumIdleSize: 1
                  subscriptionConnectionMinimumIdleSize: 1
                """.formatted(redis.uri().replace(redis.address(), NAME + ":" + network.port())));
    }

    private static Path compile(Path directory) throws IOException {
        Path source = directory.resolve("NamesOfTheJdk.java");
        try (InputStream text = NamesIT.class.getResourceAsStream("/names/NamesOfTheJdk.java")) {
            Files.copy(text, source);
        }
        Path classes = Files.createDirectory(directory.resolve("classes"));
        int errors = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        "-d",
                        classes.toString(),
                        source.toString());
        assertThat(errors).isZero();
        return classes;
    }

    /** The names that the nodes can look up: a file in the form of /etc/hosts, read anew each time. */
    private record Names(Path file) {

        void know(String name) {
            write("127.0.0.1 localhost\n127.0.0.1 " + name + "\n");
        }

        void forget() {
            write("127.0.0.1 localhost\n");
        }

        /** Settings of the JDK by which it remembers neither what it found nor what it did not. */
        Path security() {
            return put(
                    file.resolveSibling("java.security"),
                    "networkaddress.cache.ttl=0\nnetworkaddress.cache.negative.ttl=0\n");
        }

        private void write(String text) {
            try {
                Files.move(put(file.resolveSibling("hosts.next"), text), file, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static Path put(Path file, String text) {
            try {
                return Files.writeString(file, text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
