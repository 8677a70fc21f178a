package dev.holdfast.codec;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stands for a list that {@code Stream.toList} has made, while it is written. It is of the class of a {@code List.of}, but
 * can be asked whether it contains null.
 *
 * @param list the list
 */
record StreamList(List<@Nullable Object> list) {

    /** The class of both. */
    static final Class<?> TYPE = List.of(1, 2, 3).getClass();

    /** Whether an object is such a list. */
    @SuppressWarnings("ReturnValueIgnored")
    static boolean isOne(Object object) {
        if (object.getClass() != TYPE) {
            return false;
        }
        try {
            ((List<?>) object).indexOf(null);
            return true;
        } catch (NullPointerException nullsNotAllowed) {
            return false;
        }
    }

    static List<@Nullable Object> of(@Nullable Object[] elements) {
        return Arrays.stream(elements).toList();
    }

    /** By identity: records would compare their lists, which may contain themselves. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(list);
    }
}
