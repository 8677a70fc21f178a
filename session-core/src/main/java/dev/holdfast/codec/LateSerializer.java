package dev.holdfast.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes an object that never changes, and therefore can only be created from all its parts. */
final class LateSerializer<T> extends Serializer<T> {

    private final Function<T, List<@Nullable Object>> partsOf;
    private final Function<@Nullable Object[], ?> factory;

    LateSerializer(Function<T, List<@Nullable Object>> partsOf, Function<@Nullable Object[], ?> factory) {
        this.partsOf = partsOf;
        this.factory = factory;
    }

    @Override
    public void write(Kryo kryo, Output output, T object) {
        GraphReferences.writePartsOf(
                kryo, object, () -> Children.writeAll(kryo, output, partsOf.apply(object), object));
    }

    @Override
    @SuppressWarnings("unchecked") // nobody looks: a stand-in is read as what it stands for
    public T read(Kryo kryo, Input input, Class<? extends T> type) {
        return (T) factory.apply(Children.readAll(kryo, input, type));
    }

    /**
     * One of the parts that were read.
     *
     * @throws GraphException if there are not that many
     */
    static @Nullable Object part(@Nullable Object[] parts, int index) {
        if (index >= parts.length) {
            throw new GraphException("the bytes are damaged: a part is missing");
        }
        return parts[index];
    }
}
