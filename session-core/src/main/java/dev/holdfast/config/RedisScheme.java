package dev.holdfast.config;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The first part of a Redis URI: how the servers are arranged, and whether they are spoken to over TLS. */
enum RedisScheme {
    REDIS("redis", Topology.SINGLE, false),
    REDIS_TLS("rediss", Topology.SINGLE, true),
    SENTINEL("redis-sentinel", Topology.SENTINEL, false),
    SENTINEL_TLS("rediss-sentinel", Topology.SENTINEL, true),
    CLUSTER("redis-cluster", Topology.CLUSTER, false),
    CLUSTER_TLS("rediss-cluster", Topology.CLUSTER, true);

    /** How servers are arranged. */
    enum Topology {
        SINGLE("localhost:6379", RedisAddress.DEFAULT_PORT),
        SENTINEL("sentinel-a:26379,sentinel-b:26379/mymaster", RedisAddress.DEFAULT_SENTINEL_PORT),
        CLUSTER("redis-a:6379,redis-b:6379", RedisAddress.DEFAULT_PORT);

        private final String example;
        private final int defaultPort;

        Topology(String example, int defaultPort) {
            this.example = example;
            this.defaultPort = defaultPort;
        }

        int defaultPort() {
            return defaultPort;
        }
    }

    static final String SEPARATOR = "://";

    private final String text;
    private final Topology topology;
    private final boolean tls;

    RedisScheme(String text, Topology topology, boolean tls) {
        this.text = text;
        this.topology = topology;
        this.tls = tls;
    }

    static Optional<RedisScheme> of(String text) {
        return Arrays.stream(values())
                .filter(scheme -> scheme.text.equals(text))
                .findFirst();
    }

    static RedisScheme of(Topology topology, boolean tls) {
        return Arrays.stream(values())
                .filter(scheme -> scheme.topology == topology && scheme.tls == tls)
                .findFirst()
                .orElseThrow();
    }

    static String all() {
        return Arrays.stream(values()).map(RedisScheme::prefix).collect(Collectors.joining(", "));
    }

    Topology topology() {
        return topology;
    }

    boolean tls() {
        return tls;
    }

    String prefix() {
        return text + SEPARATOR;
    }

    String example() {
        return prefix() + topology.example;
    }
}
