package dev.holdfast.it;

import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.RedisServer;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real Tomcat that can be killed: in a JVM of its own, on a free port of the loopback interface. */
final class NodeProcess implements Target, AutoCloseable {

    private static final Duration START = Duration.ofSeconds(60);
    private static final Pattern PORT = Pattern.compile(NodeMain.READY + "([0-9]+)\\.");

    private final Directory directory = Directory.temporary();
    private final ChildProcess process;
    private final int port;

    private NodeProcess(
            String redisUri,
            Class<? extends Supplier<Application>> application,
            List<String> jvmOptions,
            String furtherClasses,
            List<String> settings) {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + directory.path(),
                "-cp",
                System.getProperty("java.class.path") + furtherClasses));
        words.addAll(jvmOptions);
        words.addAll(List.of(NodeMain.class.getName(), redisUri, application.getName()));
        words.addAll(settings);
        process = ChildProcess.start(new ProcessBuilder(words), directory.path().resolve("node.log"));
        try {
            port = awaitPort();
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /**
     * Starts one.
     *
     * @param application makes the application that it runs: a class with a constructor without parameters. If it is a
     *     consumer of contexts, too, it is given the context before it starts
     * @param settings attributes of the manager: name=value
     */
    static NodeProcess start(
            RedisServer redis, Class<? extends Supplier<Application>> application, String... settings) {
        return new NodeProcess(redis.uri(), application, List.of(), "", List.of(settings));
    }

    /**
     * Starts one whose settings say where Redis is.
     *
     * @param classes a further directory for its class path
     */
    static NodeProcess start(
            Class<? extends Supplier<Application>> application,
            List<String> jvmOptions,
            Path classes,
            String... settings) {
        return new NodeProcess("", application, jvmOptions, File.pathSeparator + classes, List.of(settings));
    }

    private int awaitPort() {
        await().atMost(START)
                .until(() ->
                        !process.isAlive() || PORT.matcher(process.output()).find());
        Matcher ready = PORT.matcher(process.output());
        if (!ready.find()) {
            throw new AssertionError("The node did not start: " + process.output());
        }
        return Integer.parseInt(ready.group(1));
    }

    @Override
    public String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    /** What it has printed. */
    String output() {
        return process.output();
    }

    /** As by kill -9. Returns when it is dead. */
    void kill() {
        process.kill();
    }

    /** It stands still in the middle of what it does (SIGSTOP), as during a long garbage collection. */
    void pause() {
        process.pause();
    }

    /** Lets it go on. */
    void resume() {
        process.resume();
    }

    @Override
    public void close() {
        process.close();
        directory.close();
    }
}
