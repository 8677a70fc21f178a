package dev.holdfast.codec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Java serialization of one object. What the object refers to is left outside, so that it is written once however many
 * boxes refer to it; only values without an identity of their own stay inside.
 */
final class BoxOutput extends ObjectOutputStream {

    private final ByteArrayOutputStream bytes;
    private final List<Object> outside = new ArrayList<>();
    private boolean rootSeen;

    private BoxOutput(ByteArrayOutputStream bytes, boolean alone) throws IOException {
        super(bytes);
        this.bytes = bytes;
        enableReplaceObject(!alone);
    }

    /** One object; see {@link #outside()} for the others. */
    static BoxOutput of(Object object) throws IOException {
        return write(object, false);
    }

    /** An object and everything it refers to. */
    static byte[] wholeGraphOf(Object object) throws IOException {
        return write(object, true).toByteArray();
    }

    private static BoxOutput write(Object object, boolean alone) throws IOException {
        BoxOutput box = new BoxOutput(new ByteArrayOutputStream(), alone);
        box.writeObject(object);
        box.flush();
        return box;
    }

    byte[] toByteArray() {
        return bytes.toByteArray();
    }

    /** The objects that the box refers to by number. */
    List<Object> outside() {
        return outside;
    }

    @Override
    protected @Nullable Object replaceObject(@Nullable Object object) {
        if (!rootSeen) {
            // The object itself, or what its writeReplace has put in its place.
            rootSeen = true;
            return object;
        }
        if (object == null || staysInside(object)) {
            return object;
        }
        outside.add(object);
        return new Outside(outside.size() - 1);
    }

    private static boolean staysInside(Object object) {
        return object instanceof String
                || object instanceof Enum<?>
                || object instanceof StackTraceElement
                || object instanceof StackTraceElement[]
                || object instanceof Boolean
                || object instanceof Character
                || isNumberOfTheJdk(object);
    }

    private static boolean isNumberOfTheJdk(Object object) {
        return object instanceof Integer
                || object instanceof Long
                || object instanceof Double
                || object instanceof Float
                || object instanceof Short
                || object instanceof Byte;
    }
}
