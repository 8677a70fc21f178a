package dev.holdfast.codec;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;

/** Arrays of primitives, of strings and of plain objects. Numbers 10 to 19. */
final class ArrayTypes {

    private final NumberedTypes types;

    ArrayTypes(NumberedTypes types) {
        this.types = types;
    }

    void addAll() {
        types.addValue(
                10, byte[].class, (out, a) -> length(out, a.length).writeBytes(a), in -> in.readBytes(length(in)));
        types.addValue(
                11,
                char[].class,
                (out, a) -> length(out, a.length).writeChars(a, 0, a.length),
                in -> in.readChars(length(in)));
        types.addValue(
                12,
                short[].class,
                (out, a) -> length(out, a.length).writeShorts(a, 0, a.length),
                in -> in.readShorts(length(in)));
        types.addValue(
                13,
                int[].class,
                (out, a) -> length(out, a.length).writeInts(a, 0, a.length),
                in -> in.readInts(length(in)));
        types.addValue(
                14,
                long[].class,
                (out, a) -> length(out, a.length).writeLongs(a, 0, a.length),
                in -> in.readLongs(length(in)));
        types.addValue(
                15,
                float[].class,
                (out, a) -> length(out, a.length).writeFloats(a, 0, a.length),
                in -> in.readFloats(length(in)));
        types.addValue(
                16,
                double[].class,
                (out, a) -> length(out, a.length).writeDoubles(a, 0, a.length),
                in -> in.readDoubles(length(in)));
        types.addValue(
                17,
                boolean[].class,
                (out, a) -> length(out, a.length).writeBooleans(a, 0, a.length),
                in -> in.readBooleans(length(in)));
        types.add(18, String[].class, new ArraySerializer(String.class));
        types.add(19, Object[].class, new ArraySerializer(Object.class));
    }

    private static Output length(Output output, int length) {
        output.writeVarInt(length, true);
        return output;
    }

    private static int length(Input input) {
        return input.readVarInt(true);
    }
}
