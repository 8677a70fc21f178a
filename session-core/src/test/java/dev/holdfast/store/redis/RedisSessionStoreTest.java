package dev.holdfast.store.redis;

import dev.holdfast.testkit.RedisServer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;

/** One server. */
class RedisSessionStoreTest extends RedisSessionStoreContract {

    private final RedisServer redis = RedisServer.start();

    @AfterAll
    void stop() {
        redis.close();
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
