package dev.holdfast.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.SessionId;
import dev.holdfast.model.SignOnId;
import dev.holdfast.model.SignOnMember;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link SignOnStore} does. */
public abstract class SignOnStoreContract {

    protected static final int HALF_AN_HOUR = 1800;
    protected static final StoredSignOn ALICE =
            new StoredSignOn("alice".getBytes(UTF_8), null, "FORM", "alice", "secret");

    protected SignOnStore store;

    /** Another node's view of the same sign-ons. */
    protected SignOnStore otherNode;

    protected SignOnId id;
    protected final SignOnMember shop = member("localhost/shop");
    protected final SignOnMember forum = member("a name with spaces ä##2");

    /** A store of no sign-ons, different for each test. */
    protected abstract SignOnStore newStore();

    /** The store of another node that shares the sign-ons of {@link #newStore()}. */
    protected abstract SignOnStore sameStoreOnOtherNode();

    /** How long the sign-on of this test still lives unless it is used, in seconds; empty: for ever. */
    protected abstract OptionalInt secondsToLive();

    /** The store forgets everything, as a server that comes back empty. */
    protected abstract void loseData();

    @BeforeEach
    void openStores() {
        store = newStore();
        otherNode = sameStoreOnOtherNode();
        id = new SignOnId(random());
    }

    private static String random() {
        byte[] random = new byte[16];
        ThreadLocalRandom.current().nextBytes(random);
        return HexFormat.of().withUpperCase().formatHex(random);
    }

    protected static SignOnMember member(String application) {
        return new SignOnMember(application, new SessionId(random()));
    }

    private StoredSignOn look(SignOnStore node) {
        return node.look(id).orElseThrow().signOn();
    }

    @Test
    void an_unknown_sign_on_is_absent() {
        assertThat(store.look(id)).isEmpty();
        assertThat(store.end(id)).isEmpty();
        assertThat(store.leave(id, shop)).isFalse();
    }

    @Test
    void a_sign_on_is_found_on_another_node() {
        store.begin(id, ALICE, shop, HALF_AN_HOUR);
        StoredSignOn found = look(otherNode);
        assertThat(found.principal()).isEqualTo(ALICE.principal());
        assertThat(found).usingRecursiveComparison().isEqualTo(ALICE);
    }

    @Test
    void what_is_not_known_is_null() {
        StoredSignOn little = new StoredSignOn(null, "ticket", null, null, null);
        store.begin(id, little, shop, HALF_AN_HOUR);
        assertThat(look(otherNode)).isEqualTo(little);
    }

    @Test
    void an_update_replaces_the_login_and_leaves_the_sessions() {
        store.begin(id, ALICE, shop, HALF_AN_HOUR);
        StoredSignOn bob = new StoredSignOn(null, "bob's ticket", "DIGEST", null, null);
        assertThat(otherNode.update(id, bob)).isTrue();
        assertThat(look(store)).isEqualTo(bob);
        assertThat(store.end(id)).contains(List.of(shop));
    }

    @Test
    void the_end_tells_all_sessions_to_one_caller() {
        store.begin(id, ALICE, shop, HALF_AN_HOUR);
        assertThat(otherNode.join(id, forum, 60)).isTrue();
        assertThat(otherNode.join(id, forum, 60)).isTrue();

        assertThat(otherNode.end(id))
                .hasValueSatisfying(ended -> assertThat(ended).containsExactlyInAnyOrder(shop, forum));
        assertThat(store.end(id)).isEmpty();
        assertThat(store.look(id)).isEmpty();
    }

    @Test
    void of_callers_that_end_it_at_the_same_time_one_is_told() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 20; round++) {
                SignOnId ending = new SignOnId(random());
                store.begin(ending, ALICE, shop, HALF_AN_HOUR);
                List<Callable<Optional<List<SignOnMember>>>> ends = IntStream.range(0, 4)
                        .<Callable<Optional<List<SignOnMember>>>>mapToObj(
                                i -> () -> (i % 2 == 0 ? store : otherNode).end(ending))
                        .toList();
                int told = 0;
                for (Future<Optional<List<SignOnMember>>> end : threads.invokeAll(ends)) {
                    told += end.get().isPresent() ? 1 : 0;
                }
                assertThat(told).isEqualTo(1);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void nothing_brings_a_sign_on_back() {
        store.begin(id, ALICE, shop, HALF_AN_HOUR);
        store.end(id);
        assertThat(otherNode.join(id, forum, HALF_AN_HOUR)).isFalse();
        assertThat(otherNode.move(id, shop, forum, HALF_AN_HOUR)).isFalse();
        assertThat(otherNode.update(id, ALICE)).isFalse();
        assertThat(otherNode.leave(id, shop)).isFalse();
        assertThat(store.look(id)).isEmpty();
    }

    @Test
    void the_last_session_to_leave_ends_it() {
        store.begin(id, ALICE, shop, HALF_AN_HOUR);
        store.join(id, forum, HALF_AN_HOUR);
        assertThat(otherNode.leave(id, shop)).isTrue();
        assertThat(otherNode.leave(id, shop)).as("left before").isTrue();
        assertThat(store.look(id)).isPresent();
        assertThat(store.leave(id, forum)).isFalse();
        assertThat(store.look(id)).isEmpty();
    }

    @Test
    void a_session_that_changes_its_id_stays() {
        store.begin(id, ALICE, shop, HALF_AN_HOUR);
        SignOnMember renamed = member(shop.application());
        assertThat(otherNode.move(id, shop, renamed, HALF_AN_HOUR)).isTrue();
        assertThat(store.leave(id, shop)).as("nobody has that id now").isTrue();
        assertThat(store.end(id)).contains(List.of(renamed));
    }

    @Test
    void it_lives_for_the_longest_interval_of_its_sessions_and_a_margin() {
        store.begin(id, ALICE, shop, 60);
        assertThat(secondsToLive()).hasValue(60 + HALF_AN_HOUR);
        store.join(id, forum, 7200);
        assertThat(secondsToLive()).hasValue(7200 + HALF_AN_HOUR);
        assertThat(store.look(id).orElseThrow().longestIntervalSeconds()).hasValue(7200);
        store.join(id, forum, 100);
        assertThat(secondsToLive()).hasValue(100 + HALF_AN_HOUR);
        store.leave(id, forum);
        assertThat(secondsToLive()).hasValue(60 + HALF_AN_HOUR);
    }

    @Test
    void it_lives_for_ever_with_a_session_that_never_ends() {
        store.begin(id, ALICE, shop, HALF_AN_HOUR);
        store.join(id, forum, -1);
        assertThat(store.look(id).orElseThrow().longestIntervalSeconds()).isEmpty();
        assertThat(secondsToLive()).isEmpty();
        store.leave(id, forum);
        assertThat(secondsToLive()).hasValue(2 * HALF_AN_HOUR);
    }

    // ---- what a node has done, or knows, without the store ---------------------------------------------------------

    private OfflineSignOn copyOf(SignOnStore node) {
        StoredSignOn.Found found = node.look(id).orElseThrow();
        return known(found.epoch(), found.signOn(), found.sessions());
    }

    private static OfflineSignOn known(String epoch, StoredSignOn login, Map<SignOnMember, Integer> sessions) {
        return new OfflineSignOn(epoch, login, false, sessions, Map.of(), Set.of(), 0);
    }

    @Test
    void a_look_tells_the_sessions_and_the_epoch() {
        String epoch = store.begin(id, ALICE, shop, HALF_AN_HOUR);
        otherNode.join(id, forum, 60);
        StoredSignOn.Found found = otherNode.look(id).orElseThrow();
        assertThat(found.epoch()).isEqualTo(epoch);
        assertThat(found.sessions()).isEqualTo(Map.of(shop, HALF_AN_HOUR, forum, 60));
    }

    @Test
    void of_too_many_sessions_a_look_tells_none() {
        store.begin(id, ALICE, shop, 60);
        for (int session = 0; session < 40; session++) {
            store.join(id, member("localhost/shop"), HALF_AN_HOUR);
        }
        StoredSignOn.Found found = otherNode.look(id).orElseThrow();
        assertThat(found.sessions()).isEmpty();
        assertThat(found.longestIntervalSeconds()).hasValue(HALF_AN_HOUR);
        assertThat(found.signOn()).usingRecursiveComparison().isEqualTo(ALICE);
    }

    @Test
    void what_has_begun_without_the_store_is_brought_to_it() {
        OfflineSignOn born = known("", ALICE, Map.of(shop, HALF_AN_HOUR, forum, -1));
        assertThat(store.reconcile(id, born).orElseThrow().sessions()).containsOnlyKeys(shop, forum);
        assertThat(store.reconcile(id, born)).as("twice").isPresent();
        assertThat(look(otherNode)).usingRecursiveComparison().isEqualTo(ALICE);
        assertThat(otherNode.end(id))
                .hasValueSatisfying(ended -> assertThat(ended).containsExactlyInAnyOrder(shop, forum));
    }

    @Test
    void sessions_that_came_and_left_without_the_store_are_brought_to_it() {
        store.begin(id, ALICE, shop, HALF_AN_HOUR);
        OfflineSignOn copy = copyOf(otherNode);
        SignOnMember elsewhere = member("localhost/blog");
        store.join(id, elsewhere, 60);
        StoredSignOn bob = new StoredSignOn(null, "bob's ticket", "DIGEST", null, null);

        StoredSignOn.Found now = otherNode
                .reconcile(
                        id,
                        new OfflineSignOn(
                                copy.epoch(), bob, true, Map.of(forum, 7200), Map.of(forum, 7200), Set.of(shop), 0))
                .orElseThrow();

        assertThat(now.sessions()).isEqualTo(Map.of(forum, 7200, elsewhere, 60));
        assertThat(look(store)).isEqualTo(bob);
        assertThat(secondsToLive()).hasValue(7200 + HALF_AN_HOUR);
    }

    @Test
    void what_has_ended_in_the_store_stays_ended() {
        store.begin(id, ALICE, shop, HALF_AN_HOUR);
        OfflineSignOn copy = copyOf(otherNode);
        store.end(id);
        assertThat(otherNode.reconcile(id, copy)).isEmpty();
        assertThat(store.look(id)).isEmpty();
    }

    @Test
    void what_the_store_has_lost_is_put_back_by_each_node_with_what_it_knows() {
        store.begin(id, ALICE, shop, HALF_AN_HOUR);
        OfflineSignOn copy = copyOf(otherNode);
        store.join(id, forum, 60);
        OfflineSignOn later = copyOf(store);
        loseData();

        StoredSignOn.Found back = otherNode.reconcile(id, copy).orElseThrow();
        assertThat(back.epoch()).isNotEqualTo(copy.epoch());
        assertThat(back.sessions()).containsOnlyKeys(shop);
        assertThat(store.reconcile(id, later).orElseThrow().sessions()).containsOnlyKeys(shop, forum);
        assertThat(look(otherNode)).usingRecursiveComparison().isEqualTo(ALICE);
        assertThat(secondsToLive()).hasValue(2 * HALF_AN_HOUR);
    }

    @Test
    void what_was_put_back_and_has_ended_then_is_not_put_back_by_another_copy() {
        store.begin(id, ALICE, shop, HALF_AN_HOUR);
        OfflineSignOn copy = copyOf(otherNode);
        loseData();
        store.reconcile(id, copy);
        assertThat(store.end(id)).contains(List.of(shop));

        assertThat(otherNode.reconcile(id, copy)).isEmpty();
        assertThat(otherNode.look(id)).isEmpty();
    }

    @Test
    void without_the_login_nothing_is_put_back() {
        assertThat(store.reconcile(id, new OfflineSignOn("", null, false, Map.of(), Map.of(shop, 60), Set.of(), 0)))
                .isEmpty();
        assertThat(store.look(id)).isEmpty();
    }

    @Test
    void what_is_buried_is_brought_back_by_no_call_and_no_copy() {
        store.begin(id, ALICE, shop, HALF_AN_HOUR);
        OfflineSignOn copy = copyOf(otherNode);
        assertThat(store.bury(id, OptionalInt.of(60))).contains(List.of(shop));

        assertThat(store.bury(id, OptionalInt.of(60))).isEmpty();
        store.begin(id, ALICE, shop, HALF_AN_HOUR);
        assertThat(store.join(id, forum, 60)).isFalse();
        assertThat(otherNode.reconcile(id, known("", ALICE, Map.of(shop, 60)))).isEmpty();
        assertThat(otherNode.reconcile(id, known("another", ALICE, copy.sessions())))
                .isEmpty();
        assertThat(otherNode.look(id)).isEmpty();
        assertThat(otherNode.end(id)).isEmpty();
    }

    @Test
    void time_without_use_counts_also_without_the_store() {
        store.begin(id, ALICE, shop, HALF_AN_HOUR);
        OfflineSignOn copy = copyOf(otherNode);
        loseData();
        store.reconcile(
                id, new OfflineSignOn(copy.epoch(), ALICE, false, copy.sessions(), Map.of(), Set.of(), 600_000));
        assertThat(secondsToLive()).hasValue(2 * HALF_AN_HOUR - 600);
        store.reconcile(id, copy);
        assertThat(secondsToLive()).hasValue(2 * HALF_AN_HOUR);
    }

    @Test
    void sign_ons_do_not_mix() {
        SignOnId other = new SignOnId(random());
        store.begin(id, ALICE, shop, HALF_AN_HOUR);
        store.begin(other, new StoredSignOn(null, "bob", null, null, null), shop, HALF_AN_HOUR);
        store.end(id);
        assertThat(store.look(other).orElseThrow().signOn().ticket()).isEqualTo("bob");
        assertThat(store.end(other)).contains(List.of(shop));
    }
}
