package dev.holdfast.session;

import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * Tells encoded attributes apart without keeping their bytes. Two checksums of different polynomials and the length: a
 * chance of one in 2^64 that a change goes unseen. It defends against nobody, it only notices changes.
 */
record Fingerprint(int length, long checksums) {

    static Fingerprint of(byte[] bytes) {
        CRC32 crc32 = new CRC32();
        crc32.update(bytes);
        CRC32C crc32c = new CRC32C();
        crc32c.update(bytes);
        return new Fingerprint(bytes.length, crc32.getValue() << 32 | crc32c.getValue());
    }
}
