package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.FaultyProxy;
import dev.holdfast.testkit.RedisServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every way in which Redis or the network to it can fail, under a steady load on two nodes. Always the same must hold: no
 * 5xx, every answer is the right one, no session is lost that its node knew, and what was acknowledged meanwhile is soon on
 * the other node. A fault lasts for {@code holdfast.test.fault}, a duration such as {@code PT10S}.
 */
@Tag("faults")
class FaultMatrixIT {

    private static final Duration FAULT = Duration.parse(System.getProperty("holdfast.test.fault", "PT1.5S"));
    private static final Duration FLAPPING = Duration.parse(System.getProperty("holdfast.test.flapping", "PT4S"));
    private static final Duration USUAL = Duration.ofMillis(500);

    /** The promise is 2 s; the test machines are noisy. */
    private static final Duration SOON = Duration.ofSeconds(10);

    private static final String PASSWORD = "secret";

    /** Keys of a quarter of a megabyte: while it loads, Redis answers once for each two megabytes. */
    private static final int FILLERS = 60;

    private final LogRecords log = LogRecords.forOperators();
    private final String name = System.getProperty("holdfast.test.tomcat.version");
    private TwoNodes nodes;
    private FaultyProxy wayOfA;
    private FaultyProxy wayOfB;

    @AfterEach
    void stop() {
        if (nodes != null) {
            nodes.redis.resume();
            nodes.close();
        }
        if (wayOfA != null) {
            wayOfA.close();
            wayOfB.close();
        }
        log.close();
    }

    private static TomcatNode.Builder node(String uri) {
        return TomcatNode.builder().redis(uri).application("", LoadApplication.create());
    }

    private void start(RedisServer redis, String uri) {
        nodes = TwoNodes.on(redis, node(uri), node(uri));
    }

    private void start() {
        RedisServer redis = RedisServer.start();
        start(redis, redis.uri());
    }

    /** A user whose rights can be changed without those of the test. */
    private void startWithUser() {
        RedisServer redis = RedisServer.start();
        redis.text("ACL", "SETUSER", "shop", "on", ">" + PASSWORD, "~*", "&*", "+@all");
        start(redis, "redis://shop:" + PASSWORD + "@" + redis.address());
    }

    /** Each node has a network of its own. */
    private void startWithNetworks() {
        RedisServer redis = RedisServer.start();
        wayOfA = FaultyProxy.before(redis);
        wayOfB = FaultyProxy.before(redis);
        nodes = TwoNodes.on(redis, node(by(wayOfA, redis)), node(by(wayOfB, redis)));
    }

    private static String by(FaultyProxy way, RedisServer redis) {
        return redis.uri().replace(redis.address(), way.address());
    }

    private List<FaultyProxy> networks() {
        return List.of(wayOfA, wayOfB);
    }

    /**
     * What happens to Redis, and what ends it.
     *
     * @param before something that happens a while before
     */
    private record Fault(String name, Runnable before, Runnable begin, Runnable end) {

        Fault(String name, Runnable begin, Runnable end) {
            this(name, () -> {}, begin, end);
        }
    }

    /** All that must hold, whatever the fault. */
    private void survives(Fault fault) {
        try (Load load = new Load(nodes)) {
            load.runFor(USUAL);
            fault.before.run();
            load.runFor(USUAL);
            load.stayAtHome();
            fault.begin.run();
            load.runFor(FAULT);
            load.requireRight();
            fault.end.run();
            Duration recovery = load.awaitKnownElsewhere(SOON);
            load.goAnywhere();
            load.runFor(USUAL);
            load.report(name + " " + fault.name, recovery);
            load.requireRight();
        }
        assertThat(log.with("HF-612")).as("conflicts").isEmpty();
        assertThat(log.with("HF-617")).as("ended elsewhere").isEmpty();
        assertThat(log.with("HF-618")).as("unexpected").isEmpty();
        assertThat(log.with("HF-616")).as("what cannot be replayed").isEmpty();
    }

    /** @param errorTypes of which each node has counted at least one */
    private void assertCounted(String... errorTypes) {
        for (TomcatNode node : List.of(nodes.a, nodes.b)) {
            assertThat(node.manager().getStoreErrors())
                    .containsPattern("/(" + String.join("|", errorTypes) + ")=[1-9]");
        }
    }

    /** @param errorTypes see {@link #assertCounted} */
    private void assertNoticed(String... errorTypes) {
        assertCounted(errorTypes);
        assertThat(log.with("HF-602")).hasSize(2);
        assertThat(log.with("HF-603")).hasSize(2);
        await().untilAsserted(() -> assertThat(log.with("HF-611")).isNotEmpty());
    }

    // ---- Redis -----------------------------------------------------------------------------------------------------

    @Test
    void a_redis_that_is_killed_and_comes_back_with_its_data() {
        RedisServer redis = RedisServer.builder().persistent().start();
        start(redis, redis.uri());
        survives(new Fault("killed, with data", redis::kill, redis::restart));
        assertNoticed("connect");
    }

    @Test
    void a_redis_that_is_killed_and_comes_back_empty() {
        start();
        survives(new Fault("killed, empty", nodes.redis::kill, nodes.redis::restart));
        assertNoticed("connect");
    }

    /** As a replica that becomes master, and has not been told of everything. */
    @Test
    void a_redis_that_is_killed_and_comes_back_with_old_data() {
        start();
        RedisServer redis = nodes.redis;
        survives(new Fault("killed, old data", () -> redis.text("SAVE"), redis::kill, redis::restart));
        assertNoticed("connect");
    }

    @Test
    void a_redis_that_hangs_and_goes_on() {
        start();
        survives(new Fault("SIGSTOP", nodes.redis::pause, nodes.redis::resume));
        assertNoticed("timeout");
    }

    /** Its data are made large, and their loading slow: {@code key-load-delay} is in microseconds for each key. */
    @Test
    void a_redis_that_is_restarted_and_loads_its_data() {
        RedisServer redis = RedisServer.builder()
                .directive("save", "3600", "1")
                .directive("rdbcompression", "no")
                .directive("key-load-delay", Long.toString(FAULT.toNanos() / 1000 / FILLERS))
                .start();
        redis.text(
                "EVAL",
                "for i = 1, " + FILLERS + " do redis.call('SET', 'filler:' .. i, string.rep('x', 262144)) end",
                "0");
        start(redis, redis.uri());
        survives(new Fault(
                "loading",
                redis::restartSaved,
                () -> await().atMost(SOON.plus(FAULT))
                        .until(() -> redis.info("persistence").get("loading").equals("0"))));
        assertNoticed("loading");
        assertThat(redis.errors("LOADING")).as("replies LOADING").isPositive();
    }

    @Test
    void a_redis_that_is_emptied() {
        start();
        survives(new Fault("FLUSHALL", nodes.redis::flushAll, () -> {}));
        assertThat(log.with("HF-602")).isEmpty();
        assertThat(log.with("HF-318")).isNotEmpty();
    }

    // ---- the network -----------------------------------------------------------------------------------------------

    @Test
    void connections_that_are_refused() {
        startWithNetworks();
        survives(new Fault(
                "refused",
                () -> networks().forEach(FaultyProxy::cut),
                () -> networks().forEach(FaultyProxy::heal)));
        assertNoticed("connect");
    }

    @Test
    void a_network_that_swallows_everything() {
        startWithNetworks();
        survives(new Fault(
                "black hole",
                () -> networks().forEach(FaultyProxy::stall),
                () -> networks().forEach(network -> {
                    // What was swallowed does not come after all.
                    network.closeConnections();
                    network.heal();
                })));
        assertNoticed("timeout");
    }

    @Test
    void replies_that_are_cut_in_the_middle() {
        startWithNetworks();
        survives(new Fault(
                "half replies",
                () -> networks().forEach(FaultyProxy::halveReplies),
                () -> networks().forEach(FaultyProxy::heal)));
        assertNoticed("timeout", "connect");
    }

    @Test
    void replies_that_are_lost_after_what_was_asked_was_done() {
        startWithNetworks();
        LostReplies lost = new LostReplies(networks());
        survives(new Fault("lost replies", lost::start, lost::close));
        assertThat(wayOfA.repliesLost() + wayOfB.repliesLost()).isGreaterThan(4);
    }

    @Test
    void one_node_that_is_cut_off_while_the_other_one_is_not() {
        startWithNetworks();
        survives(new Fault("one node cut", wayOfA::cut, wayOfA::heal));
        assertThat(log.with("HF-602")).hasSize(1);
        assertThat(log.with("HF-603")).hasSize(1);
    }

    // ---- a Redis that answers, and refuses
    // ---------------------------------------------------------------------------

    @Test
    void a_master_that_has_become_a_replica() {
        start();
        RedisServer redis = nodes.redis;
        survives(new Fault(
                "read-only",
                () -> redis.text("REPLICAOF", "127.0.0.1", "1"),
                () -> redis.text("REPLICAOF", "NO", "ONE")));
        assertNoticed("readonly");
    }

    @Test
    void a_memory_that_is_full() {
        start();
        RedisServer redis = nodes.redis;
        survives(new Fault(
                "maxmemory",
                () -> redis.text("CONFIG", "SET", "maxmemory", "1mb"),
                () -> redis.text("CONFIG", "SET", "maxmemory", "0")));
        assertNoticed("oom");
    }

    @Test
    void a_password_that_was_changed() {
        startWithUser();
        RedisServer redis = nodes.redis;
        survives(new Fault(
                "wrong password",
                () -> {
                    redis.text("ACL", "SETUSER", "shop", "resetpass", ">rotated");
                    redis.text("CLIENT", "KILL", "USER", "shop");
                },
                () -> redis.text("ACL", "SETUSER", "shop", ">" + PASSWORD)));
        assertNoticed("auth");
    }

    @Test
    void a_permission_that_was_withdrawn() {
        startWithUser();
        RedisServer redis = nodes.redis;
        survives(new Fault(
                "no permission",
                () -> redis.text("ACL", "SETUSER", "shop", "-evalsha", "-eval"),
                () -> redis.text("ACL", "SETUSER", "shop", "+@all")));
        assertNoticed("acl");
    }

    @Test
    void a_redis_that_takes_no_further_clients() {
        start();
        try (LastClient last = new LastClient(nodes.redis)) {
            survives(new Fault("maxclients", last::keepOthersOut, () -> {
                // With a password only a probe finds out, and there is one a second.
                await().untilAsserted(() -> assertCounted("connect"));
                last.letOthersIn();
            }));
        }
        assertNoticed("connect");
    }

    // ---- neither here nor there
    // --------------------------------------------------------------------------------------

    @Test
    void a_redis_that_is_slow() {
        startWithNetworks();
        survives(new Fault(
                "slow",
                () -> networks().forEach(network -> network.delay(Duration.ofMillis(200))),
                () -> networks().forEach(FaultyProxy::heal)));
        assertDoesNotFlap(Math.max(2, FAULT.toSeconds()));
    }

    @Test
    void a_redis_that_comes_and_goes() {
        start();
        RedisServer redis = nodes.redis;
        try (Load load = new Load(nodes)) {
            load.runFor(USUAL);
            load.stayAtHome();
            for (int round = 0; round < flaps(); round++) {
                redis.pause();
                load.runFor(Duration.ofSeconds(1));
                redis.resume();
                load.runFor(Duration.ofSeconds(1));
            }
            load.requireRight();
            Duration recovery = load.awaitKnownElsewhere(SOON);
            load.goAnywhere();
            load.runFor(USUAL);
            load.report(name + " flapping", recovery);
            load.requireRight();
        }
        assertThat(log.with("HF-612")).as("conflicts").isEmpty();
        assertDoesNotFlap(flaps());
    }

    /** How often it goes, for a second, and comes, for a second. */
    private static int flaps() {
        return (int) FLAPPING.toSeconds() / 2;
    }

    /** Not with every call: a node that has given Redis up looks again after half a second. */
    private void assertDoesNotFlap(long mostTimes) {
        int nodesInTurn = 2;
        assertThat(log.with("HF-602").size()).isLessThanOrEqualTo((int) (nodesInTurn * 2 * mostTimes));
    }

    @Test
    void nodes_whose_clocks_are_ten_minutes_apart() {
        RedisServer redis = RedisServer.builder().persistent().start();
        Duration off = Duration.ofMinutes(5);
        nodes = TwoNodes.on(
                redis, node(redis.uri()).clockAheadBy(off), node(redis.uri()).clockAheadBy(off.negated()));
        survives(new Fault("clocks off, killed", redis::kill, redis::restart));
        assertNoticed("connect");
    }

    // ---- the end
    // -----------------------------------------------------------------------------------------------------

    @Test
    void a_node_that_stops_meanwhile_says_what_is_lost() {
        RedisServer redis = RedisServer.start();
        nodes = TwoNodes.on(redis, node(redis.uri()).setting("shutdownTimeout", "2s"), node(redis.uri()));
        try (Load load = new Load(nodes)) {
            load.runFor(USUAL);
            load.stayAtHome();
            redis.pause();
            load.runFor(FAULT);
            load.requireRight();
        }
        long begun = System.nanoTime();
        nodes.a.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2 + 3));
        assertThat(log.with("HF-619"))
                .singleElement()
                .satisfies(line -> assertThat(line.text()).containsPattern("to [1-9]\\d* sessions"));
    }
}
