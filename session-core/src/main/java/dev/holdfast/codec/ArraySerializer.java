package dev.holdfast.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes an array of objects, and of arrays. */
final class ArraySerializer extends Serializer<Object> {

    private final Class<?> componentType;

    ArraySerializer(Class<?> componentType) {
        this.componentType = componentType;
    }

    @Override
    public void write(Kryo kryo, Output output, Object array) {
        Children.writeAll(kryo, output, Arrays.asList((Object[]) array), array);
    }

    @Override
    public Object read(Kryo kryo, Input input, Class<?> type) {
        @Nullable
        Object[] array = (@Nullable Object[]) Array.newInstance(componentType, BoundedInput.readLength(input));
        kryo.reference(array);
        Supplier<String> step = () -> componentType.getTypeName() + "[]";
        for (int i = 0; i < array.length; i++) {
            @Nullable Object element = Children.read(kryo, input, step);
            if (element != null && !componentType.isInstance(element)) {
                throw new GraphException("an array of " + componentType.getTypeName() + " cannot hold a "
                        + element.getClass().getTypeName());
            }
            array[i] = element;
        }
        return array;
    }
}
