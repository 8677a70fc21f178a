package dev.holdfast.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;

/** Writes a class as its name. */
final class ClassSerializer extends Serializer<Object> {

    private final ClassLookup classes;

    ClassSerializer(ClassLookup classes) {
        this.classes = classes;
    }

    @Override
    public void write(Kryo kryo, Output output, Object written) {
        Class<?> type = (Class<?>) written;
        if (type.isHidden()) {
            throw new GraphException("class " + type.getTypeName() + " is hidden and cannot be found by its name");
        }
        output.writeString(type.getName());
    }

    @Override
    public Object read(Kryo kryo, Input input, Class<?> ignored) {
        String name = input.readString();
        try {
            return classes.byName(name);
        } catch (ClassNotFoundException unknown) {
            GraphReferences references = (GraphReferences) kryo.getReferenceResolver();
            if (references.isSkipping()) {
                return references.lose(name);
            }
            throw new UnknownClass(name, unknown);
        }
    }
}
