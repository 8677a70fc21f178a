package dev.holdfast.it;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** How long requests took, in each phase of a test. Thread-safe. */
final class Latencies {

    private final Map<Phase, Queue<Long>> nanos = new ConcurrentHashMap<>();
    private volatile Phase phase = Phase.BEFORE;

    /** Where a test is. */
    enum Phase {
        BEFORE,
        FAULT,
        RETURN,
        AFTER
    }

    void enter(Phase next) {
        phase = next;
    }

    /** Of a request that has just been answered; it counts for the phase in which it began. */
    void note(Phase begun, long tookNanos) {
        nanos.computeIfAbsent(begun, key -> new ConcurrentLinkedQueue<>()).add(tookNanos);
    }

    Phase phase() {
        return phase;
    }

    /** Of each phase the number of requests, the median, the 99th percentile and the longest, in ms. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Phase each : Phase.values()) {
            long[] sorted = nanos.getOrDefault(each, new ConcurrentLinkedQueue<>()).stream()
                    .mapToLong(Long::longValue)
                    .sorted()
                    .toArray();
            if (sorted.length > 0) {
                text.append(each).append(' ').append(sorted.length).append(" requests, p50 ");
                text.append(millis(sorted[sorted.length / 2])).append(" p99 ");
                text.append(millis(sorted[sorted.length * 99 / 100])).append(" max ");
                text.append(millis(sorted[sorted.length - 1])).append(" ms; ");
            }
        }
        return text.toString();
    }

    private static String millis(long ofNanos) {
        return String.valueOf(TimeUnit.NANOSECONDS.toMicros(ofNanos) / 100 / 10.0);
    }
}
