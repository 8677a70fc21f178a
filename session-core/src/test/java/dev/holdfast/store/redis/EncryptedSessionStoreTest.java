package dev.holdfast.store.redis;

import dev.holdfast.crypto.KeyRing;
import dev.holdfast.crypto.Protection;
import dev.holdfast.testkit.RedisServer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;

/** Everything that a store does, with values that are encrypted. */
class EncryptedSessionStoreTest extends RedisSessionStoreContract {

    private static final KeyRing KEYS = KeyRing.parse(
            "k1:5Qm0zZ7oH1kq3hZ8yq1x3N4l0o6mJp0aWm2rV9cT7uE= k0:1vYQ3m7s8pZb2kXo9hJ6tR4w5nE0uC1dLxGfAaSgB8M=");

    private final RedisServer redis = RedisServer.start();

    @AfterAll
    void stop() {
        redis.close();
    }

    @Override
    Protection protection(String application) {
        return Protection.with(KEYS, true, false, application);
    }

    @Override
    String uri() {
        return redis.uri();
    }

    @Override
    List<RedisServer> servers() {
        return List.of(redis);
    }
}
