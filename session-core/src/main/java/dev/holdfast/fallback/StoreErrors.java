package dev.holdfast.fallback;

import dev.holdfast.store.StoreException;
import dev.holdfast.store.StoreException.Reason;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * How often which operation of a store failed, and why: {@code operation/error_type}, with the error types being the
 * {@linkplain Reason reasons} in lower case. What was not even asked, because the store does not answer at present, is no
 * error of the store. Thread-safe.
 */
public final class StoreErrors {

    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    /** Makes a call, and counts it if it fails. */
    public <T> T counting(String operation, Supplier<T> call) {
        try {
            return call.get();
        } catch (StoreException failure) {
            count(operation, failure);
            throw failure;
        }
    }

    void count(String operation, StoreException failure) {
        if (failure.reason() != Reason.NOT_ASKED) {
            String errorType = failure.reason().name().toLowerCase(Locale.ROOT);
            counts.computeIfAbsent(operation + "/" + errorType, key -> new LongAdder())
                    .increment();
        }
    }

    /** What was counted up to now, sorted by operation and error type; without those that did not occur. A new map. */
    public SortedMap<String, Long> counts() {
        SortedMap<String, Long> sorted = new TreeMap<>();
        counts.forEach((name, count) -> sorted.put(name, count.sum()));
        return sorted;
    }
}
