package dev.holdfast.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a linked hash map with its kind of order, which no method tells. */
@SuppressWarnings("NonApiType") // only this very class has the two kinds of order
final class LinkedHashMapSerializer extends Serializer<LinkedHashMap<@Nullable Object, @Nullable Object>> {

    private static final int INITIAL_CAPACITY = 16;
    private static final float LOAD_FACTOR = 0.75F;

    @Override
    public void write(Kryo kryo, Output output, LinkedHashMap<@Nullable Object, @Nullable Object> map) {
        // Iterating the original would be as good; the copy is needed for the question below anyhow.
        Map<@Nullable Object, @Nullable Object> copy = copyOf(map);
        output.writeBoolean(isInAccessOrder(copy));
        Entries.write(kryo, output, copy, map);
    }

    /** A clone keeps the kind of order, and shows whether reading an entry moves it to the end. */
    private static boolean isInAccessOrder(Map<@Nullable Object, @Nullable Object> copy) {
        Object probe = new Object();
        Object last = new Object();
        copy.put(probe, null);
        copy.put(last, null);
        copy.get(probe);
        Object end = null;
        for (Object key : copy.keySet()) {
            end = key;
        }
        copy.remove(probe);
        copy.remove(last);
        return end == probe;
    }

    @SuppressWarnings("unchecked")
    private static Map<@Nullable Object, @Nullable Object> copyOf(
            LinkedHashMap<@Nullable Object, @Nullable Object> map) {
        return (Map<@Nullable Object, @Nullable Object>) map.clone();
    }

    @Override
    public LinkedHashMap<@Nullable Object, @Nullable Object> read(
            Kryo kryo, Input input, Class<? extends LinkedHashMap<@Nullable Object, @Nullable Object>> type) {
        boolean accessOrder = input.readBoolean();
        LinkedHashMap<@Nullable Object, @Nullable Object> map =
                new LinkedHashMap<>(INITIAL_CAPACITY, LOAD_FACTOR, accessOrder);
        kryo.reference(map);
        Entries.readInto(kryo, input, map);
        return map;
    }
}
