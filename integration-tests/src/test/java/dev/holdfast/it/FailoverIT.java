package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.RedisCluster;
import dev.holdfast.testkit.RedisSentinel;
import dev.holdfast.testkit.RedisServer;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A replica takes the place of a master that has died or stands still, under a steady load on two nodes: by three
 * sentinels, and in a cluster of three masters and three replicas. No 5xx, every answer is the right one, and nothing that
 * was acknowledged is lost. A master counts as dead after a second.
 */
@Tag("faults")
class FailoverIT {

    private static final Logger LOG = Logger.getLogger(FailoverIT.class.getName());
    private static final Duration USUAL = Duration.ofMillis(500);

    /** From the promotion on; the test machines are noisy. */
    private static final Duration SOON = Duration.ofSeconds(15);

    private static final int SENTINELS = 3;

    private static RedisCluster cluster;

    private final LogRecords log = LogRecords.forOperators();
    private final String name = System.getProperty("holdfast.test.tomcat.version");
    private TomcatNode a;
    private TomcatNode b;

    @BeforeAll
    static void startCluster() {
        cluster = RedisCluster.startWithReplicas();
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @AfterEach
    void stop() {
        if (a != null) {
            a.close();
        }
        if (b != null) {
            b.close();
        }
        log.close();
    }

    private void start(String uri) {
        a = TomcatNode.start(uri, LoadApplication.create());
        b = TomcatNode.start(uri, LoadApplication.create());
    }

    /**
     * All that must hold.
     *
     * @param fault what happens to the master
     * @param promotion returns when there is another one
     * @param comeback what happens to the old one then
     */
    private void survives(String what, Runnable fault, Supplier<RedisServer> promotion, Runnable comeback) {
        try (Load load = new Load(a, b)) {
            load.runFor(USUAL);
            load.stayAtHome();
            long begun = System.nanoTime();
            fault.run();
            RedisServer master = promotion.get();
            long promoted = System.nanoTime();
            assertThat(master.info("replication")).containsEntry("role", "master");
            load.requireRight();
            Duration recovery = load.awaitKnownElsewhere(SOON);
            LOG.info(() -> "LOAD " + name + " " + what + ": a new master after " + millis(promoted - begun)
                    + " ms, all is well " + recovery.toMillis() + " ms later");
            load.goAnywhere();
            load.runFor(USUAL);
            comeback.run();
            load.runFor(USUAL);
            load.report(name + " " + what, recovery);
            load.requireRight();
        }
        assertThat(log.with("HF-602")).isNotEmpty();
        await().untilAsserted(() -> assertThat(log.with("HF-603")).hasSameSizeAs(log.with("HF-602")));
        await().untilAsserted(() -> assertThat(log.with("HF-611")).isNotEmpty());
        assertThat(log.with("HF-612")).as("conflicts").isEmpty();
        assertThat(log.with("HF-616")).as("what cannot be replayed").isEmpty();
        assertThat(log.with("HF-617")).as("ended elsewhere").isEmpty();
        assertThat(log.with("HF-618")).as("unexpected").isEmpty();
    }

    private static long millis(long nanos) {
        return Duration.ofNanos(nanos).toMillis();
    }

    @Test
    void a_master_that_is_killed_is_replaced_by_sentinels() {
        try (RedisSentinel sentinel = RedisSentinel.start(SENTINELS)) {
            start(sentinel.uri());
            RedisServer old = sentinel.master();
            survives("sentinel, killed", old::kill, () -> sentinel.awaitPromotion(old), old::restart);
            stop();
        }
    }

    @Test
    void a_master_that_hangs_is_replaced_by_sentinels() {
        try (RedisSentinel sentinel = RedisSentinel.start(SENTINELS)) {
            start(sentinel.uri());
            RedisServer old = sentinel.master();
            survives("sentinel, SIGSTOP", old::pause, () -> sentinel.awaitPromotion(old), old::resume);
            stop();
        }
    }

    @Test
    void a_master_of_a_cluster_that_is_killed_is_replaced_by_its_replica() {
        start(cluster.uri());
        RedisServer old = cluster.nodes().get(0);
        survives("cluster, killed", old::kill, () -> cluster.awaitPromotion(0), old::restart);
    }

    @Test
    void a_master_of_a_cluster_that_hangs_is_replaced_by_its_replica() {
        start(cluster.uri());
        RedisServer old = cluster.nodes().get(1);
        survives("cluster, SIGSTOP", old::pause, () -> cluster.awaitPromotion(1), old::resume);
    }
}
