package dev.holdfast.session;

/** Says which attributes of the application may leave this node. The others are kept in its memory only. */
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
}
