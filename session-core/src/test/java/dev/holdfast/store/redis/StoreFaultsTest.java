package dev.holdfast.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.store.StoreException;
import dev.holdfast.store.StoreException.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.redisson.RedissonShutdownException;
import org.redisson.client.RedisAuthRequiredException;
import org.redisson.client.RedisBusyException;
import org.redisson.client.RedisClusterDownException;
import org.redisson.client.RedisConnectionException;
import org.redisson.client.RedisException;
import org.redisson.client.RedisLoadingException;
import org.redisson.client.RedisMasterDownException;
import org.redisson.client.RedisOutOfMemoryException;
import org.redisson.client.RedisReadonlyException;
import org.redisson.client.RedisTimeoutException;
import org.redisson.client.RedisWrongPasswordException;
import org.redisson.client.WriteRedisConnectionException;

class StoreFaultsTest {

    private final StoreFaults faults = new StoreFaults("redis://h:6379");

    @Test
    void the_reason_is_what_the_driver_or_the_server_says() {
        Map<Throwable, Reason> expected = Map.ofEntries(
                Map.entry(new TimeoutException(), Reason.TIMEOUT),
                Map.entry(new RedisTimeoutException("late"), Reason.TIMEOUT),
                Map.entry(new RedisConnectionException("no"), Reason.CONNECT),
                Map.entry(new WriteRedisConnectionException("no"), Reason.CONNECT),
                Map.entry(new RedissonShutdownException("closed"), Reason.CONNECT),
                Map.entry(new ConnectException("refused"), Reason.CONNECT),
                Map.entry(new UnknownHostException("h"), Reason.CONNECT),
                Map.entry(new IOException("reset"), Reason.CONNECT),
                Map.entry(new RedisException("ERR max number of clients reached"), Reason.CONNECT),
                Map.entry(new RedisWrongPasswordException("WRONGPASS invalid"), Reason.AUTH),
                Map.entry(new RedisAuthRequiredException("NOAUTH Authentication required."), Reason.AUTH),
                Map.entry(new RedisException("ERR invalid password"), Reason.AUTH),
                Map.entry(new RedisException("NOPERM this user has no permissions"), Reason.ACL),
                Map.entry(new RedisReadonlyException("READONLY You can't write"), Reason.READONLY),
                Map.entry(new RedisException("MISCONF Redis is configured to save"), Reason.READONLY),
                Map.entry(new RedisMasterDownException("MASTERDOWN Link"), Reason.READONLY),
                Map.entry(new RedisOutOfMemoryException("command not allowed"), Reason.OOM),
                Map.entry(new RedisLoadingException("LOADING Redis is loading"), Reason.LOADING),
                Map.entry(new RedisClusterDownException("CLUSTERDOWN"), Reason.CLUSTERDOWN),
                Map.entry(new RedisException("MOVED redirection loop detected."), Reason.CLUSTERDOWN),
                Map.entry(new RedisException("WRONGTYPE Operation"), Reason.SCRIPT),
                Map.entry(new RedisException("ERR user_script:1: bad"), Reason.SCRIPT),
                Map.entry(new InterruptedException(), Reason.INTERRUPTED),
                Map.entry(new RedisBusyException("BUSY Redis is busy"), Reason.OTHER),
                Map.entry(new IllegalStateException("?"), Reason.OTHER));

        expected.forEach((fault, reason) -> {
            assertThat(StoreFaults.reason(fault)).as(fault.toString()).isEqualTo(reason);
            assertThat(StoreFaults.reason(new ExecutionException(new RedisConnectionException("wrapped", fault))))
                    .as("wrapped " + fault)
                    .isEqualTo(reason == Reason.SCRIPT || reason == Reason.OTHER ? Reason.CONNECT : reason);
        });
    }

    @Test
    void what_a_script_was_refused_is_found_in_the_words_of_redis_6_and_7() {
        String redis6 = "ERR Error running script (call to f_ab): @user_script:12: @user_script: 12: ";
        Map<String, Reason> expected = Map.of(
                redis6 + "-READONLY You can't write against a read only replica.",
                Reason.READONLY,
                redis6 + "-OOM command not allowed when used memory > 'maxmemory'.",
                Reason.OOM,
                redis6 + "-MISCONF Redis is configured to save RDB snapshots",
                Reason.READONLY,
                redis6 + "-NOREPLICAS Not enough good replicas to write.",
                Reason.READONLY,
                redis6 + "The user executing the script can't run this command or subcommand",
                Reason.ACL,
                "ERR The user executing the script can't access at least one of the keys",
                Reason.ACL,
                "READONLY You can't write against a read only replica. script: ab, on @user_script:12.",
                Reason.READONLY);

        expected.forEach((message, reason) -> assertThat(StoreFaults.reason(new RedisException(message)))
                .as(message)
                .isEqualTo(reason));
    }

    @Test
    void every_message_has_a_code_the_server_and_what_was_asked() {
        Throwable late = new RedisTimeoutException("late");

        StoreException fault = faults.classify(late, "commit", Duration.ofMillis(250));

        assertThat(fault)
                .hasMessage(
                        "HF-201 Redis redis://h:6379 (commit) did not answer within 250 ms. What was asked may still"
                                + " happen. Check Redis and the network, or raise operationTimeout.");
    }

    @Test
    void a_fault_that_is_understood_already_is_passed_on() {
        StoreException known = new StoreException(Reason.INCOMPATIBLE, "HF-211 …");

        assertThat(faults.classify(known, "load", Duration.ZERO)).isSameAs(known);
    }

    @Test
    void the_cause_keeps_the_stack_trace_and_drops_what_the_driver_quotes() {
        Throwable driver =
                new RedisException("WRONGTYPE Operation. channel: [id: 0x1] command: (EVALSHA), params: [ab, 3,"
                        + " test:{app:3}:s:SECRETSECRETSECRET, x]");

        StoreException fault = faults.classify(driver, "load", Duration.ofSeconds(1));

        assertThat(fault.getCause())
                .hasMessage("org.redisson.client.RedisException: WRONGTYPE Operation")
                .satisfies(cause -> assertThat(cause.getStackTrace()).isEqualTo(driver.getStackTrace()));
        assertThat(DriverFault.harmless("no such key test:{app:3}:s:SECRETSECRETSECRET or x:moved:SECRETSECRETSECRET!"))
                .isEqualTo("no such key test:{app:3}:s:SECR… or x:moved:SECR…!");
    }
}
