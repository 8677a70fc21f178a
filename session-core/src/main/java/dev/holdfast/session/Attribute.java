package dev.holdfast.session;

import dev.holdfast.codec.AttributeCodec;
import dev.holdfast.codec.CodecException;
import java.util.ConcurrentModificationException;
import org.jspecify.annotations.Nullable;

/**
 * One version of one attribute on this node: the object that requests share, and what the store holds of it.
 *
 * <p>A stored attribute is decoded when somebody first asks for it. Decoding and encoding run application code, which may
 * wait for a lock of the application whose holder is just asking for this attribute: so neither runs under a lock of ours.
 *
 * <p><b>How a change in place is found.</b> The object is encoded again, and the fingerprint compared with that of the
 * encoding before. A decoded object is encoded once at the start, before anybody gets it: it need not encode to the bytes
 * that it was decoded from, because a hash map, or a set of objects without a hash code of their own, iterates in another
 * order than the original did.
 */
final class Attribute {

    /** The revision of a version that has not been written yet. */
    static final long UNCOMMITTED = 0;

    private volatile byte @Nullable [] bytes;
    private volatile @Nullable Object value;

    /** Of the bytes that the store holds. */
    private volatile @Nullable Fingerprint storedPrint;

    /** Of the same before they were packed, as encodings are; null as long as nobody has asked for the object. */
    private volatile @Nullable Fingerprint unpackedPrint;

    /** Of the bytes that were last sent to the store, whether an answer came or not. */
    private volatile @Nullable Fingerprint sentPrint;

    /** Of what the object was encoded to when it was known to be what the store holds. */
    private volatile @Nullable Fingerprint livePrint;

    /** Under way while the object hears that it has come to this node. */
    private volatile @Nullable Activation activation;

    private volatile int replacedBytes;
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

    /** Whether what arrives from the store came from this version: it is what the store held, or was just sent to it. */
    boolean isSourceOf(Attribute arriving) {
        Fingerprint print = arriving.storedPrint;
        return print != null && (print.equals(storedPrint) || print.equals(sentPrint));
    }

    void sent(Fingerprint print) {
        sentPrint = print;
    }

    /** Whether the object has ever been encoded. */
    boolean wasEncoded() {
        return livePrint != null;
    }

    /**
     * The object, decoded if need be.
     *
     * @return the object, or null if the bytes cannot be decoded: they then stay as they are
     */
    @Nullable
    Object value(Opening opening) {
        Object present = value;
        if (present == null) {
            return undecodable ? null : decode(opening);
        }
        Activation pending = activation;
        if (pending != null) {
            pending.await();
        }
        return present;
    }

    private @Nullable Object decode(Opening opening) {
        byte[] encoded = bytes;
        if (encoded == null) {
            return value;
        }
        AttributeCodec codec = opening.codec();
        try {
            byte[] unpacked = codec.unpack(encoded);
            Object decoded = codec.decode(unpacked);
            Activation pending = opening.isListener(decoded) ? new Activation() : null;
            Fingerprint print = pending == null ? printOf(codec, decoded) : null;
            if (!publish(decoded, Fingerprint.of(unpacked), print, pending)) {
                return value(opening);
            }
            if (pending != null) {
                activate(opening, decoded, pending);
            }
            return decoded;
        } catch (CodecException unreadable) {
            undecodable = true;
            opening.undecodable(unreadable);
            return null;
        }
    }

    /**
     * If two requests decode at the same time, both get the object of the first one.
     *
     * @return whether this is the first one
     */
    private synchronized boolean publish(
            Object decoded, Fingerprint unpacked, @Nullable Fingerprint print, @Nullable Activation pending) {
        if (value != null) {
            return false;
        }
        unpackedPrint = unpacked;
        livePrint = print;
        activation = pending;
        value = decoded;
        bytes = null;
        return true;
    }

    /** What the object does when it comes is no change of the session: it does the same on every node. */
    private void activate(Opening opening, Object decoded, Activation pending) {
        try {
            opening.activate(decoded);
            livePrint = printOf(opening.codec(), decoded);
        } finally {
            activation = null;
            pending.done();
        }
    }

    private static @Nullable Fingerprint printOf(AttributeCodec codec, Object decoded) {
        if (codec.isImmutable(decoded)) {
            return null;
        }
        try {
            return Fingerprint.of(PatientEncoder.encode(codec, decoded));
        } catch (CodecException | ConcurrentModificationException unwritable) {
            return null;
        }
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

    /** It takes the place of another version, which the store may hold until it gets this one. */
    void replaces(@Nullable Attribute former) {
        replacedBytes = former == null ? 0 : former.storedBytes();
    }

    /** How many bytes the store is known to hold: of this version, or else of the one whose place it takes. */
    int storedBytes() {
        Fingerprint print = storedPrint;
        if (localOnly) {
            return 0;
        }
        return print == null ? replacedBytes : print.length();
    }

    /**
     * Encodes the attribute as it is now, whether anybody has asked for it or not.
     *
     * @return the bytes for the store; null if it lives on this node only
     */
    byte @Nullable [] encodeWhole(AttributeCodec codec) {
        // In this order: the bytes go when the object comes.
        byte[] encoded = bytes;
        Object present = value;
        if (localOnly) {
            return null;
        }
        byte[] whole = present == null ? encoded : PatientEncoder.encode(codec, present);
        return whole == null ? null : codec.pack(whole);
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
        Fingerprint known = livePrint != null ? livePrint : unpackedPrint;
        return Fingerprint.of(encoded).equals(known) ? null : encoded;
    }

    /**
     * Encodes an object that was told that it leaves this node, and gives it up: who still asks for it gets another one,
     * made of these bytes.
     *
     * @return the new bytes, or null if the store need not know them
     */
    byte @Nullable [] encodeLeaving(AttributeCodec codec) {
        Object present = value;
        if (present == null || localOnly) {
            return null;
        }
        byte[] encoded = PatientEncoder.encode(codec, present);
        Fingerprint print = Fingerprint.of(encoded);
        boolean known = print.equals(livePrint) || print.equals(unpackedPrint);
        synchronized (this) {
            bytes = encoded;
            livePrint = null;
            value = null;
        }
        return known || codec.isImmutable(present) ? null : encoded;
    }

    /**
     * The store holds this encoding of the object since the given revision.
     *
     * @param print of what the object was encoded to
     * @param packed of what the store holds of it
     */
    void committed(Fingerprint print, Fingerprint packed, long committedRevision) {
        // The same revision again: while the store is away, what is written stays at the one that was known.
        if (committedRevision >= revision) {
            storedPrint = packed;
            unpackedPrint = print;
            livePrint = print;
            revision = committedRevision;
        }
    }
}
