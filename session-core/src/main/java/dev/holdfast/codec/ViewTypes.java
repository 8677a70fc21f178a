package dev.holdfast.codec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Views and other collections that Java serialization refuses, although nothing is wrong with them. Numbers 120 to 129.
 *
 * <p>A part of a list comes back as the same part of a list of its own, that holds nothing else.
 */
@SuppressWarnings("JdkObsolete") // its parts are what applications have
final class ViewTypes {

    private final NumberedTypes types;

    ViewTypes(NumberedTypes types) {
        this.types = types;
    }

    void addAll() {
        addPart(120, ArrayList::new);
        addPart(121, LinkedList::new);
        addPart(122, elements -> Arrays.asList(elements.toArray()));
        addPart(123, ViewTypes::withOneMore);
        types.add(124, WeakHashMap.class, new MapSerializer(WeakHashMap::new));
        types.addGroup(
                125,
                new LateSerializer<Map.Entry<?, ?>>(
                        entry -> Arrays.asList(entry.getKey(), entry.getValue()), ViewTypes::entryOf),
                Map.entry(1, 1));
        types.add(126, StreamList.class, new LateSerializer<>(StreamList::list, StreamList::of));
    }

    private void addPart(int number, Function<List<@Nullable Object>, List<@Nullable Object>> whole) {
        types.addGroup(
                number,
                new LateSerializer<List<@Nullable Object>>(
                        CollectionSerializer::snapshot,
                        elements -> whole.apply(Arrays.asList(elements)).subList(0, elements.length)),
                whole.apply(List.of(1, 2, 3)).subList(0, 1));
    }

    /** A part of it is a part, however long: {@code List.of} gives short lists another class that makes others. */
    private static List<@Nullable Object> withOneMore(List<@Nullable Object> elements) {
        @Nullable Object[] all = Arrays.copyOf(elements.toArray(), elements.size() + 2);
        Arrays.fill(all, elements.size(), all.length, "more");
        return FixedCollectionTypes.listOf(all);
    }

    @SuppressWarnings("NullAway") // a null is damage, and Map.entry says so
    private static Object entryOf(@Nullable Object[] keyAndValue) {
        return Map.entry(LateSerializer.part(keyAndValue, 0), LateSerializer.part(keyAndValue, 1));
    }
}
