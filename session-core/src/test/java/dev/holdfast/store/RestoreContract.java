package dev.holdfast.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Metadata;
import dev.holdfast.model.NewSession;
import dev.holdfast.model.OfflineChange;
import dev.holdfast.model.OfflineDelta;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/**
 * What every store does with a copy that knows more than the store, because a failover has lost it: {@code store} is the
 * node with the copy. What was lost is played by a copy that knows what never was.
 */
public abstract class RestoreContract extends ReconcileContract {

    private static final int OURS = 4711;

    /** When the copy was up to date, by the time of the store. */
    private long agreed;

    /** Revision 2 is there; the copy of the node knows another 2, or more. */
    @BeforeEach
    void beginWithACopy(TestInfo test) {
        if (!test.getTestMethod().orElseThrow().getDeclaringClass().equals(RestoreContract.class)) {
            return;
        }
        created(Map.of("a", "0", "b", "0"));
        awaitLater();
        agreed = storeMillis();
        awaitLater();
    }

    // --- who is behind

    @Test
    void a_copy_at_a_revision_that_the_store_does_not_have_is_told_what_there_is() {
        Loaded loaded = store.load(id, Known.of(CREATED, 2, OURS), false);

        assertThat(loaded).isInstanceOfSatisfying(Loaded.Behind.class, behind -> {
            assertThat(behind.metadata().revision()).isEqualTo(1);
            assertThat(behind.names()).containsExactlyInAnyOrder("a", "b");
        });
    }

    @Test
    void a_copy_whose_revision_was_given_to_another_commit_is_behind_and_ahead_at_once() {
        commitThere(1, Map.of("b", "there"), Set.of());

        assertThat(store.load(id, Known.of(CREATED, 2, OURS), false)).isInstanceOf(Loaded.Behind.class);
    }

    @Test
    void so_is_one_whose_revision_has_a_successor_by_now() {
        commitThere(1, Map.of("b", "there"), Set.of());
        commitThere(2, Map.of("b", "there again"), Set.of());

        assertThat(store.load(id, Known.of(CREATED, 2, OURS), false)).isInstanceOf(Loaded.Behind.class);
    }

    @Test
    void a_copy_of_this_very_revision_is_up_to_date() {
        store.commit(id, Known.of(CREATED, 1), delta("a", "1"), OURS);

        assertThat(store.load(id, Known.of(CREATED, 2, OURS), false)).isInstanceOf(Loaded.Unchanged.class);
        assertThat(everything(otherNode).metadata().token()).isEqualTo(OURS);
    }

    @Test
    void a_copy_of_an_earlier_revision_of_this_session_gets_what_changed() {
        store.commit(id, Known.of(CREATED, 1), delta("a", "1"), OURS);
        commitThere(2, Map.of("b", "there"), Set.of());

        assertThat(store.load(id, Known.of(CREATED, 2, OURS), false)).isInstanceOf(Loaded.Changed.class);
    }

    @Test
    void the_revision_that_a_session_was_created_with_has_no_token_or_that_of_the_copy() {
        assertThat(store.load(id, Known.of(CREATED, 1, 0), false)).isInstanceOf(Loaded.Unchanged.class);

        loseEverything();
        store.create(new NewSession(id, CREATED, CREATED, 7, 60, Map.of(), OptionalLong.of(0), OURS));

        assertThat(store.load(id, Known.of(CREATED, 7, OURS), false)).isInstanceOf(Loaded.Unchanged.class);
        assertThat(store.load(id, Known.of(CREATED, 7, 0), false)).isInstanceOf(Loaded.Behind.class);
    }

    @Test
    void a_commit_of_a_copy_whose_revision_was_given_to_another_commit_writes_nothing() {
        commitThere(1, Map.of("b", "there"), Set.of());

        assertThat(store.commit(id, Known.of(CREATED, 2, OURS), delta("a", "here"), token()))
                .isEqualTo(new Behind());
        commitThere(2, Map.of("b", "there again"), Set.of());
        assertThat(store.commit(id, Known.of(CREATED, 2, OURS), delta("a", "here"), token()))
                .as("also if that is some time ago")
                .isEqualTo(new Behind());
        assertThat(attributes()).isEqualTo(Map.of("a", "0", "b", "there again"));
    }

    @Test
    void nor_does_one_of_a_copy_that_leaves() {
        commitThere(1, Map.of("b", "there"), Set.of());

        assertThat(store.commitLeaving(id, Known.of(CREATED, 2, OURS), delta("a", "here"), token()))
                .isFalse();
        assertThat(attributes()).isEqualTo(Map.of("a", "0", "b", "there"));
    }

    @Test
    void a_commit_that_is_repeated_is_known_whatever_its_copy_was() {
        int token = token();
        Committed first = store.commit(id, Known.of(CREATED, 1, 0), delta("a", "1"), token);

        assertThat(store.commit(id, Known.of(CREATED, 1, 0), delta("a", "1"), token))
                .isEqualTo(first);
    }

    @Test
    void what_a_node_did_meanwhile_waits_until_its_copy_is_put_back() {
        OfflineDelta offline = new OfflineDelta(
                Map.of("a", new OfflineChange(null, storeMillis())), OptionalInt.empty(), 0, agreed, List.of());

        assertThat(store.reconcile(id, CREATED, 2, offline, token())).isEqualTo(new Behind());
        assertThat(attributes()).containsEntry("a", "0");
    }

    // --- what is put back

    @Test
    void what_was_lost_is_there_again_at_a_revision_of_which_all_learn() {
        Loaded.Everything restored = restore(5, Map.of("a", "lost", "c", "lost"), Set.of("b"));

        assertThat(text(restored.attributes())).isEqualTo(Map.of("a", "lost", "c", "lost"));
        assertThat(attributes()).isEqualTo(Map.of("a", "lost", "c", "lost"));
        assertThat(restored.metadata().revision()).isEqualTo(6);
        assertThat(otherNode.load(id, Known.of(CREATED, 1, 0), false)).isInstanceOf(Loaded.Everything.class);
        assertThat(otherNode.load(id, Known.of(CREATED, 4, OURS), false))
                .as("another copy that knew what was lost")
                .isInstanceOf(Loaded.Everything.class);
        assertThat(store.load(id, Known.of(CREATED, 6, restored.metadata().token()), false))
                .isInstanceOf(Loaded.Unchanged.class);
    }

    @Test
    void what_others_wrote_since_then_stays() {
        commitThere(1, Map.of("b", "there", "c", "there"), Set.of("a"));

        Loaded.Everything restored = restore(2, Map.of("a", "lost", "b", "lost"), Set.of("c"));

        assertThat(text(restored.attributes())).isEqualTo(Map.of("b", "there", "c", "there"));
        assertThat(restored.metadata().revision()).isEqualTo(3);
    }

    @Test
    void a_node_that_knows_the_other_commit_learns_what_was_put_back() {
        commitThere(1, Map.of("b", "there"), Set.of());
        Metadata there = everything(otherNode).metadata();
        restore(2, Map.of("a", "lost", "b", "0"), Set.of());

        Loaded.Changed changed =
                (Loaded.Changed) otherNode.load(id, Known.of(CREATED, there.revision(), there.token()), false);

        assertThat(text(changed.set())).isEqualTo(Map.of("a", "lost"));
        assertThat(changed.removed()).isEmpty();
    }

    @Test
    void a_repeated_call_changes_nothing() {
        int token = token();
        Loaded first = restore(5, Map.of("a", "lost"), Set.of("b"), token);
        commitThere(6, Map.of("a", "newer"), Set.of());

        Loaded.Everything second = (Loaded.Everything) restore(5, Map.of("a", "lost"), Set.of("b"), token);

        assertThat(first).isInstanceOf(Loaded.Everything.class);
        assertThat(text(second.attributes())).isEqualTo(Map.of("a", "newer"));
        assertThat(second.metadata().revision()).isEqualTo(7);
    }

    @Test
    void what_a_node_did_while_it_was_cut_off_wins_over_what_is_put_back() {
        restore(5, Map.of("a", "lost", "b", "0"), Set.of());
        OfflineDelta offline = new OfflineDelta(
                Map.of("a", new OfflineChange("here".getBytes(ISO_8859_1), agreed + 1)),
                OptionalInt.empty(),
                0,
                agreed,
                List.of());

        Reconciled.Done done = (Reconciled.Done) otherNode.reconcile(id, CREATED, 1, offline, token());

        assertThat(done.overruled()).isEmpty();
        assertThat(attributes()).containsEntry("a", "here");
    }

    @Test
    void a_session_that_was_ended_stays_ended() {
        otherNode.remove(id, CREATED);

        assertThat(restore(5, Map.of("a", "lost"), Set.of(), token())).isInstanceOf(Loaded.Absent.class);
        assertThat(store.load(id, Known.NOTHING, false)).isInstanceOf(Loaded.Absent.class);
    }

    @Test
    void nothing_is_put_back_under_an_id_that_was_given_up() {
        otherNode.rename(id, CREATED, colocatedId());

        assertThat(restore(5, Map.of("a", "lost"), Set.of(), token())).isEqualTo(new Loaded.Absent(""));
    }

    private Loaded.Everything restore(long revision, Map<String, String> attributes, Set<String> removed) {
        return (Loaded.Everything) restore(revision, attributes, removed, token());
    }

    private Loaded restore(long revision, Map<String, String> attributes, Set<String> removed, int token) {
        return store.restore(
                new NewSession(id, CREATED, CREATED, revision, 1800, bytes(attributes), OptionalLong.of(agreed), OURS),
                removed,
                token);
    }
}
