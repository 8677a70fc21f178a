package dev.holdfast.fallback;

import dev.holdfast.fallback.JournalFormat.MalformedRecordException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads the parts of a record. What it says of lengths is believed only as far as there are bytes. */
final class JournalInput {

    private final ByteBuffer bytes;

    JournalInput(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes);
    }

    int u8() throws MalformedRecordException {
        require(1);
        return bytes.get() & 0xff;
    }

    int u16() throws MalformedRecordException {
        require(Short.BYTES);
        return bytes.getShort() & 0xffff;
    }

    int i32() throws MalformedRecordException {
        require(Integer.BYTES);
        return bytes.getInt();
    }

    long i64() throws MalformedRecordException {
        require(Long.BYTES);
        return bytes.getLong();
    }

    /** How many parts follow, of four bytes each at least. */
    int count() throws MalformedRecordException {
        int count = i32();
        if (count < 0 || count > bytes.remaining() / Integer.BYTES) {
            throw new MalformedRecordException();
        }
        return count;
    }

    byte[] bytes(int count) throws MalformedRecordException {
        require(count);
        byte[] taken = new byte[count];
        bytes.get(taken);
        return taken;
    }

    /** All that is left. */
    byte[] rest() {
        byte[] taken = new byte[bytes.remaining()];
        bytes.get(taken);
        return taken;
    }

    String text() throws MalformedRecordException {
        return new String(bytes(i32()), StandardCharsets.UTF_8);
    }

    int position() {
        return bytes.position();
    }

    void requireEnd() throws MalformedRecordException {
        if (bytes.hasRemaining()) {
            throw new MalformedRecordException();
        }
    }

    private void require(int count) throws MalformedRecordException {
        if (count < 0 || count > bytes.remaining()) {
            throw new MalformedRecordException();
        }
    }
}
