package dev.holdfast.codec;

import java.util.Optional;

/**
 * Turns session attributes into bytes and back, for one application. Thread-safe.
 *
 * <p>Encoding an unchanged object again gives the same bytes, as long as the object iterates in the same order: that is
 * how changes made in place are found.
 */
public interface AttributeCodec {

    /**
     * Encodes an attribute.
     *
     * @param value the attribute; it may be changed by other threads meanwhile, which may throw a
     *     {@link java.util.ConcurrentModificationException} or give a torn picture: the caller decides what to do
     * @return the envelope with the encoded object
     * @throws CodecException if the object, or something it refers to, cannot be encoded
     */
    byte[] encode(Object value);

    /**
     * Decodes an attribute.
     *
     * @param bytes what {@link #encode} or {@link #pack} returned, now or in an earlier version; they are not changed
     * @return a new object, never null
     * @throws CodecException if the bytes are damaged, of an unknown format, or name a class that is not known
     * @throws RefusedClassException if they name a class that may not be loaded here
     */
    Object decode(byte[] bytes);

    /**
     * What goes to the store in place of what was encoded: the same, or something shorter.
     *
     * @param encoded what {@link #encode} returned; it is not changed
     * @return bytes that {@link #decode} takes, too; the same array if there is nothing to gain. The same bytes give the
     *     same bytes on one node; other nodes may make others of them
     */
    default byte[] pack(byte[] encoded) {
        return encoded;
    }

    /**
     * Undoes what {@link #pack} did, on whichever node.
     *
     * @param stored what came from the store; it is not changed
     * @return what {@link #encode} returned; the same array if nothing was done to it
     * @throws CodecException if it is damaged
     */
    default byte[] unpack(byte[] stored) {
        return stored;
    }

    /**
     * Why objects of a class cannot be encoded, as far as the class alone tells.
     *
     * @return empty if they can, or if that depends on what they refer to
     */
    default Optional<String> obstacleTo(Class<?> type) {
        return Optional.empty();
    }

    /**
     * A codec for what the container keeps, and no filter of the application concerns. It reads what this one writes, and
     * the other way round.
     */
    default AttributeCodec unfiltered() {
        return this;
    }

    /**
     * Whether an object can never change, so that there is no need to look for changes in it.
     *
     * @param value an attribute
     * @return true for strings, boxed numbers, enums, dates of java.time and the like
     */
    boolean isImmutable(Object value);
}
