package dev.holdfast.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a record by the names of its components, so that components may come, go and change places. Components that the
 * bytes do not have are null or zero. The canonical constructor makes its checks.
 */
final class RecordSerializer extends Serializer<Object> {

    private final Constructor<?> constructor;
    private final Class<?>[] types;
    private final Map<String, Integer> positions;
    private final Layout layout;

    RecordSerializer(Class<?> type, Layout layout) {
        RecordComponent[] components = type.getRecordComponents();
        this.types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        this.positions = new HashMap<>();
        for (int i = 0; i < components.length; i++) {
            positions.put(components[i].getName(), i);
        }
        this.constructor = canonicalConstructor(type, types);
        this.layout = layout;
    }

    private RecordSerializer(RecordSerializer other, Layout layout) {
        this.constructor = other.constructor;
        this.types = other.types;
        this.positions = other.positions;
        this.layout = layout;
    }

    /** Reads records that were written when the class had other components. */
    RecordSerializer withLayout(Layout other) {
        return new RecordSerializer(this, other);
    }

    private static Constructor<?> canonicalConstructor(Class<?> type, Class<?>[] types) {
        try {
            Constructor<?> canonical = type.getDeclaredConstructor(types);
            if (canonical.trySetAccessible()) {
                return canonical;
            }
        } catch (NoSuchMethodException impossible) {
            throw new GraphException("record " + type.getTypeName() + " has no canonical constructor", impossible);
        }
        throw new GraphException("the canonical constructor of " + type.getTypeName() + " is not accessible");
    }

    @Override
    public void write(Kryo kryo, Output output, Object object) {
        GraphReferences.writePartsOf(kryo, object, () -> {
            for (Slot slot : layout.slots()) {
                slot.write(kryo, output, object);
            }
        });
    }

    @Override
    public Object read(Kryo kryo, Input input, Class<?> type) {
        @Nullable Object[] arguments = new @Nullable Object[types.length];
        for (int i = 0; i < types.length; i++) {
            arguments[i] = SlotType.initialValue(types[i]);
        }
        for (Slot slot : layout.slots()) {
            @Nullable Object value = slot.read(kryo, input);
            Integer position = positions.get(slot.name());
            if (position != null && value != null) {
                arguments[position] = value;
            }
        }
        return create(arguments);
    }

    private Object create(@Nullable Object[] arguments) {
        String name = constructor.getDeclaringClass().getTypeName();
        try {
            return constructor.newInstance(arguments);
        } catch (IllegalArgumentException otherType) {
            throw new GraphException(
                    "a component of " + name + " has a type now that cannot hold its value", otherType);
        } catch (ReflectiveOperationException refused) {
            throw new GraphException("the constructor of " + name + " refuses its components", refused);
        }
    }
}
