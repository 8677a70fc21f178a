package dev.holdfast.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.store.Committed;
import dev.holdfast.store.StoreException;
import dev.holdfast.testkit.RedisSentinel;
import dev.holdfast.testkit.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A master and a replica behind a sentinel. */
class RedisSentinelSessionStoreTest extends RedisSessionStoreContract {

    private final RedisSentinel sentinel = RedisSentinel.start();

    @AfterAll
    void stop() {
        sentinel.close();
    }

    @Override
    String uri() {
        return sentinel.uri();
    }

    @Override
    List<RedisServer> servers() {
        return List.of(sentinel.master());
    }

    @Test
    void the_store_follows_the_master() {
        created(Map.of("a", "1"));
        sentinel.awaitReplication();

        sentinel.failover();

        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptionsInstanceOf(StoreException.class)
                .untilAsserted(() -> {
                    assertThat(set("b", "2", 1)).isInstanceOf(Committed.Applied.class);
                    assertThat(attributes()).isEqualTo(Map.of("a", "1", "b", "2"));
                });
    }
}
