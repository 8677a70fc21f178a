package dev.holdfast.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.model.Delta;
import dev.holdfast.model.Metadata;
import dev.holdfast.model.NewSession;
import dev.holdfast.model.OfflineChange;
import dev.holdfast.model.OfflineDelta;
import dev.holdfast.model.SessionId;
import dev.holdfast.store.Committed;
import dev.holdfast.store.Known;
import dev.holdfast.store.Loaded;
import dev.holdfast.store.Reconciled;
import dev.holdfast.store.SessionStore;
import dev.holdfast.testkit.RedisServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is in Redis, byte by byte: nodes of another release read it, too. */
class LayoutTest {

    private static final SessionId ID = new SessionId("0123456789ABCDEF0123456789ABCDEF");
    private static final HexFormat HEX = HexFormat.of();

    /** How far an estimate of the time may be off on a busy machine. */
    private static final long TOLERATED_MILLIS = 500;

    private static final Duration PATIENT = Duration.ofSeconds(20);

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
        assertThat(keys.ended(partition, ID, 1_700_000_000_000L))
                .isEqualTo("holdfast:{localhost/shop##2:6}:ended:0123456789ABCDEF0123456789ABCDEF:1700000000000");
    }

    @Test
    void a_record_of_layout_1_is_read_for_ever() {
        try (RedisServer redis = RedisServer.start();
                SessionStore store = open(redis)) {
            Keys keys = new Keys(RedisStoreOptions.of("app"));
            // Version 1, revision 3, created 1700000000000, accessed 1700000001000, seen 1700000002000, for ever,
            // written by the call with token 2.
            // The log: token 1 of revision 2, any attribute; token 2 of revision 3, attribute "b".
            redis.command(
                    utf8("HSET"), utf8(keys.record(keys.partition(ID), ID)),
                    utf8("m"),
                            HEX.parseHex("01" + "000000000003" + "018bcfe56800" + "018bcfe56be8" + "018bcfe56fd0"
                                    + "ffffffff" + "00000002"),
                    utf8("l"), HEX.parseHex("00000001" + "ffff" + "00000002" + "0001" + "0001" + "62"),
                    utf8("aa"), HEX.parseHex("018bcfe56800" + "31"),
                    utf8("ab"), HEX.parseHex("018bcfe56be8" + "32"));

            Metadata metadata = new Metadata(3, 1_700_000_000_000L, 1_700_000_001_000L, -1, 2);
            Loaded.Everything everything = (Loaded.Everything) store.load(ID, Known.of(1_700_000_000_000L, 1), false);
            assertThat(everything.metadata()).isEqualTo(metadata);
            assertThat(everything.attributes()).containsOnlyKeys("a", "b");
            assertThat(everything.attributes().get("a")).isEqualTo(utf8("1"));
            assertThat(everything.attributes().get("b")).isEqualTo(utf8("2"));
            Loaded.Changed changed = (Loaded.Changed) store.load(ID, Known.of(1_700_000_000_000L, 2), false);
            assertThat(changed.metadata()).isEqualTo(metadata);
            assertThat(changed.set()).containsOnlyKeys("b");
        }
    }

    @Test
    void each_attribute_carries_when_it_was_written() {
        try (RedisServer redis = RedisServer.start();
                SessionStore store = open(redis)) {
            store.create(
                    new NewSession(ID, 1, 1, 1, 1800, Map.of("a", utf8("1")), OptionalLong.of(1_700_000_000_000L)));
            assertThat(HEX.formatHex(field(redis, "aa"))).isEqualTo("018bcfe56800" + "31");
            store.remove(ID, 1);

            long before = millis(redis);
            store.create(new NewSession(ID, 1, 1, 1800, Map.of("a", utf8("1"))));
            store.commit(ID, Known.of(1, 1), Delta.of(Map.of("b", utf8("2")), Set.of()), 1);
            long after = millis(redis);

            assertThat(HEX.formatHex(field(redis, "aa"))).hasSize(14).endsWith("31");
            assertThat(HEX.formatHex(field(redis, "ab"))).hasSize(14).endsWith("32");
            assertThat(instant(field(redis, "aa"))).isBetween(before - TOLERATED_MILLIS, after + TOLERATED_MILLIS);
            assertThat(instant(field(redis, "ab"))).isBetween(before - TOLERATED_MILLIS, after + TOLERATED_MILLIS);

            OfflineChange change = new OfflineChange(utf8("3"), 1_700_000_000_000L);
            store.reconcile(ID, 1, 2, new OfflineDelta(Map.of("a", change), OptionalInt.empty(), 0, 0, List.of()), 2);
            assertThat(HEX.formatHex(field(redis, "aa"))).isEqualTo("018bcfe56800" + "33");
        }
    }

    @Test
    void an_estimate_of_the_time_that_is_far_ahead_is_put_right() {
        try (RedisServer redis = RedisServer.start();
                RedisConnections connections = RedisConnections.open(RedisSource.uri(redis.uri()), PATIENT);
                SessionStore store = open(redis)) {
            store.create(new NewSession(ID, 1, 1, 1800, Map.of()));
            RedisStoreOptions options = RedisStoreOptions.of("app");
            Keys keys = new Keys(options);
            int partition = keys.partition(ID);
            Arguments arguments = Arguments.of(options, ID, 1)
                    .number(1)
                    .text("")
                    .text("")
                    .text("")
                    .text("")
                    .changes(Delta.of(Map.of("a", utf8("1"), "b", utf8("")), Set.of()), 1, millis(redis) + 60_000);

            new ScriptCaller(connections.client(), connections.faults(), PATIENT)
                    .call(
                            Script.COMMIT,
                            List.of(
                                    keys.record(partition, ID),
                                    keys.due(partition),
                                    keys.epoch(partition),
                                    keys.moved(partition, ID),
                                    keys.lock(partition, ID)),
                            arguments);

            assertThat(instant(field(redis, "aa"))).isLessThanOrEqualTo(millis(redis));
            assertThat(instant(field(redis, "ab"))).isEqualTo(instant(field(redis, "aa")));
            assertThat(field(redis, "aa")).hasSize(7).endsWith(utf8("1"));
            assertThat(field(redis, "ab")).hasSize(6);
        }
    }

    @Test
    void removed_attributes_leave_when_it_was_until_they_are_set_again() {
        try (RedisServer redis = RedisServer.start();
                SessionStore store = open(redis)) {
            store.create(new NewSession(ID, 1, 1, 1800, Map.of("a", utf8("1"), "bc", utf8("2"))));
            store.commit(ID, Known.of(1, 1), Delta.of(Map.of(), Set.of("a")), 1);
            String ofA = HEX.formatHex(field(redis, "t")).substring(0, 12) + "0001" + "61";
            assertThat(HEX.formatHex(field(redis, "t"))).isEqualTo(ofA);
            assertThat(instant(field(redis, "t"))).isBetween(millis(redis) - 5000, millis(redis));

            store.commit(ID, Known.of(1, 2), Delta.of(Map.of(), Set.of("bc")), 2);
            assertThat(HEX.formatHex(field(redis, "t")))
                    .startsWith(ofA)
                    .endsWith("0002" + "6263")
                    .hasSize(ofA.length() + 20);

            store.commit(ID, Known.of(1, 3), Delta.of(Map.of("a", utf8("3")), Set.of()), 3);
            assertThat(HEX.formatHex(field(redis, "t")))
                    .endsWith("0002" + "6263")
                    .hasSize(20);
            store.commit(ID, Known.of(1, 4), Delta.of(Map.of("bc", utf8("3")), Set.of()), 4);
            assertThat(has(redis, "t")).isFalse();
        }
    }

    @Test
    void what_is_known_of_removed_attributes_stays_small_and_is_of_the_last_ones() {
        try (RedisServer redis = RedisServer.start();
                SessionStore store = open(redis)) {
            assertLongestTombstones(redis, store, 5, 64, 6);
            assertLongestTombstones(redis, store, 40, 512, 51);
        }
    }

    private static void assertLongestTombstones(
            RedisServer redis, SessionStore store, int attributes, int cap, int kept) {
        store.create(new NewSession(ID, attributes, 1, 1800, numbered(attributes)));
        for (int revision = 1; revision < 80; revision++) {
            String name = String.format(Locale.ROOT, "%02d", revision);
            store.commit(ID, Known.of(attributes, revision), Delta.of(Map.of(), Set.of(name)), revision);
            assertThat(field(redis, "t")).hasSize(10 * Math.min(revision, kept)).hasSizeLessThanOrEqualTo(cap);
            assertThat(field(redis, "t")).endsWith(utf8(name));
        }
        store.commit(
                ID, Known.of(attributes, 80), Delta.of(Map.of(), numbered(1000).keySet()), 80);
        assertThat(field(redis, "t").length).isBetween(1, cap);
        store.commit(ID, Known.of(attributes, 81), Delta.of(Map.of(), Set.of("n".repeat(70_000))), 81);
        assertThat(field(redis, "t").length).isBetween(1, cap);
        store.remove(ID, attributes);
    }

    @Test
    void removals_of_an_outage_are_kept_in_their_order_and_go_when_they_are_an_hour_old() {
        try (RedisServer redis = RedisServer.start();
                SessionStore store = open(redis)) {
            store.create(new NewSession(ID, 1, 1, 1800, Map.of("a", utf8("1"))));
            long now = millis(redis);
            Map<String, OfflineChange> changes = new HashMap<>();
            for (int i = 0; i < 500; i++) {
                changes.put("n" + (100 + i), new OfflineChange(null, now - 3_000_000 + i));
            }
            changes.put("old", new OfflineChange(null, now - 3_600_001));

            store.reconcile(ID, 1, 1, new OfflineDelta(changes, OptionalInt.empty(), 0, 0, List.of()), 1);

            assertThat(field(redis, "t")).hasSize(341 * 12).endsWith(utf8("n599"));
            assertThat(new String(field(redis, "t"), 8, 4, StandardCharsets.UTF_8))
                    .isEqualTo("n259");

            changes.keySet().retainAll(Set.of("old"));
            store.remove(ID, 1);
            store.create(new NewSession(ID, 1, 1, 1800, Map.of()));
            store.reconcile(ID, 1, 1, new OfflineDelta(changes, OptionalInt.empty(), 0, 0, List.of()), 3);
            assertThat(field(redis, "t")).hasSize(11);
            store.commit(ID, Known.of(1, 2), Delta.of(Map.of("b", utf8("1")), Set.of()), 4);
            assertThat(has(redis, "t")).isFalse();
        }
    }

    @Test
    void conflicts_are_kept_as_long_as_a_repeated_call_can_be_told_of_them() {
        try (RedisServer redis = RedisServer.start();
                SessionStore store = open(redis)) {
            store.create(new NewSession(ID, 1, 1, 1800, Map.of("a", utf8("1"))));
            store.commit(ID, Known.of(1, 1), Delta.of(Map.of("a", utf8("2")), Set.of()), 1);
            OfflineDelta delta = new OfflineDelta(
                    Map.of("a", new OfflineChange(utf8("3"), 1)), OptionalInt.empty(), 0, 0, List.of());
            assertThat(((Reconciled.Done) store.reconcile(ID, 1, 1, delta, 0x01020304)).overruled())
                    .containsExactly("a");

            assertThat(field(redis, "c")).startsWith(1, 2, 3, 4);
            int revision = 3;
            while (logHas(redis, 0x01020304)) {
                assertThat(has(redis, "c")).isTrue();
                store.commit(ID, Known.of(1, revision), Delta.of(Map.of("name", utf8("4")), Set.of()), revision++);
            }
            assertThat(revision).isGreaterThan(4);
            assertThat(has(redis, "c")).isFalse();
        }
    }

    private static boolean logHas(RedisServer redis, int token) {
        return HEX.formatHex(field(redis, "l")).contains(HEX.toHexDigits(token));
    }

    private static boolean has(RedisServer redis, String field) {
        return Long.valueOf(1).equals(redis.command("HEXISTS", record(), field));
    }

    private static byte[] field(RedisServer redis, String name) {
        return (byte[]) Objects.requireNonNull(redis.command(utf8("HGET"), utf8(record()), utf8(name)), name);
    }

    private static String record() {
        Keys keys = new Keys(RedisStoreOptions.of("app"));
        return keys.record(keys.partition(ID), ID);
    }

    /** What six bytes at the beginning mean. */
    private static long instant(byte[] field) {
        return Long.parseLong(HEX.formatHex(field, 0, 6), 16);
    }

    private static long millis(RedisServer redis) {
        List<String> time = redis.texts("TIME");
        return Long.parseLong(time.get(0)) * 1000 + Long.parseLong(time.get(1)) / 1000;
    }

    private static Map<String, byte[]> numbered(int count) {
        Map<String, byte[]> attributes = new HashMap<>();
        for (int i = 0; i < count; i++) {
            attributes.put("attribute" + i, new byte[1]);
        }
        return attributes;
    }

    @Test
    void a_small_session_stays_in_one_compact_block() {
        try (RedisServer redis = RedisServer.start();
                SessionStore store = open(redis)) {
            store.create(new NewSession(ID, 1, 1, 1800, Map.of("a", new byte[40])));
            for (int revision = 1; revision < 100; revision++) {
                Delta delta = revision % 3 == 0
                        ? Delta.of(Map.of(), Set.of("attribute" + revision % 8))
                        : Delta.of(Map.of("attribute" + revision % 8, new byte[40]), Set.of());
                store.commit(ID, Known.of(1, revision), delta, revision);
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
        store.create(new NewSession(ID, attributes, 1, 1800, numbered(attributes)));
        Keys keys = new Keys(RedisStoreOptions.of("app"));
        String record = keys.record(keys.partition(ID), ID);
        for (int revision = 1; revision < 600; revision++) {
            Delta delta = Delta.of(Map.of(), Set.of("n".repeat(revision)));

            store.commit(ID, Known.of(attributes, revision), delta, revision);

            assertThat((Long) redis.command("HSTRLEN", record, "l")).isBetween(6L, cap);
            assertThat(store.commit(ID, Known.of(attributes, revision), delta, revision))
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
