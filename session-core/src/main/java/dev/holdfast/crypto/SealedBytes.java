package dev.holdfast.crypto;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * How encrypted bytes look: {@code 0x11}, {@code 0x02}, length of the name of the key (1 to 32), that name, nonce (12),
 * what was encrypted, tag (16).
 *
 * <p>The first two bytes are those of an encoded attribute whose second byte, the flags, says that it is encrypted. No
 * encoded attribute has this flag, so the two cannot be taken for each other, and a node that does not know the flag says
 * so and leaves the attribute alone.
 */
final class SealedBytes {

    static final int FORMAT = 0x11;
    static final int FLAG = 0x02;
    static final int NONCE_LENGTH = 12;
    static final int TAG_LENGTH = 16;
    private static final int LENGTH_AT = 2;
    private static final int NAME_AT = 3;

    private final byte[] bytes;

    private SealedBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Empty if these bytes are not encrypted; also if they only begin as if they were. */
    static Optional<SealedBytes> of(byte[] bytes) {
        if (!isMarked(bytes)) {
            return Optional.empty();
        }
        int length = bytes[LENGTH_AT] & 0xFF;
        boolean fits = length >= 1
                && length <= KeyRing.MAX_NAME_LENGTH
                && bytes.length >= NAME_AT + length + NONCE_LENGTH + TAG_LENGTH;
        return fits ? Optional.of(new SealedBytes(bytes)) : Optional.empty();
    }

    /** Whether they say of themselves that they are encrypted, whole or not. */
    static boolean isMarked(byte[] bytes) {
        return bytes.length > LENGTH_AT && bytes[0] == FORMAT && bytes[1] == FLAG;
    }

    static byte[] header(Key key) {
        byte[] name = key.nameBytes();
        byte[] header = new byte[NAME_AT + name.length];
        header[0] = FORMAT;
        header[1] = FLAG;
        header[LENGTH_AT] = (byte) name.length;
        System.arraycopy(name, 0, header, NAME_AT, name.length);
        return header;
    }

    byte[] bytes() {
        return bytes;
    }

    /** The name of the key; whatever stands there, for it may be damaged. */
    String keyName() {
        return new String(bytes, NAME_AT, bytes[LENGTH_AT] & 0xFF, StandardCharsets.ISO_8859_1);
    }

    int nonceAt() {
        return NAME_AT + (bytes[LENGTH_AT] & 0xFF);
    }
}
