package dev.holdfast.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.AclUser;
import dev.holdfast.testkit.RedisServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** One server, with no more permissions than those of {@code conf/redis-acl.conf}. */
class RedisAclSessionStoreTest extends RedisSessionStoreContract {

    private static final String USER_LINE = "user "
            + String.join(
                    " ",
                    AclUser.onlyOneOf(Path.of("..", "conf", "redis-acl.conf")).words());

    // The keys of this suite begin with another word.
    private final RedisServer redis = RedisServer.builder()
            .user(AclUser.parse(USER_LINE.replace("holdfast:*", "test:*")))
            .start();

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

    /** SCAN is allowed: unlike KEYS it never holds Redis up, and an operator's list of sessions needs it. */
    @Test
    void nothing_dangerous_is_asked_for() {
        assertThat(USER_LINE)
                .contains("-@all")
                .doesNotContain("+@", "+keys", "+config", "+flush", "+script", "+debug", "+acl");
    }
}
