package dev.holdfast.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes a collection that a comparator keeps in order: the comparator, or null for the natural order, and the elements. */
final class SortedCollectionSerializer<T extends Collection<@Nullable Object>> extends Serializer<T> {

    private final Function<T, @Nullable Comparator<?>> comparatorOf;
    private final Function<@Nullable Comparator<@Nullable Object>, T> factory;

    SortedCollectionSerializer(
            Function<T, @Nullable Comparator<?>> comparatorOf,
            Function<@Nullable Comparator<@Nullable Object>, T> factory) {
        this.comparatorOf = comparatorOf;
        this.factory = factory;
    }

    @Override
    public void write(Kryo kryo, Output output, T collection) {
        Comparators.write(kryo, output, collection, comparatorOf.apply(collection));
        Children.writeAll(kryo, output, CollectionSerializer.snapshot(collection), collection);
    }

    @Override
    public T read(Kryo kryo, Input input, Class<? extends T> type) {
        T collection = factory.apply(Comparators.read(kryo, input));
        kryo.reference(collection);
        collection.addAll(Arrays.asList(Children.readAll(kryo, input, collection.getClass())));
        return collection;
    }
}
