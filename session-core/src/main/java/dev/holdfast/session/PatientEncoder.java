package dev.holdfast.session;

import dev.holdfast.codec.AttributeCodec;
import java.util.ConcurrentModificationException;
import java.util.concurrent.locks.LockSupport;

/**
 * Encodes objects that another request may be changing. A collection that notices this throws; the change takes
 * microseconds, so trying again soon succeeds.
 */
final class PatientEncoder {

    private static final int ATTEMPTS = 20;
    private static final long PAUSE_NANOS = 100_000;

    private PatientEncoder() {}

    static byte[] encode(AttributeCodec codec, Object value) {
        for (int attempt = 1; ; attempt++) {
            try {
                return codec.encode(value);
            } catch (ConcurrentModificationException changing) {
                if (attempt == ATTEMPTS) {
                    throw changing;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }
}
