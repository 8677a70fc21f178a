package dev.holdfast.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntPredicate;

/**
 * Finds free TCP ports of the loopback interface.
 *
 * <p>The ports lie below the range from which the operating system takes the local ports of outgoing connections.
 * Otherwise a client that tries to reconnect to a dead server would now and then take the server's port, or even
 * connect to itself. This JVM gets each port once; another process may still be faster, so who binds must be ready to
 * try again.
 *
 * <p>Thread-safe.
 */
public final class FreePorts {
    /** How far the bus port of a Redis Cluster node lies above its port. */
    static final int CLUSTER_BUS_OFFSET = 10_000;

    private static final int LOWEST = 10_240;
    private static final int HIGHEST = 32_000;
    private static final int ATTEMPTS = 1_000;
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private FreePorts() {}

    /**
     * A port that is free now, and that this JVM has not been given before.
     *
     * @throws IllegalStateException if none is found
     */
    public static int next() {
        return draw(HIGHEST, FreePorts::isFree);
    }

    /**
     * A port for a node of a Redis Cluster: the port 10000 above it is free, too.
     *
     * @throws IllegalStateException if none is found
     */
    public static int nextForClusterNode() {
        return draw(HIGHEST - CLUSTER_BUS_OFFSET, port -> isFree(port) && isFree(port + CLUSTER_BUS_OFFSET));
    }

    /** Whether a server could listen on this port of 127.0.0.1 now. */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    private static int draw(int highest, IntPredicate suits) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, highest);
            if (suits.test(port) && GIVEN.add(port)) {
                return port;
            }
        }
        throw new IllegalStateException("No free port found between " + LOWEST + " and " + highest);
    }
}
