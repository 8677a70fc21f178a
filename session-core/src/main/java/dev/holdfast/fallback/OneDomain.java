package dev.holdfast.fallback;

import dev.holdfast.model.SessionId;
import dev.holdfast.store.FailureDomains;

/**
 * Everything is one domain. Thread-safe.
 *
 * @param probe finds out whether it answers
 */
record OneDomain(Runnable probe) implements FailureDomains {

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
        probe.run();
    }
}
