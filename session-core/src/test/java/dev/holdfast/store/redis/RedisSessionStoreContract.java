package dev.holdfast.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.crypto.Protection;
import dev.holdfast.model.Delta;
import dev.holdfast.model.OfflineChange;
import dev.holdfast.model.OfflineDelta;
import dev.holdfast.model.SessionId;
import dev.holdfast.store.Created;
import dev.holdfast.store.Known;
import dev.holdfast.store.Listing;
import dev.holdfast.store.ListingContract;
import dev.holdfast.store.Loaded;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.StoreException.Reason;
import dev.holdfast.testkit.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** What the store does with Redis, however Redis is set up. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class RedisSessionStoreContract extends ListingContract {

    /** So long that a busy machine passes. */
    static final Duration PATIENT = Duration.ofSeconds(20);

    private static final Duration WEEK = Duration.ofDays(7);

    private RedisConnections connections;
    private RedisConnections otherConnections;
    RedisStoreOptions options;

    /** Where Redis is. */
    abstract String uri();

    /** All servers that hold sessions. */
    abstract List<RedisServer> servers();

    /** What is done to values. */
    Protection protection(String application) {
        return Protection.none(application);
    }

    @BeforeAll
    void connect() {
        connections = RedisConnections.open(RedisSource.uri(uri()), PATIENT);
        otherConnections = RedisConnections.open(RedisSource.uri(uri()), PATIENT);
    }

    @AfterAll
    void disconnect() {
        connections.close();
        otherConnections.close();
    }

    @AfterEach
    void closeStores() {
        store.close();
        otherNode.close();
    }

    @Override
    protected SessionStore newStore() {
        options = options(Duration.ofHours(1), Duration.ZERO);
        return RedisSessionStore.open(connections, options);
    }

    @Override
    protected SessionStore sameStoreOnOtherNode() {
        return RedisSessionStore.open(otherConnections, options);
    }

    @Override
    protected long storeMillis() {
        List<String> time = servers().get(0).texts("TIME");
        return Long.parseLong(time.get(0)) * 1000 + Long.parseLong(time.get(1)) / 1000;
    }

    @Override
    protected void awaitDue(SessionId due) {
        await().until(() -> store.load(due, Known.NOTHING, false) instanceof Loaded.Due);
    }

    @Override
    protected void awaitLater() {
        long before = storeMillis();
        await().pollInterval(Duration.ofMillis(5)).until(() -> storeMillis() > before + 20);
    }

    @Override
    protected void awaitEndOfLease() {
        long end = storeMillis() + 1000;
        await().until(() -> storeMillis() > end);
    }

    @Override
    protected void loseEverything() {
        servers().forEach(RedisServer::flushAll);
    }

    final RedisStoreOptions options(Duration ttlMargin, Duration touchInterval) {
        String application = "app-" + UUID.randomUUID();
        return new RedisStoreOptions("test", application, 16, ttlMargin, touchInterval, PATIENT)
                .withProtection(protection(application));
    }

    final SessionStore open(RedisStoreOptions others) {
        return RedisSessionStore.open(connections, others);
    }

    @Test
    void all_keys_of_a_session_vanish_by_themselves() {
        created(Map.of("a", "1"));
        set("b", "2", 1);
        SessionId newId = colocatedId();
        store.rename(id, CREATED, newId);

        SortedMap<String, Long> ttls = ttls(options);

        String tag = tag(id);
        assertThat(ttls.get(tag + "s:" + written(newId))).isBetween(millis(5000), millis(5400));
        assertThat(ttls.get(tag + "due")).isBetween(millis(5000), millis(9000));
        assertThat(ttls.get(tag + "epoch")).isGreaterThan(WEEK.toMillis());
        assertThat(ttls.get(tag + "moved:" + written(id))).isBetween(millis(5000), millis(5400));
        assertThat(ttls.values()).allMatch(ttl -> ttl > 0);
        assertThat(ttls.keySet()).filteredOn(key -> !key.endsWith(":epoch")).hasSize(3);
    }

    @Test
    void shared_keys_outlive_the_longest_session() {
        int month = 30 * 24 * 3600;
        store.create(session(id, CREATED, month, Map.of()));
        SessionId shortLived = colocatedId();
        store.create(session(shortLived, CREATED, 60, Map.of()));
        store.load(shortLived, Known.NOTHING, true);

        SortedMap<String, Long> ttls = ttls(options);

        assertThat(ttls.get(tag(id) + "due")).isGreaterThanOrEqualTo(millis(month));
        assertThat(ttls.get(tag(id) + "epoch")).isGreaterThan(millis(month + 3600));
    }

    @Test
    void a_removed_session_leaves_no_key() {
        created(Map.of("a", "1"));
        store.remove(id, CREATED);

        assertThat(ttls(options).keySet()).allMatch(key -> key.endsWith(":epoch"));
    }

    @Test
    void a_buried_session_leaves_a_mark_that_vanishes_by_itself() {
        created(Map.of("a", "1"));
        store.bury(id, CREATED);
        String mark = tag(id) + "ended:" + written(id) + ":" + CREATED;

        SortedMap<String, Long> ttls = ttls(options);

        assertThat(ttls.get(mark)).isBetween(millis(590), millis(600));
        assertThat(ttls.keySet()).filteredOn(key -> !key.endsWith(":epoch")).containsExactly(mark);
        serverOf(mark).command("PEXPIRE", mark, "1");
        await().untilAsserted(() -> assertThat(store.create(session(id, CREATED, HALF_AN_HOUR, Map.of())))
                .isInstanceOf(Created.Done.class));
    }

    @Test
    void a_session_that_never_ends_stays_and_is_not_due() {
        store.create(session(id, CREATED, -1, Map.of()));
        store.load(id, Known.of(CREATED, 1), true);

        SortedMap<String, Long> ttls = ttls(options);
        assertThat(ttls).containsEntry(tag(id) + "s:" + written(id), -1L);
        assertThat(ttls.get(tag(id) + "epoch"))
                .isGreaterThan(Duration.ofDays(365).toMillis());
        assertThat(ttls).doesNotContainKey(tag(id) + "due");
    }

    @Test
    void a_session_may_begin_and_cease_to_live_for_ever() {
        created(Map.of());
        String record = tag(id) + "s:" + written(id);

        commit(1, new Delta(Map.of(), Set.of(), OptionalInt.of(0)));
        assertThat(ttls(options)).containsEntry(record, -1L).doesNotContainKey(tag(id) + "due");

        commit(2, new Delta(Map.of(), Set.of(), OptionalInt.of(60)));
        assertThat(ttls(options).get(record)).isBetween(millis(3600), millis(3660));
        assertThat(ttls(options)).containsKey(tag(id) + "due");
    }

    @Test
    void nothing_is_left_when_all_nodes_have_died() {
        RedisStoreOptions brief = options(Duration.ofSeconds(1), Duration.ZERO);
        try (SessionStore dying = open(brief)) {
            dying.create(session(id, CREATED, 1, Map.of("a", "1")));
        }

        await().untilAsserted(() -> assertThat(ttls(brief).keySet()).allMatch(key -> key.endsWith(":epoch")));
    }

    /** It may come with changes under the old id for as long as it has a copy. */
    @Test
    void a_node_that_was_cut_off_finds_the_new_id_for_as_long_as_the_session_would_live() {
        SessionId forEver = newId();
        SessionId elsewhere = newId();
        store.create(session(id, CREATED, 1, Map.of()));
        store.create(session(forEver, CREATED, -1, Map.of()));
        store.create(session(elsewhere, CREATED, HALF_AN_HOUR, Map.of()));

        SessionId colocated = colocatedId();
        store.rename(id, CREATED, colocated);
        store.supersede(forEver, CREATED, 1, newId());
        store.supersede(elsewhere, CREATED, 1, newId());

        Duration margin = options.ttlMargin();
        assertThat(ttlOfMarker(id)).isBetween(margin, margin.plusSeconds(1));
        assertThat(ttlOfMarker(elsewhere))
                .isBetween(margin.plusSeconds(HALF_AN_HOUR - 60), margin.plusSeconds(HALF_AN_HOUR));
        assertThat(ttlOfMarker(forEver)).isBetween(WEEK.minusMinutes(1), WEEK);
    }

    private Duration ttlOfMarker(SessionId former) {
        return Duration.ofMillis(Objects.requireNonNull(ttls(options).get(tag(former) + "moved:" + written(former))));
    }

    @Test
    void what_the_dead_left_in_the_index_is_trimmed_by_the_living() {
        RedisStoreOptions brief = options(Duration.ofSeconds(1), Duration.ZERO);
        try (SessionStore living = open(brief)) {
            SessionId neighbour = colocatedId();
            SessionId newcomer = colocatedId();
            living.create(session(id, CREATED, 1, Map.of()));
            living.create(session(neighbour, CREATED, HALF_AN_HOUR, Map.of()));
            await().until(() -> living.load(id, Known.NOTHING, false) instanceof Loaded.Absent);
            String due = new Keys(brief).due(new Keys(brief).partition(id));
            assertThat(serverOf(due).texts("ZRANGE", due, "0", "-1"))
                    .contains(brief.ids().of(id));

            living.create(session(newcomer, CREATED, HALF_AN_HOUR, Map.of()));

            assertThat(serverOf(due).texts("ZRANGE", due, "0", "-1"))
                    .containsExactlyInAnyOrder(
                            brief.ids().of(neighbour), brief.ids().of(newcomer));
        }
    }

    @Test
    void an_access_is_written_only_if_the_last_one_is_older_than_the_touch_interval() {
        RedisStoreOptions lazy = options(Duration.ofHours(1), Duration.ofSeconds(1));
        try (SessionStore seldom = open(lazy)) {
            seldom.create(session(id, CREATED, HALF_AN_HOUR, Map.of()));
            lastAccess(seldom);
            long first = lastAccess(seldom);

            await().during(Duration.ofMillis(300))
                    .atMost(Duration.ofMillis(900))
                    .until(() -> lastAccess(seldom) == first);
            await().until(() -> lastAccess(seldom) > first);
            assertThat(lastAccess(seldom) - first).isBetween(1000L, 3000L);
        }
    }

    @Test
    void accesses_to_a_session_with_many_commits_are_written_too() {
        RedisStoreOptions lazy = options(Duration.ofHours(1), Duration.ofSeconds(1));
        try (SessionStore seldom = open(lazy)) {
            seldom.create(session(id, CREATED, HALF_AN_HOUR, Map.of()));
            lastAccess(seldom);
            long first = lastAccess(seldom);

            await().until(() -> {
                seldom.commit(id, Known.of(CREATED, 1), delta("a", "1"), token());
                Loaded.Everything loaded = (Loaded.Everything) seldom.load(id, Known.NOTHING, true);
                return loaded.metadata().lastAccessedMillis() > first;
            });
        }
    }

    @Test
    void the_index_follows_the_id() {
        created(Map.of());
        String due = tag(id) + "due";
        String instant = serverOf(due).text("ZSCORE", due, written(id));
        SessionId newId = colocatedId();

        store.rename(id, CREATED, newId);
        assertThat(serverOf(due).texts("ZRANGE", due, "0", "-1", "WITHSCORES"))
                .containsExactly(written(newId), instant);

        store.supersede(newId, CREATED, 1, newId());
        assertThat(serverOf(due).texts("ZRANGE", due, "0", "-1")).isEmpty();
    }

    @Test
    void a_session_in_use_does_not_end_however_long_the_touch_interval_is() {
        RedisStoreOptions lazy = options(Duration.ofHours(1), Duration.ofHours(1));
        try (SessionStore seldom = open(lazy)) {
            seldom.create(session(id, CREATED, 1, Map.of()));

            await().pollInterval(Duration.ofMillis(50))
                    .during(Duration.ofSeconds(2))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> seldom.load(id, Known.of(CREATED, 1), true) instanceof Loaded.Unchanged);
        }
    }

    @Test
    void a_node_with_another_number_of_partitions_is_refused() {
        RedisStoreOptions other = new RedisStoreOptions(
                        options.prefix(),
                        options.application(),
                        8,
                        options.ttlMargin(),
                        options.touchInterval(),
                        PATIENT)
                .withProtection(protection(options.application()));

        assertThatThrownBy(() -> open(other)).isInstanceOfSatisfying(StoreException.class, e -> {
            assertThat(e.reason()).isEqualTo(Reason.INCOMPATIBLE);
            assertThat(e).hasMessageStartingWith("HF-211 ").hasMessageContaining("8 partitions");
        });
    }

    @Test
    void no_call_does_anything_among_sessions_of_another_number_of_partitions() {
        created(Map.of("a", "1"));
        String epoch = tag(id) + "epoch";
        String before = serverOf(epoch).text("GET", epoch);
        serverOf(epoch).text("SET", epoch, "8-abc", "KEEPTTL");

        for (ThrowingCallable call : allCalls()) {
            assertThatThrownBy(call)
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INCOMPATIBLE))
                    .hasMessageContaining("over 8");
        }

        serverOf(epoch).text("SET", epoch, before, "KEEPTTL");
        assertThat(store.load(id, Known.of(CREATED, 1), true)).isInstanceOf(Loaded.Unchanged.class);
        assertThat(attributes()).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void a_record_of_a_layout_from_the_future_is_left_alone() {
        created(Map.of("a", "1"));
        String record = tag(id) + "s:" + written(id);
        String before = serverOf(record).text("HGET", record, "aa");
        serverOf(record).text("HSET", record, "m", "\u0002 whatever it means");

        for (ThrowingCallable call : allCalls()) {
            assertThatThrownBy(call)
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INCOMPATIBLE))
                    .hasMessageStartingWith("HF-213 ");
        }
        assertThat(serverOf(record).text("HGET", record, "m")).isEqualTo("\u0002 whatever it means");
        assertThat(serverOf(record).text("HGET", record, "aa")).isEqualTo(before);
    }

    @Test
    void a_foreign_value_under_our_key_is_left_alone() {
        String record = tag(id) + "s:" + written(id);
        serverOf(record).text("SET", record, "foreign");

        for (ThrowingCallable call : allCalls()) {
            assertThatThrownBy(call)
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.SCRIPT))
                    .hasMessageStartingWith("HF-209 ");
        }
        assertThat(serverOf(record).text("GET", record)).isEqualTo("foreign");
    }

    @Test
    void sessions_spread_over_all_partitions() {
        for (int i = 0; i < 500; i++) {
            store.create(session(newId(), CREATED, HALF_AN_HOUR, Map.of()));
        }
        assertThat(ttls(options).keySet())
                .filteredOn(key -> key.endsWith("}:due"))
                .hasSize(16);
    }

    @Test
    void only_sessions_of_the_application_are_listed_whatever_it_is_called() {
        String name = options.application();
        for (String other : List.of(name + ":1", name + "*", "*", "[a-z]*", "app\\?")) {
            RedisStoreOptions others =
                    new RedisStoreOptions("test", other, 16, Duration.ofHours(1), Duration.ZERO, PATIENT);
            SessionStore otherStore = open(others);
            SessionId ofOther = newId();
            otherStore.create(session(ofOther, CREATED, HALF_AN_HOUR, Map.of()));

            assertThat(otherStore.list(PATIENT).ids()).containsExactly(ofOther);
            otherStore.remove(ofOther, CREATED);
        }
        assertThat(store.list(PATIENT).ids()).isEmpty();
    }

    @Test
    void a_list_for_which_there_is_no_time_says_that_it_is_not_complete() {
        assertThat(store.list(Duration.ZERO)).isEqualTo(new Listing(Set.of(), false));
    }

    @Test
    void a_session_is_only_renamed_within_its_partition() {
        created(Map.of());
        SessionId elsewhere = newId();
        while (store.colocated(id, elsewhere)) {
            elsewhere = newId();
        }
        SessionId foreign = elsewhere;
        assertThatThrownBy(() -> store.rename(id, CREATED, foreign)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Each method, called so that it would change the session {@code id}. */
    private List<ThrowingCallable> allCalls() {
        SessionId newId = colocatedId();
        return List.of(
                () -> store.load(id, Known.NOTHING, true),
                () -> store.create(session(id, CREATED + 1, 60, Map.of("b", "2"))),
                () -> set("a", "2", 1),
                () -> store.reconcile(
                        id,
                        CREATED,
                        1,
                        new OfflineDelta(
                                Map.of("a", new OfflineChange(new byte[1], 1)), OptionalInt.empty(), 0, 0, List.of()),
                        token()),
                () -> store.rename(id, CREATED, newId),
                () -> store.supersede(id, CREATED, 1, newId),
                () -> store.remove(id, CREATED),
                () -> store.bury(id, CREATED));
    }

    private long lastAccess(SessionStore node) {
        return ((Loaded.Unchanged) node.load(id, Known.of(CREATED, 1), true))
                .metadata()
                .lastAccessedMillis();
    }

    /** As the id stands in Redis. */
    final String written(SessionId session) {
        return options.ids().of(session);
    }

    final String tag(SessionId session) {
        Keys keys = new Keys(options);
        String due = keys.due(keys.partition(session));
        return due.substring(0, due.length() - "due".length());
    }

    /** The remaining time of each key of an application, in milliseconds; -1 if it stays. */
    final SortedMap<String, Long> ttls(RedisStoreOptions of) {
        SortedMap<String, Long> ttls = new TreeMap<>();
        for (RedisServer server : servers()) {
            for (String key : server.keys("*" + of.application() + "*")) {
                Long ttl = (Long) server.command("PTTL", key);
                if (ttl != null && ttl != -2) {
                    ttls.put(key, ttl);
                }
            }
        }
        return ttls;
    }

    /** The server that holds a key. */
    RedisServer serverOf(String key) {
        return servers().get(0);
    }

    private static long millis(int seconds) {
        return seconds * 1000L;
    }
}
