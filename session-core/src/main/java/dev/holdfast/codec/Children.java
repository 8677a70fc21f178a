package dev.holdfast.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes and reads what an object refers to, and notes the way there when that fails. */
final class Children {

    private Children() {}

    static void write(Kryo kryo, Output output, @Nullable Object child, Supplier<String> step) {
        GraphReferences.checkDepth(kryo);
        try {
            kryo.writeClassAndObject(output, GraphReferences.standIn(kryo, child));
        } catch (GraphException failure) {
            throw failure.at(step.get());
        }
    }

    static @Nullable Object read(Kryo kryo, Input input, Supplier<String> step) {
        GraphReferences.checkDepth(kryo);
        try {
            return kryo.readClassAndObject(input);
        } catch (GraphException failure) {
            throw failure.at(step.get());
        } catch (KryoException failure) {
            // Kryo wraps what is said of a reference.
            throw failure.getCause() instanceof GraphException cause ? cause.at(step.get()) : failure;
        }
    }

    /** Writes how many children there are, and each of them. */
    static void writeAll(Kryo kryo, Output output, List<?> children, Object parent) {
        output.writeVarInt(children.size(), true);
        Supplier<String> step = () -> stepOf(parent.getClass());
        for (Object child : children) {
            write(kryo, output, child, step);
        }
    }

    /** Reads what {@link #writeAll} wrote. */
    static @Nullable Object[] readAll(Kryo kryo, Input input, Class<?> parent) {
        @Nullable Object[] children = new @Nullable Object[BoundedInput.readLength(input)];
        Supplier<String> step = () -> stepOf(parent);
        for (int i = 0; i < children.length; i++) {
            children[i] = read(kryo, input, step);
        }
        return children;
    }

    private static String stepOf(Class<?> parent) {
        return parent.getTypeName() + "[]";
    }
}
