package dev.holdfast.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes and reads the entries of a map: key, value, key, value. */
final class Entries {

    private Entries() {}

    /**
     * Writes the entries of a map, which are taken out before the first is written.
     *
     * @param map where the entries are
     * @param parent the map that messages name
     */
    static void write(
            Kryo kryo, Output output, Map<? extends @Nullable Object, ? extends @Nullable Object> map, Object parent) {
        List<@Nullable Object> keysAndValues = new ArrayList<>(2 * map.size());
        for (Map.Entry<? extends @Nullable Object, ? extends @Nullable Object> entry : map.entrySet()) {
            keysAndValues.add(entry.getKey());
            keysAndValues.add(entry.getValue());
        }
        Children.writeAll(kryo, output, keysAndValues, parent);
    }

    /** Reads entries, and puts them when all are there: only then has every key its final hash code. */
    static void readInto(Kryo kryo, Input input, Map<@Nullable Object, @Nullable Object> map) {
        @Nullable Object[] keysAndValues = read(kryo, input, map.getClass());
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put(keysAndValues[i], keysAndValues[i + 1]);
        }
    }

    static @Nullable Object[] read(Kryo kryo, Input input, Class<?> parent) {
        @Nullable Object[] keysAndValues = Children.readAll(kryo, input, parent);
        if (keysAndValues.length % 2 != 0) {
            throw new GraphException("the bytes are damaged: a key has no value");
        }
        return keysAndValues;
    }
}
