package dev.holdfast.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.holdfast.model.Delta;
import dev.holdfast.model.Metadata;
import dev.holdfast.model.NewSession;
import dev.holdfast.model.SessionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every {@link SessionStore} does. */
public abstract class SessionStoreContract {

    /** By the clock of the node, which may be far from that of the store. */
    protected static final long CREATED = 1_234_567_890_123L;

    protected static final int HALF_AN_HOUR = 1800;

    private static final AtomicInteger TOKENS = new AtomicInteger();
    private static final long TOLERATED_MILLIS = 5000;

    protected SessionStore store;

    /** Another node's view of the same sessions. */
    protected SessionStore otherNode;

    protected SessionId id;

    /** A store of no sessions, different for each test. */
    protected abstract SessionStore newStore();

    /** The store of another node that shares the sessions of {@link #newStore()}. */
    protected abstract SessionStore sameStoreOnOtherNode();

    /** The time of the store, in milliseconds since the epoch. */
    protected abstract long storeMillis();

    /** Lets the session become due, which has an interval of one second. */
    protected abstract void awaitDue(SessionId due);

    /** Makes the store forget all it has, as a server does that comes back empty. */
    protected abstract void loseEverything();

    @BeforeEach
    void openStores() {
        store = newStore();
        otherNode = sameStoreOnOtherNode();
        id = newId();
    }

    protected static SessionId newId() {
        byte[] random = new byte[20];
        ThreadLocalRandom.current().nextBytes(random);
        return new SessionId(HexFormat.of().withUpperCase().formatHex(random));
    }

    // --- load

    @Test
    void an_unknown_session_is_absent() {
        assertThat(store.load(id, Known.NOTHING, true)).isInstanceOf(Loaded.Absent.class);
        assertThat(store.load(id, Known.of(CREATED, 7), false)).isInstanceOf(Loaded.Absent.class);
    }

    @Test
    void the_epoch_stays_the_same_until_the_store_loses_its_data() {
        String before = ((Loaded.Absent) store.load(id, Known.NOTHING, true)).epoch();
        assertThat(((Loaded.Absent) otherNode.load(id, Known.NOTHING, false)).epoch())
                .isEqualTo(before);
        assertThat(created(Map.of()).epoch()).isEqualTo(before);
        assertThat(everything(store).epoch()).isEqualTo(before);
        store.remove(id, CREATED);
        assertThat(((Committed.Gone) set("a", "1", 1)).epoch()).isEqualTo(before);

        loseEverything();

        assertThat(((Loaded.Absent) store.load(id, Known.NOTHING, true)).epoch())
                .isNotEqualTo(before);
    }

    @Test
    void a_session_is_loaded_whole_on_another_node() {
        created(Map.of("a", "1", "b", ""));

        Loaded.Everything loaded = everything(otherNode);

        assertThat(text(loaded.attributes())).isEqualTo(Map.of("a", "1", "b", ""));
        assertThat(loaded.metadata().revision()).isEqualTo(1);
        assertThat(loaded.metadata().createdMillis()).isEqualTo(CREATED);
        assertThat(loaded.metadata().maxInactiveSeconds()).isEqualTo(HALF_AN_HOUR);
    }

    @Test
    void a_copy_that_is_up_to_date_is_told_so() {
        created(Map.of("a", "1"));

        Loaded loaded = otherNode.load(id, Known.of(CREATED, 1), true);

        assertThat(loaded).isInstanceOf(Loaded.Unchanged.class);
        assertThat(((Loaded.Unchanged) loaded).metadata().revision()).isEqualTo(1);
    }

    @Test
    void only_what_changed_travels() {
        created(Map.of("kept", "1", "replaced", "1", "removed", "1"));
        commit(1, Delta.of(bytes(Map.of("replaced", "2", "new", "2")), Set.of("removed", "never there")));

        Loaded loaded = otherNode.load(id, Known.of(CREATED, 1), true);

        assertThat(loaded).isInstanceOf(Loaded.Changed.class);
        Loaded.Changed changed = (Loaded.Changed) loaded;
        assertThat(text(changed.set())).isEqualTo(Map.of("replaced", "2", "new", "2"));
        assertThat(changed.removed()).containsExactlyInAnyOrder("removed", "never there");
        assertThat(changed.metadata().revision()).isEqualTo(2);
    }

    @Test
    void changes_of_several_commits_travel_together() {
        created(Map.of("a", "1"));
        set("b", "2", 1);
        set("a", "3", 2);
        commit(3, Delta.of(Map.of(), Set.of("b")));

        Loaded.Changed changed = (Loaded.Changed) otherNode.load(id, Known.of(CREATED, 1), true);

        assertThat(text(changed.set())).isEqualTo(Map.of("a", "3"));
        assertThat(changed.removed()).containsExactly("b");
        assertThat(changed.metadata().revision()).isEqualTo(4);
    }

    @Test
    void an_attribute_that_was_removed_and_set_again_counts_as_set() {
        created(Map.of("a", "1"));
        commit(1, Delta.of(Map.of(), Set.of("a")));
        set("a", "2", 2);

        Loaded.Changed changed = (Loaded.Changed) otherNode.load(id, Known.of(CREATED, 1), true);

        assertThat(text(changed.set())).isEqualTo(Map.of("a", "2"));
        assertThat(changed.removed()).isEmpty();
    }

    @Test
    void a_copy_that_is_far_behind_is_given_everything() {
        created(Map.of("a", "0"));
        for (int revision = 1; revision <= 200; revision++) {
            set("attribute " + revision % 7, String.valueOf(revision), revision);
        }

        Loaded loaded = otherNode.load(id, Known.of(CREATED, 1), true);

        assertThat(loaded).isInstanceOf(Loaded.Everything.class);
        assertThat(((Loaded.Everything) loaded).metadata().revision()).isEqualTo(201);
        assertThat(((Loaded.Everything) loaded).attributes()).hasSize(8);
    }

    @Test
    void every_copy_however_old_can_be_brought_up_to_date() {
        Map<String, String> expected = new HashMap<>(Map.of("a", "0"));
        List<Map<String, String>> history = new ArrayList<>();
        created(expected);
        history.add(Map.copyOf(expected));
        for (int revision = 1; revision <= 40; revision++) {
            String name = "n".repeat(1 + revision % 5);
            if (revision % 3 == 0) {
                commit(revision, Delta.of(Map.of(), Set.of(name)));
                expected.remove(name);
            } else {
                set(name, String.valueOf(revision), revision);
                expected.put(name, String.valueOf(revision));
            }
            history.add(Map.copyOf(expected));
        }

        for (int known = 1; known <= history.size(); known++) {
            Map<String, String> copy = new HashMap<>(history.get(known - 1));
            update(copy, otherNode.load(id, Known.of(CREATED, known), false));
            assertThat(copy).as("copy of revision %d", known).isEqualTo(expected);
        }
    }

    @Test
    void a_copy_of_another_session_with_the_same_id_is_given_everything() {
        created(Map.of("a", "1"));

        assertThat(store.load(id, Known.of(CREATED - 1, 1), true)).isInstanceOf(Loaded.Everything.class);
    }

    @Test
    void a_copy_that_is_ahead_of_the_store_is_told_so() {
        created(Map.of("a", "1"));

        assertThat(store.load(id, Known.of(CREATED, 9), true)).isInstanceOf(Loaded.Behind.class);
    }

    @Test
    void the_last_access_is_the_arrival_of_the_request_before() {
        Created.Done done = created(Map.of());
        assertThat(done.metadata().lastAccessedMillis()).isEqualTo(CREATED);

        long first = everything(store).metadata().lastAccessedMillis();
        long second = everything(store).metadata().lastAccessedMillis();
        long third = everything(store).metadata().lastAccessedMillis();

        assertThat(first).isEqualTo(CREATED);
        assertThat(second).isCloseTo(storeMillis(), within(TOLERATED_MILLIS));
        assertThat(third).isBetween(second, storeMillis());
    }

    @Test
    void a_session_that_moves_here_brings_its_last_access_along() {
        Created.Done done = (Created.Done)
                store.create(new NewSession(id, CREATED, CREATED + 5000, 7, HALF_AN_HOUR, bytes(Map.of("a", "1"))));

        assertThat(done.metadata()).isEqualTo(new Metadata(7, CREATED, CREATED + 5000, HALF_AN_HOUR));
        assertThat(everything(store).metadata().lastAccessedMillis()).isEqualTo(CREATED + 5000);
        assertThat(everything(store).metadata().lastAccessedMillis())
                .isCloseTo(storeMillis(), within(TOLERATED_MILLIS));
    }

    @Test
    void a_look_without_touch_is_no_access() {
        created(Map.of());
        Metadata before = everything(store).metadata();
        Metadata after = ((Loaded.Unchanged) store.load(id, Known.of(CREATED, 1), false)).metadata();
        Metadata later = ((Loaded.Unchanged) store.load(id, Known.of(CREATED, 1), false)).metadata();

        assertThat(after.lastAccessedMillis()).isGreaterThanOrEqualTo(before.lastAccessedMillis());
        assertThat(later).isEqualTo(after);
    }

    @Test
    void an_access_raises_no_revision() {
        created(Map.of());
        store.load(id, Known.of(CREATED, 1), true);
        store.load(id, Known.of(CREATED, 1), true);

        assertThat(((Loaded.Unchanged) store.load(id, Known.of(CREATED, 1), true))
                        .metadata()
                        .revision())
                .isEqualTo(1);
    }

    // --- create

    @Test
    void a_session_that_is_created_twice_is_left_as_it_is() {
        created(Map.of("a", "1"));
        set("a", "2", 1);

        Created again = otherNode.create(session(id, CREATED, HALF_AN_HOUR, Map.of("a", "1")));

        assertThat(((Created.Done) again).metadata().revision()).isEqualTo(2);
        assertThat(attributes()).isEqualTo(Map.of("a", "2"));
    }

    @Test
    void an_id_that_another_session_has_is_refused() {
        created(Map.of("a", "1"));

        Created refused = otherNode.create(session(id, CREATED + 1, 60, Map.of("b", "2")));

        assertThat(((Created.Exists) refused).metadata().createdMillis()).isEqualTo(CREATED);
        assertThat(attributes()).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void a_session_can_start_at_a_higher_revision() {
        Created.Done done =
                (Created.Done) store.create(new NewSession(id, CREATED, 41, HALF_AN_HOUR, bytes(Map.of("a", "1"))));

        assertThat(done.metadata()).isEqualTo(new Metadata(41, CREATED, CREATED, HALF_AN_HOUR));
        assertThat(everything(store).metadata().revision()).isEqualTo(41);
        assertThat(set("a", "2", 41)).isEqualTo(new Committed.Applied(41, 42));
        assertThat(store.load(id, Known.of(CREATED, 41), true)).isInstanceOf(Loaded.Changed.class);
        assertThat(store.load(id, Known.of(CREATED, 40), true)).isInstanceOf(Loaded.Everything.class);
    }

    // --- commit

    @Test
    void a_commit_raises_the_revision() {
        created(Map.of());

        assertThat(set("a", "1", 1)).isEqualTo(new Committed.Applied(1, 2));
        assertThat(set("a", "2", 2)).isEqualTo(new Committed.Applied(2, 3));
        assertThat(attributes()).isEqualTo(Map.of("a", "2"));
    }

    @Test
    void a_commit_that_was_overtaken_learns_of_it() {
        created(Map.of());
        set("a", "1", 1);

        assertThat(otherNode.commit(id, Known.of(CREATED, 1), delta("b", "1"), token()))
                .isEqualTo(new Committed.Applied(2, 3));
        assertThat(attributes()).isEqualTo(Map.of("a", "1", "b", "1"));
    }

    @Test
    void a_commit_of_nothing_is_legal() {
        created(Map.of("a", "1"));

        assertThat(commit(1, Delta.nothing())).isEqualTo(new Committed.Applied(1, 2));
        Loaded.Changed changed = (Loaded.Changed) store.load(id, Known.of(CREATED, 1), true);
        assertThat(changed.set()).isEmpty();
        assertThat(changed.removed()).isEmpty();
    }

    @Test
    void a_repeated_commit_is_not_applied_again() {
        created(Map.of());
        int token = token();
        Committed first = store.commit(id, Known.of(CREATED, 1), delta("a", "1"), token);
        set("a", "2", 2);

        Committed second = otherNode.commit(id, Known.of(CREATED, 1), delta("a", "1"), token);

        assertThat(second).isEqualTo(first).isEqualTo(new Committed.Applied(1, 2));
        assertThat(attributes()).isEqualTo(Map.of("a", "2"));
        assertThat(everything(store).metadata().revision()).isEqualTo(3);
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("deltas")
    void the_last_commit_can_always_be_repeated(Delta delta) {
        created(Map.of());
        int token = token();

        Committed first = store.commit(id, Known.of(CREATED, 1), delta, token);
        Committed second = store.commit(id, Known.of(CREATED, 1), delta, token);

        assertThat(second).isEqualTo(first).isEqualTo(new Committed.Applied(1, 2));
        Map<String, String> copy = new HashMap<>();
        update(copy, store.load(id, Known.of(CREATED, 1), true));
        assertThat(copy).isEqualTo(text(delta.set()));
    }

    static List<Delta> deltas() {
        return List.of(
                Delta.nothing(),
                delta("a", "1"),
                delta("n".repeat(50), "1"),
                delta("n".repeat(57), "1"),
                delta("n".repeat(58), "1"),
                delta("n".repeat(500), "1"),
                delta("n".repeat(520), "1"),
                delta("n".repeat(70_000), "1"),
                Delta.of(bytes(numbered(31)), Set.of()),
                Delta.of(bytes(numbered(300)), Set.of()),
                Delta.of(bytes(numbered(70_000)), Set.of()),
                Delta.of(Map.of(), Set.of("never there")));
    }

    @Test
    void a_commit_ahead_of_the_store_writes_nothing() {
        created(Map.of("a", "1"));
        set("b", "2", 1);

        assertThat(store.commit(id, Known.of(CREATED, 9), delta("c", "10"), token()))
                .isEqualTo(new Behind());
        assertThat(everything(store).metadata().revision()).isEqualTo(2);
        assertThat(attributes()).isEqualTo(Map.of("a", "1", "b", "2"));
    }

    @Test
    void a_commit_to_an_ended_session_brings_nothing_back() {
        created(Map.of());
        store.remove(id, CREATED);

        assertThat(set("a", "1", 1)).isInstanceOf(Committed.Gone.class);
        assertThat(store.load(id, Known.NOTHING, true)).isInstanceOf(Loaded.Absent.class);
    }

    @Test
    void a_commit_to_another_session_with_the_same_id_writes_nothing() {
        created(Map.of("a", "1"));

        assertThat(store.commit(id, Known.of(CREATED - 1, 1), delta("a", "2"), token()))
                .isInstanceOf(Committed.Gone.class);
        assertThat(attributes()).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void what_a_copy_that_leaves_has_to_say_is_written_if_nobody_has_written_since() {
        created(Map.of("a", "1", "b", "1"));
        int token = token();

        assertThat(store.commitLeaving(id, Known.of(CREATED, 1), delta("a", "2"), token))
                .isTrue();
        assertThat(store.commitLeaving(id, Known.of(CREATED, 1), delta("a", "2"), token))
                .as("a repeated call")
                .isTrue();

        assertThat(attributes()).isEqualTo(Map.of("a", "2", "b", "1"));
        assertThat(everything(otherNode).metadata().revision()).isEqualTo(2);
        assertThat(otherNode.load(id, Known.of(CREATED, 1), false)).isInstanceOf(Loaded.Changed.class);
    }

    @Test
    void a_copy_that_leaves_does_not_overwrite_what_others_have_written() {
        created(Map.of("a", "1"));
        set("b", "of another node", 1);

        assertThat(store.commitLeaving(id, Known.of(CREATED, 1), delta("a", "2"), token()))
                .isFalse();
        assertThat(attributes()).isEqualTo(Map.of("a", "1", "b", "of another node"));
    }

    @Test
    void a_copy_that_leaves_does_not_write_while_a_request_has_the_session_for_itself() {
        created(Map.of("a", "1"));
        store.locks().load(id, Known.of(CREATED, 1), true, LockRequest.ofNewOwner(Duration.ofSeconds(30)));

        assertThat(store.commitLeaving(id, Known.of(CREATED, 1), delta("a", "2"), token()))
                .isFalse();
        assertThat(attributes()).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void a_copy_that_leaves_brings_no_ended_session_back() {
        created(Map.of("a", "1"));
        assertThat(store.commitLeaving(id, Known.of(CREATED - 1, 1), delta("a", "2"), token()))
                .as("another session of the same id")
                .isFalse();
        store.remove(id, CREATED);
        assertThat(store.commitLeaving(id, Known.of(CREATED, 1), delta("a", "2"), token()))
                .isFalse();
        assertThat(store.load(id, Known.NOTHING, false)).isInstanceOf(Loaded.Absent.class);
    }

    @Test
    void a_copy_that_leaves_does_not_write_to_a_session_whose_time_is_over() {
        SessionId due = newId();
        store.create(new NewSession(due, CREATED, 1, 1, bytes(Map.of("a", "1"))));
        awaitDue(due);
        assertThat(store.commitLeaving(due, Known.of(CREATED, 1), delta("a", "2"), token()))
                .isFalse();
        assertThat(store.load(due, Known.NOTHING, true)).isInstanceOf(Loaded.Due.class);
    }

    @Test
    void nothing_is_lost_between_nodes_that_write_at_the_same_time() throws Exception {
        created(Map.of());
        int writers = 8;
        int commits = 50;

        List<Committed> outcomes = concurrently(writers, writer -> {
            SessionStore node = writer % 2 == 0 ? store : otherNode;
            Committed last = new Committed.Gone("");
            for (int i = 0; i < commits; i++) {
                last = node.commit(id, Known.of(CREATED, 1), delta("w" + writer + "-" + i, String.valueOf(i)), token());
                assertThat(last).isInstanceOf(Committed.Applied.class);
            }
            return last;
        });

        assertThat(outcomes).hasSize(writers);
        assertThat(everything(store).metadata().revision()).isEqualTo(1 + writers * commits);
        assertThat(attributes()).hasSize(writers * commits);
    }

    // --- names and values

    @ParameterizedTest(name = "{index}")
    @MethodSource("names")
    void an_attribute_may_have_any_name(String name) {
        created(Map.of("other", "0", name, "1"));
        assertThat(attributes()).isEqualTo(Map.of("other", "0", name, "1"));

        set(name, "2", 1);
        Loaded.Changed changed = (Loaded.Changed) store.load(id, Known.of(CREATED, 1), true);
        assertThat(text(changed.set())).isEqualTo(Map.of(name, "2"));

        commit(2, Delta.of(Map.of(), Set.of(name)));
        changed = (Loaded.Changed) store.load(id, Known.of(CREATED, 2), true);
        assertThat(changed.removed()).containsExactly(name);
        assertThat(attributes()).isEqualTo(Map.of("other", "0"));
    }

    static List<String> names() {
        return List.of(
                "",
                "m",
                "l",
                "a",
                "am",
                "name with blanks",
                "\0",
                "\r\n",
                "a\0b",
                "ä",
                "日本語",
                "𝕏",
                "👩‍👩‍👧",
                "\uD800",
                "\uDC00",
                "half \uD83D pair",
                "\uDC00\uD800",
                "\uFFFF",
                "?",
                "%s",
                "{tag}",
                "..",
                "'\"\\");
    }

    @Test
    void names_that_look_alike_are_different_attributes() {
        Map<String, String> alike = new HashMap<>();
        for (String name : List.of("\uD800", "\uD801", "\uDC00", "?", "\uFFFD", "é", "e\u0301", "E", "e", "")) {
            alike.put(name, "value of " + alike.size());
        }

        created(alike);

        assertThat(attributes()).isEqualTo(alike);
    }

    @Test
    void names_and_values_may_be_long() {
        String longName = "n".repeat(100_000);
        byte[] longValue = new byte[1 << 20];
        ThreadLocalRandom.current().nextBytes(longValue);
        created(Map.of());

        commit(1, Delta.of(Map.of(longName, longValue), Set.of()));

        assertThat(everything(otherNode).attributes().get(longName)).isEqualTo(longValue);
        commit(2, Delta.of(Map.of(), Set.of(longName)));
        assertThat(attributes()).isEmpty();
    }

    @Test
    void values_are_any_bytes() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        created(Map.of());
        commit(1, Delta.of(Map.of("all", all, "none", new byte[0]), Set.of()));

        assertThat(everything(store).attributes().get("all")).isEqualTo(all);
        assertThat(everything(store).attributes().get("none")).isEmpty();
    }

    @Test
    void a_session_may_have_thousands_of_attributes() {
        Map<String, String> many = numbered(5000);
        created(many);
        assertThat(attributes()).isEqualTo(many);

        Map<String, String> more = new HashMap<>();
        many.forEach((name, value) -> more.put(name, value + "!"));
        assertThat(commit(1, Delta.of(bytes(more), Set.of()))).isEqualTo(new Committed.Applied(1, 2));
        assertThat(attributes()).isEqualTo(more);

        assertThat(commit(2, Delta.of(Map.of(), many.keySet()))).isEqualTo(new Committed.Applied(2, 3));
        assertThat(attributes()).isEmpty();
    }

    // --- rename

    @Test
    void a_renamed_session_is_known_by_its_new_id_only() {
        created(Map.of("a", "1"));
        set("b", "2", 1);
        SessionId newId = colocatedId();

        assertThat(store.rename(id, CREATED, newId)).isInstanceOf(Renamed.Done.class);

        assertThat(otherNode.load(id, Known.NOTHING, true)).isInstanceOf(Loaded.Absent.class);
        assertThat(otherNode.load(id, Known.of(CREATED, 2), false)).isInstanceOf(Loaded.Absent.class);
        Loaded.Everything renamed = (Loaded.Everything) otherNode.load(newId, Known.NOTHING, true);
        assertThat(text(renamed.attributes())).isEqualTo(Map.of("a", "1", "b", "2"));
        assertThat(renamed.metadata().revision()).isEqualTo(2);
        assertThat(otherNode.load(newId, Known.of(CREATED, 1), true)).isInstanceOf(Loaded.Changed.class);
    }

    @Test
    void a_request_that_runs_under_the_old_id_is_led_to_the_new_one() {
        created(Map.of());
        SessionId newId = colocatedId();
        store.rename(id, CREATED, newId);

        assertThat(set("a", "1", 1)).isEqualTo(new Moved(newId));
        assertThat(store.remove(id, CREATED)).isEqualTo(new Moved(newId));
        assertThat(store.rename(id, CREATED, colocatedId())).isEqualTo(new Moved(newId));
        assertThat(store.load(newId, Known.of(CREATED, 1), true)).isInstanceOf(Loaded.Unchanged.class);
    }

    @Test
    void a_repeated_rename_is_done_once() {
        created(Map.of());
        SessionId newId = colocatedId();

        assertThat(store.rename(id, CREATED, newId)).isInstanceOf(Renamed.Done.class);
        assertThat(otherNode.rename(id, CREATED, newId)).isInstanceOf(Renamed.Done.class);
        assertThat(store.load(newId, Known.of(CREATED, 1), true)).isInstanceOf(Loaded.Unchanged.class);
    }

    @Test
    void a_chain_of_renames_is_followed_step_by_step() {
        created(Map.of());
        SessionId second = colocatedId();
        SessionId third = colocatedId();
        store.rename(id, CREATED, second);
        store.rename(second, CREATED, third);

        assertThat(set("a", "1", 1)).isEqualTo(new Moved(second));
        assertThat(store.commit(second, Known.of(CREATED, 1), delta("a", "1"), token()))
                .isEqualTo(new Moved(third));
        assertThat(store.commit(third, Known.of(CREATED, 1), delta("a", "1"), token()))
                .isEqualTo(new Committed.Applied(1, 2));
        assertThat(store.rename(id, CREATED, second)).isEqualTo(new Moved(third));
    }

    @Test
    void a_session_that_was_renamed_and_then_ended_is_gone() {
        created(Map.of());
        SessionId newId = colocatedId();
        store.rename(id, CREATED, newId);
        store.remove(newId, CREATED);

        assertThat(store.rename(id, CREATED, newId)).isInstanceOf(Renamed.Gone.class);
        assertThat(store.commit(newId, Known.of(CREATED, 1), delta("a", "1"), token()))
                .isInstanceOf(Committed.Gone.class);
        assertThat(store.load(newId, Known.NOTHING, true)).isInstanceOf(Loaded.Absent.class);
    }

    @Test
    void a_session_that_was_renamed_there_and_back_leads_nobody_in_a_circle() {
        created(Map.of());
        SessionId newId = colocatedId();
        store.rename(id, CREATED, newId);
        store.rename(newId, CREATED, id);
        assertThat(set("a", "1", 1)).isEqualTo(new Committed.Applied(1, 2));
        store.remove(id, CREATED);

        assertThat(set("a", "2", 2)).isInstanceOf(Committed.Gone.class);
        assertThat(store.commit(newId, Known.of(CREATED, 2), delta("a", "2"), token()))
                .isEqualTo(new Moved(id));
    }

    @Test
    void an_old_id_that_a_new_session_has_still_leads_the_requests_of_the_old_one() {
        created(Map.of());
        SessionId newId = colocatedId();
        store.rename(id, CREATED, newId);
        store.create(session(id, CREATED + 5, HALF_AN_HOUR, Map.of("of", "the new session")));

        assertThat(set("a", "1", 1)).isEqualTo(new Moved(newId));
        assertThat(store.remove(id, CREATED)).isEqualTo(new Moved(newId));
        assertThat(attributes()).isEqualTo(Map.of("of", "the new session"));
    }

    @Test
    void an_unknown_session_cannot_be_renamed() {
        assertThat(store.rename(id, CREATED, colocatedId())).isInstanceOf(Renamed.Gone.class);
    }

    @Test
    void another_session_with_the_same_id_is_not_renamed() {
        created(Map.of());

        assertThat(store.rename(id, CREATED - 1, colocatedId())).isInstanceOf(Renamed.Gone.class);
        assertThat(store.load(id, Known.of(CREATED, 1), true)).isInstanceOf(Loaded.Unchanged.class);
    }

    @Test
    void a_session_does_not_get_an_id_that_is_taken() {
        created(Map.of("a", "1"));
        SessionId taken = colocatedId();
        store.create(session(taken, CREATED, HALF_AN_HOUR, Map.of("b", "2")));

        assertThat(store.rename(id, CREATED, taken)).isInstanceOf(Renamed.Taken.class);
        assertThat(attributes()).isEqualTo(Map.of("a", "1"));
        assertThat(text(((Loaded.Everything) store.load(taken, Known.NOTHING, true)).attributes()))
                .isEqualTo(Map.of("b", "2"));
        assertThat(set("a", "2", 1)).isInstanceOf(Committed.Applied.class);
    }

    @Test
    void a_session_cannot_be_renamed_to_its_own_id() {
        created(Map.of());

        assertThat(store.rename(id, CREATED, id)).isInstanceOf(Renamed.Taken.class);
        assertThat(store.load(id, Known.of(CREATED, 1), true)).isInstanceOf(Loaded.Unchanged.class);
    }

    // --- remove

    @Test
    void a_removed_session_is_absent() {
        created(Map.of("a", "1"));

        assertThat(otherNode.remove(id, CREATED)).isInstanceOf(Removed.Done.class);
        assertThat(store.load(id, Known.of(CREATED, 1), true)).isInstanceOf(Loaded.Absent.class);
    }

    @Test
    void exactly_one_caller_ends_a_session() throws Exception {
        created(Map.of());

        List<Removed> outcomes = concurrently(8, i -> (i % 2 == 0 ? store : otherNode).remove(id, CREATED));

        assertThat(outcomes).filteredOn(Removed.Done.class::isInstance).hasSize(1);
        assertThat(outcomes).filteredOn(Removed.Absent.class::isInstance).hasSize(7);
    }

    @Test
    void another_session_with_the_same_id_is_not_removed() {
        created(Map.of());

        assertThat(store.remove(id, CREATED + 1)).isInstanceOf(Removed.Absent.class);
        assertThat(store.load(id, Known.of(CREATED, 1), true)).isInstanceOf(Loaded.Unchanged.class);
    }

    @Test
    void an_id_can_be_used_again_after_its_session_has_ended() {
        created(Map.of("a", "1"));
        store.remove(id, CREATED);

        assertThat(store.create(session(id, CREATED + 1, HALF_AN_HOUR, Map.of("b", "2"))))
                .isInstanceOf(Created.Done.class);
        assertThat(attributes()).isEqualTo(Map.of("b", "2"));
        assertThat(set("a", "1", 1)).isInstanceOf(Committed.Gone.class);
    }

    // --- bury

    @Test
    void a_buried_session_is_absent_and_not_created_again() {
        created(Map.of("a", "1"));

        assertThat(otherNode.bury(id, CREATED)).isInstanceOf(Removed.Done.class);

        assertThat(store.load(id, Known.of(CREATED, 1), true)).isInstanceOf(Loaded.Absent.class);
        assertThat(store.create(session(id, CREATED, HALF_AN_HOUR, Map.of("a", "1"))))
                .isInstanceOf(Created.Buried.class);
        assertThat(store.load(id, Known.NOTHING, true)).isInstanceOf(Loaded.Absent.class);
    }

    @Test
    void a_session_that_the_store_has_lost_is_buried_too() {
        created(Map.of("a", "1"));
        loseEverything();

        assertThat(store.bury(id, CREATED)).isInstanceOf(Removed.Absent.class);

        assertThat(otherNode.create(new NewSession(id, CREATED, 7, HALF_AN_HOUR, Map.of())))
                .isInstanceOf(Created.Buried.class);
    }

    @Test
    void a_session_that_was_only_removed_can_be_created_again() {
        created(Map.of());
        store.remove(id, CREATED);

        assertThat(store.create(session(id, CREATED, HALF_AN_HOUR, Map.of()))).isInstanceOf(Created.Done.class);
    }

    @Test
    void exactly_one_caller_that_buries_a_session_has_ended_it() throws Exception {
        created(Map.of());

        List<Removed> outcomes = concurrently(8, i -> (i % 2 == 0 ? store : otherNode).bury(id, CREATED));

        assertThat(outcomes).filteredOn(Removed.Done.class::isInstance).hasSize(1);
        assertThat(outcomes).filteredOn(Removed.Absent.class::isInstance).hasSize(7);
        assertThat(store.create(session(id, CREATED, HALF_AN_HOUR, Map.of()))).isInstanceOf(Created.Buried.class);
    }

    @Test
    void another_session_with_the_id_of_a_buried_one_is_created_and_buried_by_itself() {
        store.bury(id, CREATED);
        NewSession another = session(id, CREATED + 1, HALF_AN_HOUR, Map.of("b", "2"));

        assertThat(store.create(another)).isInstanceOf(Created.Done.class);
        assertThat(otherNode.bury(id, CREATED)).isInstanceOf(Removed.Absent.class);
        assertThat(attributes()).isEqualTo(Map.of("b", "2"));
        assertThat(store.create(session(id, CREATED, HALF_AN_HOUR, Map.of()))).isInstanceOf(Created.Buried.class);

        assertThat(store.bury(id, CREATED + 1)).isInstanceOf(Removed.Done.class);
        assertThat(store.create(another)).isInstanceOf(Created.Buried.class);
        assertThat(store.create(session(id, CREATED, HALF_AN_HOUR, Map.of()))).isInstanceOf(Created.Buried.class);
    }

    @Test
    void whoever_buries_a_session_under_its_old_id_is_told_the_new_one() {
        created(Map.of("a", "1"));
        SessionId newId = colocatedId();
        store.rename(id, CREATED, newId);

        assertThat(otherNode.bury(id, CREATED)).isEqualTo(new Moved(newId));

        assertThat(store.load(newId, Known.of(CREATED, 1), true)).isInstanceOf(Loaded.Unchanged.class);
        assertThat(store.create(session(id, CREATED, HALF_AN_HOUR, Map.of()))).isInstanceOf(Created.Buried.class);
        assertThat(otherNode.bury(newId, CREATED)).isInstanceOf(Removed.Done.class);
        assertThat(store.create(session(newId, CREATED, HALF_AN_HOUR, Map.of())))
                .isInstanceOf(Created.Buried.class);
    }

    // --- supersede

    @Test
    void a_superseded_session_is_gone_and_leads_to_its_successor() {
        created(Map.of("a", "1"));
        SessionId successor = newId();

        assertThat(store.supersede(id, CREATED, 1, successor)).isEqualTo(SessionStore.Superseded.DONE);

        assertThat(otherNode.load(id, Known.NOTHING, true)).isInstanceOf(Loaded.Absent.class);
        assertThat(set("a", "2", 1)).isEqualTo(new Moved(successor));
        assertThat(store.remove(id, CREATED)).isEqualTo(new Moved(successor));
    }

    @Test
    void a_repeated_supersede_is_done_once() {
        created(Map.of());
        SessionId successor = newId();
        store.supersede(id, CREATED, 1, successor);

        assertThat(otherNode.supersede(id, CREATED, 1, successor)).isEqualTo(SessionStore.Superseded.DONE);
        assertThat(otherNode.supersede(id, CREATED, 1, newId())).isEqualTo(SessionStore.Superseded.ABSENT);
    }

    @Test
    void a_session_that_was_written_after_it_was_copied_is_not_superseded() {
        created(Map.of("a", "1"));
        set("a", "2", 1);

        assertThat(store.supersede(id, CREATED, 1, newId())).isEqualTo(SessionStore.Superseded.BEHIND);
        assertThat(attributes()).isEqualTo(Map.of("a", "2"));
        assertThat(store.supersede(id, CREATED, 2, newId())).isEqualTo(SessionStore.Superseded.DONE);
    }

    @Test
    void only_the_session_that_is_meant_is_superseded() {
        assertThat(store.supersede(id, CREATED, 1, newId())).isEqualTo(SessionStore.Superseded.ABSENT);
        created(Map.of());

        assertThat(store.supersede(id, CREATED + 1, 1, newId())).isEqualTo(SessionStore.Superseded.ABSENT);
        assertThat(store.load(id, Known.of(CREATED, 1), true)).isInstanceOf(Loaded.Unchanged.class);
    }

    // --- the end of time

    @Test
    void a_session_whose_time_is_over_is_due_and_stays_so() {
        store.create(session(id, CREATED, 1, Map.of("a", "1")));

        awaitDue(id);

        assertThat(store.load(id, Known.NOTHING, true)).isInstanceOf(Loaded.Due.class);
        assertThat(otherNode.load(id, Known.of(CREATED, 1), true)).isInstanceOf(Loaded.Due.class);
        assertThat(store.remove(id, CREATED)).isInstanceOf(Removed.Done.class);
    }

    @Test
    void a_request_that_was_there_in_time_still_commits() {
        store.create(session(id, CREATED, 1, Map.of("a", "1")));
        awaitDue(id);

        assertThat(set("a", "2", 1)).isEqualTo(new Committed.Applied(1, 2));
        assertThat(attributes()).isEqualTo(Map.of("a", "2"));
    }

    @Test
    void a_new_session_replaces_one_whose_time_is_over() {
        store.create(session(id, CREATED, 1, Map.of("a", "1")));
        awaitDue(id);

        assertThat(store.create(session(id, CREATED + 1, HALF_AN_HOUR, Map.of("b", "2"))))
                .isInstanceOf(Created.Done.class);
        assertThat(attributes()).isEqualTo(Map.of("b", "2"));
    }

    @Test
    void a_session_never_ends_by_itself_without_an_interval() {
        for (int never : new int[] {0, -1, Integer.MIN_VALUE}) {
            SessionId forEver = newId();
            store.create(session(forEver, CREATED, never, Map.of()));
            Loaded.Everything loaded = (Loaded.Everything) store.load(forEver, Known.NOTHING, true);
            assertThat(loaded.metadata().maxInactiveSeconds()).isEqualTo(never);
            assertThat(loaded.metadata().expires()).isFalse();
        }
    }

    @Test
    void a_longer_interval_saves_a_session() {
        SessionId shortLived = newId();
        store.create(session(shortLived, CREATED, 1, Map.of()));
        store.create(session(id, CREATED, 1, Map.of()));
        Committed saved = commit(1, new Delta(Map.of(), Set.of(), OptionalInt.of(HALF_AN_HOUR)));

        awaitDue(shortLived);

        assertThat(saved).isEqualTo(new Committed.Applied(1, 2));
        Loaded.Changed changed = (Loaded.Changed) store.load(id, Known.of(CREATED, 1), true);
        assertThat(changed.metadata().maxInactiveSeconds()).isEqualTo(HALF_AN_HOUR);
        assertThat(changed.set()).isEmpty();
        assertThat(changed.removed()).isEmpty();
    }

    @Test
    void a_shorter_interval_ends_a_session_that_would_have_lived_for_ever() {
        store.create(session(id, CREATED, -1, Map.of()));
        commit(1, new Delta(Map.of(), Set.of(), OptionalInt.of(1)));

        awaitDue(id);

        assertThat(store.load(id, Known.NOTHING, true)).isInstanceOf(Loaded.Due.class);
    }

    // --- helpers

    protected final Created.Done created(Map<String, String> attributes) {
        return (Created.Done) store.create(session(id, CREATED, HALF_AN_HOUR, attributes));
    }

    protected static NewSession session(
            SessionId id, long createdMillis, int maxInactiveSeconds, Map<String, String> attributes) {
        return new NewSession(id, createdMillis, 1, maxInactiveSeconds, bytes(attributes));
    }

    protected final Committed set(String name, String value, long knownRevision) {
        return commit(knownRevision, delta(name, value));
    }

    protected final Committed commit(long knownRevision, Delta delta) {
        return store.commit(id, Known.of(CREATED, knownRevision), delta, token());
    }

    protected final Loaded.Everything everything(SessionStore node) {
        return (Loaded.Everything) node.load(id, Known.NOTHING, true);
    }

    protected final Map<String, String> attributes() {
        return text(everything(otherNode).attributes());
    }

    /** A new id that {@link SessionStore#rename} can take. */
    protected final SessionId colocatedId() {
        SessionId candidate = newId();
        while (!store.colocated(id, candidate)) {
            candidate = newId();
        }
        return candidate;
    }

    protected static Delta delta(String name, String value) {
        return Delta.of(bytes(Map.of(name, value)), Set.of());
    }

    protected static int token() {
        return TOKENS.incrementAndGet();
    }

    protected static Map<String, byte[]> bytes(Map<String, String> texts) {
        Map<String, byte[]> bytes = new HashMap<>();
        texts.forEach((name, text) -> bytes.put(name, text.getBytes(ISO_8859_1)));
        return bytes;
    }

    protected static Map<String, String> text(Map<String, byte[]> bytes) {
        Map<String, String> texts = new HashMap<>();
        bytes.forEach((name, value) -> texts.put(name, new String(value, ISO_8859_1)));
        return texts;
    }

    /** What a node does with a copy. */
    private static void update(Map<String, String> copy, Loaded loaded) {
        if (loaded instanceof Loaded.Everything everything) {
            copy.clear();
            copy.putAll(text(everything.attributes()));
        } else if (loaded instanceof Loaded.Changed changed) {
            copy.putAll(text(changed.set()));
            copy.keySet().removeAll(changed.removed());
        } else {
            assertThat(loaded).isInstanceOf(Loaded.Unchanged.class);
        }
    }

    private static Map<String, String> numbered(int count) {
        Map<String, String> attributes = new HashMap<>();
        IntStream.range(0, count).forEach(i -> attributes.put("attribute " + i, "value " + i));
        return attributes;
    }

    protected static <T> List<T> concurrently(int threads, IntFunction<T> task) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<T>> tasks = new ArrayList<>();
            IntStream.range(0, threads).forEach(i -> tasks.add(() -> task.apply(i)));
            List<T> results = new ArrayList<>();
            for (Future<T> future : executor.invokeAll(tasks, 1, TimeUnit.MINUTES)) {
                results.add(future.get());
            }
            return results;
        } finally {
            executor.shutdownNow();
        }
    }
}
