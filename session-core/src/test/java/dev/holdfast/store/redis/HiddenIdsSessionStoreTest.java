package dev.holdfast.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.crypto.KeyRing;
import dev.holdfast.crypto.Protection;
import dev.holdfast.model.SessionId;
import dev.holdfast.store.Known;
import dev.holdfast.store.LockRequest;
import dev.holdfast.store.SessionStore;
import dev.holdfast.testkit.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Everything that a store does, with ids that are hidden. */
class HiddenIdsSessionStoreTest extends RedisSessionStoreContract {

    private static final String KEYS =
            "k1:5Qm0zZ7oH1kq3hZ8yq1x3N4l0o6mJp0aWm2rV9cT7uE= ids:1vYQ3m7s8pZb2kXo9hJ6tR4w5nE0uC1dLxGfAaSgB8M=";
    private static final String OTHER_KEYS =
            "k1:5Qm0zZ7oH1kq3hZ8yq1x3N4l0o6mJp0aWm2rV9cT7uE= ids:zzYQ3m7s8pZb2kXo9hJ6tR4w5nE0uC1dLxGfAaSgB8M=";

    private final RedisServer redis = RedisServer.start();

    @AfterAll
    void stop() {
        redis.close();
    }

    @Override
    Protection protection(String application) {
        return protection(application, KEYS);
    }

    private static Protection protection(String application, String keys) {
        KeyRing ring = KeyRing.parse(keys);
        return Protection.with(ring, true, false, application).withHiddenIds(ring, application);
    }

    @Override
    String uri() {
        return redis.uri();
    }

    @Override
    List<RedisServer> servers() {
        return List.of(redis);
    }

    @Test
    void no_id_stands_anywhere() {
        created(Map.of("a", "1"));
        store.locks().load(id, Known.NOTHING, true, new LockRequest("0123456789abcdef", Duration.ofSeconds(30), false));
        SessionId newId = colocatedId();
        store.rename(id, CREATED, newId);
        store.bury(newId(), CREATED);

        for (String key : redis.keys("*")) {
            assertThat(key).doesNotContain(id.value(), newId.value());
            assertThat(String.valueOf("string".equals(redis.text("TYPE", key)) ? redis.text("GET", key) : ""))
                    .doesNotContain(id.value(), newId.value());
        }
        assertThat(redis.texts("ZRANGE", tag(newId) + "due", "0", "-1"))
                .hasSize(1)
                .doesNotContain(newId.value());
    }

    @Test
    void nodes_that_do_not_find_the_sessions_of_each_other_are_told_so() {
        created(Map.of());
        String application = options.application();
        List<Protection> others = List.of(protection(application, OTHER_KEYS), Protection.none(application));
        for (Protection other : others) {
            assertThatThrownBy(() -> open(options.withProtection(other))).hasMessageStartingWith("HF-235 ");
        }
    }

    @Test
    void a_node_with_hidden_ids_is_told_that_others_have_none() {
        RedisStoreOptions plain = options(Duration.ofHours(1), Duration.ZERO).withProtection(Protection.none("any"));
        try (SessionStore first = open(plain)) {
            first.create(session(id, CREATED, HALF_AN_HOUR, Map.of()));
            assertThatThrownBy(() -> open(plain.withProtection(protection(plain.application()))))
                    .hasMessageStartingWith("HF-235 ");
        }
    }
}
