package dev.holdfast.store.redis;

import java.time.Duration;
import org.redisson.config.BaseConfig;
import org.redisson.config.BaseMasterSlaveServersConfig;
import org.redisson.config.Config;
import org.redisson.config.ReadMode;
import org.redisson.config.SubscriptionMode;

/** Redisson's settings for a URI. */
final class UriConfig {

    /**
     * Redisson's time-outs also limit the handshake of a new connection, which takes several round trips, and in a young
     * process loads classes for a second: shorter ones fail with Redis in good health. How long a call waits is up to
     * {@link Deadline}.
     */
    static final Duration LEAST_TIMEOUT = Duration.ofSeconds(3);

    private static final int SUBSCRIPTION_POOL_SIZE = 4;

    private UriConfig() {}

    static Config of(RedisAddress address, int poolSize, Duration operationTimeout) {
        Config config = new Config();
        RedissonDefaults.apply(config);
        int threads = Math.max(2, Runtime.getRuntime().availableProcessors());
        config.setNettyThreads(threads).setThreads(threads);
        if (address.password() != null) {
            config.setUsername(address.user()).setPassword(address.password());
        }
        switch (address.kind()) {
            case SINGLE ->
                limit(
                        config.useSingleServer()
                                .setAddress(address.urls()[0])
                                .setDatabase(address.database())
                                .setConnectionMinimumIdleSize(1)
                                .setConnectionPoolSize(poolSize)
                                .setSubscriptionConnectionMinimumIdleSize(1)
                                .setSubscriptionConnectionPoolSize(SUBSCRIPTION_POOL_SIZE),
                        operationTimeout);
            case SENTINEL ->
                limit(
                        pool(
                                config.useSentinelServers()
                                        .addSentinelAddress(address.urls())
                                        .setMasterName(address.master())
                                        .setDatabase(address.database())
                                        // How many sentinels there should be is for the operator to judge.
                                        .setCheckSentinelsList(false),
                                poolSize),
                        operationTimeout);
            case CLUSTER ->
                limit(pool(config.useClusterServers().addNodeAddress(address.urls()), poolSize), operationTimeout);
        }
        return config;
    }

    private static <T extends BaseMasterSlaveServersConfig<T>> T pool(T servers, int poolSize) {
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
    private static void limit(BaseConfig<?> servers, Duration operationTimeout) {
        servers.setRetryAttempts(0);
        int millis = (int) Math.max(LEAST_TIMEOUT.toMillis(), operationTimeout.toMillis());
        servers.setTimeout(millis);
        servers.setConnectTimeout(millis);
    }
}
