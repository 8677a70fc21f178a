package dev.holdfast.session;

/**
 * Says which attributes of the application this node shares with others. What may not leave it is kept in its memory
 * only; what may not enter stays in the store, and the application does not see it here. Thread-safe.
 */
@FunctionalInterface
public interface AttributeFilter {

    /**
     * Asked when an attribute that was set is about to be written.
     *
     * @param name the name of the attribute
     * @param value its value
     * @return false to keep it on this node
     */
    boolean mayLeave(String name, Object value);

    /**
     * Asked when an attribute arrives from the store. Of a name that is refused, the store may hold an attribute of other
     * nodes: neither is it decoded here, nor changed or removed.
     *
     * @param name the name of the attribute
     * @return false if the application shall not see it on this node
     */
    default boolean mayEnter(String name) {
        return true;
    }

    /**
     * Asked before a class is loaded that the bytes of an attribute name.
     *
     * @param className as {@link Class#getName()} gives it
     * @return false if the attribute shall not be decoded on this node
     */
    default boolean mayBeLoaded(String className) {
        return true;
    }

    /** An attribute of the store was left out because of its name. */
    default void refusedName(String name) {}

    /**
     * An attribute was not decoded because of a class.
     *
     * @param name the name of the attribute
     * @param reason which class, and where in the attribute it is
     */
    default void refusedClass(String name, String reason) {}
}
