package dev.holdfast.store.redis;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The epochs that this node has seen last: a change tells that data may have been lost. Thread-safe. */
final class Epochs {

    private final AtomicReferenceArray<@Nullable String> last;
    private final AtomicLong changes = new AtomicLong();

    Epochs(int partitions) {
        this.last = new AtomicReferenceArray<>(partitions);
    }

    /** To be told of each epoch that comes: copies take over the last one, which must not be older than theirs. */
    void seen(int partition, String epoch) {
        String before = last.getAndSet(partition, epoch);
        if (before != null && !before.equals(epoch)) {
            changes.incrementAndGet();
        }
    }

    /** The last one, or empty. */
    String last(int partition) {
        String seen = last.get(partition);
        return seen == null ? "" : seen;
    }

    /** How often one has changed. */
    long changes() {
        return changes.get();
    }
}
