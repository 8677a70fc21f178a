package dev.holdfast.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A running redis-server, and the end of it. What still runs when the JVM ends is killed by a shutdown hook. */
final class RedisProcess {
    private static final Duration START = Duration.ofSeconds(20);
    private static final Duration ANSWER = Duration.ofSeconds(2);
    private static final Duration SIGNAL = Duration.ofSeconds(5);
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(RedisProcess::endAll, "redis-processes-end"));
    }

    private final Process process;
    private final Path log;

    private RedisProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts it and waits until it answers.
     *
     * @throws PortTakenException if another process listens on one of its ports
     * @throws IllegalStateException if it does not start; the message has its log
     */
    static RedisProcess start(List<String> arguments, Path directory, int port, @Nullable String password) {
        Path log = directory.resolve("redis.log");
        List<String> command = new ArrayList<>();
        command.add(RedisExecutable.path().toString());
        command.addAll(arguments);
        RedisProcess started = new RedisProcess(launch(command, directory, log), log);
        try {
            started.awaitAnswer(port, password);
            return started;
        } catch (RuntimeException e) {
            started.kill();
            throw e;
        }
    }

    private static void endAll() {
        RUNNING.forEach(Process::destroyForcibly);
        RUNNING.forEach(process -> process.onExit().join());
        Directories.deleteAll();
    }

    private static Process launch(List<String> command, Path directory, Path log) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            RUNNING.add(process);
            process.getOutputStream().close();
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start " + command, e);
        }
    }

    /** Who answers may be another process that took the port first, so the process id is compared. */
    private void awaitAnswer(int port, @Nullable String password) {
        String identity = "process_id:" + process.pid() + "\r\n";
        boolean answers = Waiting.until(
                START, () -> !process.isAlive() || answer(port, password).contains(identity));
        if (!process.isAlive()) {
            String text = log();
            if (text.contains("Address already in use")) {
                throw new PortTakenException(port);
            }
            throw new IllegalStateException("redis-server ended with code " + process.exitValue() + ":\n" + text);
        }
        if (!answers) {
            throw new IllegalStateException(
                    "redis-server does not answer on port " + port + " after " + START.toSeconds() + " s:\n" + log());
        }
    }

    private static String answer(int port, @Nullable String password) {
        try (RespConnection connection = new RespConnection(port, password, ANSWER)) {
            Object info = connection.call(RespConnection.bytes("INFO"), RespConnection.bytes("server"));
            return info instanceof byte[] text ? new String(text, StandardCharsets.UTF_8) : "";
        } catch (IOException | RedisErrorException notYet) {
            return "";
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String log() {
        try {
            return Files.exists(log) ? Files.readString(log, StandardCharsets.ISO_8859_1) : "";
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + log, e);
        }
    }

    void kill() {
        process.destroyForcibly();
        Waiting.require(SIGNAL, () -> !process.isAlive(), () -> "redis-server " + pid() + " does not end");
        RUNNING.remove(process);
    }

    /** Waits until it has ended by itself. */
    void awaitEnd() {
        Waiting.require(START, () -> !process.isAlive(), () -> "redis-server " + pid() + " does not end:\n" + log());
    }

    /** Stops it in the middle of what it does (SIGSTOP); returns when it stands still. */
    void pause() {
        signal("STOP");
        Waiting.require(SIGNAL, () -> state() == 'T', () -> "redis-server " + pid() + " does not stop");
    }

    void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!kill.waitFor(SIGNAL.toMillis(), TimeUnit.MILLISECONDS) || kill.exitValue() != 0) {
                throw new IllegalStateException("Cannot send " + name + " to redis-server " + pid());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot send " + name + " to redis-server " + pid(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while sending " + name, e);
        }
    }

    /** The letter of its state after "pid (name) "; where there is no /proc, the signal is taken for enough. */
    private char state() {
        Path file = Path.of("/proc", Long.toString(pid()), "stat");
        if (Files.notExists(file)) {
            return 'T';
        }
        try {
            String line = Files.readString(file, StandardCharsets.ISO_8859_1);
            return line.charAt(line.lastIndexOf(')') + 2);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }

    /** Another process was faster. */
    static final class PortTakenException extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        PortTakenException(int port) {
            super("Port " + port + " (or the cluster bus port above it) is taken");
        }
    }
}
