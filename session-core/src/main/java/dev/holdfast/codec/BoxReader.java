package dev.holdfast.codec;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Unpacks the boxes of one graph, in the order in which they were packed. */
final class BoxReader {

    private final Boxes boxes = new Boxes();
    private final BoxFilter filter = new BoxFilter();
    private final ClassLookup classes;
    private final IntFunction<Object> outside;
    private @Nullable JavaInput input;

    BoxReader(ClassLookup classes, IntFunction<Object> outside) {
        this.classes = classes;
        this.outside = outside;
    }

    Object unpack(byte[] box) {
        try {
            Object object = read(box);
            if (object == null || boxes.current.available() > 0) {
                throw new GraphException("the bytes are damaged: a box does not hold one object");
            }
            return object;
        } catch (ClassNotFoundException gone) {
            throw JavaInput.unknown(gone);
        } catch (IOException failure) {
            throw new GraphException("a serialized object cannot be read: " + Reasons.of(failure), failure);
        }
    }

    private @Nullable Object read(byte[] box) throws IOException, ClassNotFoundException {
        boxes.current = new ByteArrayInputStream(box);
        filter.allow(box.length);
        if (input == null) {
            // Made when the first box is there, which begins with the header of the stream.
            input = new JavaInput(boxes, filter, classes, outside);
        }
        return input.readObject();
    }

    /** One box after the other. Java serialization never reads ahead of the object it is reading. */
    private static final class Boxes extends InputStream {

        private ByteArrayInputStream current = new ByteArrayInputStream(new byte[0]);

        @Override
        public int read() {
            return current.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            return current.read(target, offset, length);
        }
    }
}
