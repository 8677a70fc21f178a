package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RedisServerTest {
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofSeconds(5);

    @Test
    void who_uses_the_uri_of_a_server_with_a_user_may_do_what_the_user_may() {
        AclUser user = AclUser.parse("user shop on >secret ~shop:* -@all +get");
        try (RedisServer redis = RedisServer.builder().user(user).start()) {
            assertThat(redis.uri()).isEqualTo("redis://shop:secret@127.0.0.1:" + redis.port());
            assertThat(redis.texts("ACL", "LIST"))
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("user shop on ")
                            .contains("~shop:*")
                            .endsWith("-@all +get"));
            assertThat(redis.command("SET", "key", "value"))
                    .as("commands of the test are the default user's")
                    .isEqualTo("OK");
        }
    }

    @Test
    void a_user_without_a_password_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AclUser.parse("user shop on nopass ~* +@all"))
                .withMessageContaining("shop");
    }

    @Nested
    class While_it_runs {
        private static RedisServer redis;

        @BeforeAll
        static void start() {
            redis = RedisServer.start();
        }

        @AfterAll
        static void end() {
            redis.close();
        }

        @BeforeEach
        void empty() {
            redis.flushAll();
        }

        @Test
        void it_is_the_executable_that_the_property_names_or_the_embedded_one() {
            String named = System.getProperty("holdfast.test.redis");
            String running = redis.info("server").get("executable");

            if (named == null) {
                assertThat(running).contains("holdfast-redis-executable-");
            } else {
                assertThat(running).isEqualTo(named);
            }
        }

        @Test
        void replies_of_each_kind_are_read() {
            assertThat(redis.command("SET", "key", "välue")).isEqualTo("OK");
            assertThat(redis.command("STRLEN", "key")).isEqualTo(6L);
            assertThat(redis.text("GET", "key")).isEqualTo("välue");
            assertThat(redis.command("GET", "absent")).isNull();
            assertThat(redis.texts("MGET", "key", "absent")).containsExactly("välue", null);
            assertThat(redis.command("EVAL", "return {1, {'a'}}", "0")).isInstanceOf(List.class);
        }

        @Test
        void bytes_stay_what_they_are() {
            byte[] value = {0, (byte) 0xff, '\r', '\n', (byte) 0x80};
            redis.command(RespConnection.bytes("SET"), RespConnection.bytes("key"), value);

            assertThat(redis.command("GET", "key")).isEqualTo(value);
        }

        @Test
        void an_error_is_thrown_as_redis_says_it() {
            redis.text("SET", "key", "value");

            assertThatExceptionOfType(RedisErrorException.class)
                    .isThrownBy(() -> redis.command("LPUSH", "key", "value"))
                    .withMessageStartingWith("WRONGTYPE");
        }

        @Test
        void keys_are_listed_by_pattern() {
            redis.text("MSET", "b:1", "", "a:2", "", "a:1", "");

            assertThat(redis.keys("a:*")).containsExactly("a:1", "a:2");
        }

        @Test
        void commands_are_counted_since_the_reset() {
            redis.text("GET", "key");
            redis.resetStats();
            redis.text("GET", "key");
            redis.text("EVAL", "redis.call('GET', 'key') redis.call('INCR', 'count')", "0");

            assertThat(redis.calls("get")).isEqualTo(2);
            assertThat(redis.commandStats()).containsEntry("incr", 1L).doesNotContainKey("set");
            assertThat(redis.calls("set")).isZero();
        }

        @Test
        void round_trips_and_bytes_are_counted() {
            long readsBefore = redis.readsProcessed();
            long receivedBefore = redis.bytesReceived();
            redis.text("SET", "key", "x".repeat(1000));
            long receivedAfter = redis.bytesReceived();
            long sentBefore = redis.bytesSent();
            redis.text("GET", "key");

            // Questions of the test itself: the first one is in the number it got, the next four are not.
            assertThat(redis.readsProcessed() - readsBefore - 4).isBetween(2L, 8L);
            assertThat(receivedAfter - receivedBefore).isBetween(1000L, 1400L);
            assertThat(redis.bytesSent() - sentBefore).isGreaterThan(1000L);
        }
    }

    @Test
    void a_killed_server_comes_back_empty_on_its_port() {
        try (RedisServer redis = RedisServer.start()) {
            int port = redis.port();
            long pid = redis.pid();
            redis.text("SET", "key", "value");

            redis.kill();
            assertThat(redis.isAlive()).isFalse();
            assertThat(redis.answersWithin(SHORT)).isFalse();

            redis.restart();
            assertThat(redis.port()).isEqualTo(port);
            assertThat(redis.pid()).isNotEqualTo(pid);
            assertThat(redis.keys("*")).isEmpty();
        }
    }

    @Test
    void a_paused_server_is_alive_and_answers_when_it_goes_on() {
        try (RedisServer redis = RedisServer.start()) {
            redis.pause();
            assertThat(redis.isAlive()).isTrue();
            assertThat(redis.answersWithin(SHORT)).isFalse();

            redis.resume();
            assertThat(redis.answersWithin(LONG)).isTrue();
        }
    }

    @Test
    void a_paused_server_can_be_ended() {
        RedisServer redis = RedisServer.start();
        redis.pause();

        redis.close();

        assertThat(ProcessHandle.of(redis.pid())).isEmpty();
    }

    @Test
    void directives_and_password_are_in_force() {
        try (RedisServer redis = RedisServer.builder()
                .password("geheim")
                .directive("maxmemory", "10mb")
                .directive("maxmemory-policy", "noeviction")
                .start()) {
            assertThat(redis.texts("CONFIG", "GET", "maxmemory")).contains("10485760");
            assertThat(Arrays.asList(redis.uri(), redis.address())).noneMatch(text -> text.contains("geheim"));
            assertThatExceptionOfType(RedisErrorException.class)
                    .isThrownBy(() -> {
                        try (RespConnection stranger = new RespConnection(redis.port(), null, LONG)) {
                            stranger.call(RespConnection.bytes("PING"));
                        }
                    })
                    .withMessageStartingWith("NOAUTH");
        }
    }

    @Test
    void what_redis_logged_is_in_the_exception_when_it_does_not_start() {
        assertThatIllegalStateException()
                .isThrownBy(() -> RedisServer.builder()
                        .directive("no-such-directive", "1")
                        .start())
                .withMessageContaining("no-such-directive");
    }

    @Test
    void a_port_that_is_taken_is_named() throws Exception {
        int port = FreePorts.next();
        try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> RedisServer.builder().port(port).start())
                    .withMessageContaining(Integer.toString(other.getLocalPort()));
        }
    }

    @Test
    void a_persistent_one_has_its_data_after_a_restart() {
        try (RedisServer redis = RedisServer.builder().persistent().start()) {
            redis.text("SET", "key", "value");
            redis.kill();
            redis.restart();

            await().ignoreException(RedisErrorException.class)
                    .untilAsserted(() -> assertThat(redis.text("GET", "key")).isEqualTo("value"));
        }
    }
}
