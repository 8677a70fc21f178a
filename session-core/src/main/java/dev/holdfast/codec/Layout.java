package dev.holdfast.codec;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.io.Serializable;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a class in the order in which they are written. A copy stands in the bytes before the first object of the
 * class, so that both sides need not have the same fields.
 *
 * <p>A field goes by its simple name, so that it may move to another class of the hierarchy. When a superclass has one of
 * the same name, that one goes by the name of its class, too.
 */
record Layout(List<Slot> slots) {

    /** Of no fields. */
    static final Layout EMPTY = new Layout(List.of());

    /** The layout of a class as it is now. */
    static Layout of(Class<?> type) {
        List<Slot> slots = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        boolean serializable = Serializable.class.isAssignableFrom(type);
        for (Class<?> level = type; level != null; level = level.getSuperclass()) {
            if (serializable && !Serializable.class.isAssignableFrom(level)) {
                // As in Java serialization: it makes its part of the object by its constructor.
                break;
            }
            for (Field field : level.getDeclaredFields()) {
                if (isWritten(field)) {
                    String simpleName = field.getName();
                    String name = taken.add(simpleName) ? simpleName : level.getName() + "." + simpleName;
                    slots.add(new Slot(name, SlotType.of(field.getType()), field));
                }
            }
        }
        // The JVM promises no order of declared fields, and the same object shall always give the same bytes.
        slots.sort(Comparator.comparing(Slot::name));
        return new Layout(List.copyOf(slots));
    }

    /** Synthetic fields are written: an inner class finds its outer object there. */
    private static boolean isWritten(Field field) {
        return !Modifier.isStatic(field.getModifiers()) && !Modifier.isTransient(field.getModifiers());
    }

    /**
     * Opens all fields for reflection.
     *
     * @return false if the module of one of them does not allow it
     */
    boolean makeAccessible() {
        boolean accessible = true;
        for (Slot slot : slots) {
            Field field = slot.field();
            accessible &= field != null && field.trySetAccessible();
        }
        return accessible;
    }

    void write(Output output) {
        output.writeVarInt(slots.size(), true);
        for (Slot slot : slots) {
            output.writeString(slot.name());
            output.writeByte(slot.type().code());
        }
    }

    /**
     * Reads the layout that a class had when its objects were written.
     *
     * @return this, or a layout with the same fields in the order of the bytes, where fields that are gone have no {@link
     *     Slot#field()}
     */
    Layout read(Input input) {
        int count = BoundedInput.readLength(input);
        List<Slot> read = new ArrayList<>(count);
        boolean same = count == slots.size();
        for (int i = 0; i < count; i++) {
            String name = input.readString();
            SlotType type = SlotType.of(input.readByte());
            same = same && slots.get(i).matches(name, type);
            read.add(new Slot(name, type, fieldOf(name)));
        }
        return same ? this : new Layout(List.copyOf(read));
    }

    private @Nullable Field fieldOf(String name) {
        for (Slot slot : slots) {
            if (slot.name().equals(name)) {
                return slot.field();
            }
        }
        return null;
    }
}
