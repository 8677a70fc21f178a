package dev.holdfast.fallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.crypto.KeyRing;
import dev.holdfast.crypto.Protection;
import dev.holdfast.model.Delta;
import dev.holdfast.model.NewSession;
import dev.holdfast.model.SessionId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of a journal: what it keeps, what it refuses, and what it never does to a file. */
class JournalFileTest {

    private static final SessionId ID = id(1);
    private static final long CREATED = 1_800_000_000_000L;
    private static final long MAX_BYTES = 1 << 20;

    @TempDir
    private Path directory;

    private final List<JournalFile> open = new ArrayList<>();

    @AfterEach
    void close() {
        open.forEach(JournalFile::close);
    }

    private static SessionId id(int number) {
        return new SessionId("0123456789abc" + (100 + number));
    }

    private JournalFile open(String application) throws JournalFileRefusedException {
        JournalFile file = JournalFile.open(directory.resolve("journal"), application, MAX_BYTES);
        open.add(file);
        return file;
    }

    private Path path() {
        return JournalFileName.of(directory.resolve("journal"), "shop");
    }

    private Journal journal() throws JournalFileRefusedException {
        return new Journal(MAX_BYTES, open("shop"));
    }

    /** As if the process had ended. */
    private Journal restarted(Journal journal) throws JournalFileRefusedException {
        journal.file().close();
        return journal();
    }

    private static void change(Journal journal, SessionId id, String name, byte[] value) {
        journal.note(id, null, () -> new JournalEntry(id, CREATED, 3, System.nanoTime(), System.nanoTime()), entry -> {
            entry.changed(3, Delta.of(Map.of(name, value), Set.of()), 99, System.nanoTime());
            return entry;
        });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void finish(JournalEntry entry, Journal journal) {
        entry.lock.lock();
        try {
            journal.finish(entry);
        } finally {
            entry.lock.unlock();
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    // ---- what it keeps -------------------------------------------------------------------------------------------

    @Test
    void what_was_noted_is_there_again() throws Exception {
        Journal journal = journal();
        change(journal, ID, "a", bytes("1"));
        change(journal, ID, "b", bytes("2"));
        change(journal, ID, "a", bytes("3"));
        journal.ifPresent(ID, null, entry -> {
            entry.renamed(id(2), false);
            journal.rekey(entry, ID);
            return entry;
        });

        Journal again = restarted(journal);
        JournalEntry entry = again.entryOf(id(2));
        assertThat(again.size()).isEqualTo(1);
        assertThat(again.isFormerId(ID)).isTrue();
        assertThat(entry.changes().values())
                .hasSize(2)
                .containsEntry("a", bytes("3"))
                .containsEntry("b", bytes("2"));
        assertThat(entry.knownRevision()).isEqualTo(3);
        assertThat(entry.createdMillis()).isEqualTo(CREATED);
        assertThat(entry.delta(nanos -> 1).tokens()).contains(99);
        assertThat(again.bytes()).isEqualTo(journal.bytes());
    }

    @Test
    void births_and_ends_are_there_again() throws Exception {
        Journal journal = journal();
        NewSession session = new NewSession(ID, CREATED, 1, 1800, Map.of("a", bytes("1")));
        journal.note(ID, null, () -> new JournalEntry(ID, CREATED, 1, System.nanoTime(), 0), entry -> {
            entry.born(session, false, System.nanoTime());
            return entry;
        });
        change(journal, id(2), "a", bytes("1"));
        journal.ifPresent(id(2), null, entry -> {
            entry.removed();
            return entry;
        });

        Journal again = restarted(journal);
        assertThat(again.entryOf(ID).birth().isUnconfirmed()).isTrue();
        assertThat(again.entryOf(ID).birth().isInDoubt()).isFalse();
        assertThat(again.entryOf(ID).metadata().maxInactiveSeconds()).isEqualTo(1800);
        assertThat(again.entryOf(id(2)).isRemoved()).isTrue();
        assertThat(again.entryOf(id(2)).changes().values()).isEmpty();
    }

    @Test
    void what_was_set_aside_is_so_again() throws Exception {
        Journal journal = journal();
        change(journal, ID, "a", bytes("1"));
        JournalEntry entry = journal.entryOf(ID);
        entry.lock.lock();
        journal.setAside(entry, System.nanoTime());
        entry.lock.unlock();

        Journal again = restarted(journal);
        assertThat(again.size()).isZero();
        assertThat(again.setAside().of(ID, CREATED)).isNotNull();
    }

    @Test
    void nothing_is_left_of_what_was_brought_to_the_store() throws Exception {
        Journal journal = journal();
        long empty = Files.size(path());
        change(journal, ID, "a", bytes("secret"));
        change(journal, id(2), "a", bytes("secret"));
        finish(journal.entryOf(ID), journal);

        Journal again = restarted(journal);
        assertThat(again.entryOf(ID)).isNull();
        finish(again.entryOf(id(2)), again);
        assertThat(Files.size(path())).isEqualTo(empty);
    }

    @Test
    void it_does_not_grow_with_what_is_out_of_date() throws Exception {
        Journal journal = journal();
        for (int i = 0; i < 100; i++) {
            change(journal, ID, "a", new byte[100_000]);
            change(journal, id(2), "a", bytes("" + i));
            journal.tendFile();
        }
        assertThat(Files.size(path())).isLessThan(2_000_000);
        Journal again = restarted(journal);
        assertThat(again.entryOf(ID).changes().values().get("a")).hasSize(100_000);
        assertThat(again.entryOf(id(2)).changes().values()).containsEntry("a", bytes("99"));
    }

    @Test
    void only_its_user_can_read_it() throws Exception {
        Journal journal = journal();
        for (int i = 0; i < 30; i++) {
            change(journal, ID, "a", new byte[100_000]);
            journal.tendFile();
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                .isEqualTo("rw-------");
        assertThat(names()).hasSize(2).anyMatch(name -> name.endsWith(".lock"));
    }

    private void fill(Journal journal) {
        for (int i = 0; i < 250; i++) {
            change(journal, ID, "a", new byte[100_000]);
        }
        change(journal, id(2), "a", bytes("2"));
    }

    @Test
    void what_could_not_be_appended_is_written_when_that_works_again() throws Exception {
        Journal journal = journal();
        change(journal, id(3), "a", bytes("3"));
        fill(journal);
        assertThat(journal.completeFile()).isTrue();
        Journal again = restarted(journal);
        assertThat(again.size()).isEqualTo(3);
        assertThat(again.entryOf(id(2)).changes().values()).containsEntry("a", bytes("2"));
    }

    /** Or a later process would bring it again. */
    @Test
    void what_was_brought_to_the_store_is_not_in_a_file_to_which_nothing_can_be_appended() throws Exception {
        Journal journal = journal();
        change(journal, id(3), "a", bytes("3"));
        fill(journal);
        finish(journal.entryOf(id(3)), journal);
        assertThat(restarted(journal).entryOf(id(3))).isNull();
    }

    // ---- what it refuses -----------------------------------------------------------------------------------------

    @Test
    void applications_have_files_of_their_own_also_if_their_names_look_alike() {
        assertThat(JournalFileName.of(directory.resolve("j"), "localhost/a"))
                .isNotEqualTo(JournalFileName.of(directory.resolve("j"), "localhost_a"))
                .asString()
                .contains("j.localhost_a.");
    }

    @Test
    void one_that_somebody_else_uses_is_refused() throws Exception {
        JournalFile first = open("shop");
        assertThatThrownBy(() -> open("shop"))
                .isInstanceOf(JournalFileRefusedException.class)
                .hasMessageContaining("in use");
        assertThat(open("other")).isNotNull();
        first.close();
        assertThat(open("shop")).isNotNull();
    }

    @Test
    void one_that_is_not_ours_is_refused_and_left_as_it_is() throws Exception {
        for (byte[] foreign : List.of(
                bytes("Dear diary, today I wrote a text that is longer than any header."),
                JournalFormat.header("other"),
                JournalFormat.header("shop", 3))) {
            Files.write(path(), foreign);
            assertThatThrownBy(() -> open("shop")).isInstanceOf(JournalFileRefusedException.class);
            assertThat(Files.readAllBytes(path())).isEqualTo(foreign);
        }
        Files.delete(path());
        Files.createDirectory(path());
        assertThatThrownBy(() -> open("shop")).isInstanceOf(JournalFileRefusedException.class);
    }

    @Test
    void a_directory_that_is_not_there_is_refused() {
        assertThatThrownBy(() -> JournalFile.open(directory.resolve("none/journal"), "shop", MAX_BYTES))
                .isInstanceOf(JournalFileRefusedException.class)
                .hasMessageContaining("directory has to be there");
    }

    // ---- what is encrypted ---------------------------------------------------------------------------------------

    private static final String OLD = "k1:5Qm0zZ7oH1kq3hZ8yq1x3N4l0o6mJp0aWm2rV9cT7uE=";
    private static final String NEW = "k2:1vYQ3m7s8pZb2kXo9hJ6tR4w5nE0uC1dLxGfAaSgB8M=";

    private Journal encrypted(String keys) throws JournalFileRefusedException {
        Protection protection = Protection.with(KeyRing.parse(keys), true, false, "shop");
        JournalFile file = JournalFile.open(directory.resolve("journal"), "shop", MAX_BYTES, protection);
        open.add(file);
        return new Journal(MAX_BYTES, file);
    }

    @Test
    void nothing_of_a_session_can_be_read_in_a_file_that_is_encrypted() throws Exception {
        Journal journal = encrypted(OLD);
        change(journal, ID, "attribute", bytes("content"));
        journal.file().close();

        String file = Files.readString(path(), StandardCharsets.ISO_8859_1);
        assertThat(file).doesNotContain("content", "attribute", ID.value()).contains("k1");
        assertThat(encrypted(NEW + "," + OLD).entryOf(ID).changes().values())
                .containsEntry("attribute", bytes("content"));
    }

    @Test
    void a_file_of_before_encryption_is_read_and_written_anew() throws Exception {
        Journal plain = journal();
        change(plain, ID, "attribute", bytes("content"));
        plain.file().close();

        Journal journal = encrypted(OLD);

        assertThat(journal.entryOf(ID).changes().values()).containsEntry("attribute", bytes("content"));
        assertThat(Files.readString(path(), StandardCharsets.ISO_8859_1)).doesNotContain("content");
        journal.file().close();
        Protection off = Protection.with(KeyRing.parse(OLD), false, true, "shop");
        JournalFile back = JournalFile.open(directory.resolve("journal"), "shop", MAX_BYTES, off);
        open.add(back);
        assertThat(Files.readString(path(), StandardCharsets.ISO_8859_1)).contains("content");
    }

    @Test
    void a_file_whose_key_is_not_there_is_refused_and_left_as_it_is() throws Exception {
        Journal journal = encrypted(OLD);
        change(journal, ID, "attribute", bytes("content"));
        journal.file().close();
        byte[] before = Files.readAllBytes(path());

        assertThatThrownBy(() -> encrypted(NEW))
                .isInstanceOf(JournalFileRefusedException.class)
                .hasMessageContaining("does not open with the encryptionKeys");
        assertThatThrownBy(() -> open("shop")).isInstanceOf(JournalFileRefusedException.class);
        assertThat(Files.readAllBytes(path())).isEqualTo(before);
        assertThat(names()).noneMatch(name -> name.contains(".torn-"));
    }

    // ---- what is torn --------------------------------------------------------------------------------------------

    private byte[] small() throws Exception {
        Journal journal = journal();
        for (int i = 1; i <= 3; i++) {
            change(journal, id(i), "a", bytes("" + i));
        }
        journal.file().close();
        return Files.readAllBytes(path());
    }

    /** Opens what is in the file, and says how many sessions it has. */
    private int read() throws JournalFileRefusedException {
        Journal journal = journal();
        for (JournalEntry entry : journal.all()) {
            assertThat(entry.changes().values())
                    .containsEntry("a", bytes(entry.id().value().substring(15)));
        }
        // It is whole again, and goes on.
        change(journal, id(9), "a", bytes("9"));
        Journal again = restarted(journal);
        assertThat(again.size()).isEqualTo(journal.size());
        again.file().close();
        return journal.size() - 1;
    }

    @Test
    void one_that_is_torn_anywhere_is_read_as_far_as_it_is_whole_and_kept() throws Exception {
        byte[] whole = small();
        int header = JournalFormat.header("shop").length;
        int record = (whole.length - header) / 3;
        for (int length = 0; length < whole.length; length++) {
            empty();
            Files.write(path(), Arrays.copyOf(whole, length));
            assertThat(read()).isEqualTo(Math.max(0, length - header) / record);
            boolean torn = length != 0 && (length < header || (length - header) % record != 0);
            List<String> copies =
                    names().stream().filter(name -> name.contains(".torn-")).toList();
            assertThat(copies).as("length %s", length).hasSize(torn ? 1 : 0);
            if (torn) {
                assertThat(Files.size(directory.resolve(copies.get(0)))).isEqualTo(length);
            }
        }
    }

    @Test
    void a_changed_byte_in_a_record_ends_what_is_believed() throws Exception {
        byte[] whole = small();
        int header = JournalFormat.header("shop").length;
        int record = (whole.length - header) / 3;
        for (int at = header; at < whole.length; at++) {
            empty();
            byte[] changed = whole.clone();
            changed[at] ^= 0x41;
            Files.write(path(), changed);
            assertThat(read()).isEqualTo((at - header) / record);
            assertThat(names()).anyMatch(name -> name.contains(".torn-"));
        }
    }

    private void empty() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }
}
