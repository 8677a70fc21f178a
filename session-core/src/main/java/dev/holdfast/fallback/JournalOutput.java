package dev.holdfast.fallback;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes the parts of a record: see {@link JournalFormat}. */
final class JournalOutput {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);

    void u8(int value) {
        out.write(value);
    }

    void u16(int value) {
        u8(value >>> 8);
        u8(value);
    }

    void i32(int value) {
        u16(value >>> 16);
        u16(value);
    }

    void i64(long value) {
        i32((int) (value >>> 32));
        i32((int) value);
    }

    void bytes(byte[] value) {
        out.write(value, 0, value.length);
    }

    void text(String value) {
        byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
        i32(encoded.length);
        bytes(encoded);
    }

    /** Leaves room. */
    void skip(int count) {
        for (int i = 0; i < count; i++) {
            u8(0);
        }
    }

    byte[] toBytes() {
        return out.toByteArray();
    }

    /** Puts a number where room was left. */
    static void i32(byte[] bytes, int at, int value) {
        for (int i = 0; i < Integer.BYTES; i++) {
            bytes[at + i] = (byte) (value >>> (8 * (Integer.BYTES - 1 - i)));
        }
    }
}
