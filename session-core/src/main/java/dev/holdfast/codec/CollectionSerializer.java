package dev.holdfast.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes a collection of the JDK as its elements.
 *
 * <p>The elements are taken out by the iterator before the first is written: it notices when another thread changes the
 * collection, and the number that is written is always the number of elements that follow.
 */
final class CollectionSerializer extends Serializer<Collection<@Nullable Object>> {

    private final Supplier<? extends Collection<?>> factory;

    CollectionSerializer(Supplier<? extends Collection<?>> factory) {
        this.factory = factory;
    }

    @Override
    public void write(Kryo kryo, Output output, Collection<@Nullable Object> collection) {
        Children.writeAll(kryo, output, snapshot(collection), collection);
    }

    static List<@Nullable Object> snapshot(Collection<? extends @Nullable Object> collection) {
        List<@Nullable Object> elements = new ArrayList<>(collection.size());
        for (Object element : collection) {
            elements.add(element);
        }
        return elements;
    }

    @Override
    @SuppressWarnings("unchecked")
    public Collection<@Nullable Object> read(
            Kryo kryo, Input input, Class<? extends Collection<@Nullable Object>> type) {
        Collection<@Nullable Object> collection = (Collection<@Nullable Object>) factory.get();
        kryo.reference(collection);
        // Added when all are there: an element that refers back to the collection has its hash code by then.
        collection.addAll(Arrays.asList(Children.readAll(kryo, input, collection.getClass())));
        return collection;
    }
}
