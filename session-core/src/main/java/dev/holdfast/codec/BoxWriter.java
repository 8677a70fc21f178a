package dev.holdfast.codec;

import java.io.IOException;
import java.util.ConcurrentModificationException;
import java.util.List;

/** Packs the boxes of one graph. */
final class BoxWriter {

    private final PartsFinder finder;
    private final BoxOutput boxes;

    BoxWriter(BoxContent content, GraphReferences references) throws IOException {
        this.boxes = BoxOutput.begin(content, references::getWrittenId);
        this.finder = new PartsFinder(content, boxes::contains, references::isWritten);
    }

    /** What has to be written before {@link #pack} is called with the same object. */
    List<Object> partsOf(Object object) {
        return run(object, () -> finder.partsOf(object));
    }

    byte[] pack(Object object) {
        return run(object, () -> boxes.pack(object));
    }

    private static <T> T run(Object object, Task<T> task) {
        try {
            return task.run();
        } catch (ConcurrentModificationException | LateCycle signal) {
            throw signal;
        } catch (IOException | RuntimeException failure) {
            throw new GraphException(
                    object.getClass().getTypeName() + " cannot be serialized: " + Reasons.of(failure), failure);
        }
    }

    @FunctionalInterface
    private interface Task<T> {
        T run() throws IOException;
    }
}
