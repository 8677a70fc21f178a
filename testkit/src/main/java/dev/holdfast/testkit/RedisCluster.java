package dev.holdfast.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A Redis Cluster of three masters without replicas.
 *
 * @see <a href="https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/">the cluster</a>
 */
public final class RedisCluster implements AutoCloseable {
    private static final int MASTERS = 3;
    private static final int SLOTS = 16_384;
    private static final Duration FORMATION = Duration.ofSeconds(30);

    private final List<RedisServer> nodes;

    private RedisCluster(List<RedisServer> nodes) {
        this.nodes = List.copyOf(nodes);
    }

    /**
     * Starts the nodes and waits until each of them takes the cluster for complete.
     *
     * @throws IllegalStateException if that takes longer than 30 s
     */
    public static RedisCluster start() {
        List<RedisServer> nodes = new ArrayList<>();
        try {
            for (int i = 0; i < MASTERS; i++) {
                nodes.add(RedisServer.builder()
                        .clusterNode()
                        .directive("cluster-enabled", "yes")
                        .directive("cluster-config-file", "nodes.conf")
                        .directive("cluster-node-timeout", "2000")
                        .start());
            }
            RedisCluster cluster = new RedisCluster(nodes);
            cluster.form();
            return cluster;
        } catch (RuntimeException e) {
            nodes.forEach(RedisServer::close);
            throw e;
        }
    }

    private void form() {
        for (int i = 0; i < MASTERS; i++) {
            RedisServer node = nodes.get(i);
            node.text("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
            Stream<String> slots =
                    IntStream.range(firstSlot(i), firstSlot(i + 1)).mapToObj(Integer::toString);
            node.text(Stream.concat(Stream.of("CLUSTER", "ADDSLOTS"), slots).toArray(String[]::new));
        }
        for (RedisServer other : nodes.subList(1, MASTERS)) {
            nodes.get(0).text("CLUSTER", "MEET", "127.0.0.1", Integer.toString(other.port()));
        }
        awaitComplete();
    }

    private static int firstSlot(int node) {
        return SLOTS * node / MASTERS;
    }

    /**
     * Waits until every node takes the cluster for complete: after a node was restarted, for instance.
     *
     * @throws IllegalStateException if that takes longer than 30 s
     */
    public void awaitComplete() {
        Waiting.require(
                FORMATION,
                () -> nodes.stream().allMatch(RedisCluster::isComplete),
                () -> "The cluster is not complete: "
                        + nodes.stream().map(RedisCluster::state).toList());
    }

    private static boolean isComplete(RedisServer node) {
        Map<String, String> state = state(node);
        return "ok".equals(state.get("cluster_state"))
                && Integer.toString(SLOTS).equals(state.get("cluster_slots_ok"))
                && Integer.toString(MASTERS).equals(state.get("cluster_known_nodes"));
    }

    private static Map<String, String> state(RedisServer node) {
        String info = String.valueOf(node.text("CLUSTER", "INFO"));
        return info.lines()
                .filter(line -> line.indexOf(':') > 0)
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf(':')), line -> line.substring(line.indexOf(':') + 1)));
    }

    /** The three masters. */
    public List<RedisServer> nodes() {
        return nodes;
    }

    /** The master that holds a key, by the slots as they were given out at the start. */
    public RedisServer nodeOf(String key) {
        int slot = Integer.parseInt(String.valueOf(nodes.get(0).text("CLUSTER", "KEYSLOT", key)));
        for (int i = 0; i < MASTERS; i++) {
            if (slot < firstSlot(i + 1)) {
                return nodes.get(i);
            }
        }
        throw new IllegalStateException("No such slot: " + slot);
    }

    /** {@code redis-cluster://127.0.0.1:port,127.0.0.1:port,127.0.0.1:port}. */
    public String uri() {
        return nodes.stream().map(RedisServer::address).collect(Collectors.joining(",", "redis-cluster://", ""));
    }

    /** Ends all nodes. A second call does nothing. */
    @Override
    public void close() {
        nodes.forEach(RedisServer::close);
    }
}
