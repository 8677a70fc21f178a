package dev.holdfast.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes a map of the JDK as its entries. */
final class MapSerializer extends Serializer<Map<@Nullable Object, @Nullable Object>> {

    private final Supplier<? extends Map<?, ?>> factory;

    MapSerializer(Supplier<? extends Map<?, ?>> factory) {
        this.factory = factory;
    }

    @Override
    public void write(Kryo kryo, Output output, Map<@Nullable Object, @Nullable Object> map) {
        Entries.write(kryo, output, map, map);
    }

    @Override
    @SuppressWarnings("unchecked")
    public Map<@Nullable Object, @Nullable Object> read(
            Kryo kryo, Input input, Class<? extends Map<@Nullable Object, @Nullable Object>> type) {
        Map<@Nullable Object, @Nullable Object> map = (Map<@Nullable Object, @Nullable Object>) factory.get();
        kryo.reference(map);
        Entries.readInto(kryo, input, map);
        return map;
    }
}
