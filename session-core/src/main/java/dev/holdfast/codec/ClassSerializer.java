package dev.holdfast.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;

/** Writes a class as its name. */
final class ClassSerializer extends Serializer<Class<?>> {

    private final ClassLookup classes;

    ClassSerializer(ClassLookup classes) {
        this.classes = classes;
    }

    @Override
    public void write(Kryo kryo, Output output, Class<?> type) {
        if (type.isHidden()) {
            throw new GraphException("class " + type.getTypeName() + " is hidden and cannot be found by its name");
        }
        output.writeString(type.getName());
    }

    @Override
    public Class<?> read(Kryo kryo, Input input, Class<? extends Class<?>> ignored) {
        try {
            return classes.byName(input.readString());
        } catch (ClassNotFoundException unknown) {
            throw new GraphException(Reasons.of(unknown), unknown);
        }
    }
}
