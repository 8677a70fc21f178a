package dev.holdfast.store.memory;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Attributes of a session, each with the instant of its last change, also of its removal. Not thread-safe. */
final class StampedAttributes {

    private static final int MAX_REMOVED = 64;

    private final Map<String, Value> values = new HashMap<>();

    /** When attributes were removed, the last ones at the end. */
    private final Map<String, Long> removed = new LinkedHashMap<>();

    Map<String, byte[]> values() {
        return values.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> entry.getValue().bytes));
    }

    byte @Nullable [] value(String name) {
        Value value = values.get(name);
        return value == null ? null : value.bytes;
    }

    /** When an attribute was set or removed; 0 if that is not known. */
    long changedMillis(String name) {
        Value value = values.get(name);
        return value == null ? removed.getOrDefault(name, 0L) : value.changedMillis;
    }

    void set(Map<String, byte[]> attributes, long millis) {
        attributes.forEach((name, bytes) -> set(name, bytes, millis));
    }

    void set(String name, byte[] bytes, long millis) {
        values.put(name, new Value(bytes, millis));
        removed.remove(name);
    }

    void remove(Set<String> names, long millis) {
        names.forEach(name -> remove(name, millis));
    }

    void remove(String name, long millis) {
        values.remove(name);
        removed.remove(name);
        removed.put(name, millis);
        if (removed.size() > MAX_REMOVED) {
            removed.remove(removed.keySet().iterator().next());
        }
    }

    /** One value. */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares these.
    private record Value(byte[] bytes, long changedMillis) {}
}
