package dev.holdfast.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How the value of a field is written. It stands in the bytes beside the field's name, so that a reader whose class has
 * no such field, or one of another type, can still read past it. The code is part of the format.
 */
enum SlotType {
    BOOLEAN('Z', boolean.class),
    BYTE('B', byte.class),
    CHAR('C', char.class),
    SHORT('S', short.class),
    INT('I', int.class),
    LONG('J', long.class),
    FLOAT('F', float.class),
    DOUBLE('D', double.class),

    /** Anything else, with its class. */
    OBJECT('L', Object.class);

    private final char code;
    private final Class<?> type;

    SlotType(char code, Class<?> type) {
        this.code = code;
        this.type = type;
    }

    char code() {
        return code;
    }

    static SlotType of(Class<?> fieldType) {
        for (SlotType slotType : values()) {
            if (slotType.type == fieldType) {
                return slotType;
            }
        }
        return OBJECT;
    }

    static SlotType of(int code) {
        for (SlotType slotType : values()) {
            if (slotType.code == code) {
                return slotType;
            }
        }
        throw new GraphException("the bytes are damaged: there is no type of fields with the code " + code);
    }

    /** Writes a value that was taken out of a field of this type, boxed if it is primitive. */
    void write(Kryo kryo, Output output, @Nullable Object value, Supplier<String> step) {
        if (this == OBJECT) {
            Children.write(kryo, output, value, step);
        } else if (value instanceof Boolean bool) {
            output.writeBoolean(bool);
        } else if (value instanceof Byte number) {
            output.writeByte(number);
        } else if (value instanceof Character character) {
            output.writeChar(character);
        } else if (value instanceof Short number) {
            output.writeShort(number);
        } else if (value instanceof Integer number) {
            output.writeVarInt(number, false);
        } else if (value instanceof Long number) {
            output.writeVarLong(number, false);
        } else if (value instanceof Float number) {
            output.writeFloat(number);
        } else if (value instanceof Double number) {
            output.writeDouble(number);
        } else {
            throw new IllegalArgumentException("Not the value of a primitive field");
        }
    }

    /** Reads a value, boxed if it is primitive. */
    @Nullable
    Object read(Kryo kryo, Input input, Supplier<String> step) {
        return switch (this) {
            case BOOLEAN -> input.readBoolean();
            case BYTE -> input.readByte();
            case CHAR -> input.readChar();
            case SHORT -> input.readShort();
            case INT -> input.readVarInt(false);
            case LONG -> input.readVarLong(false);
            case FLOAT -> input.readFloat();
            case DOUBLE -> input.readDouble();
            case OBJECT -> Children.read(kryo, input, step);
        };
    }

    /** What a variable of the given type holds that was never set. */
    static @Nullable Object initialValue(Class<?> variableType) {
        return switch (of(variableType)) {
            case BOOLEAN -> false;
            case BYTE -> (byte) 0;
            case CHAR -> (char) 0;
            case SHORT -> (short) 0;
            case INT -> 0;
            case LONG -> 0L;
            case FLOAT -> 0F;
            case DOUBLE -> 0D;
            case OBJECT -> null;
        };
    }
}
