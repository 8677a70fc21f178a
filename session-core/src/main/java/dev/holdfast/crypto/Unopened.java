package dev.holdfast.crypto;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * What is given to callers in place of a value that does not open here: the value as it is stored, behind the id of its
 * place and the certificates there. It looks like an encrypted value whose key has no name, so that nobody takes it for
 * anything else. When it is written again, as to put back what Redis has lost, the stored bytes come out as they were.
 *
 * @param id the id of the place where it is stored
 * @param certificates what leads from there to the id under which it may have been encrypted
 * @param stored the value as it is stored
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares these.
record Unopened(String id, byte[] certificates, byte[] stored) {

    private static final int ID_AT = 3;

    byte[] toValue() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(stored.length + certificates.length + 128);
        out.write(SealedBytes.FORMAT);
        out.write(SealedBytes.FLAG);
        out.write(0);
        Place.append(out, id);
        out.writeBytes(
                ByteBuffer.allocate(Integer.BYTES).putInt(certificates.length).array());
        out.writeBytes(certificates);
        out.writeBytes(stored);
        return out.toByteArray();
    }

    /** Whether a value of a caller is one. Never to be asked of what is stored: that may be anything. */
    static boolean isOne(byte[] value) {
        return SealedBytes.isMarked(value) && value[2] == 0;
    }

    static Unopened of(byte[] value) {
        ByteBuffer in = ByteBuffer.wrap(value).position(ID_AT);
        StringBuilder id = new StringBuilder();
        for (int length = in.getInt(); length > 0; length--) {
            id.append(in.getChar());
        }
        byte[] certificates = new byte[in.getInt()];
        in.get(certificates);
        byte[] stored = new byte[in.remaining()];
        in.get(stored);
        return new Unopened(id.toString(), certificates, stored);
    }
}
