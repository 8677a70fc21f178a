package dev.holdfast.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** Writes and reads the comparator of a sorted collection, which must be there before the collection can be created. */
final class Comparators {

    private static final String STEP = "its comparator";

    private Comparators() {}

    static void write(Kryo kryo, Output output, Object sorted, @Nullable Comparator<?> comparator) {
        GraphReferences.writePartsOf(
                kryo, sorted, () -> Children.write(kryo, output, comparator, () -> stepOf(sorted.getClass())));
    }

    @SuppressWarnings("unchecked")
    static @Nullable Comparator<@Nullable Object> read(Kryo kryo, Input input) {
        Object comparator = Children.read(kryo, input, () -> STEP);
        if (comparator != null && !(comparator instanceof Comparator<?>)) {
            throw new GraphException(
                    "the bytes are damaged: a " + comparator.getClass().getTypeName() + " is no comparator");
        }
        return (Comparator<@Nullable Object>) comparator;
    }

    private static String stepOf(Class<?> type) {
        return type.getTypeName() + " (" + STEP + ")";
    }
}
