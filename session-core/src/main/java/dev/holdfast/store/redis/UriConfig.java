package dev.holdfast.store.redis;

import dev.holdfast.config.HostAndPort;
import dev.holdfast.config.RedisAddress;
import dev.holdfast.config.RedisAddress.Cluster;
import dev.holdfast.config.RedisAddress.Sentinel;
import dev.holdfast.config.RedisAddress.Single;
import dev.holdfast.config.RedisCredentials;
import java.time.Duration;
import java.util.List;
import org.redisson.config.BaseConfig;
import org.redisson.config.BaseMasterSlaveServersConfig;
import org.redisson.config.ClusterServersConfig;
import org.redisson.config.Config;
import org.redisson.config.ReadMode;
import org.redisson.config.SentinelServersConfig;
import org.redisson.config.SingleServerConfig;
import org.redisson.config.SubscriptionMode;

/** Redisson's settings for a URI. */
final class UriConfig {

    /**
     * Redisson's time-outs also limit the handshake of a new connection, which takes several round trips, and in a young
     * process loads classes for a second: shorter ones fail with Redis in good health. How long a call waits is up to
     * {@link dev.holdfast.store.Deadline}.
     */
    static final Duration LEAST_TIMEOUT = Duration.ofSeconds(3);

    private static final int SUBSCRIPTION_POOL_SIZE = 4;

    /** How often the driver looks who is master: that much longer does an outage last after a failover. */
    private static final Duration SCAN_INTERVAL = Duration.ofSeconds(1);

    private final int poolSize;
    private final Duration connectTimeout;
    private final Duration operationTimeout;

    UriConfig(int poolSize, Duration connectTimeout, Duration operationTimeout) {
        this.poolSize = poolSize;
        this.connectTimeout = connectTimeout;
        this.operationTimeout = operationTimeout;
    }

    Config of(RedisAddress address) {
        Config config = new Config();
        RedissonDefaults.apply(config);
        int threads = Math.max(2, Runtime.getRuntime().availableProcessors());
        config.setNettyThreads(threads).setThreads(threads);
        RedisCredentials credentials = address.credentials();
        if (credentials != null) {
            config.setUsername(credentials.user())
                    .setPassword(credentials.password().value());
        }
        if (address instanceof Single single) {
            limit(single(config.useSingleServer(), single));
        } else if (address instanceof Sentinel sentinel) {
            limit(pool(sentinel(config.useSentinelServers(), sentinel)));
        } else if (address instanceof Cluster cluster) {
            limit(pool(cluster(config.useClusterServers(), cluster)));
        }
        return config;
    }

    private SingleServerConfig single(SingleServerConfig servers, Single address) {
        return servers.setAddress(urls(address.tls(), List.of(address.server()))[0])
                .setDatabase(address.database())
                .setConnectionMinimumIdleSize(1)
                .setConnectionPoolSize(poolSize)
                .setSubscriptionConnectionMinimumIdleSize(1)
                .setSubscriptionConnectionPoolSize(SUBSCRIPTION_POOL_SIZE);
    }

    private static SentinelServersConfig sentinel(SentinelServersConfig servers, Sentinel address) {
        return servers.addSentinelAddress(urls(address.tls(), address.sentinels()))
                .setMasterName(address.master())
                .setDatabase(address.database())
                .setScanInterval((int) SCAN_INTERVAL.toMillis())
                // How many sentinels there should be is for the operator to judge.
                .setCheckSentinelsList(false);
    }

    private static ClusterServersConfig cluster(ClusterServersConfig servers, Cluster address) {
        return servers.addNodeAddress(urls(address.tls(), address.nodes()))
                .setScanInterval((int) SCAN_INTERVAL.toMillis());
    }

    private static String[] urls(boolean tls, List<HostAndPort> servers) {
        return servers.stream()
                .map(server -> (tls ? "rediss://" : "redis://") + server)
                .toArray(String[]::new);
    }

    private <T extends BaseMasterSlaveServersConfig<T>> T pool(T servers) {
        return servers.setReadMode(ReadMode.MASTER)
                .setSubscriptionMode(SubscriptionMode.MASTER)
                .setMasterConnectionMinimumIdleSize(1)
                .setMasterConnectionPoolSize(poolSize)
                .setSlaveConnectionMinimumIdleSize(1)
                .setSlaveConnectionPoolSize(poolSize)
                .setSubscriptionConnectionMinimumIdleSize(1)
                .setSubscriptionConnectionPoolSize(SUBSCRIPTION_POOL_SIZE);
    }

    /** A call that is late is reported, not repeated: the caller has a budget, and Redis may still run the first one. */
    private void limit(BaseConfig<?> servers) {
        servers.setRetryAttempts(0);
        servers.setTimeout((int) longer(LEAST_TIMEOUT, operationTimeout));
        servers.setConnectTimeout((int) connectTimeout.toMillis());
    }

    private static long longer(Duration one, Duration other) {
        return Math.max(one.toMillis(), other.toMillis());
    }
}
