package dev.holdfast.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.crypto.KeyRing;
import dev.holdfast.crypto.Protection;
import dev.holdfast.store.StoredSignOn;
import dev.holdfast.testkit.RedisServer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Everything that a store of sign-ons does, with ids that are hidden. */
class HiddenIdsSignOnStoreTest extends RedisSignOnStoreContract {

    private static final KeyRing KEYS = KeyRing.parse(
            "k1:5Qm0zZ7oH1kq3hZ8yq1x3N4l0o6mJp0aWm2rV9cT7uE= ids:1vYQ3m7s8pZb2kXo9hJ6tR4w5nE0uC1dLxGfAaSgB8M=");

    private final RedisServer redis = RedisServer.start();

    @AfterAll
    void stop() {
        redis.close();
    }

    @Override
    Protection protection(String host) {
        return Protection.with(KEYS, true, false, host).withHiddenIds(KEYS, host);
    }

    @Override
    String uri() {
        return redis.uri();
    }

    @Override
    RedisServer serverOf(String key) {
        return redis;
    }

    @Override
    List<RedisServer> servers() {
        return List.of(redis);
    }

    @Test
    void no_id_stands_anywhere() {
        store.begin(id, new StoredSignOn(null, "ticket", "FORM", "alice", null), shop, 60);
        store.join(id, forum, 60);

        String key = new Keys(options).signOn(id);
        assertThat(redis.keys("*")).noneMatch(name -> name.contains(id.value()));
        assertThat(redis.texts("HKEYS", key))
                .hasSizeGreaterThan(4)
                .noneMatch(field -> field.contains(shop.session().value()))
                .noneMatch(field -> field.contains(forum.session().value()));
        assertThat(otherNode.look(id).orElseThrow().sessions()).containsOnlyKeys(shop, forum);
    }
}
