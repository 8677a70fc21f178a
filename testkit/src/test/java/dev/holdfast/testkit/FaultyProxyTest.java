package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultyProxyTest {
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofSeconds(5);
    private static RedisServer redis;

    private FaultyProxy proxy;

    @BeforeAll
    static void startRedis() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void endRedis() {
        redis.close();
    }

    @BeforeEach
    void openProxy() {
        redis.flushAll();
        proxy = FaultyProxy.before(redis);
    }

    @AfterEach
    void closeProxy() {
        proxy.close();
    }

    private RespConnection connect(Duration timeout) throws IOException {
        return new RespConnection(proxy.port(), null, timeout);
    }

    private static Object call(RespConnection connection, String... arguments) throws IOException {
        byte[][] encoded = new byte[arguments.length][];
        for (int i = 0; i < arguments.length; i++) {
            encoded[i] = RespConnection.bytes(arguments[i]);
        }
        return connection.call(encoded);
    }

    @Test
    void bytes_go_both_ways_and_are_counted() throws IOException {
        try (RespConnection connection = connect(LONG)) {
            assertThat(call(connection, "PING")).isEqualTo("PONG");
        }

        assertThat(proxy.bytesToServer()).isEqualTo("*1\r\n$4\r\nPING\r\n".length());
        assertThat(proxy.bytesToClient()).isEqualTo("+PONG\r\n".length());
        assertThat(proxy.connectionsAccepted()).isOne();
    }

    @Test
    void a_large_value_goes_through_in_pieces() throws IOException {
        String value = "x".repeat(1_000_000);
        try (RespConnection connection = connect(LONG)) {
            call(connection, "SET", "key", value);

            assertThat(call(connection, "GET", "key")).isEqualTo(RespConnection.bytes(value));
        }
    }

    @Test
    void a_cut_closes_and_refuses_until_it_is_healed() throws IOException {
        try (RespConnection connection = connect(LONG)) {
            call(connection, "PING");

            proxy.cut();

            assertThatExceptionOfType(IOException.class).isThrownBy(() -> call(connection, "PING"));
        }
        assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(LONG));
        assertThat(proxy.connectionsOpen()).isZero();

        proxy.heal();
        try (RespConnection connection = connect(LONG)) {
            assertThat(call(connection, "PING")).isEqualTo("PONG");
        }
    }

    @Test
    void a_stall_accepts_and_forwards_nothing_until_it_is_healed() throws IOException {
        try (RespConnection impatient = connect(SHORT);
                RespConnection patient = connect(LONG)) {
            call(impatient, "PING");
            call(patient, "PING");
            proxy.stall();
            proxy.resetCounters();

            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> call(impatient, "INCR", "count"));
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> call(connect(SHORT), "PING"));
            assertThat(proxy.bytesToServer()).isZero();
            assertThat(redis.text("GET", "count")).isNull();

            proxy.heal();
            assertThat(call(patient, "PING")).isEqualTo("PONG");
            Awaitility.await()
                    .untilAsserted(() -> assertThat(redis.text("GET", "count")).isEqualTo("1"));
        }
    }

    @Test
    void a_delay_holds_replies_back() throws IOException {
        try (RespConnection connection = connect(LONG)) {
            call(connection, "PING");
            proxy.delay(SHORT);

            long start = System.nanoTime();
            assertThat(call(connection, "PING")).isEqualTo("PONG");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(SHORT);
        }
    }

    @Test
    void a_reply_is_lost_after_redis_has_done_what_was_asked() throws IOException {
        try (RespConnection connection = connect(LONG)) {
            call(connection, "PING");
            proxy.loseNextReply();

            assertThatExceptionOfType(EOFException.class).isThrownBy(() -> call(connection, "INCR", "count"));
        }
        assertThat(redis.text("GET", "count")).isEqualTo("1");
        Awaitility.await().untilAsserted(() -> assertThat(proxy.repliesLost()).isOne());
        try (RespConnection connection = connect(LONG)) {
            assertThat(call(connection, "INCR", "count")).isEqualTo(2L);
        }
    }

    @Test
    void the_reply_to_one_command_is_lost_and_others_are_not() throws IOException {
        proxy.loseNextReplyTo("INCR");
        try (RespConnection connection = connect(LONG);
                RespConnection other = connect(LONG)) {
            assertThat(call(connection, "PING")).isEqualTo("PONG");
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> call(connection, "INCR", "count"));
            assertThat(call(other, "INCR", "count")).isEqualTo(2L);
        }
    }

    @Test
    void a_dead_server_closes_its_connections() throws IOException {
        try (RedisServer mortal = RedisServer.start();
                FaultyProxy before = FaultyProxy.before(mortal);
                RespConnection connection = new RespConnection(before.port(), null, LONG)) {
            call(connection, "PING");

            mortal.kill();

            assertThatExceptionOfType(IOException.class).isThrownBy(() -> call(connection, "PING"));
            Awaitility.await()
                    .untilAsserted(() -> assertThat(before.connectionsOpen()).isZero());
        }
    }

    @Test
    void replies_are_halved_until_it_is_healed() throws IOException {
        proxy.halveReplies();
        try (RespConnection connection = connect(LONG)) {
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> call(connection, "PING"));
        }
        assertThat(proxy.bytesToClient()).isEqualTo("+PONG\r\n".length() / 2);
        assertThat(proxy.repliesLost()).isOne();

        proxy.heal();

        try (RespConnection connection = connect(LONG)) {
            assertThat(call(connection, "PING")).isEqualTo("PONG");
        }
    }
}
