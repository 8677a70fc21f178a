package dev.holdfast.codec;

import java.util.Arrays;

/**
 * The two bytes before every encoded attribute: which format and codec it is of, and what was done to its body.
 *
 * <p>First byte: format version in the upper four bits, codec in the lower four. Second byte: flags, one bit each. A bit
 * that is not known is refused, since it says that the body is something else than it seems.
 */
final class Envelope {

    /** A graph of objects as {@link ObjectGraph} writes it. */
    static final int KRYO = 1;

    /** A stream of Java serialization, for graphs that nothing else can carry. */
    static final int JAVA = 2;

    /** Flag: the body is what {@link Compression} makes of it. */
    static final int COMPRESSED = 0x01;

    /** How many bytes stand before the body. */
    static final int HEADER_LENGTH = 2;

    /** The oldest format version that is read: the newest one and the one before, once there is one. */
    static final int OLDEST_VERSION = 1;

    /** The newest format version. */
    static final int NEWEST_VERSION = 1;

    /** The flag of bytes that are encrypted as a whole. Who opens them does so before they come here. */
    private static final int ENCRYPTED = 0x02;

    private static final int VERSION_SHIFT = 4;
    private static final int CODEC_MASK = 0x0F;

    private final int codec;
    private final byte[] body;

    /** The body as it was encoded. */
    private Envelope(int codec, byte[] body) {
        this.codec = codec;
        this.body = body;
    }

    int codec() {
        return codec;
    }

    byte[] body() {
        return body;
    }

    /**
     * The first byte of an envelope.
     *
     * @param version the format version, which tells readers what to expect
     */
    static int firstByte(int version, int codec) {
        return version << VERSION_SHIFT | codec;
    }

    /** The second byte: nothing was done to the body. */
    static int flags() {
        return 0;
    }

    /**
     * Opens an envelope.
     *
     * @throws CodecException if it is of a format, a codec or a kind that this version does not know, or if its compressed
     *     body is damaged
     */
    static Envelope open(byte[] bytes) {
        if (bytes.length <= HEADER_LENGTH) {
            throw new CodecException(
                    "The attribute is cut off: " + bytes.length + " bytes are not enough for an envelope");
        }
        int version = (bytes[0] & 0xFF) >>> VERSION_SHIFT;
        int codec = bytes[0] & CODEC_MASK;
        int flags = bytes[1] & 0xFF;
        if (version < OLDEST_VERSION || version > NEWEST_VERSION) {
            throw new CodecException("The attribute has format version " + version + "; this Holdfast reads version "
                    + NEWEST_VERSION + ". A newer node may have written it, or it is damaged");
        }
        if (codec != KRYO && codec != JAVA) {
            throw new CodecException("The attribute was written by codec " + codec
                    + ", which this Holdfast does not know. A newer node may have written it, or it is damaged");
        }
        if ((flags & ENCRYPTED) != 0) {
            throw new EncryptedException();
        }
        if ((flags & ~COMPRESSED) != 0) {
            throw new CodecException("The attribute carries the flags 0x" + Integer.toHexString(flags)
                    + ", which this Holdfast does not know. A newer node may have written it, or it is damaged");
        }
        byte[] body =
                flags == 0 ? Arrays.copyOfRange(bytes, HEADER_LENGTH, bytes.length) : Compression.decompress(bytes, 0);
        return new Envelope(codec, body);
    }
}
