package dev.holdfast.store.redis;

import dev.holdfast.model.SessionId;
import dev.holdfast.store.Partitioning;

/** How {@link RedisSessionStore} spreads sessions. Immutable. */
public final class RedisPartitioning implements Partitioning {

    private final Keys keys;
    private final boolean cluster;

    /**
     * @param options of the store
     * @param cluster whether it is in a Redis Cluster, where each partition lies on one master
     */
    public RedisPartitioning(RedisStoreOptions options, boolean cluster) {
        this.keys = new Keys(options);
        this.cluster = cluster;
    }

    @Override
    public int count() {
        return keys.partitions();
    }

    @Override
    public int of(SessionId id) {
        return keys.partition(id);
    }

    @Override
    public boolean mayFailApart() {
        return cluster;
    }
}
