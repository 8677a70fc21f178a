package dev.holdfast.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.function.Function;

/** Writes a value as a short text if the text says it all, and as a box otherwise. */
final class TextOrBoxSerializer<T> extends Serializer<T> {

    private final Class<T> type;
    private final Function<T, String> toText;
    private final Function<String, T> fromText;
    private final BoxSerializer box;

    TextOrBoxSerializer(Class<T> type, Function<T, String> toText, Function<String, T> fromText, BoxSerializer box) {
        this.type = type;
        this.toText = toText;
        this.fromText = fromText;
        this.box = box;
    }

    @Override
    public void write(Kryo kryo, Output output, T value) {
        String text = toText.apply(value);
        boolean complete = fromText.apply(text).equals(value);
        output.writeBoolean(complete);
        if (complete) {
            output.writeString(text);
        } else {
            box.write(kryo, output, value);
        }
    }

    @Override
    public T read(Kryo kryo, Input input, Class<? extends T> ignored) {
        return input.readBoolean()
                ? fromText.apply(input.readString())
                : type.cast(box.read(kryo, input, Object.class));
    }
}
