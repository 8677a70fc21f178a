package dev.holdfast.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A master, a replica of it, and one sentinel or several that promote the replica when the master is dead: when most of
 * them have had no answer of it for {@value #DOWN_AFTER_MILLIS} ms.
 *
 * @see <a href="https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/">Sentinel</a>
 */
public final class RedisSentinel implements AutoCloseable {
    /** The name by which clients ask for the master. */
    public static final String MASTER_NAME = "mymaster";

    private static final Duration REPLICATION = Duration.ofSeconds(30);
    private static final Duration PROMOTION = Duration.ofSeconds(60);
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(10);
    private static final int PORT_ATTEMPTS = 5;

    private static final int DOWN_AFTER_MILLIS = 1000;
    private static final int FAILOVER_TIMEOUT_MILLIS = 5000;

    private final List<RedisServer> servers;
    private final List<Sentinel> sentinels = new ArrayList<>();

    private RedisSentinel(List<RedisServer> servers) {
        this.servers = servers;
    }

    /**
     * Starts both servers and one sentinel, and waits until it could promote the replica.
     *
     * @throws IllegalStateException if that takes longer than 30 s
     */
    public static RedisSentinel start() {
        return start(1);
    }

    /**
     * Starts both servers and some sentinels, and waits until these could promote the replica.
     *
     * @throws IllegalStateException if that takes longer than 30 s
     */
    public static RedisSentinel start(int sentinels) {
        List<RedisServer> servers = new ArrayList<>();
        RedisSentinel started = null;
        try {
            servers.add(RedisServer.builder()
                    .directive("repl-diskless-sync", "yes")
                    .directive("repl-diskless-sync-delay", "0")
                    .start());
            servers.add(RedisServer.builder()
                    .directive(
                            "replicaof",
                            "127.0.0.1",
                            Integer.toString(servers.get(0).port()))
                    .start());
            started = new RedisSentinel(List.copyOf(servers));
            for (int number = 0; number < sentinels; number++) {
                started.sentinels.add(startSentinel(servers.get(0), sentinels / 2 + 1));
            }
            started.awaitReplica();
            return started;
        } catch (RuntimeException e) {
            if (started != null) {
                started.sentinels.forEach(Sentinel::close);
            }
            servers.forEach(RedisServer::close);
            throw e;
        }
    }

    private static Sentinel startSentinel(RedisServer master, int quorum) {
        for (int attempt = 1; ; attempt++) {
            Path directory = Directories.temporary("holdfast-sentinel-");
            try {
                return new Sentinel(master, quorum, FreePorts.next(), directory);
            } catch (RuntimeException e) {
                Directories.delete(directory);
                if (!(e instanceof RedisProcess.PortTakenException) || attempt == PORT_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private void awaitReplica() {
        RedisServer replica = servers.get(1);
        Waiting.require(
                REPLICATION,
                () -> "up".equals(replica.info("replication").get("master_link_status"))
                        && sentinels.stream().allMatch(this::isReady),
                () -> "The replica is not ready:\n" + replica.log() + log());
    }

    private boolean isReady(Sentinel sentinel) {
        return seesReplica(sentinel)
                && sentinel.ask("SENTINEL", "SENTINELS", MASTER_NAME) instanceof List<?> others
                && others.size() == sentinels.size() - 1;
    }

    private String log() {
        return sentinels.stream().map(sentinel -> sentinel.process.log()).collect(Collectors.joining("\n"));
    }

    private static boolean seesReplica(Sentinel sentinel) {
        if (!(sentinel.ask("SENTINEL", "REPLICAS", MASTER_NAME) instanceof List<?> replicas) || replicas.isEmpty()) {
            return false;
        }
        return replicas.get(0) instanceof List<?> fields
                && "slave".equals(field(fields, "flags"))
                && "ok".equals(field(fields, "master-link-status"));
    }

    private static String field(List<?> namesAndValues, String name) {
        for (int i = 0; i + 1 < namesAndValues.size(); i += 2) {
            if (name.equals(decode(namesAndValues.get(i)))) {
                return decode(namesAndValues.get(i + 1));
            }
        }
        return "";
    }

    private static String decode(@Nullable Object value) {
        return value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : "";
    }

    /** {@code redis-sentinel://127.0.0.1:port,…/mymaster}. */
    public String uri() {
        return sentinels.stream()
                .map(sentinel -> "127.0.0.1:" + sentinel.port)
                .collect(Collectors.joining(",", "redis-sentinel://", "/" + MASTER_NAME));
    }

    /** The port of the first sentinel. */
    public int port() {
        return sentinels.get(0).port;
    }

    /** The two servers: first the one that was master at the start. */
    public List<RedisServer> servers() {
        return servers;
    }

    /** The server that the first sentinel takes for the master now. */
    public RedisServer master() {
        return master(sentinels.get(0));
    }

    private RedisServer master(Sentinel sentinel) {
        Object address = sentinel.ask("SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER_NAME);
        String masterPort = address instanceof List<?> hostAndPort ? decode(hostAndPort.get(1)) : "";
        return servers.stream()
                .filter(server -> Integer.toString(server.port()).equals(masterPort))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("The sentinel names an unknown master: " + masterPort));
    }

    /**
     * Waits until the replica has all that the master has now. Only before the first {@link #failover()}.
     *
     * @throws IllegalStateException if that takes longer than 30 s
     */
    public void awaitReplication() {
        long offset = offset(servers.get(0), "master_repl_offset");
        Waiting.require(
                REPLICATION,
                () -> offset(servers.get(1), "slave_repl_offset") >= offset,
                () -> "The replica has not reached offset " + offset);
    }

    private static long offset(RedisServer server, String name) {
        return Long.parseLong(server.info("replication").getOrDefault(name, "-1"));
    }

    /**
     * Kills the master, and waits until the replica has been promoted. What had not reached the replica is lost; see
     * {@link #awaitReplication()}. It works once: there is no second replica.
     *
     * @return the new master
     * @throws IllegalStateException if that takes longer than 60 s
     */
    public RedisServer failover() {
        RedisServer old = master();
        old.kill();
        return awaitPromotion(old);
    }

    /**
     * Waits until the replica has been promoted, and all sentinels say so.
     *
     * @param old the server that was master before
     * @return the new master
     * @throws IllegalStateException if that takes longer than 60 s
     */
    public RedisServer awaitPromotion(RedisServer old) {
        Waiting.require(
                PROMOTION,
                () -> sentinels.stream().map(this::master).allMatch(master -> master != old && isMaster(master)),
                () -> "The replica is not promoted:\n" + log());
        return master();
    }

    private static boolean isMaster(RedisServer server) {
        return "master".equals(server.info("replication").get("role"));
    }

    /** Ends the sentinels and both servers. A second call does nothing. */
    @Override
    public void close() {
        sentinels.forEach(Sentinel::close);
        servers.forEach(RedisServer::close);
    }

    /** One process. */
    private static final class Sentinel {
        private final int port;
        private final Path directory;
        private final RedisProcess process;

        Sentinel(RedisServer master, int quorum, int port, Path directory) {
            this.port = port;
            this.directory = directory;
            this.process = RedisProcess.start(
                    List.of(configuration(master, quorum).toString(), "--sentinel"), directory, port, null);
        }

        /** The sentinel writes what it learns into this file. */
        private Path configuration(RedisServer master, int quorum) {
            Path file = directory.resolve("sentinel.conf");
            List<String> lines = List.of(
                    "port " + port,
                    "bind 127.0.0.1",
                    "dir " + directory,
                    "sentinel monitor " + MASTER_NAME + " 127.0.0.1 " + master.port() + " " + quorum,
                    "sentinel down-after-milliseconds " + MASTER_NAME + " " + DOWN_AFTER_MILLIS,
                    "sentinel failover-timeout " + MASTER_NAME + " " + FAILOVER_TIMEOUT_MILLIS);
            try {
                return Files.write(file, lines);
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot write " + file, e);
            }
        }

        @Nullable
        Object ask(String... arguments) {
            byte[][] encoded = new byte[arguments.length][];
            for (int i = 0; i < arguments.length; i++) {
                encoded[i] = RespConnection.bytes(arguments[i]);
            }
            try (RespConnection connection = new RespConnection(port, null, COMMAND_TIMEOUT)) {
                return connection.call(encoded);
            } catch (IOException e) {
                throw new UncheckedIOException("A sentinel does not answer", e);
            }
        }

        void close() {
            process.kill();
            Directories.delete(directory);
        }
    }
}
