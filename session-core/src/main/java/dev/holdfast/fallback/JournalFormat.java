package dev.holdfast.fallback;

import dev.holdfast.fallback.JournalRecord.Birth;
import dev.holdfast.fallback.JournalRecord.Changes;
import dev.holdfast.fallback.JournalRecord.Finished;
import dev.holdfast.fallback.JournalRecord.Ids;
import dev.holdfast.fallback.JournalRecord.Noted;
import dev.holdfast.fallback.JournalRecord.Value;
import dev.holdfast.model.SessionId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

/**
 * The bytes of a journal file. All numbers are big-endian, all texts UTF-8 behind their length.
 *
 * <pre>
 * file   = header record*
 * header = "HOLDFASTJ" version:u16 application:text checksum:u32       the checksum is of all before it
 * record = length:u32 checksum:u32 body                                the checksum is of length and body
 * body   = 1 number:u64 state attributes | 2 number:u64                noted | finished
 *        | 3 number:u64 encrypted(state attributes)                    noted
 * </pre>
 *
 * Version 1 has no encrypted records, and version 2 no others.
 */
final class JournalFormat {

    /** Of a file without encryption. */
    static final int VERSION = 1;

    /** Of one with encryption. */
    static final int ENCRYPTED_VERSION = 2;

    /** In front of each record. */
    static final int FRAME_BYTES = 8;

    static final int LEAST_BODY_BYTES = 9;
    private static final byte[] MAGIC = "HOLDFASTJ".getBytes(StandardCharsets.US_ASCII);
    private static final int NOTED = 1;
    private static final int FINISHED = 2;
    private static final int ENCRYPTED = 3;

    private static final int WHOLE = 1;
    private static final int RENAME_SENT = 1 << 1;
    private static final int USED = 1 << 2;
    private static final int MAX_INACTIVE = 1 << 3;
    private static final int BORN = 1 << 4;
    private static final int BIRTH_WRITTEN = 1 << 5;
    private static final int BIRTH_SENT = 1 << 6;
    private static final int BIRTH_UNDER_WAY = 1 << 7;
    private static final int REMOVED = 1 << 8;
    private static final int SET_ASIDE = 1 << 9;
    private static final int LOCK_OWNER = 1 << 10;
    private static final int ALL_FLAGS = (1 << 11) - 1;

    private JournalFormat() {}

    // ---- header --------------------------------------------------------------------------------------------------

    static byte[] header(String application) {
        return header(application, VERSION);
    }

    static byte[] header(String application, int version) {
        JournalOutput out = new JournalOutput();
        out.bytes(MAGIC);
        out.u16(version);
        out.text(application);
        byte[] content = out.toBytes();
        out.i32(checksum(content, 0, content.length));
        return out.toBytes();
    }

    /**
     * Checks the beginning of a file.
     *
     * @param in at the beginning of the file, as much of it as there may be of a header
     * @param application whose file it should be
     * @return the header
     * @throws ForeignFileException if it is not the header of a file of this application that can be read here
     */
    static Header checkHeader(byte[] in, String application) throws ForeignFileException {
        try {
            JournalInput input = new JournalInput(in);
            if (!Arrays.equals(input.bytes(MAGIC.length), MAGIC)) {
                throw new ForeignFileException("it is not a journal of Holdfast");
            }
            int version = input.u16();
            if (version > ENCRYPTED_VERSION) {
                throw new ForeignFileException("a newer version of Holdfast has written it (its format is " + version
                        + ", and this version knows " + ENCRYPTED_VERSION + ")");
            }
            String owner = input.text();
            int length = input.position();
            if (checksum(in, 0, length) != input.i32() || version < 1) {
                throw new ForeignFileException("its beginning is damaged");
            }
            if (!owner.equals(application)) {
                throw new ForeignFileException("it belongs to the application " + owner);
            }
            return new Header(input.position(), version);
        } catch (MalformedRecordException cut) {
            throw new ForeignFileException("it is not a journal of Holdfast, or its beginning is damaged");
        }
    }

    /** How many bytes say whether a file is one of this application. */
    static int mostHeaderBytes() {
        return 1 << 12;
    }

    // ---- records -------------------------------------------------------------------------------------------------

    /** A record with its frame. */
    static byte[] encode(JournalRecord noted, JournalSeal seal) {
        JournalOutput out = new JournalOutput();
        out.skip(FRAME_BYTES);
        if (noted instanceof Noted state && seal.isOn()) {
            out.u8(ENCRYPTED);
            out.i64(state.number());
            JournalOutput content = new JournalOutput();
            write(state, content);
            out.bytes(seal.seal(state.number(), content.toBytes()));
        } else if (noted instanceof Noted state) {
            out.u8(NOTED);
            out.i64(state.number());
            write(state, out);
        } else {
            out.u8(FINISHED);
            out.i64(noted.number());
        }
        byte[] bytes = out.toBytes();
        int body = bytes.length - FRAME_BYTES;
        JournalOutput.i32(bytes, 0, body);
        JournalOutput.i32(bytes, 4, checksum(body, bytes, FRAME_BYTES, body));
        return bytes;
    }

    private static void write(Noted state, JournalOutput out) {
        out.u16(flagsOf(state));
        write(state.ids(), out);
        out.i64(state.createdHereMillis());
        out.i64(state.createdMillis());
        out.i64(state.knownRevision());
        out.i64(state.begunMillis());
        out.i64(state.sinceMillis());
        Birth birth = state.birth();
        if (birth != null) {
            birth.writtenMillis().ifPresent(out::i64);
        }
        String owner = state.lockOwner();
        if (owner != null) {
            out.text(owner);
        }
        write(state.changes(), out);
    }

    private static int flagsOf(Noted state) {
        Birth birth = state.birth();
        Changes changes = state.changes();
        return flag(WHOLE, changes.whole())
                | flag(RENAME_SENT, state.ids().changeSent())
                | flag(USED, changes.usedMillis().isPresent())
                | flag(MAX_INACTIVE, changes.maxInactiveSeconds().isPresent())
                | flag(BORN, birth != null)
                | flag(BIRTH_WRITTEN, birth != null && birth.writtenMillis().isPresent())
                | flag(BIRTH_SENT, birth != null && birth.sent())
                | flag(BIRTH_UNDER_WAY, birth != null && birth.underWay())
                | flag(REMOVED, state.removed())
                | flag(SET_ASIDE, state.setAside())
                | flag(LOCK_OWNER, state.lockOwner() != null);
    }

    private static int flag(int flag, boolean set) {
        return set ? flag : 0;
    }

    private static void write(Ids ids, JournalOutput out) {
        out.text(ids.present().value());
        out.text(ids.stored().value());
        out.i32(ids.former().size());
        ids.former().forEach(id -> out.text(id.value()));
    }

    private static void write(Changes changes, JournalOutput out) {
        changes.usedMillis().ifPresent(out::i64);
        changes.maxInactiveSeconds().ifPresent(out::i32);
        out.i32(changes.tokens().size());
        changes.tokens().forEach(out::i32);
        out.i32(changes.values().size());
        changes.values().forEach((name, value) -> write(name, value, out));
    }

    private static void write(String name, Value value, JournalOutput out) {
        out.text(name);
        out.i64(value.changedMillis());
        byte[] bytes = value.bytes();
        if (bytes == null) {
            out.i32(-1);
        } else {
            out.i32(bytes.length);
            out.bytes(bytes);
        }
    }

    /** Whether the checksum of a record is that of its bytes. */
    static boolean isWhole(int checksum, byte[] body) {
        return checksum == checksum(body.length, body, 0, body.length);
    }

    /**
     * Reads a record.
     *
     * @throws MalformedRecordException if the bytes are not those of a record
     * @throws ForeignFileException if it is encrypted and does not open here
     */
    static JournalRecord decode(byte[] body, JournalSeal seal) throws MalformedRecordException, ForeignFileException {
        JournalInput in = new JournalInput(body);
        try {
            int kind = in.u8();
            long number = in.i64();
            JournalRecord decoded = switch (kind) {
                case NOTED -> read(number, in);
                case ENCRYPTED -> {
                    JournalInput content = new JournalInput(opened(number, in.rest(), seal));
                    Noted state = read(number, content);
                    content.requireEnd();
                    yield state;
                }
                case FINISHED -> new Finished(number);
                default -> throw new MalformedRecordException();
            };
            in.requireEnd();
            return decoded;
        } catch (IllegalArgumentException notAnId) {
            throw new MalformedRecordException();
        }
    }

    /** Its checksum is right, so the bytes are what was written: with another key, then. */
    private static byte[] opened(long number, byte[] encrypted, JournalSeal seal) throws ForeignFileException {
        byte[] content = seal.open(number, encrypted);
        if (content == null) {
            throw new ForeignFileException(
                    "what is in it is encrypted, and does not open with the encryptionKeys of this"
                            + " node. If keys were exchanged, give it the key of then, after the first one");
        }
        return content;
    }

    private static Noted read(long number, JournalInput in) throws MalformedRecordException {
        int flags = in.u16();
        if ((flags & ~ALL_FLAGS) != 0) {
            throw new MalformedRecordException();
        }
        return new Noted(
                number,
                ids(flags, in),
                in.i64(),
                in.i64(),
                in.i64(),
                in.i64(),
                in.i64(),
                has(flags, BORN) ? birth(flags, in) : null,
                has(flags, REMOVED),
                has(flags, SET_ASIDE),
                has(flags, LOCK_OWNER) ? in.text() : null,
                changes(flags, in));
    }

    private static Ids ids(int flags, JournalInput in) throws MalformedRecordException {
        SessionId present = new SessionId(in.text());
        SessionId stored = new SessionId(in.text());
        List<SessionId> former = new ArrayList<>();
        for (int left = in.count(); left > 0; left--) {
            former.add(new SessionId(in.text()));
        }
        return new Ids(present, stored, former, has(flags, RENAME_SENT));
    }

    private static Birth birth(int flags, JournalInput in) throws MalformedRecordException {
        OptionalLong written =
                has(flags, BIRTH_WRITTEN) ? OptionalLong.of(Math.max(0, in.i64())) : OptionalLong.empty();
        return new Birth(written, has(flags, BIRTH_SENT), has(flags, BIRTH_UNDER_WAY));
    }

    private static Changes changes(int flags, JournalInput in) throws MalformedRecordException {
        return new Changes(
                has(flags, WHOLE),
                has(flags, USED) ? OptionalLong.of(in.i64()) : OptionalLong.empty(),
                has(flags, MAX_INACTIVE) ? OptionalInt.of(in.i32()) : OptionalInt.empty(),
                tokens(in),
                values(in));
    }

    private static List<Integer> tokens(JournalInput in) throws MalformedRecordException {
        List<Integer> tokens = new ArrayList<>();
        for (int left = in.count(); left > 0; left--) {
            tokens.add(in.i32());
        }
        return tokens;
    }

    private static Map<String, Value> values(JournalInput in) throws MalformedRecordException {
        Map<String, Value> values = new LinkedHashMap<>();
        for (int left = in.count(); left > 0; left--) {
            String name = in.text();
            long changedMillis = in.i64();
            int length = in.i32();
            values.put(name, new Value(length == -1 ? null : in.bytes(length), changedMillis));
        }
        return values;
    }

    private static boolean has(int flags, int flag) {
        return (flags & flag) != 0;
    }

    private static int checksum(int length, byte[] bytes, int from, int count) {
        byte[] prefix = new byte[4];
        JournalOutput.i32(prefix, 0, length);
        CRC32C checksum = new CRC32C();
        checksum.update(prefix, 0, prefix.length);
        checksum.update(bytes, from, count);
        return (int) checksum.getValue();
    }

    private static int checksum(byte[] bytes, int from, int count) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, from, count);
        return (int) checksum.getValue();
    }

    /**
     * The beginning of a file.
     *
     * @param length in bytes
     * @param version of its format
     */
    record Header(int length, int version) {}

    /** It is not our file, or not for us. */
    static final class ForeignFileException extends Exception {
        private static final long serialVersionUID = 1;

        /** @param what says what it is instead */
        ForeignFileException(String what) {
            super(what);
        }
    }

    /** The bytes are not those of a record. */
    static final class MalformedRecordException extends Exception {
        private static final long serialVersionUID = 1;
    }
}
