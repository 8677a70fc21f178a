package dev.holdfast.store.redis;

import dev.holdfast.config.RedisAddress;
import java.time.Duration;
import org.redisson.config.Config;

/** How to reach Redis: by a URI, or by a file of Redisson's for what a URI cannot say. Immutable. */
public final class RedisSource {

    /** The default of the pool size: commands share sockets, and a few of them are faster than many. */
    public static final int DEFAULT_POOL_SIZE = 8;

    private static final int MAX_POOL_SIZE = 64;

    private final String description;
    private final ConfigFactory configs;

    private RedisSource(String description, ConfigFactory configs) {
        this.description = description;
        this.configs = configs;
    }

    /**
     * Redis at an address, with settings that fit short calls and a bounded wait.
     *
     * @param address where it is
     * @param poolSize the most connections to one server; 1 to 64
     * @param connectTimeout the longest that making a connection may take; 1 second or more
     * @return the source
     * @throws IllegalArgumentException if the pool size is out of range
     */
    public static RedisSource at(RedisAddress address, int poolSize, Duration connectTimeout) {
        if (poolSize < 1 || poolSize > MAX_POOL_SIZE) {
            throw new IllegalArgumentException("poolSize is " + poolSize + " (allowed: 1 to " + MAX_POOL_SIZE + ")");
        }
        return new RedisSource(
                address.toString(),
                operationTimeout -> new UriConfig(poolSize, connectTimeout, operationTimeout).of(address));
    }

    /**
     * Redis at a URI, with the defaults.
     *
     * @param uri as {@link RedisAddress#parse} reads it
     * @return the source
     * @throws IllegalArgumentException if the URI is malformed
     */
    public static RedisSource uri(String uri) {
        return at(RedisAddress.parse(uri), DEFAULT_POOL_SIZE, UriConfig.LEAST_TIMEOUT);
    }

    /**
     * Redis as a YAML file of Redisson's says. The file is taken at its word, time-outs, retries and pools included:
     * {@code retryAttempts: 0} and a {@code timeout} near the operation timeout are advisable. Only what has no meaning
     * here is overruled: codec, script cache, and references between objects. Tags such as
     * {@code !<org.redisson.…>} work as in Redisson's documentation.
     *
     * @param text the content of the file
     * @param name the name of the file, for messages
     * @return the source
     * @throws IllegalArgumentException if it cannot be read
     */
    public static RedisSource yaml(String text, String name) {
        YamlConfig.read(text, name);
        return new RedisSource(name, operationTimeout -> YamlConfig.read(text, name));
    }

    /**
     * Whether it is a Redis Cluster.
     *
     * @throws IllegalArgumentException if the file that says so cannot be read
     */
    public boolean isCluster() {
        return config(UriConfig.LEAST_TIMEOUT).isClusterConfig();
    }

    /**
     * Finds out whether anybody lives at its addresses, over plain sockets. The resolution of names may take longer.
     *
     * @param patience how long to wait for a sign of life
     * @return whether there was one; whoever gives it need not let us in
     */
    public boolean reacts(Duration patience) {
        return Knock.isAnswered(config(UriConfig.LEAST_TIMEOUT), patience);
    }

    /** A new configuration. Redisson keeps and changes the one that it is given. */
    Config config(Duration operationTimeout) {
        return configs.create(operationTimeout);
    }

    /** Where Redis is, without user and password. */
    @Override
    public String toString() {
        return description;
    }

    private interface ConfigFactory {
        Config create(Duration operationTimeout);
    }
}
