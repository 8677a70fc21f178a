package dev.holdfast.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import redis.embedded.core.ExecutableProvider;

/** A Redis process of our own, for this machine only, that keeps nothing on disk. */
final class LocalRedis implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(20);
    private static final int PAUSE_MILLIS = 20;
    private static final int ANSWER_MILLIS = 1_000;

    private final Process process;
    private final int port;

    private LocalRedis(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts it and waits until it answers.
     *
     * @throws IOException if it does not; the message has its log
     */
    static LocalRedis start(Path directory, int port) throws IOException {
        Files.createDirectory(directory);
        Path log = directory.resolve("redis.log");
        Path executable = ExecutableProvider.newJarResourceProvider(directory.toFile())
                .get()
                .toPath();
        List<String> command = List.of(
                executable.toString(),
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        LocalRedis redis = new LocalRedis(process, port);
        if (!redis.answersInTime()) {
            redis.close();
            throw new IOException("Redis did not start:\n" + Files.readString(log, StandardCharsets.ISO_8859_1));
        }
        return redis;
    }

    private boolean answersInTime() {
        long start = System.nanoTime();
        while (process.isAlive() && System.nanoTime() - start < START.toNanos()) {
            if (answers()) {
                return true;
            }
            pause();
        }
        return false;
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), ANSWER_MILLIS);
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII).equals("+PONG");
        } catch (IOException notYet) {
            return false;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while Redis was starting", e);
        }
    }

    String uri() {
        return "redis://127.0.0.1:" + port;
    }

    long pid() {
        return process.pid();
    }

    /** Kills it: there is nothing that it would have to write. */
    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
