package dev.holdfast.store.redis;

/**
 * An encoded attribute as Redis keeps it: behind the instant when it was written. In two parts, so that nobody has to
 * copy the longer one.
 *
 * @param instant see {@link #instant(long)}
 * @param value the encoded attribute
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares these.
record StampedValue(byte[] instant, byte[] value) {

    /** How many bytes an instant has. */
    static final int INSTANT_LENGTH = 6;

    /** Milliseconds since the epoch as an unsigned number, the highest byte first. */
    static byte[] instant(long millis) {
        byte[] bytes = new byte[INSTANT_LENGTH];
        for (int i = 0; i < INSTANT_LENGTH; i++) {
            bytes[i] = (byte) (millis >>> (Byte.SIZE * (INSTANT_LENGTH - 1 - i)));
        }
        return bytes;
    }
}
