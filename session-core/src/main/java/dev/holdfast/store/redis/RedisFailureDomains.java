package dev.holdfast.store.redis;

import dev.holdfast.model.SessionId;
import dev.holdfast.store.FailureDomains;
import java.util.List;

/**
 * In a cluster each partition, because it lies on one shard; otherwise everything is one domain. Thread-safe.
 */
final class RedisFailureDomains implements FailureDomains {

    private static final SessionId NOBODY = new SessionId("holdfast-availability-probe");

    private final Keys keys;
    private final ScriptCaller scripts;
    private final RedisStoreOptions options;
    private final StoreClock clock;
    private final boolean cluster;

    RedisFailureDomains(Keys keys, ScriptCaller scripts, RedisStoreOptions options, StoreClock clock, boolean cluster) {
        this.keys = keys;
        this.scripts = scripts;
        this.options = options;
        this.clock = clock;
        this.cluster = cluster;
    }

    @Override
    public int count() {
        return cluster ? keys.partitions() : 1;
    }

    @Override
    public int of(SessionId id) {
        return ofPartition(keys.partition(id));
    }

    @Override
    public int ofPartition(int partition) {
        return cluster ? partition : 0;
    }

    @Override
    public void probe(int domain) {
        // The partition of that number is in the domain.
        List<Object> names = List.of(keys.record(domain, NOBODY), keys.due(domain), keys.epoch(domain));
        Arguments arguments = Arguments.of(options, NOBODY, 0);
        ReplyReader reply = scripts.probe(() -> scripts.call(Script.PROBE, names, arguments, keys.partitions(), clock));
        if (reply.status() != 'K') {
            throw reply.unknownStatus();
        }
        reply.instant();
    }
}
