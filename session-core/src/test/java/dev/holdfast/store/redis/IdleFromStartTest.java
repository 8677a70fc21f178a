package dev.holdfast.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.model.Delta;
import dev.holdfast.model.NewSession;
import dev.holdfast.model.SessionId;
import dev.holdfast.store.Known;
import dev.holdfast.store.Loaded;
import dev.holdfast.testkit.RedisServer;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Idle time that counts from the arrival of a request. */
class IdleFromStartTest {
    @Test
    void a_shorter_interval_set_in_a_request_does_not_end_the_session_at_once() {
        SessionId id = new SessionId("0123456789ABCDEF");
        try (RedisServer redis = RedisServer.start();
                RedisSessionStore store = RedisSessionStore.open(
                        RedisSource.uri(redis.uri()),
                        new RedisStoreOptions(
                                "holdfast",
                                "app",
                                4,
                                Duration.ofSeconds(1),
                                Duration.ofMinutes(5),
                                Duration.ofSeconds(20),
                                true))) {
            long created = System.currentTimeMillis();
            store.create(new NewSession(id, created, 1, 1800, Map.of("x", new byte[] {1})));
            await().pollDelay(Duration.ofMillis(2500)).until(() -> true);
            assertThat(store.load(id, Known.NOTHING, true)).isInstanceOf(Loaded.Everything.class);
            store.commit(id, Known.of(created, 1), new Delta(Map.of(), Set.of(), OptionalInt.of(1)), 7);
            assertThat(store.load(id, Known.NOTHING, true)).isInstanceOf(Loaded.Everything.class);
        }
    }
}
