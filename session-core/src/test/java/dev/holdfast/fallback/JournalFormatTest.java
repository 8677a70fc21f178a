package dev.holdfast.fallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.fallback.JournalFormat.ForeignFileException;
import dev.holdfast.fallback.JournalFormat.MalformedRecordException;
import dev.holdfast.fallback.JournalRecord.Birth;
import dev.holdfast.fallback.JournalRecord.Changes;
import dev.holdfast.fallback.JournalRecord.Finished;
import dev.holdfast.fallback.JournalRecord.Ids;
import dev.holdfast.fallback.JournalRecord.Noted;
import dev.holdfast.fallback.JournalRecord.Value;
import dev.holdfast.model.SessionId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The bytes of a journal file. Those of version 1 may never change: a node of a later version reads them. */
class JournalFormatTest {

    private static final SessionId ID = new SessionId("0123456789abcdef");
    private static final SessionId OLD_ID = new SessionId("fedcba9876543210");
    private static final String APPLICATION = "localhost/shop##2";

    private static final JournalSeal PLAIN = JournalSeal.none(APPLICATION);

    private static Noted full() {
        Map<String, Value> values = new LinkedHashMap<>();
        values.put("name", new Value("value".getBytes(StandardCharsets.UTF_8), 1_800_000_000_123L));
        values.put("größe", new Value(new byte[0], 1_800_000_000_124L));
        values.put("gone", new Value(null, 1_800_000_000_125L));
        return new Noted(
                7,
                new Ids(ID, OLD_ID, List.of(OLD_ID), true),
                1_800_000_000_000L,
                1_800_000_000_001L,
                42,
                1_800_000_000_002L,
                1_800_000_000_003L,
                new Birth(OptionalLong.of(0), true, true),
                true,
                true,
                "owner",
                new Changes(true, OptionalLong.of(1_800_000_000_004L), OptionalInt.of(1800), List.of(1, -2), values));
    }

    private static Noted bare() {
        return new Noted(
                8,
                new Ids(ID, ID, List.of(), false),
                1,
                1,
                0,
                2,
                3,
                null,
                false,
                false,
                null,
                new Changes(false, OptionalLong.empty(), OptionalInt.empty(), List.of(), Map.of()));
    }

    private static byte[] file() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(JournalFormat.header(APPLICATION));
        out.write(JournalFormat.encode(full(), PLAIN));
        out.write(JournalFormat.encode(bare(), PLAIN));
        out.write(JournalFormat.encode(new Finished(8), PLAIN));
        return out.toByteArray();
    }

    private static byte[] golden() throws IOException {
        try (InputStream in = JournalFormatTest.class.getResourceAsStream("/journal-v1/file.hex")) {
            return HexFormat.of()
                    .parseHex(new String(in.readAllBytes(), StandardCharsets.US_ASCII).replaceAll("\\s", ""));
        }
    }

    private static JournalRecord decode(byte[] record) throws MalformedRecordException, ForeignFileException {
        return JournalFormat.decode(Arrays.copyOfRange(record, JournalFormat.FRAME_BYTES, record.length), PLAIN);
    }

    @Test
    void the_bytes_of_version_1_are_written_for_ever_as_they_were() throws IOException {
        assertThat(HexFormat.of().formatHex(file())).isEqualTo(HexFormat.of().formatHex(golden()));
    }

    @Test
    void the_bytes_of_version_1_are_read() throws Exception {
        byte[] golden = golden();
        int header = JournalFormat.checkHeader(golden, APPLICATION).length();
        byte[] first = Arrays.copyOfRange(golden, header, header + JournalFormat.encode(full(), PLAIN).length);
        assertThat(JournalFormat.encode(decode(first), PLAIN)).isEqualTo(first);
        assertThat(decode(first)).usingRecursiveComparison().isEqualTo(full());
    }

    @Test
    void what_is_written_is_read() throws Exception {
        assertThat(decode(JournalFormat.encode(bare(), PLAIN))).isEqualTo(bare());
        assertThat(decode(JournalFormat.encode(new Finished(9), PLAIN))).isEqualTo(new Finished(9));
    }

    @Test
    void a_file_of_another_application_of_a_newer_version_or_of_somebody_else_is_foreign() {
        assertThatThrownBy(() -> JournalFormat.checkHeader(JournalFormat.header("other"), APPLICATION))
                .isInstanceOf(ForeignFileException.class)
                .hasMessageContaining("the application other");
        assertThatThrownBy(() -> JournalFormat.checkHeader(JournalFormat.header(APPLICATION, 3), APPLICATION))
                .isInstanceOf(ForeignFileException.class)
                .hasMessageContaining("newer version");
        assertThatThrownBy(() -> JournalFormat.checkHeader("Dear diary".getBytes(StandardCharsets.UTF_8), APPLICATION))
                .isInstanceOf(ForeignFileException.class)
                .hasMessageContaining("not a journal");
        assertThatThrownBy(() -> JournalFormat.checkHeader(new byte[0], APPLICATION))
                .isInstanceOf(ForeignFileException.class);
    }

    @Test
    void no_changed_bit_of_a_header_goes_unnoticed() {
        byte[] header = JournalFormat.header(APPLICATION);
        for (int bit = 0; bit < header.length * Byte.SIZE; bit++) {
            byte[] changed = header.clone();
            changed[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
            assertThatThrownBy(() -> JournalFormat.checkHeader(changed, APPLICATION))
                    .isInstanceOf(ForeignFileException.class);
        }
    }

    /** With a checksum that fits: whoever forged it knows the format. */
    @Test
    void forged_numbers_in_a_record_neither_take_memory_nor_break_anything_else() throws ForeignFileException {
        byte[] record = JournalFormat.encode(full(), PLAIN);
        byte[] body = Arrays.copyOfRange(record, JournalFormat.FRAME_BYTES, record.length);
        for (int at = 0; at + 4 <= body.length; at++) {
            for (int forged : new int[] {Integer.MAX_VALUE, Integer.MIN_VALUE, -1, 0, 1 << 24}) {
                byte[] changed = body.clone();
                JournalOutput.i32(changed, at, forged);
                try {
                    assertThat(JournalFormat.decode(changed, PLAIN)).isNotNull();
                } catch (MalformedRecordException refused) {
                    assertThat(refused).isNotNull();
                }
            }
        }
    }

    @Test
    void a_record_that_is_cut_is_malformed() {
        byte[] record = JournalFormat.encode(full(), PLAIN);
        byte[] body = Arrays.copyOfRange(record, JournalFormat.FRAME_BYTES, record.length);
        for (int length = 0; length < body.length; length++) {
            byte[] cut = Arrays.copyOf(body, length);
            assertThatThrownBy(() -> JournalFormat.decode(cut, PLAIN)).isInstanceOf(MalformedRecordException.class);
        }
    }

    @Test
    void instants_are_told_by_the_clock_of_the_machine_and_how_long_ago_they_were_survives() {
        JournalTimes writer = new JournalTimes(() -> Instant.ofEpochMilli(1_000_000), () -> 5_000_000_000L);
        JournalTimes reader = new JournalTimes(() -> Instant.ofEpochMilli(1_060_000), () -> 77L);
        assertThat(writer.millisOf(4_000_000_000L)).isEqualTo(999_000);
        assertThat(reader.nanosOf(999_000)).isEqualTo(77 - 61_000_000_000L);
        assertThat(reader.nanosOf(9_999_999)).as("the clock was set back").isEqualTo(77);
        assertThat(reader.nanosOf(Long.MIN_VALUE)).isLessThan(77);
    }
}
