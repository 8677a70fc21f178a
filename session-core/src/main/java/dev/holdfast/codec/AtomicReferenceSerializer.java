package dev.holdfast.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Writes an atomic reference as what it refers to. */
final class AtomicReferenceSerializer extends Serializer<AtomicReference<@Nullable Object>> {

    private static final String STEP = AtomicReference.class.getName();

    @Override
    public void write(Kryo kryo, Output output, AtomicReference<@Nullable Object> reference) {
        Children.write(kryo, output, reference.get(), () -> STEP);
    }

    @Override
    public AtomicReference<@Nullable Object> read(
            Kryo kryo, Input input, Class<? extends AtomicReference<@Nullable Object>> type) {
        AtomicReference<@Nullable Object> reference = new AtomicReference<>();
        kryo.reference(reference);
        reference.set(Children.read(kryo, input, () -> STEP));
        return reference;
    }
}
