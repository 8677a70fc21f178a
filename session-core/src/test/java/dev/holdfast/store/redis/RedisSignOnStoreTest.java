package dev.holdfast.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.model.SignOnId;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.StoredSignOn;
import dev.holdfast.testkit.AclUser;
import dev.holdfast.testkit.RedisServer;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** One server, with no more permissions than those of {@code conf/redis-acl.conf}. */
class RedisSignOnStoreTest extends RedisSignOnStoreContract {

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
    RedisServer serverOf(String key) {
        return redis;
    }

    @Override
    List<RedisServer> servers() {
        return List.of(redis);
    }

    @Test
    void the_key_has_its_name_for_ever() {
        assertThat(new Keys(RedisStoreOptions.of("localhost")).signOn(new SignOnId("0123456789ABCDEF")))
                .isEqualTo("holdfast:sso:localhost:{0123456789ABCDEF}");
    }

    @Test
    void the_epoch_has_its_name_for_ever_and_lies_in_the_slot_of_the_sign_on() {
        Keys keys = new Keys(RedisStoreOptions.of("localhost"));
        SignOnId some = new SignOnId("0123456789ABCDEF");
        assertThat(keys.signOnEpoch()).isEqualTo("holdfast:signon:localhost:epoch");
        String tag = SlotTags.inSlotOf(some.value());
        assertThat(keys.signOnEpochInSlotOf(some)).isEqualTo("holdfast:signon:localhost:{" + tag + "}:epoch");
        assertThat(SlotTags.slot(tag)).isEqualTo(SlotTags.slot(some.value()));
        assertThat(SlotTags.slot("123456789"))
                .as("of the specification of Redis Cluster")
                .isEqualTo(0x31C3);
    }

    @Test
    void a_sign_on_of_layout_1_is_read_for_ever() {
        redis.command(
                utf8("HSET"), utf8(new Keys(options).signOn(id)),
                utf8("m"), HexFormat.of().parseHex("01" + "00000708"),
                utf8("k"), utf8("ticket"),
                utf8("t"), utf8("BASIC"),
                utf8("u"), utf8("alice"),
                utf8("w"), utf8("secret"),
                utf8("s" + shop.session().value() + " localhost/shop"), utf8("1800"));

        StoredSignOn.Found found = otherNode.look(id).orElseThrow();

        assertThat(found.signOn()).isEqualTo(new StoredSignOn(null, "ticket", "BASIC", "alice", "secret"));
        assertThat(found.longestIntervalSeconds()).hasValue(1800);
        assertThat(otherNode.end(id)).contains(List.of(shop));
    }

    @Test
    void a_sign_on_of_a_later_layout_is_left_as_it_is() {
        String key = new Keys(options).signOn(id);
        redis.command(utf8("HSET"), utf8(key), utf8("m"), HexFormat.of().parseHex("02" + "00000708"));

        assertThatThrownBy(() -> store.look(id))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("HF-213");
        assertThatThrownBy(() -> store.end(id)).isInstanceOf(StoreException.class);
        assertThat(redis.command("EXISTS", key)).isEqualTo(1L);
    }

    @Test
    void a_probe_finds_out_that_a_server_only_reads() {
        redis.command("REPLICAOF", "127.0.0.1", "1");
        try {
            assertThatNoException().isThrownBy(() -> store.look(id));
            assertThatThrownBy(() -> store.probe()).hasMessageContaining("HF-205");
        } finally {
            redis.command("REPLICAOF", "NO", "ONE");
        }
    }

    @Test
    void a_message_of_the_driver_shows_four_characters_of_an_id() {
        assertThat(DriverFault.harmless("failed on holdfast:sso:local host:{0123456789ABCDEF}"))
                .isEqualTo("failed on holdfast:sso:local host:{0123…}");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
