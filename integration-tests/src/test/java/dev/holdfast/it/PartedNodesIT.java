package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.FaultyProxy;
import dev.holdfast.testkit.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Nodes that are cut off from Redis while users change the same sessions on both. A model says what must come out: who
 * has logged out stays logged out, changes of different attributes are merged, of two changes of one attribute the later
 * one stays, and each such conflict is told once. {@code holdfast.test.fault} says for how long.
 */
class PartedNodesIT {

    private static final Logger LOG = Logger.getLogger(PartedNodesIT.class.getName());
    private static final Duration FAULT = Duration.parse(System.getProperty("holdfast.test.fault", "PT1.5S"));
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int USERS_OF_EACH_FATE = 4;

    private final LogRecords log = new LogRecords();
    private final RedisServer redis = RedisServer.start();
    private final FaultyProxy wayOfA = FaultyProxy.before(redis);
    private final FaultyProxy wayOfB = FaultyProxy.before(redis);
    private TwoNodes nodes;
    private List<PartedUser> users;

    @BeforeEach
    void start() {
        nodes = TwoNodes.on(redis, node(wayOfA), node(wayOfB));
        users = IntStream.range(0, USERS_OF_EACH_FATE * PartedUser.Fate.values().length)
                .mapToObj(number -> new PartedUser(
                        number, PartedUser.Fate.values()[number % PartedUser.Fate.values().length], nodes.a, nodes.b))
                .toList();
    }

    private TomcatNode.Builder node(FaultyProxy way) {
        return TomcatNode.builder()
                .redis(redis.uri().replace(redis.address(), way.address()))
                .application("", LoadApplication.create());
    }

    @AfterEach
    void stop() {
        nodes.close();
        wayOfA.close();
        wayOfB.close();
        log.close();
    }

    private void useMeanwhile() {
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < FAULT.toNanos()) {
            users.forEach(PartedUser::step);
        }
    }

    private void assertOutcome() {
        long healed = System.nanoTime();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(users)
                        .allSatisfy(user -> assertThat(user.difference()).isEmpty()));
        LOG.info(() ->
                "LOAD nodes parted: all is well " + (System.nanoTime() - healed) / 1_000_000 + " ms after the end");
        long conflicts = users.stream().filter(PartedUser::isInConflict).count();
        assertThat(conflicts).isPositive();
        assertThat(log.with("HF-612")).hasSize((int) conflicts);
        assertThat(log.with("HF-618")).isEmpty();
    }

    @Test
    void both_nodes_are_cut_off() {
        wayOfA.cut();
        wayOfB.cut();
        useMeanwhile();
        wayOfA.heal();
        wayOfB.heal();
        assertOutcome();
    }

    @Test
    void one_node_is_cut_off() {
        wayOfA.cut();
        useMeanwhile();
        wayOfA.heal();
        assertOutcome();
    }
}
