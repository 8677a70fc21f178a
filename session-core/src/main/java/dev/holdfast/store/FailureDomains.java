package dev.holdfast.store;

import dev.holdfast.model.SessionId;

/**
 * The parts of a store that may fail each by itself, such as the shards of a cluster. Every session and every partition
 * belongs to one of them. Thread-safe.
 */
public interface FailureDomains {

    /**
     * Those of a store that fails as a whole, or not at all: one.
     *
     * @param probe finds out whether it answers; throws a {@link StoreException} if it does not
     */
    static FailureDomains single(Runnable probe) {
        return new SingleDomain(probe);
    }

    /** How many there are. */
    int count();

    /** Where a session belongs: 0 to {@link #count()} - 1. Colocated sessions are in one domain. */
    int of(SessionId id);

    /** Where a partition of {@link SessionStore#due()} belongs. */
    int ofPartition(int partition);

    /**
     * Finds out whether a part of the store answers, and accepts what is written. Leaves nothing.
     *
     * @param domain which part
     * @throws StoreException if it does not
     */
    void probe(int domain);
}
