package dev.holdfast.codec;

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
     * @param bytes what {@link #encode} returned, now or in an earlier version; they are not changed
     * @return a new object, never null
     * @throws CodecException if the bytes are damaged, of an unknown format, or name a class that is not known
     * @throws RefusedClassException if they name a class that may not be loaded here
     */
    Object decode(byte[] bytes);

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
