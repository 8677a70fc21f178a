package dev.holdfast.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;

/** Writes an enum constant by its name, so that constants may change places. */
final class EnumSerializer extends Serializer<Object> {

    private final Class<?> type;

    EnumSerializer(Class<?> type) {
        this.type = type;
    }

    @Override
    public void write(Kryo kryo, Output output, Object constant) {
        output.writeString(((Enum<?>) constant).name());
    }

    @Override
    public Object read(Kryo kryo, Input input, Class<?> ignored) {
        String name = input.readString();
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(name)) {
                return constant;
            }
        }
        throw new GraphException("enum " + type.getTypeName() + " no longer has a constant that was stored");
    }
}
