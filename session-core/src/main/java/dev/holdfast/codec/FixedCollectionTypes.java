package dev.holdfast.codec;

import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collections that cannot be changed, or not in size, and other small holders. Numbers 50 to 59. */
final class FixedCollectionTypes {

    private final NumberedTypes types;

    FixedCollectionTypes(NumberedTypes types) {
        this.types = types;
    }

    void addAll() {
        addSingle(50, Collections.emptyList());
        addSingle(51, Collections.emptySet());
        addSingle(52, Collections.emptyMap());
        types.addGroup(
                53,
                new LateSerializer<List<@Nullable Object>>(
                        CollectionSerializer::snapshot, FixedCollectionTypes::listOf),
                List.of(1),
                List.of(),
                List.of(1, 2, 3));
        types.addGroup(
                54,
                new LateSerializer<Set<Object>>(CollectionSerializer::snapshot, FixedCollectionTypes::setOf),
                Set.of(1),
                Set.of());
        types.addGroup(
                55,
                new LateSerializer<Map<Object, Object>>(FixedCollectionTypes::entriesOf, FixedCollectionTypes::mapOf),
                Map.of(1, 1),
                Map.of());
        types.addGroup(56, new AsListSerializer(), Arrays.asList(1, 2));
        types.addGroup(
                57,
                new LateSerializer<Map.Entry<?, ?>>(
                        FixedCollectionTypes::keyAndValue,
                        parts -> new AbstractMap.SimpleEntry<>(
                                LateSerializer.part(parts, 0), LateSerializer.part(parts, 1))),
                new AbstractMap.SimpleEntry<>(1, 1));
        types.addGroup(
                58,
                new LateSerializer<Map.Entry<?, ?>>(
                        FixedCollectionTypes::keyAndValue,
                        parts -> new AbstractMap.SimpleImmutableEntry<>(
                                LateSerializer.part(parts, 0), LateSerializer.part(parts, 1))),
                new AbstractMap.SimpleImmutableEntry<>(1, 1));
        types.addGroup(
                59,
                new LateSerializer<Optional<?>>(
                        optional -> Collections.singletonList(optional.orElse(null)),
                        parts -> Optional.ofNullable(LateSerializer.part(parts, 0))),
                Optional.empty());
    }

    private void addSingle(int number, Object only) {
        types.add(number, only.getClass(), new ValueSerializer<>((out, same) -> {}, in -> only));
    }

    static List<@Nullable Object> listOf(@Nullable Object[] elements) {
        // Stream.toList gives a list of the same class, save that it may hold null.
        return Arrays.asList(elements).contains(null) ? Arrays.stream(elements).toList() : List.of(elements);
    }

    @SuppressWarnings("NullAway") // a null is damage, and Set.of says so
    private static Set<Object> setOf(@Nullable Object[] elements) {
        return Set.of(elements);
    }

    private static List<@Nullable Object> entriesOf(Map<Object, Object> map) {
        List<@Nullable Object> keysAndValues = new ArrayList<>();
        map.forEach((key, value) -> {
            keysAndValues.add(key);
            keysAndValues.add(value);
        });
        return keysAndValues;
    }

    @SuppressWarnings({"unchecked", "rawtypes", "NullAway"}) // a null is damage, and Map.entry says so
    private static Map<Object, Object> mapOf(@Nullable Object[] keysAndValues) {
        Map.Entry[] entries = new Map.Entry[keysAndValues.length / 2];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = Map.entry(keysAndValues[2 * i], keysAndValues[2 * i + 1]);
        }
        return Map.ofEntries(entries);
    }

    private static List<@Nullable Object> keyAndValue(Map.Entry<?, ?> entry) {
        return Arrays.asList(entry.getKey(), entry.getValue());
    }
}
