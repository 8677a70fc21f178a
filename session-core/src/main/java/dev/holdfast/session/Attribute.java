package dev.holdfast.session;

import dev.holdfast.codec.AttributeCodec;
import dev.holdfast.codec.CodecException;
import org.jspecify.annotations.Nullable;

/**
 * One version of one attribute on this node: the object that requests share, and what the store holds of it.
 *
 * <p>A stored attribute is decoded when somebody first asks for it. Decoding runs application code, so it runs under this
 * object's monitor, never under a lock of the session. Encoding runs under no lock of ours at all: it may wait for a lock
 * of the application (a synchronized list), whose holder may just be asking for this attribute.
 *
 * <p><b>How a change in place is found.</b> The object is encoded again and the fingerprint compared with the one of
 * the last encoding of the same object. The first time after decoding there is no such encoding, only the bytes that
 * another object was encoded to, and a hash map that was decoded may iterate in another order than the original did.
 * Before a difference to those bytes counts as a change, they are decoded once more, and what that copy encodes to is
 * compared. That is why the bytes are kept until the first look.
 */
final class Attribute {

    /** The revision of a version that has not been written yet. */
    static final long UNCOMMITTED = 0;

    private volatile byte @Nullable [] bytes;
    private volatile @Nullable Object value;
    private volatile @Nullable Fingerprint storedPrint;
    private volatile @Nullable Fingerprint livePrint;
    private volatile boolean undecodable;
    private volatile boolean localOnly;
    private volatile long revision;

    private Attribute(byte @Nullable [] bytes, @Nullable Object value, long revision) {
        this.bytes = bytes;
        this.value = value;
        this.storedPrint = bytes == null ? null : Fingerprint.of(bytes);
        this.revision = revision;
    }

    /** A version that came from the store. */
    static Attribute stored(byte[] bytes, long revision) {
        return new Attribute(bytes, null, revision);
    }

    /** A version that the application has just set. */
    static Attribute set(Object value) {
        return new Attribute(null, value, UNCOMMITTED);
    }

    /** The revision at which this version was known to be stored, or {@link #UNCOMMITTED}. */
    long revision() {
        return revision;
    }

    /** Whether the store cannot or shall not hold this version: it lives on this node only. */
    boolean isLocalOnly() {
        return localOnly;
    }

    void keepLocal() {
        localOnly = true;
    }

    /** Whether the store holds just these bytes for this version. */
    boolean isStoredAs(Fingerprint print) {
        return print.equals(storedPrint);
    }

    /**
     * The object, decoded if need be.
     *
     * @return the object, or null if the bytes cannot be decoded: they then stay as they are
     */
    @Nullable
    Object value(AttributeCodec codec, UndecodableReport report) {
        Object present = value;
        return present != null || undecodable ? present : decode(codec, report);
    }

    private synchronized @Nullable Object decode(AttributeCodec codec, UndecodableReport report) {
        byte[] encoded = bytes;
        if (value != null || undecodable || encoded == null) {
            return value;
        }
        try {
            Object decoded = codec.decode(encoded);
            if (codec.isImmutable(decoded)) {
                bytes = null;
            }
            value = decoded;
        } catch (CodecException unreadable) {
            undecodable = true;
            report.undecodable(unreadable);
        }
        return value;
    }

    /** The object if it is at hand; null if nobody has asked for it yet. */
    @Nullable
    Object valueIfDecoded() {
        return value;
    }

    /** Encodes the object as it is now. */
    byte[] encode(AttributeCodec codec) {
        Object present = value;
        if (present == null) {
            throw new IllegalStateException("An attribute that was never decoded has not changed");
        }
        return PatientEncoder.encode(codec, present);
    }

    /**
     * Looks for a change made inside the object.
     *
     * @return the new bytes, or null if nothing has changed
     */
    byte @Nullable [] encodeIfChanged(AttributeCodec codec) {
        Object present = value;
        if (present == null || localOnly || codec.isImmutable(present)) {
            return null;
        }
        byte[] encoded = PatientEncoder.encode(codec, present);
        Fingerprint print = Fingerprint.of(encoded);
        Fingerprint known = livePrint;
        if (known != null) {
            return print.equals(known) ? null : encoded;
        }
        if (!print.equals(storedPrint) && !print.equals(printOfFreshCopy(codec))) {
            return encoded;
        }
        livePrint = print;
        bytes = null;
        return null;
    }

    private @Nullable Fingerprint printOfFreshCopy(AttributeCodec codec) {
        byte[] encoded = bytes;
        return encoded == null ? null : Fingerprint.of(codec.encode(codec.decode(encoded)));
    }

    /** The store holds this encoding of the object since the given revision. */
    void committed(Fingerprint print, long committedRevision) {
        if (committedRevision > revision) {
            storedPrint = print;
            livePrint = print;
            bytes = null;
            revision = committedRevision;
        }
    }

    /** Hears of bytes that no class can be made of. */
    @FunctionalInterface
    interface UndecodableReport {
        void undecodable(CodecException cause);
    }
}
