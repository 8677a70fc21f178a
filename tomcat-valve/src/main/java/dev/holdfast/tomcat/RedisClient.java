package dev.holdfast.tomcat;

import dev.holdfast.SharedRedis;
import org.jspecify.annotations.Nullable;

/**
 * Connections to a Redis that several web applications of one Tomcat share. A {@code <Resource>} of this type in {@code
 * conf/server.xml}, made by {@link RedisClientFactory}, is what the attribute {@code client} of a manager names.
 *
 * <p>The first application that uses it connects, and the last one that stops closes the connections. One that starts
 * later connects again. Thread-safe.
 */
public final class RedisClient {

    private final String name;
    private final @Nullable SharedRedis redis;
    private final @Nullable String problem;

    private RedisClient(String name, @Nullable SharedRedis redis, @Nullable String problem) {
        this.name = name;
        this.redis = redis;
        this.problem = problem;
    }

    static RedisClient of(String name, SharedRedis redis) {
        return new RedisClient(name, redis, null);
    }

    /**
     * One that nobody can use: who tries is told why. Where a server resolves all its resources at its start, one that is
     * wrong must not keep the others from being found.
     */
    static RedisClient unusable(String name, String problem) {
        return new RedisClient(name, null, problem);
    }

    /**
     * The connections.
     *
     * @param calledAs how it was found, for the message
     * @throws IllegalStateException if its settings are wrong; the message lists all problems
     */
    SharedRedis redis(String calledAs) {
        if (redis == null) {
            throw new IllegalStateException("The Redis client " + calledAs + " of this Tomcat is wrong. " + problem);
        }
        return redis;
    }

    /** Where Redis is, without the password; the name of the resource if its settings are wrong. */
    public String getLocation() {
        return redis == null ? name : redis.location();
    }

    /** How many applications of this Tomcat use it now. */
    public int getUsers() {
        return redis == null ? 0 : redis.users();
    }

    /**
     * For the attribute {@code closeMethod}, which is not needed: there is nothing to close when no application uses the
     * client, and as long as one does, it keeps its connections. May be called any number of times.
     */
    public void close() {
        // See above.
    }

    /** The name of the resource, and where Redis is. */
    @Override
    public String toString() {
        return "RedisClient[" + name + ", " + getLocation() + "]";
    }
}
