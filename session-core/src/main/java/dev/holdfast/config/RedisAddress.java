package dev.holdfast.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which Redis to use: what a URI in the setting {@code redis} says. Immutable; {@code toString} shows the URI with the
 * password masked.
 *
 * <ul>
 *   <li>{@code redis://[[user]:password@]host[:port][/database]}, the port is 6379 unless given
 *   <li>{@code redis-sentinel://[[user]:password@]host[:port],.../master[/database]}, the port is 26379 unless given;
 *       user and password are for Redis, not for the Sentinels
 *   <li>{@code redis-cluster://[[user]:password@]host[:port],...}, the port is 6379 unless given
 *   <li>{@code rediss}, {@code rediss-sentinel}, {@code rediss-cluster}: the same over TLS
 * </ul>
 *
 * <p>User and password are percent-encoded, an IPv6 address stands in brackets.
 */
public sealed interface RedisAddress {

    /** The port of a Redis server when none is given. */
    int DEFAULT_PORT = 6379;

    /** The port of a Sentinel when none is given. */
    int DEFAULT_SENTINEL_PORT = 26_379;

    /**
     * Reads a URI.
     *
     * @param uri one of the forms above
     * @return what it says
     * @throws IllegalArgumentException if it has none of these forms; the message lists all that is wrong, and never
     *     shows the password
     */
    static RedisAddress parse(String uri) {
        return RedisUriParser.parse(uri);
    }

    /** Whether connections are encrypted. */
    boolean tls();

    /** With what connections log in, or null if they do not. */
    @Nullable
    RedisCredentials credentials();

    /**
     * The URI, complete: with every port and with the password. It is for a connection, not for a message.
     *
     * @return a URI that {@link #parse(String)} reads back to an equal address
     */
    default String toUri() {
        return RedisUriFormat.complete(this);
    }

    /**
     * One server.
     *
     * @param tls whether connections are encrypted
     * @param server where it listens
     * @param credentials with what to log in, or null
     * @param database the number of the database, 0 or more
     */
    record Single(boolean tls, HostAndPort server, @Nullable RedisCredentials credentials, int database)
            implements RedisAddress {

        /**
         * Checks the database.
         *
         * @throws IllegalArgumentException if the database is negative
         */
        public Single {
            requireDatabase(database);
        }

        @Override
        public String toString() {
            return RedisUriFormat.masked(this);
        }
    }

    /**
     * A master that Sentinels watch.
     *
     * @param tls whether connections, also those to the Sentinels, are encrypted
     * @param sentinels where the Sentinels listen, at least one
     * @param master the name that the Sentinels know the master by
     * @param credentials with what to log in to Redis, or null
     * @param database the number of the database, 0 or more
     */
    record Sentinel(
            boolean tls,
            List<HostAndPort> sentinels,
            String master,
            @Nullable RedisCredentials credentials,
            int database)
            implements RedisAddress {

        /**
         * Checks the database, and that there are Sentinels and a name.
         *
         * @throws IllegalArgumentException if the list is empty, the name is blank, or the database is negative
         */
        public Sentinel {
            sentinels = requireServers(sentinels);
            if (master.isBlank()) {
                throw new IllegalArgumentException("The master needs the name that the Sentinels know it by");
            }
            requireDatabase(database);
        }

        @Override
        public String toString() {
            return RedisUriFormat.masked(this);
        }
    }

    /**
     * A Redis Cluster. It only has database 0.
     *
     * @param tls whether connections are encrypted
     * @param nodes where to ask for the layout of the cluster, at least one node
     * @param credentials with what to log in, or null
     */
    record Cluster(
            boolean tls, List<HostAndPort> nodes, @Nullable RedisCredentials credentials) implements RedisAddress {

        /**
         * Checks that there are nodes.
         *
         * @throws IllegalArgumentException if the list is empty
         */
        public Cluster {
            nodes = requireServers(nodes);
        }

        @Override
        public String toString() {
            return RedisUriFormat.masked(this);
        }
    }

    private static List<HostAndPort> requireServers(List<HostAndPort> servers) {
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("At least one server is needed");
        }
        return List.copyOf(servers);
    }

    private static void requireDatabase(int database) {
        if (database < 0) {
            throw new IllegalArgumentException("The number of a database is 0 or more, not " + database);
        }
    }
}
