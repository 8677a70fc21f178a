package dev.holdfast.codec;

/**
 * A signal, not an error: an object refers back to one that the decoder can only create once all its parts are there. The
 * attribute has to be written in another way.
 */
final class LateCycle extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Object returningTo;

    LateCycle(Object returningTo) {
        super("A cycle leads back to a " + returningTo.getClass().getName(), null, false, false);
        this.returningTo = returningTo;
    }

    /** Whether Java serialization, too, would fail: it decodes such a reference to null without a word. */
    boolean isBeyondJava() {
        return returningTo instanceof Record;
    }
}
