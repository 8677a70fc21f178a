package dev.holdfast.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.store.FailureDomains;
import dev.holdfast.testkit.RedisCluster;
import dev.holdfast.testkit.RedisServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A cluster of three masters. */
class RedisClusterSessionStoreTest extends RedisSessionStoreContract {

    private final RedisCluster cluster = RedisCluster.start();

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Override
    String uri() {
        return cluster.uri();
    }

    @Override
    List<RedisServer> servers() {
        return cluster.nodes();
    }

    @Override
    RedisServer serverOf(String key) {
        return cluster.nodeOf(key);
    }

    @Test
    void sessions_spread_over_all_masters() {
        for (int i = 0; i < 200; i++) {
            store.create(session(newId(), CREATED, HALF_AN_HOUR, Map.of()));
        }
        for (RedisServer node : cluster.nodes()) {
            assertThat(node.keys("*" + options.application() + "*:s:*")).isNotEmpty();
        }
    }

    @Test
    void each_partition_fails_by_itself_because_it_lies_on_one_master() {
        FailureDomains domains = store.failureDomains();
        assertThat(domains.count()).isEqualTo(store.due().partitions());
        for (int domain = 0; domain < domains.count(); domain++) {
            domains.probe(domain);
            assertThat(domains.ofPartition(domain)).isEqualTo(domain);
        }
        assertThat(domains.of(id)).isEqualTo(domains.of(colocatedId()));
    }
}
