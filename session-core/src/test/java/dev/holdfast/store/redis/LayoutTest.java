package dev.holdfast.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.model.Delta;
import dev.holdfast.model.Metadata;
import dev.holdfast.model.NewSession;
import dev.holdfast.model.SessionId;
import dev.holdfast.store.Committed;
import dev.holdfast.store.Loaded;
import dev.holdfast.store.SessionStore;
import dev.holdfast.testkit.RedisServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is in Redis, byte by byte: nodes of another release read it, too. */
class LayoutTest {

    private static final SessionId ID = new SessionId("0123456789ABCDEF0123456789ABCDEF");
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void keys_have_their_names_for_ever() {
        Keys keys = new Keys(RedisStoreOptions.of("localhost/shop##2"));

        int partition = keys.partition(ID);

        assertThat(partition).isEqualTo(6);
        assertThat(keys.record(partition, ID))
                .isEqualTo("holdfast:{localhost/shop##2:6}:s:0123456789ABCDEF0123456789ABCDEF");
        assertThat(keys.due(partition)).isEqualTo("holdfast:{localhost/shop##2:6}:due");
        assertThat(keys.epoch(partition)).isEqualTo("holdfast:{localhost/shop##2:6}:epoch");
        assertThat(keys.moved(partition, ID))
                .isEqualTo("holdfast:{localhost/shop##2:6}:moved:0123456789ABCDEF0123456789ABCDEF");
    }

    @Test
    void a_record_of_layout_1_is_read_for_ever() {
        try (RedisServer redis = RedisServer.start();
                SessionStore store = open(redis)) {
            Keys keys = new Keys(RedisStoreOptions.of("app"));
            // Version 1, revision 3, created 1700000000000, accessed 1700000001000, seen 1700000002000, for ever.
            // The log: token 1 of revision 2, any attribute; token 2 of revision 3, attribute "b".
            redis.command(
                    utf8("HSET"), utf8(keys.record(keys.partition(ID), ID)),
                    utf8("m"),
                            HEX.parseHex("01" + "000000000003" + "018bcfe56800" + "018bcfe56be8" + "018bcfe56fd0"
                                    + "ffffffff"),
                    utf8("l"), HEX.parseHex("00000001" + "ffff" + "00000002" + "0001" + "0001" + "62"),
                    utf8("aa"), utf8("1"),
                    utf8("ab"), utf8("2"));

            Metadata metadata = new Metadata(3, 1_700_000_000_000L, 1_700_000_001_000L, -1);
            Loaded.Everything everything = (Loaded.Everything) store.load(ID, 1, 1_700_000_000_000L, false);
            assertThat(everything.metadata()).isEqualTo(metadata);
            assertThat(everything.attributes()).containsOnlyKeys("a", "b");
            Loaded.Changed changed = (Loaded.Changed) store.load(ID, 2, 1_700_000_000_000L, false);
            assertThat(changed.metadata()).isEqualTo(metadata);
            assertThat(changed.set()).containsOnlyKeys("b");
        }
    }

    @Test
    void a_small_session_stays_in_one_compact_block() {
        try (RedisServer redis = RedisServer.start();
                SessionStore store = open(redis)) {
            store.create(new NewSession(ID, 1, 1, 1800, Map.of("a", new byte[40])));
            for (int revision = 1; revision < 100; revision++) {
                store.commit(
                        ID,
                        1,
                        revision,
                        Delta.of(Map.of("attribute" + revision % 8, new byte[40]), Set.of()),
                        revision);
            }
            Keys keys = new Keys(RedisStoreOptions.of("app"));

            String encoding = redis.text("OBJECT", "ENCODING", keys.record(keys.partition(ID), ID));

            assertThat(encoding).isIn("ziplist", "listpack");
        }
    }

    @Test
    void the_change_log_stays_small_and_always_knows_the_last_commit() {
        try (RedisServer redis = RedisServer.start();
                SessionStore store = open(redis)) {
            assertLongestLog(redis, store, 5, 64);
            assertLongestLog(redis, store, 40, 512);
        }
    }

    private static void assertLongestLog(RedisServer redis, SessionStore store, int attributes, long cap) {
        Map<String, byte[]> initial = new HashMap<>();
        for (int i = 0; i < attributes; i++) {
            initial.put("attribute" + i, new byte[1]);
        }
        store.create(new NewSession(ID, attributes, 1, 1800, initial));
        Keys keys = new Keys(RedisStoreOptions.of("app"));
        String record = keys.record(keys.partition(ID), ID);
        for (int revision = 1; revision < 600; revision++) {
            Delta delta = Delta.of(Map.of(), Set.of("n".repeat(revision)));

            store.commit(ID, attributes, revision, delta, revision);

            assertThat((Long) redis.command("HSTRLEN", record, "l")).isBetween(6L, cap);
            assertThat(store.commit(ID, attributes, revision, delta, revision))
                    .isEqualTo(new Committed.Applied(revision, revision + 1));
        }
        store.remove(ID, attributes);
    }

    @Test
    void every_script_says_what_it_is() {
        for (Script script : Script.values()) {
            assertThat(script.text()).contains("-- Purpose:", "-- KEYS:", "-- ARGV:", "-- Returns:", "-- Slot:");
            assertThat(script.sha1()).hasSize(40);
            assertThat(script.text()).doesNotContain("'KEYS'", "'SCAN'", "'CONFIG'");
        }
    }

    @Test
    void settings_out_of_range_are_all_named() {
        assertThatThrownBy(() ->
                        new RedisStoreOptions("p {", "", 0, Duration.ZERO, Duration.ofHours(2), Duration.ofMinutes(2)))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .contains(List.of(
                        "prefix",
                        "application",
                        "partitions is 0 (allowed: 1 to 1024)",
                        "ttlMargin",
                        "touchInterval",
                        "operationTimeout"));
    }

    private static SessionStore open(RedisServer redis) {
        return RedisSessionStore.open(RedisSource.uri(redis.uri()), RedisStoreOptions.of("app"));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
