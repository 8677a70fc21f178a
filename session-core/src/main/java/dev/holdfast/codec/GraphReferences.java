package dev.holdfast.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.util.MapReferenceResolver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the objects of one graph, its boxes, and which of them are being written whose like can only be created once all its
 * parts have been read.
 */
final class GraphReferences extends MapReferenceResolver {

    private final Set<Object> createdLate = Collections.newSetFromMap(new IdentityHashMap<>());
    private final IdentityHashMap<Object, Object> standIns = new IdentityHashMap<>();
    private final int maxDepth;
    private final BoxContent content;
    private final ClassLookup classes;
    private int skipping;
    private @Nullable Lost lost;
    private @Nullable BoxWriter boxWriter;
    private @Nullable BoxReader boxReader;

    GraphReferences(int maxDepth, TypeForms forms, ClassLookup classes) {
        this.maxDepth = maxDepth;
        this.content = new BoxContent(forms);
        this.classes = classes;
    }

    /** What packs the boxes of this graph. */
    BoxWriter boxWriter() {
        if (boxWriter == null) {
            try {
                boxWriter = new BoxWriter(content, this);
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }
        return boxWriter;
    }

    /** What unpacks the boxes of this graph. */
    BoxReader boxReader() {
        if (boxReader == null) {
            boxReader = new BoxReader(classes, number -> getReadObject(Object.class, number));
        }
        return boxReader;
    }

    /** Whether an object has been written, or is being written, outside of boxes or as the one that a box was made for. */
    boolean isWritten(Object object) {
        return super.getWrittenId(standIns.getOrDefault(object, object)) != -1;
    }

    /**
     * Called before each step down.
     *
     * @throws TooDeep if there must be no more
     */
    static void checkDepth(Kryo kryo) {
        if (kryo.getDepth() >= ((GraphReferences) kryo.getReferenceResolver()).maxDepth) {
            throw new TooDeep();
        }
    }

    /**
     * Writes the parts of an object that is created after them.
     *
     * @throws LateCycle if one of the parts leads back to the object
     */
    static void writePartsOf(Kryo kryo, Object object, Runnable writeParts) {
        Set<Object> open = ((GraphReferences) kryo.getReferenceResolver()).createdLate;
        open.add(object);
        writeParts.run();
        open.remove(object);
    }

    /** What is written in the place of an object: itself, unless its class does not say what it is. */
    @SuppressWarnings("unchecked") // any list holds objects
    static @Nullable Object standIn(Kryo kryo, @Nullable Object object) {
        return object != null && StreamList.isOne(object)
                ? ((GraphReferences) kryo.getReferenceResolver())
                        .standIns.computeIfAbsent(object, list -> new StreamList((List<@Nullable Object>) list))
                : object;
    }

    @Override
    public int getWrittenId(Object written) {
        Object object = standIns.isEmpty() ? written : standIns.getOrDefault(written, written);
        int id = super.getWrittenId(object);
        if (id != -1 && !createdLate.isEmpty() && createdLate.contains(object)) {
            throw new LateCycle(object);
        }
        return id;
    }

    /**
     * Reads what nobody needs, since its field is gone: classes of it may be gone, too. If one is, all that was read on the
     * way counts as lost, since it may hold what stands for lost objects.
     */
    static <T extends @Nullable Object> T skipping(Kryo kryo, Supplier<T> reading) {
        GraphReferences references = (GraphReferences) kryo.getReferenceResolver();
        int first = references.readObjects.size();
        references.skipping++;
        T read = reading.get();
        references.skipping--;
        if (references.skipping == 0 && references.lost != null) {
            List<Object> since = references.readObjects;
            Collections.fill(since.subList(Math.min(first, since.size()), since.size()), references.lost);
            references.lost = null;
        }
        return read;
    }

    boolean isSkipping() {
        return skipping > 0;
    }

    /** Notes that an object was read past. */
    Lost lose(String className) {
        lost = new Lost(className);
        return lost;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Object getReadObject(Class type, int id) {
        Object object = id >= 0 && id < readObjects.size() ? readObjects.get(id) : null;
        if (object == null) {
            throw new GraphException("the bytes are damaged: a reference leads nowhere");
        }
        if (object instanceof Lost gone && !isSkipping()) {
            throw new UnknownClass(gone.className(), null);
        }
        return object;
    }

    @Override
    public void reset() {
        super.reset();
        createdLate.clear();
        standIns.clear();
        skipping = 0;
        lost = null;
        boxWriter = null;
        boxReader = null;
    }
}
