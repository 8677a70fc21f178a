package dev.holdfast.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.crypto.Place;
import dev.holdfast.crypto.Protection;
import dev.holdfast.crypto.Vault;
import dev.holdfast.model.Metadata;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.StoreException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReplyReaderTest {

    private static final byte[] METADATA = ByteBuffer.allocate(32)
            .put(new byte[] {0, 0, 0, 0, 1, 2})
            .put(new byte[] {1, 2, 3, 4, 5, 6})
            .put(new byte[] {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF})
            .putInt(-1)
            .putInt(4711)
            .put(new byte[] {0, 0, 0, 0, 2, 1})
            .array();

    @Test
    void metadata_are_numbers_of_six_bytes_and_two_of_four() {
        List<Long> times = new ArrayList<>();
        ReplyReader reply = new ReplyReader(Script.LOAD, items("U", METADATA), 16, times::add);

        assertThat(reply.status()).isEqualTo('U');
        assertThat(reply.metadata()).isEqualTo(new Metadata(258, 0x010203040506L, 0xFFFFFFFFFFFFL, -1, 4711));
        assertThat(reply.hasNext()).isFalse();
        assertThat(times).containsExactly(513L);
    }

    @Test
    void revisions_come_with_the_time() {
        List<Long> times = new ArrayList<>();
        byte[] revisions = {0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 3};
        ReplyReader reply = new ReplyReader(Script.COMMIT, items("K", revisions), 16, times::add);
        reply.status();

        assertThat(reply.revisions()).containsExactly(1, 2);
        assertThat(times).containsExactly(3L);
    }

    @Test
    void values_come_without_the_instant_when_they_were_written() {
        ReplyReader changed = reply("C", null, "a", "minute1", "b", "minute");
        changed.status();
        ReplyReader everything = reply("E", null, "aa", "minute1", "ab", "minute");
        everything.status();

        Map<String, byte[]> set = changed.changes(vault()).set();
        assertThat(set.get("a")).isEqualTo(new byte[] {'1'});
        assertThat(set.get("b")).isEmpty();
        Map<String, byte[]> attributes = everything.attributes(vault());
        assertThat(attributes.get("a")).isEqualTo(new byte[] {'1'});
        assertThat(attributes.get("b")).isEmpty();
    }

    @Test
    void names_are_counted_or_all_that_follow() {
        ReplyReader reply = reply("K", "2", "a", "b", "c", "");
        reply.status();

        assertThat(reply.names(reply.number())).containsExactlyInAnyOrder("a", "b");
        assertThat(reply.names()).containsExactlyInAnyOrder("c", "");
        assertThat(reply.names()).isEmpty();
    }

    @Test
    void a_nil_value_is_a_removed_attribute() {
        ReplyReader reply = reply("C", null, "set", "minutevalue", "removed", null, "empty", "minute");
        reply.status();

        ReplyReader.Changes changes = reply.changes(vault());

        assertThat(changes.set()).containsOnlyKeys("set", "empty");
        assertThat(changes.removed()).containsExactly("removed");
    }

    @Test
    void attributes_lose_the_letter_that_marks_them() {
        ReplyReader reply = reply("E", null, "aname", "minute1", "a", "minute2", "aa", "minute3");
        reply.status();

        Map<String, byte[]> attributes = reply.attributes(vault());

        assertThat(attributes).containsOnlyKeys("name", "", "a");
    }

    @Test
    void what_is_not_understood_is_never_guessed() {
        malformed(null, ReplyReader::status);
        malformed("text", ReplyReader::status);
        malformed(7L, ReplyReader::status);
        malformed(List.of(), ReplyReader::status);
        malformed(List.of(1L), ReplyReader::status);
        malformed(items("KK"), ReplyReader::status);
        malformed(items(""), ReplyReader::status);
        malformed(items((Object) null), ReplyReader::status);
        malformed(items("U"), afterStatus(ReplyReader::metadata));
        malformed(items("U", "short"), afterStatus(ReplyReader::metadata));
        malformed(items("U", new byte[28]), afterStatus(ReplyReader::metadata));
        malformed(items("U", new byte[22]), afterStatus(ReplyReader::metadata));
        malformed(items("U", new byte[29]), afterStatus(ReplyReader::metadata));
        malformed(items("U", null), afterStatus(ReplyReader::metadata));
        malformed(Arrays.asList("U".getBytes(StandardCharsets.UTF_8), 5L), afterStatus(ReplyReader::bytes));
        malformed(items("K", "short"), afterStatus(ReplyReader::revisions));
        malformed(items("M", "no id"), afterStatus(reply -> reply.id(new IdNames(Protection.none("app")))));
        malformed(items("E", null, "m", "1"), afterStatus(reply -> reply.attributes(vault())));
        malformed(items("E", null, "", "1"), afterStatus(reply -> reply.attributes(vault())));
        malformed(items("E", null, "aname"), afterStatus(reply -> reply.attributes(vault())));
        malformed(items("E", null, "aname", null), afterStatus(reply -> reply.attributes(vault())));
        malformed(items("E", null, "aname", "short"), afterStatus(reply -> reply.attributes(vault())));
        malformed(items("C", null, "name", "short"), afterStatus(reply -> reply.changes(vault())));
        malformed(items("A", "short"), afterStatus(ReplyReader::instant));
        malformed(items("K", "a"), afterStatus(reply -> reply.names(2)));
        malformed(items("C", null, "name"), afterStatus(reply -> reply.changes(vault())));
        malformed(items("C", null, null, "1"), afterStatus(reply -> reply.changes(vault())));
        malformed(items("K", "more"), afterStatus(reply -> reply.last("result")));
    }

    @Test
    void another_number_of_partitions_is_refused_whatever_was_asked() {
        assertThatThrownBy(() -> reply("P", "8-abc"))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INCOMPATIBLE))
                .hasMessageContaining("set to 16 partitions")
                .hasMessageContaining("over 8.");
    }

    private static void malformed(@Nullable Object reply, Consumer<ReplyReader> reading) {
        assertThatThrownBy(() -> reading.accept(new ReplyReader(Script.LOAD, reply, 16)))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.SCRIPT))
                .hasMessageStartingWith("HF-209 ")
                .hasMessageContaining("script load");
    }

    private static Consumer<ReplyReader> afterStatus(Consumer<ReplyReader> reading) {
        return reply -> {
            reply.status();
            reading.accept(reply);
        };
    }

    private static Vault vault() {
        return Protection.none("app").in(new Place("session", "app", "id", 1));
    }

    private static ReplyReader reply(@Nullable Object... items) {
        return new ReplyReader(Script.LOAD, items(items), 16);
    }

    private static List<@Nullable Object> items(@Nullable Object... items) {
        List<@Nullable Object> list = new ArrayList<>();
        for (Object item : items) {
            list.add(item instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : item);
        }
        return list;
    }
}
