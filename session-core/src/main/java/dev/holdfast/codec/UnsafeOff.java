package dev.holdfast.codec;

import com.esotericsoftware.kryo.util.Util;

/**
 * Keeps Kryo from looking for {@code sun.misc.Unsafe}, which JDK 24 and later warn of and refuse in the end.
 *
 * <p>Kryo asks the system property {@code kryo.unsafe} once, when {@code Util} initialises. The property is set for that
 * moment only: it has no package that shading could rename, and a web application's own Kryo shall decide for itself.
 * When somebody else in this class loader has initialised Kryo before, its choice stands; the codec works either way, as
 * it uses none of Kryo's classes that reach for Unsafe.
 */
final class UnsafeOff {

    private static final String PROPERTY = "kryo.unsafe";

    static {
        String before = System.getProperty(PROPERTY);
        System.setProperty(PROPERTY, "false");
        try {
            Util.isUnsafeAvailable();
        } finally {
            if (before == null) {
                System.clearProperty(PROPERTY);
            } else {
                System.setProperty(PROPERTY, before);
            }
        }
    }

    private UnsafeOff() {}

    /** Returns when Kryo has made its choice. Call before any other use of Kryo. */
    static void ensure() {
        // The static initialiser has done it.
    }
}
