package dev.holdfast.session;

import java.util.Map;

/**
 * What the container has to do when copies of sessions come to this node and leave it. Everything here is called without a
 * lock of ours, because it may run code of the application. Implementations are thread-safe.
 */
public interface CopyLifecycle {

    /** For containers that have nothing to do. */
    CopyLifecycle NONE = new CopyLifecycle() {};

    /**
     * Whether the container itself keeps something for this copy that no other node has, such as a login that is not
     * shared. Such a copy leaves only when it has been idle for long.
     */
    default boolean keepsMore(LiveSession copy) {
        return false;
    }

    /** Whether the value of an attribute wants to hear when it comes to a node and when it leaves one. */
    default boolean isListener(Object value) {
        return false;
    }

    /**
     * A copy is about to leave. What the listeners change in themselves or in the session is written afterwards, if
     * nobody has written to the session meanwhile.
     *
     * @param copy the copy; no request uses it, and none will
     * @param listeners the values that want to hear of it, by the names of their attributes; may be empty
     * @param failed to be told of each listener that throws; the others are called all the same
     */
    default void willPassivate(LiveSession copy, Map<String, Object> listeners, FailedListener failed) {}

    /**
     * The value of an attribute has come from the store. Called once for each object, before anybody gets it.
     *
     * @param copy its session
     * @param value a {@linkplain #isListener listener}; what it throws is reported
     */
    default void didActivate(LiveSession copy, Object value) {}

    /** A copy has left: the next look makes another one. */
    default void left(LiveSession copy) {}

    /** Hears of listeners that throw. */
    @FunctionalInterface
    interface FailedListener {
        /**
         * A listener has thrown.
         *
         * @param name the name of its attribute
         * @param thrown what it threw
         */
        void failed(String name, Throwable thrown);
    }
}
