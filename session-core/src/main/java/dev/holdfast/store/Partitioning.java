package dev.holdfast.store;

import dev.holdfast.model.SessionId;

/**
 * How a store spreads its sessions over partitions. It follows from settings alone, and so is known also while the store
 * does not answer. Thread-safe.
 */
public interface Partitioning {

    /** How many there are; 1 or more. */
    int count();

    /** Where a session is: 0 to {@link #count()} - 1. */
    int of(SessionId id);

    /** Whether each of them may fail by itself; if not, all are one of {@link FailureDomains}. */
    boolean mayFailApart();
}
