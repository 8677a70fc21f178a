package dev.holdfast.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes what {@link Arrays#asList} returns: a list whose elements can be replaced, but not removed. */
final class AsListSerializer extends Serializer<List<@Nullable Object>> {

    @Override
    public void write(Kryo kryo, Output output, List<@Nullable Object> list) {
        Children.writeAll(kryo, output, list, list);
    }

    @Override
    public List<@Nullable Object> read(Kryo kryo, Input input, Class<? extends List<@Nullable Object>> type) {
        @Nullable Object[] elements = new @Nullable Object[BoundedInput.readLength(input)];
        List<@Nullable Object> list = Arrays.asList(elements);
        kryo.reference(list);
        for (int i = 0; i < elements.length; i++) {
            elements[i] = Children.read(kryo, input, () -> "Arrays.asList[]");
        }
        return list;
    }
}
