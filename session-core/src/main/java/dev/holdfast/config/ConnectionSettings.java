package dev.holdfast.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to reach Redis: what an application has for itself, or a client that several applications share. Checked and
 * immutable; {@link #toString()} shows no password. {@link Settings} says what each setting is.
 *
 * @param redis which Redis to use, or null if {@code redissonConfig} says it
 * @param redissonConfig the Redisson file that says which Redis to use, or null if {@code redis} does; exactly one of
 *     the two is given
 * @param operationTimeout the longest that any user of these connections waits for one call; 10 ms to 60 s
 * @param connectTimeout the longest that making a connection may take; 1 s to 60 s
 * @param connectionPoolSize connections to each Redis server; 1 to 64
 */
public record ConnectionSettings(
        @Nullable RedisAddress redis,
        @Nullable Path redissonConfig,
        Duration operationTimeout,
        Duration connectTimeout,
        int connectionPoolSize) {

    /**
     * Checks every range.
     *
     * @throws InvalidSettingsException if a value is out of its range, or if not exactly one of {@code redis} and
     *     {@code redissonConfig} is given; it lists all problems
     */
    public ConnectionSettings {
        List<String> problems = new ArrayList<>();
        Vocabulary.oneRedis(
                        Vocabulary.OF_A_CONNECTION,
                        way -> way.equals(Vocabulary.REDIS) ? redis != null : redissonConfig != null)
                .ifPresent(problems::add);
        Vocabulary.OPERATION_TIMEOUT.check(operationTimeout, problems);
        Vocabulary.CONNECT_TIMEOUT.check(connectTimeout, problems);
        Vocabulary.CONNECTION_POOL_SIZE.check(connectionPoolSize, problems);
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(problems);
        }
    }

    /** Which Redis it is, for a message: the URI without its password, or the Redisson file. */
    public String location() {
        return redis == null ? "the Redis of " + redissonConfig : redis.toString();
    }
}
