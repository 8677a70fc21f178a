package dev.holdfast.codec;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds the objects that have to be written before a box, because they are referred to in it. Writes nothing. */
final class PartsFinder extends ObjectOutputStream {

    private final BoxContent content;
    private final Predicate<Object> isInBox;
    private final Predicate<Object> isWritten;
    private List<Object> parts = new ArrayList<>();
    private boolean rootSeen;

    /**
     * Begins to look.
     *
     * @param isInBox whether an object that goes into boxes is in one already; if so, all its parts have been written
     * @param isWritten whether another object has been written already
     */
    PartsFinder(BoxContent content, Predicate<Object> isInBox, Predicate<Object> isWritten) throws IOException {
        super(OutputStream.nullOutputStream());
        this.content = content;
        this.isInBox = isInBox;
        this.isWritten = isWritten;
        enableReplaceObject(true);
    }

    List<Object> partsOf(Object object) throws IOException {
        parts = new ArrayList<>();
        rootSeen = false;
        writeObject(object);
        reset();
        return parts;
    }

    @Override
    protected @Nullable Object replaceObject(@Nullable Object object) {
        if (!rootSeen || object == null || BoxContent.isValue(object)) {
            rootSeen = true;
            return object;
        }
        if (content.isBoxed(object)) {
            return isInBox.test(object) ? null : object;
        }
        if (!isWritten.test(object)) {
            parts.add(object);
        }
        return null;
    }
}
