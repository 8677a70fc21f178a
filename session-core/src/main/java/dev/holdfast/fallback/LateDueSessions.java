package dev.holdfast.fallback;

import dev.holdfast.store.DueSessions;
import dev.holdfast.store.Partitioning;
import dev.holdfast.store.SessionStore;
import java.time.Duration;
import java.util.List;

/** Due sessions of a store that may not be there yet. Thread-safe. */
final class LateDueSessions implements DueSessions {

    private final Connector<SessionStore> connector;
    private final Partitioning partitioning;

    LateDueSessions(Connector<SessionStore> connector, Partitioning partitioning) {
        this.connector = connector;
        this.partitioning = partitioning;
    }

    @Override
    public int partitions() {
        return partitioning.count();
    }

    @Override
    public List<DueSession> claim(int partition, int limit, Duration lease) {
        return connector.store().due().claim(partition, limit, lease);
    }

    @Override
    public Taken take(DueSession session, long token, Duration lease) {
        return connector.store().due().take(session, token, lease);
    }

    @Override
    public boolean finish(DueSession session, long token) {
        return connector.store().due().finish(session, token);
    }
}
