package dev.holdfast.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A Redis Cluster of three masters, with a replica each or without.
 *
 * @see <a href="https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/">the cluster</a>
 */
public final class RedisCluster implements AutoCloseable {
    private static final int MASTERS = 3;
    private static final int SLOTS = 16_384;
    private static final int NODE_TIMEOUT_MILLIS = 1000;
    private static final Duration FORMATION = Duration.ofSeconds(30);
    private static final Duration PROMOTION = Duration.ofSeconds(60);

    /** The masters, and then their replicas in the same order, if there are any. */
    private final List<RedisServer> nodes;

    private RedisCluster(List<RedisServer> nodes) {
        this.nodes = List.copyOf(nodes);
    }

    /**
     * Starts three masters and waits until each of them takes the cluster for complete.
     *
     * @throws IllegalStateException if that takes longer than 30 s
     */
    public static RedisCluster start() {
        return start(MASTERS, Duration.ofSeconds(2));
    }

    /**
     * Starts three masters and a replica of each, and waits until all are complete. A master that does not answer for
     * {@value #NODE_TIMEOUT_MILLIS} ms is replaced by its replica.
     *
     * @throws IllegalStateException if that takes longer than 30 s
     */
    public static RedisCluster startWithReplicas() {
        return start(2 * MASTERS, Duration.ofMillis(NODE_TIMEOUT_MILLIS));
    }

    private static RedisCluster start(int count, Duration nodeTimeout) {
        List<RedisServer> nodes = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                nodes.add(RedisServer.builder()
                        .clusterNode()
                        .directive("cluster-enabled", "yes")
                        .directive("cluster-config-file", "nodes.conf")
                        .directive("cluster-node-timeout", Long.toString(nodeTimeout.toMillis()))
                        .directive("repl-diskless-sync", "yes")
                        .directive("repl-diskless-sync-delay", "0")
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
        for (int i = 0; i < nodes.size(); i++) {
            nodes.get(i).text("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
        }
        for (int i = 0; i < MASTERS; i++) {
            RedisServer node = nodes.get(i);
            Stream<String> slots =
                    IntStream.range(firstSlot(i), firstSlot(i + 1)).mapToObj(Integer::toString);
            node.text(Stream.concat(Stream.of("CLUSTER", "ADDSLOTS"), slots).toArray(String[]::new));
        }
        for (RedisServer other : nodes.subList(1, nodes.size())) {
            nodes.get(0).text("CLUSTER", "MEET", "127.0.0.1", Integer.toString(other.port()));
        }
        awaitComplete();
        for (int i = MASTERS; i < nodes.size(); i++) {
            String master = String.valueOf(nodes.get(i - MASTERS).text("CLUSTER", "MYID"));
            nodes.get(i).text("CLUSTER", "REPLICATE", master);
        }
        Waiting.require(
                FORMATION,
                () -> nodes.stream().skip(MASTERS).allMatch(RedisCluster::isReplicaInStep),
                () -> "A replica is not ready");
    }

    private static boolean isReplicaInStep(RedisServer node) {
        return "up".equals(node.info("replication").get("master_link_status"));
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
                () -> nodes.stream().allMatch(this::isComplete),
                () -> "The cluster is not complete: "
                        + nodes.stream().map(RedisCluster::state).toList());
    }

    private boolean isComplete(RedisServer node) {
        Map<String, String> state = state(node);
        return "ok".equals(state.get("cluster_state"))
                && Integer.toString(SLOTS).equals(state.get("cluster_slots_ok"))
                && Integer.toString(nodes.size()).equals(state.get("cluster_known_nodes"));
    }

    private static Map<String, String> state(RedisServer node) {
        String info = String.valueOf(node.text("CLUSTER", "INFO"));
        return info.lines()
                .filter(line -> line.indexOf(':') > 0)
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf(':')), line -> line.substring(line.indexOf(':') + 1)));
    }

    /**
     * Waits until the replica of a master that is dead or stands still has taken its place, and every living node knows.
     *
     * @param index of the master, as {@link #nodes()} gives them
     * @return the new master
     * @throws IllegalStateException if that takes longer than 60 s
     */
    public RedisServer awaitPromotion(int index) {
        RedisServer gone = nodes.get(index);
        RedisServer replica = nodes.get(index + MASTERS);
        Waiting.require(
                PROMOTION,
                () -> "master".equals(replica.info("replication").get("role"))
                        && nodes.stream()
                                .filter(node -> node != gone && node.isAlive())
                                .allMatch(this::isComplete),
                () -> "The replica is not promoted: " + replica.log());
        return replica;
    }

    /** The three masters, as they were at the start, and then the replica of each, if there are replicas. */
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

    /** {@code redis-cluster://127.0.0.1:port,127.0.0.1:port,127.0.0.1:port}, and the replicas. */
    public String uri() {
        return nodes.stream().map(RedisServer::address).collect(Collectors.joining(",", "redis-cluster://", ""));
    }

    /** Ends all nodes. A second call does nothing. */
    @Override
    public void close() {
        nodes.forEach(RedisServer::close);
    }
}
