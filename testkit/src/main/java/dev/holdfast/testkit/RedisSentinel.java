package dev.holdfast.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A master, a replica of it, and one sentinel that promotes the replica when the master is dead.
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

    private final List<RedisServer> servers;
    private final int port;
    private final Path directory;
    private final RedisProcess process;

    private RedisSentinel(List<RedisServer> servers, int port, Path directory) {
        this.servers = servers;
        this.port = port;
        this.directory = directory;
        this.process = RedisProcess.start(
                List.of(configuration(servers.get(0)).toString(), "--sentinel"), directory, port, null);
    }

    /**
     * Starts the three processes and waits until the sentinel could promote the replica.
     *
     * @throws IllegalStateException if that takes longer than 30 s
     */
    public static RedisSentinel start() {
        RedisServer master = null;
        RedisServer replica = null;
        RedisSentinel sentinel = null;
        try {
            master = RedisServer.builder()
                    .directive("repl-diskless-sync", "yes")
                    .directive("repl-diskless-sync-delay", "0")
                    .start();
            replica = RedisServer.builder()
                    .directive("replicaof", "127.0.0.1", Integer.toString(master.port()))
                    .start();
            sentinel = startSentinel(List.of(master, replica));
            sentinel.awaitReplica();
            return sentinel;
        } catch (RuntimeException e) {
            close(sentinel);
            close(replica);
            close(master);
            throw e;
        }
    }

    private static void close(@Nullable AutoCloseable started) {
        if (started instanceof RedisServer server) {
            server.close();
        } else if (started instanceof RedisSentinel sentinel) {
            sentinel.close();
        }
    }

    private static RedisSentinel startSentinel(List<RedisServer> servers) {
        for (int attempt = 1; ; attempt++) {
            Path directory = Directories.temporary("holdfast-sentinel-");
            try {
                return new RedisSentinel(servers, FreePorts.next(), directory);
            } catch (RuntimeException e) {
                Directories.delete(directory);
                if (!(e instanceof RedisProcess.PortTakenException) || attempt == PORT_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** The sentinel writes what it learns into this file. */
    private Path configuration(RedisServer master) {
        Path file = directory.resolve("sentinel.conf");
        String monitored = "sentinel monitor " + MASTER_NAME + " 127.0.0.1 " + master.port() + " 1";
        List<String> lines = List.of(
                "port " + port,
                "bind 127.0.0.1",
                "dir " + directory,
                monitored,
                "sentinel down-after-milliseconds " + MASTER_NAME + " 1000",
                "sentinel failover-timeout " + MASTER_NAME + " 5000");
        try {
            return Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file, e);
        }
    }

    private void awaitReplica() {
        RedisServer replica = servers.get(1);
        Waiting.require(
                REPLICATION,
                () -> "up".equals(replica.info("replication").get("master_link_status")) && sentinelSeesReplica(),
                () -> "The replica is not ready:\n" + replica.log() + process.log());
    }

    private boolean sentinelSeesReplica() {
        if (!(ask("SENTINEL", "REPLICAS", MASTER_NAME) instanceof List<?> replicas) || replicas.isEmpty()) {
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

    private @Nullable Object ask(String... arguments) {
        byte[][] encoded = new byte[arguments.length][];
        for (int i = 0; i < arguments.length; i++) {
            encoded[i] = RespConnection.bytes(arguments[i]);
        }
        try (RespConnection connection = new RespConnection(port, null, COMMAND_TIMEOUT)) {
            return connection.call(encoded);
        } catch (IOException e) {
            throw new UncheckedIOException("The sentinel does not answer", e);
        }
    }

    /** {@code redis-sentinel://127.0.0.1:port/mymaster}. */
    public String uri() {
        return "redis-sentinel://127.0.0.1:" + port + "/" + MASTER_NAME;
    }

    /** The port of the sentinel. */
    public int port() {
        return port;
    }

    /** The two servers: first the one that was master at the start. */
    public List<RedisServer> servers() {
        return servers;
    }

    /** The server that the sentinel takes for the master now. */
    public RedisServer master() {
        Object address = ask("SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER_NAME);
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
        Waiting.require(
                PROMOTION,
                () -> master() != old
                        && "master".equals(master().info("replication").get("role")),
                () -> "The sentinel does not promote the replica:\n" + process.log());
        return master();
    }

    /** Ends the sentinel and both servers. A second call does nothing. */
    @Override
    public void close() {
        process.kill();
        Directories.delete(directory);
        servers.forEach(RedisServer::close);
    }
}
