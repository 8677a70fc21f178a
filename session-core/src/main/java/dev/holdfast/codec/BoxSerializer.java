package dev.holdfast.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.List;

/**
 * Writes an object by Java serialization: classes of the JDK whose fields are closed to us, and classes that have
 * something to say about how they are written ({@code writeObject}, {@code readResolve} and the like).
 *
 * <p>A box holds the object and what it refers to, as far as that goes into boxes, too. All else is written before it, as
 * any part of the graph, and goes by its number in the box.
 */
final class BoxSerializer extends Serializer<Object> {

    @Override
    public void write(Kryo kryo, Output output, Object object) {
        BoxWriter boxes = ((GraphReferences) kryo.getReferenceResolver()).boxWriter();
        List<Object> parts = boxes.partsOf(object);
        GraphReferences.writePartsOf(kryo, object, () -> Children.writeAll(kryo, output, parts, object));
        byte[] box = boxes.pack(object);
        output.writeVarInt(box.length, true);
        output.writeBytes(box);
    }

    @Override
    public Object read(Kryo kryo, Input input, Class<?> type) {
        Children.readAll(kryo, input, Object.class);
        byte[] box = input.readBytes(input.readVarInt(true));
        GraphReferences references = (GraphReferences) kryo.getReferenceResolver();
        try {
            return references.boxReader().unpack(box);
        } catch (UnknownClass gone) {
            if (references.isSkipping()) {
                return references.lose(gone.className());
            }
            throw gone;
        }
    }
}
