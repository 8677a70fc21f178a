package dev.holdfast.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.io.IOException;
import java.util.ConcurrentModificationException;
import org.jspecify.annotations.Nullable;

/**
 * Writes an object by Java serialization: classes of the JDK whose fields are closed to us, and classes that have
 * something to say about how they are written ({@code writeObject}, {@code readResolve} and the like).
 *
 * <p>A box holds one object. The others that it refers to are written before it, as any part of the graph.
 */
final class BoxSerializer extends Serializer<Object> {

    private final ClassLookup classes;

    BoxSerializer(ClassLookup classes) {
        this.classes = classes;
    }

    @Override
    public void write(Kryo kryo, Output output, Object object) {
        BoxOutput box = pack(object);
        GraphReferences.writePartsOf(kryo, object, () -> Children.writeAll(kryo, output, box.outside(), object));
        byte[] bytes = box.toByteArray();
        output.writeVarInt(bytes.length, true);
        output.writeBytes(bytes);
    }

    private static BoxOutput pack(Object object) {
        try {
            return BoxOutput.of(object);
        } catch (ConcurrentModificationException changing) {
            throw changing;
        } catch (IOException | RuntimeException failure) {
            throw new GraphException(
                    object.getClass().getTypeName() + " cannot be serialized: " + Reasons.of(failure), failure);
        }
    }

    @Override
    public Object read(Kryo kryo, Input input, Class<?> type) {
        @Nullable Object[] outside = Children.readAll(kryo, input, Object.class);
        byte[] bytes = input.readBytes(input.readVarInt(true));
        try {
            Object object = BoxInput.read(bytes, outside, classes);
            if (object == null) {
                throw new GraphException("the bytes are damaged: a box is empty");
            }
            return object;
        } catch (IOException | ClassNotFoundException failure) {
            throw new GraphException("a serialized object cannot be read: " + Reasons.of(failure), failure);
        }
    }
}
