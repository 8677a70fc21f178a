package dev.holdfast.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/**
 * One field in the layout of a class.
 *
 * @param name its name in the bytes
 * @param type its type in the bytes
 * @param field the field of the class as it is now, or null if the class no longer has it
 */
record Slot(String name, SlotType type, @Nullable Field field) {

    void write(Kryo kryo, Output output, Object object) {
        type.write(kryo, output, get(object), this::step);
    }

    @Nullable
    Object read(Kryo kryo, Input input) {
        return field == null
                ? GraphReferences.skipping(kryo, () -> type.read(kryo, input, this::step))
                : type.read(kryo, input, this::step);
    }

    boolean matches(String otherName, SlotType otherType) {
        return type == otherType && name.equals(otherName);
    }

    /** The field, as a message names it. */
    String step() {
        return field == null
                ? name + " (a field that is gone)"
                : field.getDeclaringClass().getTypeName() + "." + field.getName();
    }

    private @Nullable Object get(Object object) {
        try {
            return known().get(object);
        } catch (IllegalAccessException closed) {
            throw new GraphException("field " + step() + " is not accessible", closed);
        }
    }

    void set(Object object, @Nullable Object value) {
        Field target = known();
        if (value == null && target.getType().isPrimitive()) {
            return;
        }
        try {
            target.set(object, value);
        } catch (IllegalArgumentException otherType) {
            throw new GraphException(
                    "field " + step() + " cannot hold a "
                            + (value == null ? "null" : value.getClass().getTypeName()),
                    otherType);
        } catch (IllegalAccessException closed) {
            throw new GraphException("field " + step() + " cannot be set", closed);
        }
    }

    private Field known() {
        if (field == null) {
            throw new IllegalStateException("Only a layout that was read has slots without a field");
        }
        return field;
    }
}
