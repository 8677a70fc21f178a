package dev.holdfast.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A real Redis process on 127.0.0.1 that keeps nothing on disk, unless it is {@linkplain Builder#persistent()
 * persistent}.
 *
 * <p>The executable is the one that the system property {@code holdfast.test.redis} names, or else the one that is
 * embedded in a library. The process ends with {@link #close()}, or with the JVM.
 *
 * <p>If the system property {@code holdfast.test.acl} names an ACL file with one user, servers that are started without
 * further settings have this user, and {@link #uri()} logs in as this user: who uses it has no other permissions.
 *
 * <p>Commands go over a connection of their own, each over a new one, and are safe to send from any thread. Starting
 * and ending ({@link #kill}, {@link #restart}, {@link #pause}, {@link #resume}, {@link #close}) is for one thread at a
 * time.
 */
public final class RedisServer implements AutoCloseable {
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(10);
    private static final int PORT_ATTEMPTS = 5;

    private final int port;
    private final @Nullable String password;
    private final @Nullable AclUser user;
    private final List<String> arguments;
    private final Path directory;
    private volatile RedisProcess process;

    private RedisServer(int port, Builder options, Path directory) {
        this.port = port;
        this.password = options.password;
        this.user = options.user;
        this.arguments = options.arguments(port, directory);
        this.directory = directory;
        this.process = RedisProcess.start(arguments, directory, port, password);
    }

    /** Starts a server on a free port. */
    public static RedisServer start() {
        Builder options = builder();
        String aclFile = System.getProperty("holdfast.test.acl", "");
        return (aclFile.isEmpty() ? options : options.user(AclUser.onlyOneOf(Path.of(aclFile)))).start();
    }

    /** A server with settings. */
    public static Builder builder() {
        return new Builder();
    }

    /** The port it listens on; the same after {@link #restart()}. */
    public int port() {
        return port;
    }

    /** {@code 127.0.0.1:port}. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** {@code redis://127.0.0.1:port}, without the password; with the name and password of the user if it has one. */
    public String uri() {
        return "redis://" + (user == null ? "" : user.name() + ":" + user.password() + "@") + address();
    }

    /** The process id; another one after {@link #restart()}. */
    public long pid() {
        return process.pid();
    }

    /** Whether the process runs; also true while it is paused. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Whether it answers a PING within the time. */
    public boolean answersWithin(Duration timeout) {
        try (RespConnection connection = new RespConnection(port, password, timeout)) {
            return "PONG".equals(connection.call(RespConnection.bytes("PING")));
        } catch (IOException | RedisErrorException no) {
            return false;
        }
    }

    /** What it has logged since its first start. */
    public String log() {
        return process.log();
    }

    /** Kills the process (SIGKILL) and waits for its end; the port is free, and the data lost if it is not persistent. */
    public void kill() {
        process.kill();
    }

    /**
     * Kills the process if it runs, and starts another one with the same settings on the same port: an empty one, or one
     * with all data if it is persistent. It may still be loading them then.
     */
    public void restart() {
        process.kill();
        process = RedisProcess.start(arguments, directory, port, password);
    }

    /**
     * Lets it save its data and end, and starts another process with them, as an orderly restart does. It may still be
     * loading them then. It needs the directive {@code save}.
     */
    public void restartSaved() {
        try {
            command("SHUTDOWN", "SAVE");
        } catch (UncheckedIOException ended) {
            // An answer would mean that it has not.
        }
        process.awaitEnd();
        restart();
    }

    /** Stops the process in the middle of what it does (SIGSTOP): connections stay, nothing is answered. */
    public void pause() {
        process.pause();
    }

    /** Lets a paused process go on: it now does all that was asked of it meanwhile. */
    public void resume() {
        process.resume();
    }

    /**
     * Sends one command over a new connection; the arguments are encoded as UTF-8. What belongs to a connection
     * (MULTI, SELECT, WAIT, SUBSCRIBE) makes no sense here.
     *
     * @return byte[] for a bulk string, String for a status, Long, List of the same, or null for nil
     * @throws RedisErrorException if Redis answers with an error
     * @throws UncheckedIOException if Redis does not answer within 10 s
     */
    public @Nullable Object command(String... arguments) {
        byte[][] encoded = new byte[arguments.length][];
        for (int i = 0; i < arguments.length; i++) {
            encoded[i] = RespConnection.bytes(arguments[i]);
        }
        return command(encoded);
    }

    /** Like {@link #command(String...)}, with arguments of any bytes. */
    public @Nullable Object command(byte[]... arguments) {
        try (RespConnection connection = new RespConnection(port, password, COMMAND_TIMEOUT)) {
            return connection.call(arguments);
        } catch (IOException e) {
            throw new UncheckedIOException("Redis " + address() + " does not answer", e);
        }
    }

    /**
     * Like {@link #command(String...)}, with a reply of one value as text (UTF-8).
     *
     * @return the value, or null for nil
     * @throws IllegalArgumentException if the reply is a list
     */
    public @Nullable String text(String... arguments) {
        Object reply = command(arguments);
        return reply == null ? null : asText(reply);
    }

    /**
     * Like {@link #command(String...)}, with a reply of a list of values as text (UTF-8); nil elements are null.
     *
     * @throws IllegalArgumentException if the reply is no list
     */
    public List<@Nullable String> texts(String... arguments) {
        if (!(command(arguments) instanceof List<?> elements)) {
            throw new IllegalArgumentException("The reply to " + arguments[0] + " is no list");
        }
        List<@Nullable String> texts = new ArrayList<>();
        for (Object element : elements) {
            texts.add(element == null ? null : asText(element));
        }
        return texts;
    }

    private static String asText(Object value) {
        if (value instanceof byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
        if (value instanceof List<?>) {
            throw new IllegalArgumentException("The reply is a list");
        }
        return value.toString();
    }

    /** A section of INFO, such as {@code stats} or {@code memory}: name to value. */
    public Map<String, String> info(String section) {
        Map<String, String> fields = new LinkedHashMap<>();
        String text = text("INFO", section);
        if (text != null) {
            text.lines().forEach(line -> {
                int colon = line.indexOf(':');
                if (colon > 0 && line.charAt(0) != '#') {
                    fields.put(line.substring(0, colon), line.substring(colon + 1));
                }
            });
        }
        return fields;
    }

    /**
     * A number of {@code INFO stats}, such as {@code total_commands_processed}.
     *
     * @throws IllegalArgumentException if there is no such field
     */
    public long stat(String name) {
        String value = info("stats").get(name);
        if (value == null) {
            throw new IllegalArgumentException("INFO stats has no field " + name);
        }
        return Long.parseLong(value);
    }

    /** Reads from sockets so far: about one for each round trip. This question counts as one. */
    public long readsProcessed() {
        return stat("total_reads_processed");
    }

    /** Bytes that it has received so far, those of this question included. */
    public long bytesReceived() {
        return stat("total_net_input_bytes");
    }

    /** Bytes that it has sent so far. */
    public long bytesSent() {
        return stat("total_net_output_bytes");
    }

    /**
     * How often each command ran since the start or {@link #resetStats()}, by its name in lower case. Commands that
     * scripts call are counted, too, and so are those that this class sends ({@code info}, {@code config}).
     */
    public Map<String, Long> commandStats() {
        Map<String, Long> calls = new TreeMap<>();
        info("commandstats").forEach((name, value) -> {
            String prefix = "calls=";
            int start = value.indexOf(prefix) + prefix.length();
            calls.put(name.substring("cmdstat_".length()), Long.valueOf(value.substring(start, value.indexOf(','))));
        });
        return Collections.unmodifiableMap(calls);
    }

    /** How many errors of a kind it has answered since the start or {@link #resetStats()}, such as {@code LOADING}. */
    public long errors(String code) {
        String count = info("errorstats").getOrDefault("errorstat_" + code, "count=0");
        return Long.parseLong(count.substring(count.indexOf('=') + 1));
    }

    /** How often one command ran since the start or {@link #resetStats()}; the name in lower case. */
    public long calls(String command) {
        return commandStats().getOrDefault(command, 0L);
    }

    /** Sets what {@link #commandStats()} and {@link #stat} count to zero. */
    public void resetStats() {
        text("CONFIG", "RESETSTAT");
    }

    /** The names of the keys that match a pattern, sorted. */
    public SortedSet<String> keys(String pattern) {
        SortedSet<String> keys = new TreeSet<>();
        for (String key : texts("KEYS", pattern)) {
            if (key != null) {
                keys.add(key);
            }
        }
        return keys;
    }

    /** Deletes all keys. */
    public void flushAll() {
        text("FLUSHALL");
    }

    /** Ends the process and deletes its directory. A second call does nothing. */
    @Override
    public void close() {
        process.kill();
        Directories.delete(directory);
    }

    /** Settings of a server. Not thread-safe. */
    public static final class Builder {
        private final List<String> directives = new ArrayList<>();
        private IntSupplier freePort = FreePorts::next;
        private int fixedPort;
        private @Nullable String password;
        private @Nullable AclUser user;

        private Builder() {}

        /** The port to listen on; without it a free one is taken. */
        public Builder port(int port) {
            this.fixedPort = port;
            return this;
        }

        /** A directive of redis.conf with its values, such as {@code directive("maxmemory", "10mb")}. */
        public Builder directive(String name, String... values) {
            directives.add("--" + name);
            directives.addAll(List.of(values));
            return this;
        }

        /** The password of the default user ({@code requirepass}); used for {@link RedisServer#command}, too. */
        public Builder password(String password) {
            this.password = password;
            return this;
        }

        /** A user beside the default one, which {@link RedisServer#uri()} then names. */
        public Builder user(AclUser user) {
            this.user = user;
            return directive("user", user.words().toArray(String[]::new));
        }

        /** Keeps the data in an append-only file: what was answered is there again after {@link RedisServer#restart()}. */
        public Builder persistent() {
            return directive("appendonly", "yes");
        }

        /** Also keeps the port of the cluster bus free. */
        Builder clusterNode() {
            this.freePort = FreePorts::nextForClusterNode;
            return this;
        }

        /**
         * Starts it and waits until it answers.
         *
         * @throws IllegalStateException if it does not start; the message has its log
         */
        public RedisServer start() {
            for (int attempt = 1; ; attempt++) {
                Path directory = Directories.temporary("holdfast-redis-");
                try {
                    return new RedisServer(fixedPort == 0 ? freePort.getAsInt() : fixedPort, this, directory);
                } catch (RedisProcess.PortTakenException e) {
                    Directories.delete(directory);
                    if (fixedPort != 0 || attempt == PORT_ATTEMPTS) {
                        throw e;
                    }
                } catch (RuntimeException e) {
                    Directories.delete(directory);
                    throw e;
                }
            }
        }

        private List<String> arguments(int port, Path directory) {
            List<String> arguments = new ArrayList<>(List.of("--port", Integer.toString(port)));
            arguments.addAll(List.of("--bind", "127.0.0.1", "--dir", directory.toString()));
            arguments.addAll(List.of("--save", "", "--appendonly", "no", "--daemonize", "no"));
            if (password != null) {
                arguments.addAll(List.of("--requirepass", password, "--masterauth", password));
            }
            arguments.addAll(directives);
            return List.copyOf(arguments);
        }
    }
}
