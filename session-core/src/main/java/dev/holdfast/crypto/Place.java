package dev.holdfast.crypto;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What encrypted bytes belong to. Bytes of one place do not open in another.
 *
 * @param kind what kind of place it is, such as {@code session}
 * @param application the name of the application
 * @param id what names the place within it
 * @param createdMillis tells places apart that have one id after another; 0 if there are none
 */
public record Place(String kind, String application, String id, long createdMillis) {

    private static final byte[] PURPOSE = "holdfast/1".getBytes(StandardCharsets.US_ASCII);

    /** The same place under another id. */
    Place withId(String other) {
        return new Place(kind, application, other, createdMillis);
    }

    /** Each part behind its length, so that no two places have the same one. */
    byte[] description() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(128);
        out.writeBytes(PURPOSE);
        append(out, kind);
        append(out, application);
        append(out, id);
        out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(createdMillis).array());
        return out.toByteArray();
    }

    /** Not in UTF-8: names of attributes may have surrogates without a partner, which it knows only one form of. */
    static void append(ByteArrayOutputStream out, String text) {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + Character.BYTES * text.length());
        bytes.putInt(text.length());
        for (int i = 0; i < text.length(); i++) {
            bytes.putChar(text.charAt(i));
        }
        out.writeBytes(bytes.array());
    }

    /** Not the id: those of sessions are credentials. */
    @Override
    public String toString() {
        return "Place[" + kind + " of " + application + "]";
    }
}
