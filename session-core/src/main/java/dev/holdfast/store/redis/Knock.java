package dev.holdfast.store.redis;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.redisson.config.Config;
import org.redisson.misc.RedisURI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out by a socket of its own what happens at the address of a Redis, if the driver cannot say. */
final class Knock {

    private static final Logger log = LoggerFactory.getLogger(Knock.class);
    private static final byte[] PING = "PING\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int LEAST_MILLIS = 50;

    private Knock() {}

    /**
     * Whether anybody lives there. Whatever is done counts: an answer, the refusal of a client that has not logged in, or,
     * over TLS, an alert or the end of the connection. A connection alone does not: that is made by the operating system,
     * also for a process that hangs.
     *
     * @param config says where; of what only Redisson files can say (replicated, master and slaves) nothing is known
     * @param patience for all addresses together; the resolution of names may take longer
     */
    static boolean isAnswered(Config config, Duration patience) {
        List<String> addresses = addresses(config);
        int millis = millis(patience.dividedBy(Math.max(1, addresses.size())));
        return addresses.stream().anyMatch(address -> isAnswered(new RedisURI(address), millis));
    }

    /**
     * What a single server that takes no further clients says to a new one, which has asked nothing yet. The driver waits for
     * the answers to all that it sends first, and never hears this if a password is among it.
     *
     * @return null if it says nothing of this kind
     */
    static @Nullable String refusalOfClients(Config config, Duration patience) {
        if (!config.isSingleConfig()) {
            return null;
        }
        try (Socket socket = ask(new RedisURI(config.useSingleServer().getAddress()), millis(patience))) {
            String answer = new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            return answer != null && answer.startsWith("-" + StoreFaults.FULL) ? answer.substring(1) : null;
        } catch (IOException | RuntimeException silence) {
            log.debug("Nothing is said to a new client: {}", silence.toString());
            return null;
        }
    }

    private static int millis(Duration patience) {
        return (int) Math.max(LEAST_MILLIS, patience.toMillis());
    }

    private static List<String> addresses(Config config) {
        if (config.isSingleConfig()) {
            return List.of(config.useSingleServer().getAddress());
        }
        if (config.isSentinelConfig()) {
            return config.useSentinelServers().getSentinelAddresses();
        }
        return config.isClusterConfig() ? config.useClusterServers().getNodeAddresses() : List.of();
    }

    private static boolean isAnswered(RedisURI address, int millis) {
        try (Socket socket = ask(address, millis)) {
            int reaction = socket.getInputStream().read();
            log.debug("{} reacts: {}", address.getHost(), reaction);
            return true;
        } catch (IOException | RuntimeException silence) {
            log.debug("{} does not react: {}", address.getHost(), silence.toString());
            return false;
        }
    }

    private static Socket ask(RedisURI address, int millis) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), millis);
            socket.setSoTimeout(millis);
            socket.getOutputStream().write(PING);
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }
}
