package dev.holdfast.store.redis;

import dev.holdfast.model.SessionId;
import dev.holdfast.store.Deadline;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.StoreException.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.redisson.Redisson;
import org.redisson.client.codec.StringCodec;
import org.redisson.client.protocol.RedisCommands;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks at start that Redis can be worked with: its release, what the user may do, and the number of partitions.
 *
 * <p>The scripts themselves are the best check of the rest: a look-up in every partition needs the same commands and
 * keys as requests do, and leaves an epoch in each, so that a node with another number is sure to meet one.
 */
final class ServerCheck {

    private static final Logger log = LoggerFactory.getLogger(ServerCheck.class);

    private static final int LEAST_MAJOR = 6;
    private static final int LEAST_MINOR = 2;
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");
    private static final SessionId NOBODY = new SessionId("holdfast-start-check");

    private final RedisConnections connections;
    private final RedisStoreOptions options;
    private final StoreClock clock;
    private final Duration timeout;

    ServerCheck(RedisConnections connections, RedisStoreOptions options) {
        this(connections, options, StoreClock.ofThisNode());
    }

    /** @param clock learns the time of Redis */
    ServerCheck(RedisConnections connections, RedisStoreOptions options, StoreClock clock) {
        this.connections = connections;
        this.options = options;
        this.clock = clock;
        // The first commands of a process load classes, which takes longer than a request may wait.
        Duration least = UriConfig.LEAST_TIMEOUT;
        this.timeout = options.operationTimeout().compareTo(least) > 0 ? options.operationTimeout() : least;
    }

    /** @throws StoreException if Redis cannot be worked with */
    void run() {
        checkVersions();
        checkPartitions();
    }

    /** Checks the release only. */
    void checkVersions() {
        Deadline deadline = Deadline.in(timeout);
        try {
            for (CompletableFuture<Map<String, String>> server : serverInfos()) {
                checkVersion(deadline.await(server).getOrDefault("redis_version", ""));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw connections.faults().classify(e, "info", timeout);
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            if (StoreFaults.reason(e) != Reason.ACL) {
                throw connections.faults().classify(e, "info", timeout);
            }
            log.warn(
                    "HF-214 The Redis user may not run INFO, so the release of Redis is not checked. Sessions need Redis"
                            + " {}.{} or later. Allow +info to have it checked.",
                    LEAST_MAJOR,
                    LEAST_MINOR);
        }
    }

    private List<CompletableFuture<Map<String, String>>> serverInfos() {
        return ((Redisson) connections.client())
                .getCommandExecutor()
                .writeAllAsync(StringCodec.INSTANCE, RedisCommands.INFO_SERVER);
    }

    private static void checkVersion(String version) {
        Matcher matcher = VERSION.matcher(version);
        if (!matcher.matches()) {
            log.warn(
                    "HF-214 Redis does not tell its release, so it is not checked. Sessions need Redis {}.{} or later.",
                    LEAST_MAJOR,
                    LEAST_MINOR);
            return;
        }
        int major = Integer.parseInt(matcher.group(1));
        int minor = Integer.parseInt(matcher.group(2));
        if (major < LEAST_MAJOR || (major == LEAST_MAJOR && minor < LEAST_MINOR)) {
            throw new StoreException(
                    Reason.INCOMPATIBLE,
                    "HF-212 Redis " + version + " is too old: sessions need " + LEAST_MAJOR + "." + LEAST_MINOR
                            + " or later. Nothing was read or written. Upgrade Redis.");
        }
    }

    private void checkPartitions() {
        Keys keys = new Keys(options);
        ScriptCaller scripts = new ScriptCaller(connections.client(), connections.faults(), timeout);
        for (int partition = 0; partition < keys.partitions(); partition++) {
            List<Object> names = List.of(keys.record(partition, NOBODY), keys.due(partition), keys.epoch(partition));
            Arguments lookUp = Arguments.of(options, NOBODY, 0).number(0).number(RedisSessionStore.NO_TOUCH);
            ReplyReader reply = scripts.call(Script.LOAD, names, lookUp, keys.partitions(), clock);
            if (reply.status() == 'A') {
                reply.text();
                reply.instant();
            }
        }
    }
}
