package dev.holdfast.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.holdfast.model.Delta;
import dev.holdfast.model.NewSession;
import dev.holdfast.model.OfflineChange;
import dev.holdfast.model.OfflineDelta;
import dev.holdfast.model.SessionId;
import dev.holdfast.store.DueSessions.DueSession;
import dev.holdfast.store.DueSessions.Taken;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/**
 * What every store does with changes that were made while it did not answer: {@code store} is the node that was cut off,
 * {@code otherNode} the one that was not.
 */
public abstract class ReconcileContract extends SessionStoreContract {

    private static final long SECOND = 1000;
    private static final long TOLERATED_MILLIS = 5000;
    private static final Duration LEASE = Duration.ofMinutes(1);

    /** When the node was cut off, by the time of the store. */
    private long since;

    /** Lets more time pass than estimates of the time of the store are apart: some milliseconds. */
    protected abstract void awaitLater();

    /** Only for the tests of this class: others begin with what they need. */
    @BeforeEach
    void beginWithASession(TestInfo test) {
        if (!test.getTestMethod().orElseThrow().getDeclaringClass().equals(ReconcileContract.class)) {
            return;
        }
        created(Map.of("a", "0", "b", "0", "c", "0"));
        awaitLater();
        since = storeMillis();
        awaitLater();
    }

    // --- what wins

    @Test
    void what_two_nodes_did_to_different_attributes_is_merged() {
        commitThere(1, Map.of("b", "there"), Set.of());

        Reconciled.Done done = reconcile(earlier("a", "here"));

        assertThat(done).isEqualTo(new Reconciled.Done(2, 3, Set.of(), Set.of()));
        assertThat(attributes()).isEqualTo(Map.of("a", "here", "b", "there", "c", "0"));
    }

    @Test
    void of_the_same_attribute_the_change_here_stays_if_it_is_later() {
        commitThere(1, Map.of("a", "there"), Set.of());

        Reconciled.Done done = reconcile(later("a", "here"));

        assertThat(done).isEqualTo(new Reconciled.Done(2, 3, Set.of(), Set.of("a")));
        assertThat(attributes()).containsEntry("a", "here");
    }

    @Test
    void of_the_same_attribute_the_change_there_stays_if_it_is_later() {
        commitThere(1, Map.of("a", "there"), Set.of());

        Reconciled.Done done = reconcile(earlier("a", "here"));

        assertThat(done).isEqualTo(new Reconciled.Done(2, 3, Set.of("a"), Set.of()));
        assertThat(attributes()).containsEntry("a", "there");
    }

    @Test
    void a_removal_here_that_is_later_removes_what_was_set_there() {
        commitThere(1, Map.of("a", "there"), Set.of());

        assertThat(reconcile(later("a", null)).overruling()).containsExactly("a");
        assertThat(attributes()).doesNotContainKey("a");
    }

    @Test
    void a_removal_here_that_is_earlier_does_not_remove_what_was_set_there() {
        commitThere(1, Map.of("a", "there"), Set.of());

        assertThat(reconcile(earlier("a", null)).overruled()).containsExactly("a");
        assertThat(attributes()).containsEntry("a", "there");
    }

    @Test
    void what_was_set_here_later_comes_back_although_it_was_removed_there() {
        commitThere(1, Map.of(), Set.of("a"));

        assertThat(reconcile(later("a", "here")).overruling()).containsExactly("a");
        assertThat(attributes()).containsEntry("a", "here");
    }

    @Test
    void what_was_set_here_earlier_stays_removed() {
        commitThere(1, Map.of(), Set.of("a"));

        assertThat(reconcile(earlier("a", "here")).overruled()).containsExactly("a");
        assertThat(attributes()).doesNotContainKey("a");
    }

    @Test
    void equal_values_are_no_conflict_whichever_is_later() {
        commitThere(1, Map.of("a", "same", "b", "same"), Set.of("c"));

        Reconciled.Done done = reconcile(
                Map.of("a", change("same", storeMillis()), "b", change("same", since), "c", change(null, since)));

        assertThat(done.overruled()).isEmpty();
        assertThat(done.overruling()).isEmpty();
        assertThat(attributes()).isEqualTo(Map.of("a", "same", "b", "same"));
    }

    @Test
    void several_attributes_are_decided_each_by_itself() {
        commitThere(1, Map.of("a", "there", "b", "there"), Set.of("c"));

        Reconciled.Done done = reconcile(Map.of(
                "a", change("here", storeMillis()),
                "b", change("here", since),
                "c", change("here", storeMillis()),
                "d", change("here", since),
                "e", change(null, since)));

        assertThat(done).isEqualTo(new Reconciled.Done(2, 3, Set.of("b"), Set.of("a", "c")));
        assertThat(attributes()).isEqualTo(Map.of("a", "here", "b", "there", "c", "here", "d", "here"));
    }

    @Test
    void of_two_nodes_that_were_cut_off_the_later_change_stays_whoever_comes_first() {
        long now = storeMillis();
        reconcile(Map.of("a", change("early", now - 30 * SECOND), "b", change("late", now - 10 * SECOND)));

        Reconciled.Done second = (Reconciled.Done) otherNode.reconcile(
                id,
                CREATED,
                1,
                offline(Map.of("a", change("late", now - 10 * SECOND), "b", change("early", now - 30 * SECOND))),
                token());

        assertThat(second).isEqualTo(new Reconciled.Done(2, 3, Set.of("b"), Set.of("a")));
        assertThat(attributes()).isEqualTo(Map.of("a", "late", "b", "late", "c", "0"));
    }

    @Test
    void of_two_nodes_that_were_cut_off_a_later_removal_stays_whoever_comes_first() {
        long now = storeMillis();
        reconcile(Map.of("a", change(null, now - 30 * SECOND), "b", change(null, now - 10 * SECOND)));

        Reconciled.Done second = (Reconciled.Done) otherNode.reconcile(
                id,
                CREATED,
                1,
                offline(Map.of("a", change("late", now - 10 * SECOND), "b", change("early", now - 30 * SECOND))),
                token());

        assertThat(second).isEqualTo(new Reconciled.Done(2, 3, Set.of("b"), Set.of("a")));
        assertThat(attributes()).isEqualTo(Map.of("a", "late", "c", "0"));
    }

    @Test
    void equal_values_are_as_late_as_the_later_of_them() {
        long now = storeMillis();
        reconcile(Map.of("a", change("same", now - 30 * SECOND)));
        reconcile(Map.of("a", change("same", now - 10 * SECOND)));

        assertThat(reconcile(Map.of("a", change("between", now - 20 * SECOND))).overruled())
                .containsExactly("a");
        assertThat(attributes()).containsEntry("a", "same");
    }

    @Test
    void a_change_from_the_future_is_no_later_than_the_present() {
        reconcile(Map.of("a", change("of a clock that is wrong", storeMillis() + 3600 * SECOND)));
        awaitLater();

        Reconciled.Done second = (Reconciled.Done)
                otherNode.reconcile(id, CREATED, 1, offline(Map.of("a", change("later", storeMillis()))), token());

        assertThat(second.overruling()).containsExactly("a");
        assertThat(attributes()).containsEntry("a", "later");
    }

    @Test
    void what_nobody_else_has_written_is_taken_however_old_it_is() {
        Reconciled.Done done = reconcile(Map.of("a", change("here", 1), "b", change(null, 1)));

        assertThat(done).isEqualTo(new Reconciled.Done(1, 2, Set.of(), Set.of()));
        assertThat(attributes()).isEqualTo(Map.of("a", "here", "c", "0"));
    }

    // --- a session that was put back

    @Test
    void a_session_that_was_put_back_takes_what_was_done_before_that() {
        loseEverything();
        store.create(putBack(OptionalLong.of(0)));

        Reconciled.Done done = reconcile(Map.of("a", change("here", since), "b", change(null, since)));

        assertThat(done).isEqualTo(new Reconciled.Done(7, 8, Set.of(), Set.of()));
        assertThat(attributes()).isEqualTo(Map.of("a", "here", "c", "there"));
    }

    @Test
    void what_was_done_after_a_session_was_put_back_is_decided_by_the_instant() {
        loseEverything();
        store.create(putBack(OptionalLong.of(0)));
        otherNode.commit(id, Known.of(CREATED, 7), delta("a", "newer"), token());

        assertThat(reconcile(earlier("a", "here")).overruled()).containsExactly("a");
        assertThat(attributes()).containsEntry("a", "newer");
    }

    @Test
    void attributes_count_as_written_when_their_creator_says() {
        loseEverything();
        store.create(putBack(OptionalLong.of(since)));

        Reconciled.Done done = reconcile(
                offlineSince(since - SECOND, Map.of("a", change("here", since - 1), "b", change("here", since + 1))));

        assertThat(done.overruled()).containsExactly("a");
        assertThat(done.overruling()).containsExactly("b");
    }

    @Test
    void attributes_count_as_written_at_their_creation_if_nothing_else_is_said_or_it_is_in_the_future() {
        for (OptionalLong written : List.of(OptionalLong.empty(), OptionalLong.of(storeMillis() + 3600 * SECOND))) {
            loseEverything();
            store.create(putBack(written));
            awaitLater();

            Reconciled.Done done = reconcile(Map.of("a", change("here", since), "b", change("here", storeMillis())));

            assertThat(done.overruled()).as("written " + written).containsExactly("a");
            assertThat(done.overruling()).as("written " + written).containsExactly("b");
        }
    }

    /** By another node, whose copy was ahead. */
    private NewSession putBack(OptionalLong writtenMillis) {
        return new NewSession(
                id,
                CREATED,
                CREATED,
                7,
                HALF_AN_HOUR,
                bytes(Map.of("a", "there", "b", "there", "c", "there")),
                writtenMillis);
    }

    // --- a change log that is too short

    @Test
    void if_the_log_is_too_short_instants_tell_what_others_have_changed() {
        commitThere(1, Map.of("a", "there", "b", "there"), Set.of());
        long between = storeMillis();
        fillLog(2);

        Reconciled.Done done = reconcile(
                Map.of("a", change("here", between), "b", change("here", since), "c", change("here", since - SECOND)));

        assertThat(done.overruling()).containsExactly("a");
        assertThat(done.overruled()).containsExactly("b");
        assertThat(attributes())
                .containsEntry("a", "here")
                .containsEntry("b", "there")
                .as("nobody else has written it since")
                .containsEntry("c", "here");
    }

    @Test
    void if_the_log_is_too_short_removals_are_known_all_the_same() {
        commitThere(1, Map.of(), Set.of("a", "b"));
        long between = storeMillis();
        fillLog(2);

        Reconciled.Done done = reconcile(Map.of("a", change("here", between), "b", change("here", since)));

        assertThat(done.overruling()).containsExactly("a");
        assertThat(done.overruled()).containsExactly("b");
        assertThat(attributes()).containsEntry("a", "here").doesNotContainKey("b");
    }

    @Test
    void an_attribute_that_was_removed_and_set_again_is_as_late_as_it_was_set() {
        commitThere(1, Map.of(), Set.of("a"));
        long removed = storeMillis();
        awaitLater();
        commitThere(2, Map.of("a", "there"), Set.of());
        fillLog(3);

        assertThat(reconcile(Map.of("a", change("here", removed))).overruled()).containsExactly("a");
        assertThat(attributes()).containsEntry("a", "there");
    }

    // --- commits that were not answered

    @Test
    void a_commit_that_arrives_late_changes_nothing() {
        int late = token();
        int other = token();
        reconcile(offline(later("a", "newer"), late, other));

        Committed committed = store.commit(id, Known.of(CREATED, 1), delta("a", "older"), late);

        assertThat(committed).isInstanceOf(Committed.Applied.class);
        store.commit(id, Known.of(CREATED, 1), delta("b", "older"), other);
        assertThat(attributes()).isEqualTo(Map.of("a", "newer", "b", "0", "c", "0"));
        assertThat(everything(otherNode).metadata().revision()).isEqualTo(4);
    }

    @Test
    void a_commit_that_was_applied_but_not_answered_is_no_conflict() {
        int unanswered = token();
        store.commit(id, Known.of(CREATED, 1), delta("a", "1"), unanswered);
        awaitLater();

        Reconciled.Done done = reconcile(offline(Map.of("a", change("2", since), "b", change("1", since)), unanswered));

        assertThat(done).isEqualTo(new Reconciled.Done(2, 3, Set.of(), Set.of()));
        assertThat(attributes())
                .as("although it was applied later than it was made")
                .containsEntry("a", "2");
        assertThat(attributes()).containsEntry("b", "1");
    }

    @Test
    void what_others_wrote_after_an_unanswered_commit_is_theirs() {
        int unanswered = token();
        store.commit(id, Known.of(CREATED, 1), delta("a", "1"), unanswered);
        commitThere(2, Map.of("a", "there"), Set.of());

        assertThat(reconcile(offline(earlier("a", "1"), unanswered)).overruled())
                .containsExactly("a");
        assertThat(attributes()).containsEntry("a", "there");
    }

    @Test
    void a_late_commit_of_which_nothing_is_left_to_write_is_remembered_too() {
        int late = token();
        assertThat(reconcile(offline(Map.of(), late))).isEqualTo(new Reconciled.Done(1, 3, Set.of(), Set.of()));

        store.commit(id, Known.of(CREATED, 1), delta("a", "older"), late);

        assertThat(attributes()).containsEntry("a", "0");
    }

    // --- repeated calls

    @Test
    void a_repeated_call_changes_nothing_and_tells_of_the_same_conflicts() {
        commitThere(1, Map.of("a", "there", "b", "there"), Set.of());
        Map<String, OfflineChange> changes = Map.of("a", change("here", storeMillis()), "b", change("here", since));
        int token = token();
        Reconciled first = store.reconcile(id, CREATED, 1, offline(changes, token()), token);
        commitThere(4, Map.of("a", "newer"), Set.of());

        Reconciled second = store.reconcile(id, CREATED, 1, offline(changes), token);

        assertThat(first).isEqualTo(new Reconciled.Done(2, 4, Set.of("b"), Set.of("a")));
        assertThat(((Reconciled.Done) second).overruled()).containsExactly("b");
        assertThat(((Reconciled.Done) second).overruling()).containsExactly("a");
        assertThat(attributes()).isEqualTo(Map.of("a", "newer", "b", "there", "c", "0"));
        assertThat(everything(otherNode).metadata().revision()).isEqualTo(5);
    }

    @Test
    void a_repeated_call_gives_the_same_answer() {
        OfflineDelta delta = offline(earlier("a", "here"), token(), token());
        int token = token();

        Reconciled first = store.reconcile(id, CREATED, 1, delta, token);

        assertThat(otherNode.reconcile(id, CREATED, 1, delta, token))
                .isEqualTo(first)
                .isEqualTo(new Reconciled.Done(1, 4, Set.of(), Set.of()));
    }

    @Test
    void the_conflicts_of_one_call_are_not_those_of_the_next() {
        commitThere(1, Map.of("a", "there"), Set.of());
        int first = token();
        int second = token();
        store.reconcile(id, CREATED, 1, offline(earlier("a", "here")), first);
        store.reconcile(id, CREATED, 3, offline(earlier("b", "here")), second);

        assertThat(store.reconcile(id, CREATED, 3, offline(earlier("b", "here")), second))
                .isEqualTo(new Reconciled.Done(3, 4, Set.of(), Set.of()));
    }

    // --- what other nodes see

    @Test
    void other_nodes_load_only_what_was_changed() {
        commitThere(1, Map.of("b", "there"), Set.of());
        reconcile(offline(
                Map.of("a", change("here", since), "b", change("here", since), "c", change(null, since)), token()));

        Loaded.Changed changed = (Loaded.Changed) otherNode.load(id, Known.of(CREATED, 2), false);

        assertThat(text(changed.set())).isEqualTo(Map.of("a", "here"));
        assertThat(changed.removed()).containsExactly("c");
        assertThat(changed.metadata().revision()).isEqualTo(4);
    }

    @Test
    void thousands_of_attributes_and_long_names_are_reconciled_too() {
        Map<String, OfflineChange> changes = IntStream.range(0, 3000)
                .boxed()
                .collect(Collectors.toMap(i -> "attribute " + i, i -> change(i % 2 == 0 ? "v" + i : null, since)));
        changes.put("n".repeat(70_000), change("long", since));
        changes.put("m".repeat(70_000), change(null, since));
        int token = token();

        Reconciled first = store.reconcile(id, CREATED, 1, offline(changes), token);

        assertThat(first).isEqualTo(new Reconciled.Done(1, 2, Set.of(), Set.of()));
        assertThat(attributes()).hasSize(1504).containsEntry("n".repeat(70_000), "long");
        assertThat(store.reconcile(id, CREATED, 1, offline(changes), token)).isEqualTo(first);
    }

    @Test
    void names_and_values_may_be_anything_here_too() {
        Map<String, String> expected = new HashMap<>(Map.of("a", "0", "b", "0", "c", "0"));
        names().forEach(name -> expected.put(name, name + " here"));
        Map<String, OfflineChange> changes = new HashMap<>();
        expected.forEach((name, value) -> changes.put(name, change(value, storeMillis())));
        names().forEach(name -> commitThere(1, delta(name, "there")));
        awaitLater();
        names().forEach(name -> changes.put(name, change(expected.get(name), storeMillis())));

        Reconciled.Done done = reconcile(changes);

        assertThat(done.overruling()).containsExactlyInAnyOrderElementsOf(names());
        assertThat(everything(otherNode).attributes().keySet()).isEqualTo(expected.keySet());
        changes.replaceAll((name, change) -> change(null, since));
        assertThat(reconcile(changes).overruled()).containsAll(names());
    }

    // --- sessions that are over, or elsewhere

    @Test
    void a_session_that_was_ended_meanwhile_stays_ended() {
        String epoch = everything(store).epoch();
        otherNode.remove(id, CREATED);

        assertThat(store.reconcile(id, CREATED, 1, offline(later("a", "here")), token()))
                .isEqualTo(new Reconciled.Gone(epoch));
        assertThat(store.load(id, Known.NOTHING, false)).isInstanceOf(Loaded.Absent.class);
    }

    @Test
    void a_session_that_the_store_has_lost_is_told_by_the_epoch() {
        String epoch = everything(store).epoch();
        loseEverything();

        Reconciled.Gone gone = (Reconciled.Gone) store.reconcile(id, CREATED, 1, offline(later("a", "here")), token());

        assertThat(gone.epoch()).isNotEqualTo(epoch);
    }

    @Test
    void another_session_with_the_same_id_is_left_alone() {
        assertThat(store.reconcile(id, CREATED - 1, 1, offline(later("a", "here")), token()))
                .isInstanceOf(Reconciled.Gone.class);
        assertThat(attributes()).containsEntry("a", "0");
    }

    @Test
    void a_session_that_has_another_id_now_is_found_by_it() {
        SessionId newId = colocatedId();
        otherNode.rename(id, CREATED, newId);
        OfflineDelta delta = offline(later("a", "here"));

        assertThat(store.reconcile(id, CREATED, 1, delta, token())).isEqualTo(new Moved(newId));
        assertThat(store.reconcile(newId, CREATED, 1, delta, token()))
                .isEqualTo(new Reconciled.Done(1, 2, Set.of(), Set.of()));
    }

    // --- time

    @Test
    void an_access_alone_raises_no_revision() {
        long access = storeMillis();

        Reconciled.Done done = reconcile(new OfflineDelta(Map.of(), OptionalInt.empty(), access, since, List.of()));

        assertThat(done).isEqualTo(new Reconciled.Done(1, 1, Set.of(), Set.of()));
        Loaded.Unchanged loaded = (Loaded.Unchanged) store.load(id, Known.of(CREATED, 1), false);
        assertThat(loaded.metadata().lastAccessedMillis()).isEqualTo(access);
    }

    @Test
    void an_older_access_changes_nothing() {
        otherNode.load(id, Known.of(CREATED, 1), true);
        Loaded.Unchanged before = (Loaded.Unchanged) store.load(id, Known.of(CREATED, 1), false);

        reconcile(new OfflineDelta(Map.of(), OptionalInt.empty(), since - SECOND, since, List.of()));

        assertThat(store.load(id, Known.of(CREATED, 1), false)).isEqualTo(before);
    }

    @Test
    void an_access_from_the_future_is_no_later_than_the_present() {
        reconcile(new OfflineDelta(Map.of(), OptionalInt.empty(), storeMillis() + 3600 * SECOND, since, List.of()));

        Loaded.Unchanged loaded = (Loaded.Unchanged) store.load(id, Known.of(CREATED, 1), false);
        assertThat(loaded.metadata().lastAccessedMillis()).isBetween(since, storeMillis());
    }

    @Test
    void a_session_that_was_used_on_the_node_that_was_cut_off_lives_on_from_there() {
        SessionId due = dueSession();
        long access = storeMillis();

        Reconciled done = store.reconcile(
                due, CREATED, 1, new OfflineDelta(Map.of(), OptionalInt.empty(), access, since, List.of()), token());

        assertThat(done).isEqualTo(new Reconciled.Done(1, 1, Set.of(), Set.of()));
        assertThat(otherNode.load(due, Known.of(CREATED, 1), false)).isInstanceOf(Loaded.Unchanged.class);
        awaitDue(due);
    }

    @Test
    void a_session_that_nobody_has_used_stays_due() {
        SessionId due = dueSession();

        store.reconcile(due, CREATED, 1, offline(earlier("a", "here")), token());

        assertThat(otherNode.load(due, Known.of(CREATED, 1), false)).isInstanceOf(Loaded.Due.class);
    }

    @Test
    void a_session_whose_end_has_begun_is_over() {
        SessionId due = dueSession();
        assertThat(otherNode.due().take(claimed(due), 42, LEASE)).isInstanceOf(Taken.Mine.class);

        Reconciled reconciled = store.reconcile(
                due,
                CREATED,
                1,
                new OfflineDelta(later("a", "here"), OptionalInt.empty(), storeMillis(), since, List.of()),
                token());

        assertThat(reconciled).isInstanceOf(Reconciled.Gone.class);
        assertThat(otherNode.load(due, Known.of(CREATED, 1), false)).isInstanceOf(Loaded.Due.class);
    }

    @Test
    void a_new_interval_is_applied() {
        Reconciled.Done done =
                reconcile(new OfflineDelta(Map.of(), OptionalInt.of(-1), storeMillis(), since, List.of()));

        assertThat(done).isEqualTo(new Reconciled.Done(1, 2, Set.of(), Set.of()));
        Loaded.Changed changed = (Loaded.Changed) otherNode.load(id, Known.of(CREATED, 1), false);
        assertThat(changed.metadata().maxInactiveSeconds()).isEqualTo(-1);
    }

    @Test
    void the_time_of_the_store_is_known_without_asking() {
        assertThat(store.nowMillis()).isCloseTo(storeMillis(), within(TOLERATED_MILLIS));
        long before = storeMillis();
        awaitLater();
        everything(store);
        assertThat(store.nowMillis()).isGreaterThanOrEqualTo(before);
    }

    // --- helpers

    private Reconciled.Done reconcile(Map<String, OfflineChange> changes) {
        return reconcile(offline(changes));
    }

    private Reconciled.Done reconcile(OfflineDelta delta) {
        return (Reconciled.Done) store.reconcile(id, CREATED, 1, delta, token());
    }

    private OfflineDelta offline(Map<String, OfflineChange> changes, Integer... unanswered) {
        return new OfflineDelta(changes, OptionalInt.empty(), 0, since, List.of(unanswered));
    }

    private static OfflineDelta offlineSince(long sinceMillis, Map<String, OfflineChange> changes) {
        return new OfflineDelta(changes, OptionalInt.empty(), 0, sinceMillis, List.of());
    }

    private static OfflineChange change(@Nullable String value, long millis) {
        return new OfflineChange(value == null ? null : value.getBytes(ISO_8859_1), millis);
    }

    /** A change that was made before all that others did. */
    private Map<String, OfflineChange> earlier(String name, @Nullable String value) {
        return Map.of(name, change(value, since));
    }

    /** A change that was made after all that others did. */
    private Map<String, OfflineChange> later(String name, @Nullable String value) {
        return Map.of(name, change(value, storeMillis()));
    }

    final void commitThere(long knownRevision, Map<String, String> set, Set<String> removed) {
        commitThere(knownRevision, Delta.of(bytes(set), removed));
        awaitLater();
    }

    private void commitThere(long knownRevision, Delta delta) {
        assertThat(otherNode.commit(id, Known.of(CREATED, knownRevision), delta, token()))
                .isInstanceOf(Committed.Applied.class);
    }

    /** Others write so much that the change log forgets what was before. */
    private void fillLog(long knownRevision) {
        for (int i = 0; i < 20; i++) {
            commitThere(knownRevision + i, delta("n".repeat(50), "filling"));
        }
        assertThat(store.load(id, Known.of(CREATED, knownRevision), false)).isInstanceOf(Loaded.Everything.class);
    }

    private SessionId dueSession() {
        SessionId due = newId();
        store.create(session(due, CREATED, 1, Map.of("a", "0")));
        awaitDue(due);
        return due;
    }

    private DueSession claimed(SessionId due) {
        return IntStream.range(0, otherNode.due().partitions())
                .boxed()
                .flatMap(partition -> otherNode.due().claim(partition, 1000, LEASE).stream())
                .filter(session -> session.key().equals(due))
                .findFirst()
                .orElseThrow();
    }
}
