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
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that cannot reach its store ends, in one way or another, and is started again with the same journal file. */
class JournalRestartTest {

    private static final SessionId ID = new SessionId("0123456789abcdef");
    private static final SessionId NEW_ID = new SessionId("fedcba9876543210");
    private static final SessionId BORN = new SessionId("born456789abcdef");
    private static final long CREATED = 1_800_000_000_000L;

    @TempDir
    private Path directory;

    private final MemorySessionStore memory = new MemorySessionStore(InstantSource.system());
    private final BrokenLine line = new BrokenLine(memory);
    private final List<JournalingSessionStore> nodes = new ArrayList<>();
    private int copies;

    @BeforeEach
    void create() {
        memory.create(session(ID, Map.of("a", "0")));
    }

    @AfterEach
    void stop() {
        nodes.forEach(JournalingSessionStore::close);
    }

    private Path file() {
        return directory.resolve("journal");
    }

    private JournalingSessionStore node(Path journal) throws JournalFileRefusedException {
        JournalingSessionStore node = new JournalingSessionStore(
                new GuardedSessionStore(
                        line.nodeSide(), "shop", "in memory", new BreakerOptions(50, 20, Duration.ofMillis(50))),
                "shop",
                new JournalOptions(1 << 20),
                JournalFile.open(journal, "shop", 1 << 20));
        nodes.add(node);
        return node;
    }

    /** What the file holds at this moment is what a process that is killed now leaves behind. */
    /** The file as it is while the store makes a call. */
    private List<Path> asIfKilledIn(String call) {
        List<Path> file = new ArrayList<>();
        line.meanwhile.put(call, () -> {
            try {
                file.add(asIfKilled());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        return file;
    }

    private Path asIfKilled() throws IOException {
        Path copy = directory.resolve("copy" + ++copies);
        Files.copy(
                JournalFileName.of(file(), "shop"),
                JournalFileName.of(copy, "shop"),
                StandardCopyOption.REPLACE_EXISTING);
        return copy;
    }

    private static NewSession session(SessionId id, Map<String, String> attributes) {
        return new NewSession(id, CREATED, 1, 1800, bytes(attributes));
    }

    private static Map<String, byte[]> bytes(Map<String, String> texts) {
        Map<String, byte[]> bytes = new HashMap<>();
        texts.forEach((name, text) -> bytes.put(name, text.getBytes(StandardCharsets.UTF_8)));
        return bytes;
    }

    private static Committed set(SessionStore node, SessionId id, String name, String value) {
        return node.commit(
                id,
                Known.of(CREATED, 1),
                Delta.of(bytes(Map.of(name, value)), Set.of()),
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

    private void heal(JournalingSessionStore node) {
        line.state = BrokenLine.State.WHOLE;
        await().until(() -> !node.isAway(ID) && !node.isAway(NEW_ID) && !node.isAway(BORN));
    }

    @Test
    void everything_is_brought_to_the_store_by_the_next_process() throws Exception {
        JournalingSessionStore killed = node(file());
        line.state = BrokenLine.State.CUT;
        set(killed, ID, "n", "1");
        assertThat(killed.create(session(BORN, Map.of("b", "1")))).isInstanceOf(Created.Done.class);
        set(killed, BORN, "c", "2");
        assertThat(killed.rename(ID, CREATED, NEW_ID)).isInstanceOf(Renamed.Done.class);

        JournalingSessionStore next = node(asIfKilled());
        assertThat(next.load(BORN, Known.NOTHING, true))
                .isInstanceOfSatisfying(
                        Loaded.Everything.class,
                        whole -> assertThat(whole.attributes()).containsOnlyKeys("b", "c"));
        assertThat(next.load(ID, Known.NOTHING, true)).as("the id of before").isInstanceOf(Loaded.Absent.class);
        assertThatThrownBy(() -> next.load(NEW_ID, Known.NOTHING, true)).isInstanceOf(StoreException.class);
        set(next, NEW_ID, "m", "2");

        heal(next);
        assertThat(stored(ID)).isNull();
        assertThat(stored(NEW_ID)).isEqualTo(Map.of("a", "0", "n", "1", "m", "2"));
        assertThat(stored(BORN)).isEqualTo(Map.of("b", "1", "c", "2"));
    }

    @Test
    void who_has_logged_out_stays_logged_out() throws Exception {
        JournalingSessionStore killed = node(file());
        line.state = BrokenLine.State.CUT;
        assertThat(killed.remove(ID, CREATED)).isInstanceOf(Removed.Done.class);

        JournalingSessionStore next = node(asIfKilled());
        assertThat(next.load(ID, Known.NOTHING, true)).isInstanceOf(Loaded.Absent.class);
        heal(next);
        assertThat(stored(ID)).isNull();
    }

    @Test
    void a_stop_in_good_order_keeps_everything_too() throws Exception {
        JournalingSessionStore stopped = node(file());
        line.state = BrokenLine.State.CUT;
        set(stopped, ID, "n", "1");
        stopped.close();
        JournalingSessionStore next = node(file());
        heal(next);
        assertThat(stored(ID)).isEqualTo(Map.of("a", "0", "n", "1"));
    }

    /** The answer to a commit is lost, and then the process. Another node writes; the later change is its own. */
    @Test
    void what_was_brought_already_overrules_nothing_that_came_after_it() throws Exception {
        JournalingSessionStore killed = node(file());
        line.state = BrokenLine.State.CUT;
        set(killed, ID, "n", "mine");
        Path asBefore = asIfKilled();
        heal(killed);
        assertThat(stored(ID)).containsEntry("n", "mine");
        set(memory, ID, "n", "theirs, later");

        heal(node(asBefore));
        assertThat(stored(ID)).isEqualTo(Map.of("a", "0", "n", "theirs, later"));
    }

    /** The process ends after the store has made the session, and before the file says so. */
    @Test
    void a_session_that_was_brought_and_has_ended_since_is_not_born_again() throws Exception {
        JournalingSessionStore killed = node(file());
        line.state = BrokenLine.State.CUT;
        killed.create(session(BORN, Map.of("b", "1")));
        List<Path> file = asIfKilledIn("create");
        heal(killed);
        assertThat(stored(BORN)).isNotNull();
        memory.remove(BORN, CREATED);

        JournalingSessionStore next = node(file.get(0));
        await().until(() -> !next.isAway(BORN));
        assertThat(stored(BORN)).isNull();
    }

    /** The same moment, and nobody has ended it. */
    @Test
    void a_session_that_was_brought_when_the_process_ended_goes_on() throws Exception {
        JournalingSessionStore killed = node(file());
        line.state = BrokenLine.State.CUT;
        killed.create(session(BORN, Map.of("b", "1")));
        List<Path> file = asIfKilledIn("create");
        heal(killed);
        set(memory, BORN, "c", "2");

        heal(node(file.get(0)));
        assertThat(stored(BORN)).isEqualTo(Map.of("b", "1", "c", "2"));
    }

    /** The store had the changes when the process ended. Who changes them further is not in conflict with himself. */
    @Test
    void what_an_earlier_process_has_written_is_our_own() throws Exception {
        JournalingSessionStore killed = node(file());
        line.state = BrokenLine.State.CUT;
        set(killed, ID, "n", "1");
        List<Path> file = asIfKilledIn("reconcile");
        heal(killed);
        line.state = BrokenLine.State.CUT;
        JournalingSessionStore next = node(file.get(0));
        set(next, ID, "n", "2");

        assertThat(Told.during(() -> heal(next)))
                .noneMatch(record -> record.getMessage().contains("HF-612"));
        assertThat(stored(ID)).isEqualTo(Map.of("a", "0", "n", "2"));
    }

    @Test
    void a_change_of_id_that_was_brought_already_is_not_in_the_way() throws Exception {
        JournalingSessionStore killed = node(file());
        line.state = BrokenLine.State.CUT;
        set(killed, ID, "n", "1");
        killed.rename(ID, CREATED, NEW_ID);
        Path asBefore = asIfKilled();
        heal(killed);
        set(memory, NEW_ID, "m", "2");

        heal(node(asBefore));
        assertThat(stored(ID)).isNull();
        assertThat(stored(NEW_ID)).isEqualTo(Map.of("a", "0", "n", "1", "m", "2"));
    }

    @Test
    void nothing_of_a_session_is_in_the_file_when_the_store_knows_everything() throws Exception {
        JournalingSessionStore node = node(file());
        long empty = Files.size(JournalFileName.of(file(), "shop"));
        set(node, ID, "n", "healthy");
        assertThat(Files.size(JournalFileName.of(file(), "shop"))).isEqualTo(empty);
        line.state = BrokenLine.State.CUT;
        set(node, ID, "n", "1");
        assertThat(Files.size(JournalFileName.of(file(), "shop"))).isGreaterThan(empty);
        heal(node);
        await().untilAsserted(() ->
                assertThat(Files.size(JournalFileName.of(file(), "shop"))).isEqualTo(empty));
    }

    /** It need not wait for its file: it is back within the time that the stop may take. */
    @Test
    void a_node_without_a_file_that_stops_waits_for_the_store_as_long_as_it_may() {
        JournalingSessionStore node = new JournalingSessionStore(
                new GuardedSessionStore(
                        line.nodeSide(), "shop", "in memory", new BreakerOptions(50, 20, Duration.ofMillis(50))),
                "shop",
                new JournalOptions(1 << 20));
        line.state = BrokenLine.State.CUT;
        for (int i = 0; i < 10; i++) {
            set(node, ID, "n", "" + i);
        }
        int before = line.calls.size();
        Thread stopping = new Thread(node::close);
        stopping.start();
        await().until(() -> isBetweenAttempts(stopping));
        line.state = BrokenLine.State.WHOLE;
        await().until(() -> !stopping.isAlive());
        assertThat(line.calls.size()).isGreaterThan(before);
        assertThat(stored(ID)).containsEntry("n", "9");
    }

    private static boolean isBetweenAttempts(Thread stopping) {
        return Arrays.stream(stopping.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("bringLast"));
    }
}
