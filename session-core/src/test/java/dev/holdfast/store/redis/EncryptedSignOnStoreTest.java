package dev.holdfast.store.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.crypto.KeyRing;
import dev.holdfast.crypto.Protection;
import dev.holdfast.model.SignOnId;
import dev.holdfast.store.StoredSignOn;
import dev.holdfast.testkit.RedisServer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Everything that a store of sign-ons does, with logins that are encrypted. */
class EncryptedSignOnStoreTest extends RedisSignOnStoreContract {

    private static final KeyRing KEYS = KeyRing.parse("k1:5Qm0zZ7oH1kq3hZ8yq1x3N4l0o6mJp0aWm2rV9cT7uE=");

    private final RedisServer redis = RedisServer.start();

    @AfterAll
    void stop() {
        redis.close();
    }

    @Override
    Protection protection(String host) {
        return Protection.with(KEYS, true, false, host);
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
    void neither_user_nor_password_nor_principal_can_be_read_in_redis() {
        store.begin(id, new StoredSignOn("who".getBytes(ISO_8859_1), null, "FORM", "alice", "hunter2"), shop, 60);

        assertThat(field(id, "p")).doesNotContain("who");
        assertThat(field(id, "u")).doesNotContain("alice");
        assertThat(field(id, "w")).doesNotContain("hunter2");
        assertThat(otherNode.look(id).orElseThrow().signOn().password()).isEqualTo("hunter2");
    }

    @Test
    void a_login_that_was_put_into_another_sign_on_does_not_count_there() {
        SignOnId other = new SignOnId(id.value() + "other");
        store.begin(id, new StoredSignOn(null, null, "FORM", "alice", "hunter2"), shop, 60);
        store.begin(other, new StoredSignOn(null, null, "FORM", "mallory", "guess"), shop, 60);

        Keys keys = new Keys(options);
        for (String field : List.of("u", "w")) {
            byte[] stolen = (byte[]) redis.command(bytes("HGET"), bytes(keys.signOn(id)), bytes(field));
            redis.command(bytes("HSET"), bytes(keys.signOn(other)), bytes(field), stolen);
        }

        assertThat(otherNode.look(other).orElseThrow().signOn().username()).isNull();
        assertThat(otherNode.look(other).orElseThrow().signOn().password()).isNull();
        assertThat(otherNode.look(id).orElseThrow().signOn().username()).isEqualTo("alice");
    }

    /** What somebody types may look like anything. */
    @Test
    void a_password_that_looks_like_a_value_that_did_not_open_is_a_password() {
        String typed = "\u0011\u0002\u0000\u007f\u007f\u007f\u007f and more";
        store.begin(id, new StoredSignOn(null, null, "FORM", typed, typed), shop, 60);

        assertThat(otherNode.look(id).orElseThrow().signOn().username()).isEqualTo(typed);
        assertThat(otherNode.look(id).orElseThrow().signOn().password()).isEqualTo(typed);
    }

    private String field(SignOnId signOn, String name) {
        Object value = redis.command(bytes("HGET"), bytes(new Keys(options).signOn(signOn)), bytes(name));
        return new String((byte[]) value, ISO_8859_1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }
}
