package dev.holdfast.store.memory;

import dev.holdfast.model.SessionId;
import dev.holdfast.store.FailureDomains;

/** Memory is there or it is not: one domain, which always answers. */
enum MemoryFailureDomains implements FailureDomains {
    INSTANCE;

    @Override
    public int count() {
        return 1;
    }

    @Override
    public int of(SessionId id) {
        return 0;
    }

    @Override
    public int ofPartition(int partition) {
        return 0;
    }

    @Override
    public void probe(int domain) {
        // It answers.
    }
}
