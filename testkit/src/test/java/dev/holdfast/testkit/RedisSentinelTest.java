package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class RedisSentinelTest {
    @Test
    void the_replica_takes_over_with_the_data_when_the_master_dies() {
        try (RedisSentinel sentinel = RedisSentinel.start()) {
            RedisServer first = sentinel.master();
            assertThat(sentinel.uri()).matches(Pattern.quote("redis-sentinel://127.0.0.1:") + "\\d+/mymaster");
            assertThat(first).isSameAs(sentinel.servers().get(0));
            first.text("SET", "key", "value");
            sentinel.awaitReplication();

            RedisServer second = sentinel.failover();

            assertThat(first.isAlive()).isFalse();
            assertThat(second)
                    .isSameAs(sentinel.master())
                    .isSameAs(sentinel.servers().get(1));
            assertThat(second.text("GET", "key")).isEqualTo("value");
            assertThat(second.text("SET", "key", "other")).isEqualTo("OK");
        }
    }
}
