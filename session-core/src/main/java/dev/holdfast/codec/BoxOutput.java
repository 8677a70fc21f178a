package dev.holdfast.codec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The stream of Java serialization that all boxes of one graph share: a box is what was added to it by one object. So
 * each class is described once, and an object that several boxes hold is one object again when they are read; that of
 * objects with a {@code writeReplace} method is known to this stream alone.
 */
final class BoxOutput extends ObjectOutputStream {

    private final ByteArrayOutputStream bytes;
    private final BoxContent content;
    private final ToIntFunction<Object> numberOf;
    private final Set<Object> boxed = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean rootSeen;

    private BoxOutput(ByteArrayOutputStream bytes, BoxContent content, ToIntFunction<Object> numberOf)
            throws IOException {
        super(bytes);
        this.bytes = bytes;
        this.content = content;
        this.numberOf = numberOf;
        enableReplaceObject(true);
    }

    /**
     * Begins a stream.
     *
     * @param numberOf the place of an object among those that were written outside, or -1 if it is not there
     */
    static BoxOutput begin(BoxContent content, ToIntFunction<Object> numberOf) throws IOException {
        return new BoxOutput(new ByteArrayOutputStream(), content, numberOf);
    }

    /** Whether an object is in one of the boxes. Of an object that was replaced it is not known. */
    boolean contains(Object object) {
        return boxed.contains(object);
    }

    /** Packs an object whose parts have been written. */
    byte[] pack(Object object) throws IOException {
        rootSeen = false;
        writeObject(object);
        flush();
        byte[] box = bytes.toByteArray();
        bytes.reset();
        return box;
    }

    @Override
    protected @Nullable Object replaceObject(@Nullable Object object) {
        if (object == null || BoxContent.isValue(object)) {
            rootSeen = true;
            return object;
        }
        if (!rootSeen || content.isBoxed(object)) {
            rootSeen = true;
            boxed.add(object);
            return object;
        }
        int number = numberOf.applyAsInt(object);
        // What is not known although all parts have been written was made by a writeReplace method just now.
        return number == -1 ? object : new Outside(number);
    }
}
