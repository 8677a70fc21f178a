package dev.holdfast.store.redis;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.redisson.config.Config;
import org.redisson.misc.RedisURI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether anybody lives at the address of a Redis, without the driver. Whatever is done there counts: an answer,
 * the refusal of a client that has not logged in, or, over TLS, an alert or the end of the connection. A connection alone
 * does not: that is made by the operating system, also for a process that hangs.
 */
final class Knock {

    private static final Logger log = LoggerFactory.getLogger(Knock.class);
    private static final byte[] PING = "PING\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int LEAST_MILLIS = 50;

    private Knock() {}

    /**
     * @param config says where; of what only Redisson files can say (replicated, master and slaves) nothing is known
     * @param patience for all addresses together; the resolution of names may take longer
     */
    static boolean isAnswered(Config config, Duration patience) {
        List<String> addresses = addresses(config);
        int millis = (int) Math.max(LEAST_MILLIS, patience.toMillis() / Math.max(1, addresses.size()));
        return addresses.stream().anyMatch(address -> isAnswered(new RedisURI(address), millis));
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
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), millis);
            socket.setSoTimeout(millis);
            socket.getOutputStream().write(PING);
            int reaction = socket.getInputStream().read();
            log.debug("{} reacts: {}", address.getHost(), reaction);
            return true;
        } catch (IOException | RuntimeException silence) {
            log.debug("{} does not react: {}", address.getHost(), silence.toString());
            return false;
        }
    }
}
