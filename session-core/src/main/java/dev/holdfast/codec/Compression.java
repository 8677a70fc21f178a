package dev.holdfast.codec;

import java.nio.ByteBuffer;
import java.util.Arrays;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/**
 * Makes the body of an envelope smaller: four bytes for its length, big-endian, and one block of LZ4. Thread-safe.
 *
 * <p>The length is not believed: LZ4 makes at most 255 bytes of one, and nothing longer than {@link #MOST_LENGTH} is ever
 * compressed. So what is allocated for a few bytes is little, and for many it is bounded.
 *
 * <p>The library's version in plain Java that checks every index. It needs no native code, no file and no {@code Unsafe}.
 */
final class Compression {

    /** The longest body that is compressed, in bytes; a longer one is written as it is. Part of the format. */
    static final int MOST_LENGTH = 64 << 20;

    /** How many bytes LZ4 makes of one, at most. */
    private static final int MOST_RATIO = 255;

    /** What has to be saved, as a part of the whole: an eighth. Less is not worth the time of those who read it. */
    private static final int WORTH = 8;

    private static final int BODY = Envelope.HEADER_LENGTH;
    private static final int BLOCK = BODY + Integer.BYTES;
    private static final LZ4Compressor COMPRESSOR = LZ4Factory.safeInstance().fastCompressor();
    private static final LZ4SafeDecompressor DECOMPRESSOR =
            LZ4Factory.safeInstance().safeDecompressor();

    private Compression() {}

    /**
     * Compresses what has been encoded, if that is worth it.
     *
     * @param encoded an envelope; it is not changed
     * @param threshold how many bytes a body may have that is left alone; 0 to leave all alone
     * @return an envelope with the same content, which may be the same array
     */
    static byte[] pack(byte[] encoded, int threshold) {
        int length = encoded.length - BODY;
        if (threshold == 0 || length <= threshold || length > MOST_LENGTH || encoded[1] != 0) {
            return encoded;
        }
        byte[] packed = new byte[BLOCK + COMPRESSOR.maxCompressedLength(length)];
        int end = BLOCK + COMPRESSOR.compress(encoded, BODY, length, packed, BLOCK);
        if (end > encoded.length - length / WORTH) {
            return encoded;
        }
        packed[0] = encoded[0];
        packed[1] = Envelope.COMPRESSED;
        ByteBuffer.wrap(packed).putInt(BODY, length);
        return Arrays.copyOf(packed, end);
    }

    /**
     * Undoes {@link #pack}.
     *
     * @param stored any bytes; they are not changed
     * @return the envelope as it was encoded; the same array if its body is not compressed
     * @throws CodecException if a compressed body is damaged
     */
    static byte[] unpack(byte[] stored) {
        if (stored.length <= BODY || stored[1] != Envelope.COMPRESSED) {
            return stored;
        }
        byte[] unpacked = decompress(stored, BODY);
        unpacked[0] = stored[0];
        return unpacked;
    }

    /**
     * Decompresses the body of an envelope.
     *
     * @param room how many bytes to leave free before it
     * @throws CodecException if it is damaged
     */
    static byte[] decompress(byte[] stored, int room) {
        int compressed = stored.length - BLOCK;
        if (compressed <= 0) {
            throw damaged("it is cut off");
        }
        int length = ByteBuffer.wrap(stored).getInt(BODY);
        if (length <= 0 || length > MOST_LENGTH || length > (long) compressed * MOST_RATIO) {
            throw damaged(compressed + " bytes cannot stand for " + Integer.toUnsignedString(length));
        }
        byte[] decompressed = new byte[room + length];
        int made;
        try {
            made = DECOMPRESSOR.decompress(stored, BLOCK, compressed, decompressed, room);
        } catch (LZ4Exception | IndexOutOfBoundsException malformed) {
            throw damaged("they are no block of LZ4");
        }
        if (made != length) {
            throw damaged("they stand for " + made + " bytes, and not for " + length);
        }
        return decompressed;
    }

    private static CodecException damaged(String how) {
        return new CodecException("The compressed bytes of the attribute are damaged: " + how);
    }
}
