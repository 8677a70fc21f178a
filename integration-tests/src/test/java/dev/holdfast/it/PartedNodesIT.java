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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Nodes that are cut off from Redis while users change the same sessions on both. A model says what must come out: who
 * has logged out stays logged out, changes of different attributes are merged, of two changes of one attribute the later
 * one stays, and each such conflict is told once. So is a change
 * of id: of two, one counts, with what both nodes did. {@code holdfast.test.parted} says for how long.
 */
@Tag("faults")
class PartedNodesIT {

    private static final Logger LOG = Logger.getLogger(PartedNodesIT.class.getName());
    private static final Duration FAULT = Duration.parse(System.getProperty("holdfast.test.parted", "PT2S"));
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int USERS_OF_EACH_FATE = 4;

    private final LogRecords log = LogRecords.forOperators();
    private final RedisServer redis = RedisServer.start();
    private final FaultyProxy wayOfA = FaultyProxy.before(redis);
    private final FaultyProxy wayOfB = FaultyProxy.before(redis);
    private TwoNodes nodes;
    private List<PartedUser> users;

    private void start() {
        start(Duration.ZERO);
    }

    /** @param clocksOff how far the clock of one node is ahead, and that of the other one behind */
    private void start(Duration clocksOff) {
        nodes = TwoNodes.on(
                redis, node(wayOfA).clockAheadBy(clocksOff), node(wayOfB).clockAheadBy(clocksOff.negated()));
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
        long movedTwice = users.stream().filter(PartedUser::hasTwoIds).count();
        assertThat(movedTwice).isPositive();
        assertThat(log.with("HF-621")).hasSize((int) movedTwice);
        assertThat(log.with("HF-618")).isEmpty();
    }

    @Test
    void both_nodes_are_cut_off() {
        start();
        partBoth();
    }

    /** The later change of an attribute counts, whatever their clocks say. */
    @Test
    void both_nodes_are_cut_off_and_their_clocks_are_ten_minutes_apart() {
        start(Duration.ofMinutes(5));
        partBoth();
    }

    private void partBoth() {
        wayOfA.cut();
        wayOfB.cut();
        useMeanwhile();
        wayOfA.heal();
        wayOfB.heal();
        assertOutcome();
    }

    @Test
    void one_node_is_cut_off() {
        start();
        wayOfA.cut();
        useMeanwhile();
        wayOfA.heal();
        assertOutcome();
    }
}
