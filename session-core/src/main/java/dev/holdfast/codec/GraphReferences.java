package dev.holdfast.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.util.MapReferenceResolver;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Remembers the objects of one graph, and which of them are being written whose like can only be created once all its
 * parts have been read.
 */
final class GraphReferences extends MapReferenceResolver {

    private final Set<Object> createdLate = Collections.newSetFromMap(new IdentityHashMap<>());
    private final int maxDepth;

    GraphReferences(int maxDepth) {
        this.maxDepth = maxDepth;
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

    @Override
    public int getWrittenId(Object object) {
        int id = super.getWrittenId(object);
        if (id != -1 && !createdLate.isEmpty() && createdLate.contains(object)) {
            throw new LateCycle(object);
        }
        return id;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Object getReadObject(Class type, int id) {
        Object object = id >= 0 && id < readObjects.size() ? readObjects.get(id) : null;
        if (object == null) {
            throw new GraphException("the bytes are damaged: a reference leads nowhere");
        }
        return object;
    }

    @Override
    public void reset() {
        super.reset();
        createdLate.clear();
    }
}
