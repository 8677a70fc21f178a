package dev.holdfast.fallback;

import dev.holdfast.model.SessionId;
import dev.holdfast.store.FailureDomains;
import dev.holdfast.store.Partitioning;
import dev.holdfast.store.SessionStore;

/** The parts of a store that may not be there yet: each partition, or all of it. Thread-safe. */
final class LateFailureDomains implements FailureDomains {

    private final Connector<SessionStore> connector;
    private final Partitioning partitioning;

    LateFailureDomains(Connector<SessionStore> connector, Partitioning partitioning) {
        this.connector = connector;
        this.partitioning = partitioning;
    }

    @Override
    public int count() {
        return partitioning.mayFailApart() ? partitioning.count() : 1;
    }

    @Override
    public int of(SessionId id) {
        return ofPartition(partitioning.of(id));
    }

    @Override
    public int ofPartition(int partition) {
        return partitioning.mayFailApart() ? partition : 0;
    }

    @Override
    public void probe(int domain) {
        connector.store().failureDomains().probe(domain);
    }
}
