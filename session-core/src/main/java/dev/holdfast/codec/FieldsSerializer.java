package dev.holdfast.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import org.jspecify.annotations.Nullable;

/** Writes an object field by field. Fields that the bytes do not have keep the value they have in a new object. */
final class FieldsSerializer extends Serializer<Object> {

    private final Maker maker;
    private final Layout layout;

    FieldsSerializer(Maker maker, Layout layout) {
        this.maker = maker;
        this.layout = layout;
    }

    /** Reads objects that were written when the class had other fields. */
    FieldsSerializer withLayout(Layout other) {
        return new FieldsSerializer(maker, other);
    }

    @Override
    public void write(Kryo kryo, Output output, Object object) {
        for (Slot slot : layout.slots()) {
            slot.write(kryo, output, object);
        }
    }

    @Override
    public Object read(Kryo kryo, Input input, Class<?> type) {
        Object object = maker.make();
        kryo.reference(object);
        for (Slot slot : layout.slots()) {
            @Nullable Object value = slot.read(kryo, input);
            if (slot.field() != null) {
                slot.set(object, value);
            }
        }
        return object;
    }
}
