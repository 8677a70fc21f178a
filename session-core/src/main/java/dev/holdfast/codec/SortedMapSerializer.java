package dev.holdfast.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes a map that a comparator keeps in order: the comparator, or null for the natural order, and the entries. */
final class SortedMapSerializer extends Serializer<SortedMap<@Nullable Object, @Nullable Object>> {

    private final Function<
                    @Nullable Comparator<@Nullable Object>, ? extends SortedMap<@Nullable Object, @Nullable Object>>
            factory;

    SortedMapSerializer(
            Function<@Nullable Comparator<@Nullable Object>, ? extends SortedMap<@Nullable Object, @Nullable Object>>
                    factory) {
        this.factory = factory;
    }

    @Override
    public void write(Kryo kryo, Output output, SortedMap<@Nullable Object, @Nullable Object> map) {
        Comparators.write(kryo, output, map, map.comparator());
        Entries.write(kryo, output, map, map);
    }

    @Override
    public SortedMap<@Nullable Object, @Nullable Object> read(
            Kryo kryo, Input input, Class<? extends SortedMap<@Nullable Object, @Nullable Object>> type) {
        SortedMap<@Nullable Object, @Nullable Object> map = factory.apply(Comparators.read(kryo, input));
        kryo.reference(map);
        Entries.readInto(kryo, input, map);
        return map;
    }
}
