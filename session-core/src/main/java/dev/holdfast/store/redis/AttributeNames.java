package dev.holdfast.store.redis;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Attribute names as bytes: UTF-8.
 *
 * <p>A Java string may also hold half a surrogate pair. Java's own encoder writes a question mark for it, and two names
 * would become one; here each half is written in three bytes, as UTF-8 would if it allowed that.
 */
final class AttributeNames {

    private AttributeNames() {}

    static byte[] encode(String name) {
        return hasLoneSurrogate(name) ? encodeLeniently(name) : name.getBytes(StandardCharsets.UTF_8);
    }

    static String decode(byte[] bytes, int offset) {
        ByteBuffer encoded = ByteBuffer.wrap(bytes, offset, bytes.length - offset);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(encoded).toString();
        } catch (CharacterCodingException notQuiteUtf8) {
            return decodeLeniently(bytes, offset);
        }
    }

    private static boolean hasLoneSurrogate(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (Character.isSurrogate(name.charAt(i))) {
                if (!Character.isSupplementaryCodePoint(name.codePointAt(i))) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }

    private static byte[] encodeLeniently(String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(name.length() * 3);
        name.codePoints().forEach(codePoint -> {
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                out.write(0xE0 | (codePoint >> 12));
                out.write(0x80 | ((codePoint >> 6) & 0x3F));
                out.write(0x80 | (codePoint & 0x3F));
            } else {
                out.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
            }
        });
        return out.toByteArray();
    }

    private static String decodeLeniently(byte[] bytes, int offset) {
        StringBuilder name = new StringBuilder(bytes.length);
        int from = offset;
        for (int i = offset; i + 2 < bytes.length; i++) {
            // ED A0..BF xx is where UTF-8 has its gap for surrogates.
            if ((bytes[i] & 0xFF) == 0xED && (bytes[i + 1] & 0xE0) == 0xA0) {
                name.append(new String(bytes, from, i - from, StandardCharsets.UTF_8));
                name.append((char) (0xD000 | ((bytes[i + 1] & 0x3F) << 6) | (bytes[i + 2] & 0x3F)));
                i += 2;
                from = i + 1;
            }
        }
        return name.append(new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8))
                .toString();
    }
}
