package dev.holdfast.fallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.model.Delta;
import dev.holdfast.model.NewSession;
import dev.holdfast.model.SessionId;
import dev.holdfast.store.Committed;
import dev.holdfast.store.Created;
import dev.holdfast.store.Known;
import dev.holdfast.store.Loaded;
import dev.holdfast.store.Removed;
import dev.holdfast.store.Renamed;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.memory.MemorySessionStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two nodes and one store; what they do while they cannot reach it. */
class JournalTest {

    private static final SessionId ID = new SessionId("0123456789abcdef");
    private static final SessionId NEW_ID = new SessionId("fedcba9876543210");
    private static final long CREATED = 1_800_000_000_000L;

    /** The store's clock runs with the ticker, so that instants of both fit. */
    private final AtomicLong offset = new AtomicLong();

    private final InstantSource clock =
            () -> Instant.ofEpochMilli(CREATED + 1000 + offset.get() + System.nanoTime() / 1_000_000 - START);

    private static final long START = System.nanoTime() / 1_000_000;

    private final MemorySessionStore memory = new MemorySessionStore(clock);
    private final BrokenLine lineOfA = new BrokenLine(memory);
    private final BrokenLine lineOfB = new BrokenLine(memory);
    private final JournalingSessionStore a = node(lineOfA);
    private final JournalingSessionStore b = node(lineOfB);

    private static JournalingSessionStore node(BrokenLine line) {
        return new JournalingSessionStore(
                new GuardedSessionStore(
                        line.nodeSide(), "shop", "in memory", new BreakerOptions(50, 20, Duration.ofMillis(50))),
                "shop",
                new JournalOptions(1 << 20));
    }

    @BeforeEach
    void create() {
        memory.create(session(ID, Map.of("a", "0")));
    }

    @AfterEach
    void stop() {
        a.close();
        b.close();
    }

    private static NewSession session(SessionId id, Map<String, String> attributes) {
        return new NewSession(id, CREATED, 1, 1800, bytes(attributes));
    }

    private static Map<String, byte[]> bytes(Map<String, String> texts) {
        Map<String, byte[]> bytes = new HashMap<>();
        texts.forEach((name, text) -> bytes.put(name, text.getBytes(StandardCharsets.UTF_8)));
        return bytes;
    }

    private static Committed set(SessionStore node, String name, String value, long revision) {
        return commit(node, Delta.of(bytes(Map.of(name, value)), Set.of()), revision);
    }

    private static Committed commit(SessionStore node, Delta delta, long revision) {
        return node.commit(
                ID,
                Known.of(CREATED, revision),
                delta,
                ThreadLocalRandom.current().nextInt());
    }

    /** What the store holds; null if it has no such session. */
    private Map<String, String> stored(SessionId id) {
        Map<String, String> texts = new TreeMap<>();
        if (!(memory.load(id, Known.NOTHING, false) instanceof Loaded.Everything whole)) {
            return null;
        }
        whole.attributes().forEach((name, value) -> texts.put(name, new String(value, StandardCharsets.UTF_8)));
        return texts;
    }

    private void awaitStored(Map<String, String> expected) {
        await().untilAsserted(() -> assertThat(stored(ID)).isEqualTo(expected));
    }

    private void heal(JournalingSessionStore node, BrokenLine line) {
        line.state = BrokenLine.State.WHOLE;
        await().until(() -> !node.isAway(ID) && !node.isAway(NEW_ID));
    }

    // ---- changes -------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(
            value = BrokenLine.State.class,
            names = {"CUT", "LOSES_ANSWERS", "HOLDS_CALLS"})
    void changes_are_taken_and_brought_to_the_store_when_it_is_back(BrokenLine.State state) {
        lineOfA.state = state;
        for (int i = 1; i <= 20; i++) {
            assertThat(set(a, "n", "" + i, 1)).isEqualTo(new Committed.Applied(1, 1));
        }
        heal(a, lineOfA);
        awaitStored(Map.of("a", "0", "n", "20"));

        lineOfA.deliverLate();
        awaitStored(Map.of("a", "0", "n", "20"));
        assertThat(set(a, "n", "21", 1)).isInstanceOf(Committed.Applied.class);
        awaitStored(Map.of("a", "0", "n", "21"));
    }

    @Test
    void a_single_lost_answer_is_mended_without_another_request() {
        lineOfA.state = BrokenLine.State.LOSES_ANSWERS;
        set(a, "n", "1", 1);
        lineOfA.state = BrokenLine.State.WHOLE;
        await().until(() -> !a.isAway(ID));
        assertThat(stored(ID)).isEqualTo(Map.of("a", "0", "n", "1"));
    }

    @Test
    void the_next_request_brings_them_and_sees_what_others_did() {
        lineOfA.state = BrokenLine.State.CUT;
        set(a, "mine", "1", 1);
        set(b, "theirs", "1", 1);
        lineOfA.state = BrokenLine.State.WHOLE;
        Loaded loaded = a.load(ID, Known.of(CREATED, 1), true);
        assertThat(loaded).isInstanceOf(Loaded.Changed.class);
        assertThat(((Loaded.Changed) loaded).set()).containsKeys("mine", "theirs");
        assertThat(stored(ID)).isEqualTo(Map.of("a", "0", "mine", "1", "theirs", "1"));
    }

    @Test
    void of_the_same_attribute_the_later_change_stays() {
        lineOfA.state = BrokenLine.State.CUT;
        lineOfB.state = BrokenLine.State.CUT;
        set(a, "first-a", "a", 1);
        pass();
        set(b, "first-a", "b", 1);
        set(b, "first-b", "b", 1);
        pass();
        set(a, "first-b", "a", 1);
        heal(b, lineOfB);
        heal(a, lineOfA);
        awaitStored(Map.of("a", "0", "first-a", "b", "first-b", "a"));
    }

    private static void pass() {
        long until = System.nanoTime() + 5_000_000;
        await().pollInterval(Duration.ofMillis(1)).until(() -> System.nanoTime() > until);
    }

    @Test
    void what_was_removed_stays_removed() {
        lineOfA.state = BrokenLine.State.CUT;
        commit(a, Delta.of(Map.of(), Set.of("a")), 1);
        commit(a, new Delta(Map.of(), Set.of(), OptionalInt.of(60)), 1);
        heal(a, lineOfA);
        awaitStored(Map.of());
        assertThat(((Loaded.Everything) memory.load(ID, Known.NOTHING, false))
                        .metadata()
                        .maxInactiveSeconds())
                .isEqualTo(60);
    }

    // ---- beginnings and ends -------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(
            value = BrokenLine.State.class,
            names = {"CUT", "LOSES_ANSWERS", "HOLDS_CALLS"})
    void a_session_that_begins_meanwhile_is_known_here_and_later_everywhere(BrokenLine.State state) {
        lineOfA.state = state;
        assertThat(a.create(session(NEW_ID, Map.of("x", "1")))).isInstanceOf(Created.Done.class);
        a.commit(NEW_ID, Known.of(CREATED, 1), Delta.of(bytes(Map.of("y", "1")), Set.of("x")), 7);
        assertThat(a.load(NEW_ID, Known.NOTHING, true))
                .isInstanceOfSatisfying(
                        Loaded.Everything.class,
                        whole -> assertThat(whole.attributes()).containsOnlyKeys("y"));
        heal(a, lineOfA);
        await().untilAsserted(() -> assertThat(stored(NEW_ID)).isEqualTo(Map.of("y", "1")));
        lineOfA.deliverLate();
        assertThat(stored(NEW_ID)).isEqualTo(Map.of("y", "1"));
    }

    @ParameterizedTest
    @EnumSource(
            value = BrokenLine.State.class,
            names = {"CUT", "LOSES_ANSWERS", "HOLDS_CALLS"})
    void a_session_that_ends_meanwhile_is_over_here_and_later_everywhere(BrokenLine.State state) {
        lineOfA.state = state;
        assertThat(a.remove(ID, CREATED)).isInstanceOf(Removed.Done.class);
        assertThat(a.load(ID, Known.of(CREATED, 1), true)).isInstanceOf(Loaded.Absent.class);
        assertThat(set(a, "n", "1", 1)).isInstanceOf(Committed.Gone.class);
        set(b, "theirs", "1", 1);
        heal(a, lineOfA);
        await().untilAsserted(() -> assertThat(stored(ID)).isNull());
        assertThat(set(b, "theirs", "2", 1)).isInstanceOf(Committed.Gone.class);
    }

    @Test
    void a_look_at_a_session_that_was_put_back_sees_what_this_node_did_to_it() {
        lineOfA.state = BrokenLine.State.CUT;
        set(a, "b", "here", 1);
        memory.loseEverything();
        heal(a, lineOfA);
        // As another thread does that puts the copy back, before it brings the rest.
        memory.create(session(ID, Map.of("a", "0")));

        Loaded.Everything seen = (Loaded.Everything) a.load(ID, Known.NOTHING, false);

        assertThat(seen.attributes()).containsOnlyKeys("a", "b");
    }

    @ParameterizedTest
    @EnumSource(
            value = BrokenLine.State.class,
            names = {"CUT", "LOSES_ANSWERS", "HOLDS_CALLS"})
    void a_session_that_ended_meanwhile_is_not_put_back_by_a_node_that_has_a_copy(BrokenLine.State state) {
        lineOfA.state = state;
        a.remove(ID, CREATED);
        memory.loseEverything();
        heal(a, lineOfA);

        assertThat(b.create(session(ID, Map.of("a", "0")))).isInstanceOf(Created.Buried.class);
        lineOfA.deliverLate();
        assertThat(stored(ID)).isNull();
    }

    @ParameterizedTest
    @EnumSource(
            value = BrokenLine.State.class,
            names = {"CUT", "LOSES_ANSWERS", "HOLDS_CALLS"})
    void a_session_that_ended_meanwhile_does_not_stay_if_another_node_was_faster(BrokenLine.State state) {
        lineOfA.state = state;
        a.remove(ID, CREATED);
        memory.loseEverything();
        b.create(session(ID, Map.of("a", "0")));
        heal(a, lineOfA);

        assertThat(stored(ID)).isNull();
        assertThat(memory.create(session(ID, Map.of("a", "0"))))
                .as("a third copy")
                .isInstanceOf(Created.Buried.class);
    }

    @Test
    void a_session_that_begins_meanwhile_and_ends_is_not_begun_by_a_call_that_comes_late() {
        lineOfA.state = BrokenLine.State.HOLDS_CALLS;
        a.create(session(NEW_ID, Map.of()));
        a.remove(NEW_ID, CREATED);
        heal(a, lineOfA);

        lineOfA.deliverLate();
        assertThat(stored(NEW_ID)).isNull();
    }

    @Test
    void what_begins_and_ends_meanwhile_never_reaches_the_store() {
        giveUp();
        a.create(session(NEW_ID, Map.of()));
        assertThat(a.remove(NEW_ID, CREATED)).isInstanceOf(Removed.Done.class);
        heal(a, lineOfA);
        assertThat(stored(NEW_ID)).isNull();
        assertThat(lineOfA.calls).doesNotContain("create", "remove", "bury");
    }

    /** Then nothing is asked any more. */
    private void giveUp() {
        lineOfA.state = BrokenLine.State.CUT;
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> a.load(NEW_ID, Known.NOTHING, false)).isInstanceOf(StoreException.class);
        }
    }

    @Test
    void an_id_that_is_used_again_waits_until_the_store_has_ended_its_first_session() {
        lineOfA.state = BrokenLine.State.CUT;
        a.remove(ID, CREATED);
        NewSession second = new NewSession(ID, CREATED + 1, 1, 1800, Map.of());
        assertThatThrownBy(() -> a.create(second)).hasMessageContaining("HF-615");
        heal(a, lineOfA);
        assertThat(a.create(second)).isInstanceOf(Created.Done.class);
        assertThat(stored(ID)).isEmpty();
    }

    @Test
    void a_session_that_ended_elsewhere_stays_ended() {
        lineOfA.state = BrokenLine.State.CUT;
        set(a, "n", "1", 1);
        b.remove(ID, CREATED);
        heal(a, lineOfA);
        assertThat(stored(ID)).isNull();
        assertThat(a.load(ID, Known.of(CREATED, 1), true)).isInstanceOf(Loaded.Absent.class);
    }

    // ---- ids -----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(
            value = BrokenLine.State.class,
            names = {"CUT", "LOSES_ANSWERS", "HOLDS_CALLS"})
    void a_change_of_id_holds_here_and_later_everywhere(BrokenLine.State state) {
        lineOfA.state = state;
        set(a, "before", "1", 1);
        assertThat(a.rename(ID, CREATED, NEW_ID)).isInstanceOf(Renamed.Done.class);
        assertThat(a.load(ID, Known.of(CREATED, 1), true)).isInstanceOf(Loaded.Absent.class);
        a.commit(NEW_ID, Known.of(CREATED, 1), Delta.of(bytes(Map.of("after", "1")), Set.of()), 7);
        heal(a, lineOfA);
        await().untilAsserted(
                        () -> assertThat(stored(NEW_ID)).isEqualTo(Map.of("a", "0", "before", "1", "after", "1")));
        lineOfA.deliverLate();
        assertThat(stored(NEW_ID)).isEqualTo(Map.of("a", "0", "before", "1", "after", "1"));
        assertThat(stored(ID)).isNull();
    }

    @ParameterizedTest
    @EnumSource(
            value = BrokenLine.State.class,
            names = {"CUT", "LOSES_ANSWERS", "HOLDS_CALLS"})
    void a_session_that_got_another_id_meanwhile_is_not_put_back_under_its_old_one(BrokenLine.State state) {
        lineOfA.state = state;
        a.rename(ID, CREATED, NEW_ID);
        memory.loseEverything();
        heal(a, lineOfA);

        assertThat(b.create(session(ID, Map.of("a", "0")))).isInstanceOf(Created.Buried.class);
        assertThat(a.create(session(NEW_ID, Map.of("a", "0")))).isInstanceOf(Created.Done.class);
        lineOfA.deliverLate();
        assertThat(stored(ID)).isNull();
        assertThat(stored(NEW_ID)).isEqualTo(Map.of("a", "0"));
    }

    @Test
    void an_old_id_is_dead_too_if_the_store_was_never_asked_to_change_it() {
        giveUp();
        a.rename(ID, CREATED, NEW_ID);
        memory.loseEverything();
        heal(a, lineOfA);

        assertThat(b.create(session(ID, Map.of("a", "0")))).isInstanceOf(Created.Buried.class);
    }

    @Test
    void an_old_id_stays_dead_if_the_store_loses_a_session_after_it_has_heard_of_the_new_one() {
        lineOfA.state = BrokenLine.State.CUT;
        a.rename(ID, CREATED, NEW_ID);
        a.commit(NEW_ID, Known.of(CREATED, 1), Delta.of(bytes(Map.of("after", "1")), Set.of()), 7);
        memory.rename(ID, CREATED, NEW_ID);
        memory.loseEverything();
        heal(a, lineOfA);

        assertThat(b.create(session(ID, Map.of("a", "0")))).isInstanceOf(Created.Buried.class);
        a.create(session(NEW_ID, Map.of("a", "0")));
        await().untilAsserted(() -> assertThat(stored(NEW_ID)).isEqualTo(Map.of("a", "0", "after", "1")));
    }

    /** It may be the id of a login, and whoever is on this node may have had the old id from elsewhere. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void an_id_that_the_session_got_on_another_node_meanwhile_stays(boolean inAnotherPartition) {
        SessionId theirs = new SessionId("far3456789abcdef");
        if (inAnotherPartition) {
            lineOfA.elsewhere.add(theirs);
        }
        lineOfA.state = BrokenLine.State.CUT;
        set(a, "n", "1", 1);
        assertThat(a.rename(ID, CREATED, NEW_ID)).isInstanceOf(Renamed.Done.class);
        assertThat(memory.rename(ID, CREATED, theirs)).isInstanceOf(Renamed.Done.class);

        assertThat(Told.during(() -> {
                    heal(a, lineOfA);
                    await().untilAsserted(() -> assertThat(stored(theirs)).isEqualTo(Map.of("a", "0", "n", "1")));
                }))
                .filteredOn(record -> record.getMessage().contains("HF-621"))
                .hasSize(1);
        assertThat(stored(NEW_ID)).isNull();
        assertThat(stored(ID)).isNull();
        assertThat(a.load(NEW_ID, Known.of(CREATED, 1), true)).isInstanceOf(Loaded.Absent.class);
        assertThat(a.create(session(NEW_ID, Map.of("a", "0")))).isInstanceOf(Created.Buried.class);
    }

    @Test
    void an_id_that_this_node_has_given_itself_before_stays_behind() {
        SessionId third = new SessionId("third456789abcdef");
        lineOfA.state = BrokenLine.State.LOSES_ANSWERS;
        a.rename(ID, CREATED, NEW_ID);
        lineOfA.state = BrokenLine.State.CUT;
        a.rename(NEW_ID, CREATED, third);
        assertThat(stored(NEW_ID)).isNotNull();

        heal(a, lineOfA);
        await().untilAsserted(() -> assertThat(stored(third)).isEqualTo(Map.of("a", "0")));
        assertThat(stored(NEW_ID)).isNull();
        assertThat(stored(ID)).isNull();
    }

    @Test
    void what_was_done_under_both_ids_is_brought() {
        SessionId theirs = new SessionId("far3456789abcdef");
        lineOfA.state = BrokenLine.State.CUT;
        set(a, "n", "1", 1);
        a.rename(ID, CREATED, NEW_ID);
        memory.rename(ID, CREATED, theirs);
        a.commit(theirs, Known.of(CREATED, 1), Delta.of(bytes(Map.of("m", "1")), Set.of()), 7);

        heal(a, lineOfA);
        await().untilAsserted(() -> assertThat(stored(theirs)).isEqualTo(Map.of("a", "0", "m", "1", "n", "1")));
        await().until(() -> !a.isAway(theirs) && !a.isAway(NEW_ID));
    }

    /** Nor is a logout on this node lost. */
    @Test
    void who_logs_out_here_is_logged_out_under_an_id_that_the_session_got_elsewhere() {
        SessionId theirs = new SessionId("far3456789abcdef");
        lineOfA.state = BrokenLine.State.CUT;
        a.rename(ID, CREATED, NEW_ID);
        memory.rename(ID, CREATED, theirs);
        a.remove(NEW_ID, CREATED);

        heal(a, lineOfA);
        assertThat(stored(theirs)).isNull();
        assertThat(stored(NEW_ID)).isNull();
    }

    @Test
    void a_logout_under_the_new_id_ends_the_session() {
        lineOfA.state = BrokenLine.State.CUT;
        a.rename(ID, CREATED, NEW_ID);
        a.remove(NEW_ID, CREATED);
        heal(a, lineOfA);
        assertThat(stored(ID)).isNull();
        assertThat(stored(NEW_ID)).isNull();
    }

    @Test
    void what_happens_to_an_earlier_session_of_the_same_id_is_not_done_to_the_present_one() {
        lineOfA.state = BrokenLine.State.CUT;
        a.create(session(NEW_ID, Map.of("x", "1")));
        assertThat(a.remove(NEW_ID, CREATED - 1)).isInstanceOf(Removed.Absent.class);
        assertThat(a.commit(NEW_ID, Known.of(CREATED - 1, 1), Delta.of(bytes(Map.of("x", "2")), Set.of()), 7))
                .isInstanceOf(Committed.Gone.class);
        assertThat(a.rename(NEW_ID, CREATED - 1, new SessionId("0000000000000001")))
                .isInstanceOf(Renamed.Gone.class);
        heal(a, lineOfA);
        assertThat(stored(NEW_ID)).isEqualTo(Map.of("x", "1"));
    }

    @Test
    void a_new_session_does_not_mix_with_what_was_done_to_an_earlier_one_of_its_id() {
        lineOfA.state = BrokenLine.State.CUT;
        set(a, "n", "1", 1);
        NewSession second = new NewSession(ID, CREATED + 1, 1, 1800, bytes(Map.of("x", "1")));
        assertThatThrownBy(() -> a.create(second)).hasMessageContaining("HF-615");
        heal(a, lineOfA);
        assertThat(stored(ID)).isEqualTo(Map.of("a", "0", "n", "1"));
    }

    @Test
    void sessions_that_the_store_refuses_do_not_keep_others_from_being_brought() {
        lineOfA.state = BrokenLine.State.CUT;
        for (int i = 0; i < 20; i++) {
            SessionId bad = new SessionId("bad000000000000" + (char) ('a' + i));
            a.create(session(bad, Map.of()));
            lineOfA.refused.add(bad);
        }
        set(a, "n", "1", 1);
        lineOfA.state = BrokenLine.State.WHOLE;
        awaitStored(Map.of("a", "0", "n", "1"));
    }

    @Test
    void a_node_that_has_stopped_takes_nothing_that_it_would_only_lose() {
        a.close();
        lineOfA.state = BrokenLine.State.CUT;
        assertThatThrownBy(() -> set(a, "n", "1", 1)).isInstanceOf(StoreException.class);
    }

    @Test
    void a_stop_brings_what_it_can() {
        lineOfA.state = BrokenLine.State.LOSES_ANSWERS;
        set(a, "n", "1", 1);
        lineOfA.state = BrokenLine.State.CUT;
        set(a, "n", "2", 1);
        lineOfA.state = BrokenLine.State.WHOLE;
        a.close();
        assertThat(stored(ID)).isEqualTo(Map.of("a", "0", "n", "2"));
    }

    @Test
    void ends_of_sessions_wait_after_an_outage_that_no_sweep_has_met() {
        giveUp();
        heal(a, lineOfA);
        await().until(() -> a.recoveries() > 0);
        offset.addAndGet(2_000_000);
        assertThat(a.due().claim(0, 10, Duration.ofSeconds(1))).isEmpty();
        assertThat(memory.due().claim(0, 10, Duration.ofSeconds(1))).isNotEmpty();
    }

    // ---- bounds --------------------------------------------------------------------------------------------------

    @Test
    void a_full_journal_refuses_loudly_and_takes_again_when_there_is_room() {
        lineOfA.state = BrokenLine.State.CUT;
        byte[] much = new byte[1 << 20];
        assertThat(commit(a, Delta.of(Map.of("much", much), Set.of()), 1)).isInstanceOf(Committed.Applied.class);
        assertThatThrownBy(() -> set(a, "n", "1", 1))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        full -> assertThat(full.storeIsAway()).isTrue())
                .hasMessageContaining("HF-614");
        heal(a, lineOfA);
        assertThat(set(a, "n", "1", 1)).isInstanceOf(Committed.Applied.class);
        assertThat(stored(ID)).containsEntry("n", "1").containsKey("much");
    }

    @Test
    void what_a_full_journal_refuses_takes_no_room() {
        Journal journal = new Journal(1000);
        for (int i = 0; i < 100; i++) {
            SessionId id = new SessionId("0123456789abcd" + (10 + i % 90));
            try {
                journal.note(id, Duration.ZERO, () -> new JournalEntry(id, CREATED, 1, 0, 0), entry -> {
                    journal.requireRoom();
                    entry.changed(1, Delta.of(Map.of("n", new byte[300]), Set.of()), null, 0);
                    return entry;
                });
            } catch (StoreException full) {
                assertThat(full).hasMessageContaining("HF-614");
            }
        }
        assertThat(journal.size()).isEqualTo(2);
        journal.oldestFirst().forEach(journal::finish);
        assertThat(journal.bytes()).isZero();
    }

    @Test
    void a_session_can_be_ended_while_the_store_hangs_with_what_was_done_to_it() {
        lineOfA.state = BrokenLine.State.CUT;
        set(a, "n", "1", 1);
        lineOfA.state = BrokenLine.State.HANGS;
        await().until(() -> lineOfA.hanging.get() > 0);
        assertThat(a.remove(ID, CREATED)).isInstanceOf(Removed.Done.class);
        heal(a, lineOfA);
        await().untilAsserted(() -> assertThat(stored(ID)).isNull());
    }

    @Test
    void idle_time_counts_from_the_last_use_wherever_it_was() {
        lineOfA.state = BrokenLine.State.CUT;
        assertThatThrownBy(() -> a.load(ID, Known.of(CREATED, 1), true)).isInstanceOf(StoreException.class);
        long usedMillis = clock.millis();
        heal(a, lineOfA);
        assertThat(((Loaded.Everything) memory.load(ID, Known.NOTHING, false))
                        .metadata()
                        .lastAccessedMillis())
                .isBetween(usedMillis - 50, usedMillis + 50);
    }

    /** Or it would take the change out of the copy of this node. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void an_answer_that_is_older_than_what_this_node_did_meanwhile_does_not_count(boolean broughtAlready) {
        set(b, "n", "old", 1);
        lineOfA.meanwhile.put("load", () -> {
            lineOfA.state = BrokenLine.State.CUT;
            set(a, "n", "new", 1);
            lineOfA.state = BrokenLine.State.WHOLE;
            if (broughtAlready) {
                await().until(() -> !a.isAway(ID));
            }
        });
        assertThatThrownBy(() -> a.load(ID, Known.of(CREATED, 1), true)).hasMessageContaining("HF-615");
        await().untilAsserted(() -> assertThat(stored(ID)).containsEntry("n", "new"));
        assertThat(((Loaded.Changed) a.load(ID, Known.of(CREATED, 1), true)).set())
                .containsKey("n");
    }

    @Test
    void a_request_without_an_entry_is_only_one_call() {
        lineOfA.calls.clear();
        set(a, "n", "1", 1);
        a.load(ID, Known.of(CREATED, 1), true);
        assertThat(lineOfA.calls).containsExactly("commit", "load");
    }

    /** What was set aside is tried ten times a second. */
    @Test
    void calls_that_were_answered_are_not_remembered_in_place_of_those_that_were_not() {
        NotedChanges changes = new NotedChanges();
        changes.addToken(1);
        for (int token = 100; token < 200; token++) {
            changes.sending(token);
            changes.answered(token);
        }
        assertThat(changes.delta(0, nanos -> 0).tokens()).containsExactly(1);
    }

    /** Its copy may be older: a look in between was not answered. */
    @Test
    void what_a_node_has_brought_itself_is_no_conflict_with_what_it_does_later() {
        List<LogRecord> told = Told.during(() -> {
            for (int outage = 1; outage <= 3; outage++) {
                lineOfA.state = BrokenLine.State.CUT;
                set(a, "n", "" + outage, 1);
                heal(a, lineOfA);
                assertThat(stored(ID)).containsEntry("n", "" + outage);
                set(a, "m", "" + outage, 1);
                set(a, "n", "then " + outage, 1);
            }
        });
        assertThat(told).noneMatch(record -> record.getMessage().contains("HF-612"));
    }
}
