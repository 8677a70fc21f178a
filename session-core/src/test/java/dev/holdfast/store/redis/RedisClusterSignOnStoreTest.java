package dev.holdfast.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.SignOnId;
import dev.holdfast.testkit.RedisCluster;
import dev.holdfast.testkit.RedisServer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A cluster of three masters. */
class RedisClusterSignOnStoreTest extends RedisSignOnStoreContract {

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
    RedisServer serverOf(String key) {
        return cluster.nodeOf(key);
    }

    @Override
    List<RedisServer> servers() {
        return cluster.nodes();
    }

    @Test
    void sign_ons_spread_over_all_masters() {
        for (int i = 0; i < 200; i++) {
            store.begin(new SignOnId(UUID.randomUUID().toString()), ALICE, shop, HALF_AN_HOUR);
        }
        for (RedisServer node : cluster.nodes()) {
            assertThat(node.keys("*" + options.application() + "*")).isNotEmpty();
        }
    }
}
