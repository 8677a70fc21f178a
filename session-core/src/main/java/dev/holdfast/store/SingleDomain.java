package dev.holdfast.store;

import dev.holdfast.model.SessionId;

/**
 * Everything is one domain. Thread-safe, if the probe is.
 *
 * @param probe finds out whether it answers
 */
record SingleDomain(Runnable probe) implements FailureDomains {

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
