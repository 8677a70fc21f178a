package dev.holdfast.fallback;

import dev.holdfast.fallback.JournalFormat.ForeignFileException;
import dev.holdfast.fallback.JournalFormat.Header;
import dev.holdfast.fallback.JournalFormat.MalformedRecordException;
import dev.holdfast.fallback.JournalRecord.Noted;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What stands in a journal file: all up to the first record that is not whole. What follows it is not believed, because
 * later records of a session are only to be understood with the earlier ones.
 *
 * @param entries what is still to be brought to the store
 * @param wholeBytes how much of the file could be read
 * @param fileBytes how long it is
 * @param version of its format
 */
record JournalContent(List<JournalEntry> entries, long wholeBytes, long fileBytes, int version) {

    /** Whether the file ends with something that is not a record. */
    boolean isTorn() {
        return wholeBytes < fileBytes;
    }

    /**
     * Reads a file.
     *
     * @throws ForeignFileException if it is not one of this application that can be read here
     */
    static JournalContent read(Path file, String application, JournalTimes times, JournalSeal seal)
            throws IOException, ForeignFileException {
        long length = Files.size(file);
        byte[] header = JournalFormat.header(application);
        byte[] other = JournalFormat.header(application, JournalFormat.ENCRYPTED_VERSION);
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            if (length < header.length && isBeginning(in.readAllBytes(), header, other)) {
                // This process, or the machine, came to its end just when the file was made.
                return new JournalContent(List.of(), 0, length, JournalFormat.VERSION);
            }
        }
        try (InputStream in = Files.newInputStream(file)) {
            Header found = JournalFormat.checkHeader(in.readNBytes(JournalFormat.mostHeaderBytes()), application);
            return read(file, found, length, times, seal);
        }
    }

    private static boolean isBeginning(byte[] bytes, byte[]... ofAny) {
        return Arrays.stream(ofAny).anyMatch(of -> Arrays.equals(bytes, Arrays.copyOf(of, bytes.length)));
    }

    private static JournalContent read(Path file, Header header, long length, JournalTimes times, JournalSeal seal)
            throws IOException, ForeignFileException {
        Map<Long, JournalEntry> entries = new LinkedHashMap<>();
        long whole = header.length();
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            in.skipNBytes(header.length());
            while (length - whole >= JournalFormat.FRAME_BYTES) {
                int bodyBytes = in.readInt();
                int checksum = in.readInt();
                if (bodyBytes < JournalFormat.LEAST_BODY_BYTES
                        || bodyBytes > length - whole - JournalFormat.FRAME_BYTES) {
                    break;
                }
                byte[] body = in.readNBytes(bodyBytes);
                if (!JournalFormat.isWhole(checksum, body)) {
                    break;
                }
                apply(JournalFormat.decode(body, seal), entries, times);
                whole += JournalFormat.FRAME_BYTES + bodyBytes;
            }
        } catch (MalformedRecordException unknown) {
            // As one with a wrong checksum.
        }
        return new JournalContent(List.copyOf(entries.values()), whole, length, header.version());
    }

    private static void apply(JournalRecord record, Map<Long, JournalEntry> entries, JournalTimes times) {
        if (record instanceof Noted noted) {
            entries.compute(noted.number(), (number, earlier) -> JournalEntry.read(earlier, noted, times));
        } else {
            entries.remove(record.number());
        }
    }
}
