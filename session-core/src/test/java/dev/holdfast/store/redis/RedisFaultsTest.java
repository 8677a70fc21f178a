package dev.holdfast.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.holdfast.model.Delta;
import dev.holdfast.model.NewSession;
import dev.holdfast.model.SessionId;
import dev.holdfast.store.Committed;
import dev.holdfast.store.Created;
import dev.holdfast.store.Known;
import dev.holdfast.store.Loaded;
import dev.holdfast.store.Removed;
import dev.holdfast.store.Renamed;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.StoreException.Reason;
import dev.holdfast.testkit.FaultyProxy;
import dev.holdfast.testkit.RedisCluster;
import dev.holdfast.testkit.RedisServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One real server that misbehaves, or a network that does; and what a call costs if neither does. */
class RedisFaultsTest {

    private static final long CREATED = 1_700_000_000_000L;
    private static final Duration PATIENT = Duration.ofSeconds(2);
    private static final Duration BRIEF = Duration.ofMillis(200);

    /** What a busy test machine may add to a time-out. */
    private static final Duration SCHEDULING = Duration.ofMillis(800);

    private static RedisServer redis;
    private static FaultyProxy network;

    private final SessionId id = new SessionId("SECRET0123456789ABCDEFSECRET");
    private final SessionId newId = colocatedWith(id);
    private final String application = UUID.randomUUID().toString();
    private SessionStore store;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
        network = FaultyProxy.before(redis);
    }

    @AfterAll
    static void stop() {
        network.close();
        redis.close();
    }

    @BeforeEach
    void openStore() {
        store = open(network.uri(), PATIENT);
        // The first call of a script is answered by a question for its text.
        exerciseAllScripts();
        redis.flushAll();
    }

    @AfterEach
    void heal() {
        network.heal();
        redis.resume();
        store.close();
    }

    // --- what a call costs

    @Test
    void every_call_is_one_command() {
        redis.resetStats();

        int calls = exerciseAllScripts();

        assertThat(redis.calls("evalsha")).isEqualTo(calls);
        assertThat(redis.calls("eval")).isZero();
        assertThat(redis.calls("script")).isZero();
    }

    @Test
    void one_attribute_of_a_big_session_travels_alone() {
        Map<String, byte[]> big = new HashMap<>();
        for (int i = 0; i < 100; i++) {
            big.put("attribute" + i, new byte[10_000]);
        }
        create(big);
        store.commit(id, Known.of(CREATED, 1), Delta.of(Map.of("attribute7", new byte[8]), Set.of()), 1);
        store.load(id, Known.of(CREATED, 1), true);
        network.resetCounters();

        store.commit(id, Known.of(CREATED, 2), Delta.of(Map.of("attribute7", new byte[9]), Set.of()), 2);
        assertThat(store.load(id, Known.of(CREATED, 2), true)).isInstanceOf(Loaded.Changed.class);
        assertThat(store.load(id, Known.of(CREATED, 3), true)).isInstanceOf(Loaded.Unchanged.class);

        assertThat(network.bytesToServer()).isLessThan(1500);
        assertThat(network.bytesToClient()).isLessThan(300);
    }

    // --- scripts

    @Test
    void scripts_that_the_server_has_forgotten_are_sent_again() {
        create(Map.of());
        redis.text("SCRIPT", "FLUSH");
        redis.resetStats();

        assertThat(store.load(id, Known.of(CREATED, 1), true)).isInstanceOf(Loaded.Unchanged.class);
        assertThat(store.load(id, Known.of(CREATED, 1), true)).isInstanceOf(Loaded.Unchanged.class);

        assertThat(redis.calls("eval")).isEqualTo(1);
        assertThat(redis.calls("evalsha")).isEqualTo(2);
    }

    @Test
    void a_server_that_comes_back_empty_is_worked_with_again() {
        create(Map.of());
        String epoch = ((Loaded.Everything) store.load(id, Known.NOTHING, true)).epoch();

        redis.restart();

        await().ignoreExceptionsInstanceOf(StoreException.class)
                .until(() -> store.load(id, Known.of(CREATED, 1), true) instanceof Loaded.Absent absent
                        && !absent.epoch().equals(epoch));
    }

    // --- replies that are lost after the fact

    @Test
    void a_commit_whose_reply_was_lost_is_not_applied_twice() {
        create(Map.of("counter", new byte[] {1}));
        Delta delta = Delta.of(Map.of("counter", new byte[] {2}), Set.of());

        loseReply(() -> store.commit(id, Known.of(CREATED, 1), delta, 77));
        Committed repeated = patiently(() -> store.commit(id, Known.of(CREATED, 1), delta, 77));

        assertThat(repeated).isEqualTo(new Committed.Applied(1, 2));
        assertThat(store.load(id, Known.of(CREATED, 2), true)).isInstanceOf(Loaded.Unchanged.class);
    }

    @Test
    void a_session_whose_creation_was_not_confirmed_can_be_created_again() {
        loseReply(() -> create(Map.of()));
        assertThat(redis.keys("*" + id.value())).hasSize(1);

        assertThat(patiently(() -> create(Map.of()))).isInstanceOf(Created.Done.class);
    }

    @Test
    void a_rename_that_was_not_confirmed_can_be_repeated() {
        create(Map.of());

        loseReply(() -> store.rename(id, CREATED, newId));

        assertThat(patiently(() -> store.rename(id, CREATED, newId))).isInstanceOf(Renamed.Done.class);
    }

    @Test
    void a_removal_that_was_not_confirmed_can_be_repeated() {
        create(Map.of());

        loseReply(() -> store.remove(id, CREATED));

        assertThat(patiently(() -> store.remove(id, CREATED))).isInstanceOf(Removed.Absent.class);
    }

    // --- time

    @Test
    void a_call_to_a_hanging_server_ends_in_time() {
        try (SessionStore brief = open(redis.uri(), BRIEF)) {
            brief.create(new NewSession(id, CREATED, 1, 60, Map.of()));
            redis.pause();

            for (int i = 0; i < 3; i++) {
                StoreException late = timed(() -> brief.load(id, Known.of(CREATED, 1), true));
                assertThat(late.reason()).isEqualTo(Reason.TIMEOUT);
                assertThat(late).hasMessageStartingWith("HF-201 ").hasMessageContaining("200 ms");
            }
            redis.resume();

            assertThat(patiently(() -> brief.load(id, Known.of(CREATED, 1), true)))
                    .isInstanceOf(Loaded.Unchanged.class);
        }
    }

    @Test
    void many_calls_to_a_hanging_server_all_end_in_time() throws Exception {
        ExecutorService requests = Executors.newFixedThreadPool(32);
        try (SessionStore brief = open(redis.uri(), BRIEF)) {
            redis.pause();
            List<Future<StoreException>> late = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                late.add(requests.submit(() -> timed(() -> brief.load(id, Known.of(CREATED, 1), true))));
            }
            for (Future<StoreException> future : late) {
                assertThat(future.get().reason()).isEqualTo(Reason.TIMEOUT);
            }
            redis.resume();
        } finally {
            requests.shutdownNow();
        }
    }

    @Test
    void a_call_over_a_silent_network_ends_in_time() {
        try (SessionStore brief = open(network.uri(), BRIEF)) {
            network.stall();
            assertThat(timed(() -> brief.load(id, Known.of(CREATED, 1), true)).reason())
                    .isEqualTo(Reason.TIMEOUT);
        }
    }

    @Test
    void a_call_without_a_network_ends_in_time_and_a_later_one_succeeds() {
        try (SessionStore brief = open(network.uri(), BRIEF)) {
            brief.create(new NewSession(id, CREATED, 1, 60, Map.of()));
            network.cut();
            for (int i = 0; i < 5; i++) {
                assertThat(timed(() -> brief.load(id, Known.of(CREATED, 1), true))
                                .reason())
                        .isIn(Reason.CONNECT, Reason.TIMEOUT);
            }
            network.heal();
            assertThat(patiently(() -> brief.load(id, Known.of(CREATED, 1), true)))
                    .isInstanceOf(Loaded.Unchanged.class);
        }
    }

    @Test
    void an_interrupted_thread_does_not_wait_and_stays_interrupted() {
        network.stall();
        Thread.currentThread().interrupt();

        StoreException interrupted = timed(() -> store.load(id, Known.NOTHING, true));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(interrupted.reason()).isEqualTo(Reason.INTERRUPTED);
    }

    // --- refusals

    @Test
    void a_wrong_password_is_named_but_not_quoted() {
        try (RedisServer guarded =
                RedisServer.builder().password("r1ght:/@ pass").start()) {
            String host = guarded.address();

            open("redis://:r1ght%3A%2F%40%20pass@" + host, PATIENT).close();
            open("redis://default:r1ght%3A%2F%40%20pass@" + host, PATIENT).close();

            for (String uri : List.of("redis://:wr0ngPass@" + host, "redis://nobody:wr0ngPass@" + host)) {
                StoreException refused = fault(() -> open(uri, PATIENT));
                assertThat(refused.reason()).isEqualTo(Reason.AUTH);
                assertThat(refused).hasMessageStartingWith("HF-203 ").hasMessageContaining(host);
                assertThat(trace(refused)).doesNotContain("wr0ngPass");
            }
            assertThat(fault(() -> open(guarded.uri(), PATIENT)).reason()).isEqualTo(Reason.AUTH);
        }
    }

    @Test
    void an_unreachable_server_is_reported_at_start() {
        StoreException unreachable = fault(() -> open("redis://127.0.0.1:1", PATIENT));

        assertThat(unreachable.reason()).isEqualTo(Reason.CONNECT);
        assertThat(unreachable).hasMessageStartingWith("HF-202 ").hasMessageContaining("redis://127.0.0.1:1");
    }

    @Test
    void a_cluster_that_is_addressed_as_one_server_is_refused_with_advice() {
        try (RedisCluster cluster = RedisCluster.start()) {
            assertThat(fault(() -> open(cluster.nodes().get(0).uri(), PATIENT)))
                    .hasMessageStartingWith("HF-208 ")
                    .hasMessageContaining("redis-cluster");
        }
    }

    @Test
    void a_user_that_may_not_run_what_is_needed_is_reported_at_start() {
        redis.text("ACL", "SETUSER", "limited", "reset", "on", ">pw", "~*", "&*", "+@all", "-evalsha");

        StoreException refused = fault(() -> open("redis://limited:pw@" + redis.address(), PATIENT));

        assertThat(refused.reason()).isEqualTo(Reason.ACL);
        assertThat(refused).hasMessageStartingWith("HF-204 ").hasMessageContaining("evalsha");
    }

    @Test
    void a_user_that_may_not_run_what_a_script_needs_is_reported() {
        redis.text("ACL", "SETUSER", "limited", "reset", "on", ">pw", "~*", "&*", "+@all", "-zadd");

        try (SessionStore limited = open("redis://limited:pw@" + redis.address(), PATIENT)) {
            StoreException refused = fault(() -> limited.create(new NewSession(id, CREATED, 1, 60, Map.of())));
            assertThat(refused.reason()).isEqualTo(Reason.ACL);
        }
    }

    @Test
    void a_user_that_may_not_see_keys_is_reported() {
        redis.text("ACL", "SETUSER", "limited", "reset", "on", ">pw", "~other:*", "&*", "+@all");

        assertThat(fault(() -> open("redis://limited:pw@" + redis.address(), PATIENT))
                        .reason())
                .isEqualTo(Reason.ACL);
    }

    @Test
    void a_user_that_may_not_ask_for_the_release_can_work() {
        redis.text("ACL", "SETUSER", "limited", "reset", "on", ">pw", "~*", "&*", "+@all", "-info");

        try (SessionStore limited = open("redis://limited:pw@" + redis.address(), PATIENT)) {
            assertThat(limited.load(id, Known.NOTHING, true)).isInstanceOf(Loaded.Absent.class);
        }
    }

    @Test
    void a_server_without_memory_refuses_to_write() {
        create(Map.of());
        redis.text("CONFIG", "SET", "maxmemory", "1");
        try {
            StoreException full = fault(() -> store.commit(id, Known.of(CREATED, 1), Delta.nothing(), 1));
            assertThat(full.reason()).isEqualTo(Reason.OOM);
            assertThat(full).hasMessageStartingWith("HF-206 ");
            assertThat(fault(() -> store.failureDomains().probe(0)).reason()).isEqualTo(Reason.OOM);
        } finally {
            redis.text("CONFIG", "SET", "maxmemory", "0");
        }
        assertThat(store.load(id, Known.of(CREATED, 1), true)).isInstanceOf(Loaded.Unchanged.class);
    }

    @Test
    void a_replica_refuses_to_write() {
        create(Map.of());
        redis.text("REPLICAOF", "127.0.0.1", "1");
        try {
            StoreException readOnly = fault(() -> store.load(id, Known.of(CREATED, 1), true));
            assertThat(readOnly.reason()).isEqualTo(Reason.READONLY);
            assertThat(readOnly).hasMessageStartingWith("HF-205 ");
            assertThat(fault(() -> store.failureDomains().probe(0)).reason()).isEqualTo(Reason.READONLY);
        } finally {
            redis.text("REPLICAOF", "NO", "ONE");
        }
        assertThat(patiently(() -> store.load(id, Known.of(CREATED, 1), true))).isInstanceOf(Loaded.Unchanged.class);
    }

    @Test
    void a_probe_of_a_server_that_takes_no_further_clients_hears_so_also_with_a_password() throws IOException {
        try (RedisServer full = RedisServer.builder().password("pw").start();
                SessionStore refused = open("redis://:pw@" + full.address(), PATIENT);
                Socket last = new Socket(InetAddress.getLoopbackAddress(), full.port())) {
            BufferedReader replies =
                    new BufferedReader(new InputStreamReader(last.getInputStream(), StandardCharsets.UTF_8));
            for (String line : List.of("AUTH pw", "CONFIG SET maxclients 1", "CLIENT KILL TYPE normal")) {
                last.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
                assertThat(replies.readLine()).as(line).doesNotStartWith("-");
            }

            StoreException fault = fault(() -> refused.failureDomains().probe(0));

            assertThat(fault.reason()).isEqualTo(Reason.CONNECT);
            assertThat(fault).hasMessageStartingWith("HF-202 ").hasMessageContaining("max number of clients");
        }
    }

    @Test
    void a_probe_of_a_server_that_works_is_one_command_and_leaves_nothing() {
        store.failureDomains().probe(0);
        redis.flushAll();
        redis.resetStats();

        store.failureDomains().probe(0);

        assertThat(redis.calls("evalsha")).isEqualTo(1);
        assertThat(redis.calls("hset")).isEqualTo(1);
        assertThat(redis.keys("*")).allMatch(key -> key.endsWith(":epoch"));
    }

    @Test
    void a_closed_store_says_so() {
        store.close();

        assertThat(fault(() -> store.load(id, Known.NOTHING, true)).reason()).isEqualTo(Reason.CONNECT);
        store.close();
    }

    @Test
    void nothing_that_is_thrown_holds_a_whole_session_id() {
        List<StoreException> faults = new ArrayList<>();
        create(Map.of());
        try (SessionStore brief = open(redis.uri(), BRIEF)) {
            redis.pause();
            faults.add(fault(() -> brief.load(id, Known.of(CREATED, 1), true)));
            redis.resume();
        }
        redis.text("REPLICAOF", "127.0.0.1", "1");
        faults.add(fault(() -> store.load(id, Known.of(CREATED, 1), true)));
        redis.text("REPLICAOF", "NO", "ONE");
        redis.command("FLUSHALL");
        Keys keys = new Keys(options(PATIENT));
        redis.text("SET", keys.record(keys.partition(id), id), "foreign");
        faults.add(fault(() -> store.rename(id, CREATED, newId)));
        network.cut();
        faults.add(fault(() -> store.rename(id, CREATED, newId)));

        assertThat(faults).extracting(RedisFaultsTest::trace).noneMatch(trace -> trace.contains(id.value()));
    }

    @Test
    void arguments_out_of_range_are_refused() {
        List<NewSession> bad = List.of(
                new NewSession(id, -1, 1, 60, Map.of()),
                new NewSession(id, CREATED, 0, 60, Map.of()),
                new NewSession(id, 1L << 48, 1, 60, Map.of()));
        for (NewSession session : bad) {
            assertThatThrownBy(() -> store.create(session)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> store.commit(id, Known.of(CREATED, -1), Delta.nothing(), 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** The call is carried out, and nobody hears of it. */
    private void loseReply(ThrowingCallable call) {
        int before = network.repliesLost();
        network.loseNextReply();
        assertThat(fault(call).reason()).isIn(Reason.TIMEOUT, Reason.CONNECT);
        assertThat(network.repliesLost()).isEqualTo(before + 1);
    }

    private int exerciseAllScripts() {
        create(Map.of("a", new byte[1]));
        store.load(id, Known.NOTHING, true);
        store.load(id, Known.of(CREATED, 1), true);
        store.commit(id, Known.of(CREATED, 1), Delta.of(Map.of("b", new byte[1]), Set.of("a")), 1);
        store.rename(id, CREATED, newId);
        store.remove(newId, CREATED);
        create(Map.of());
        store.supersede(id, CREATED, 1, newId);
        return 8;
    }

    private Created create(Map<String, byte[]> attributes) {
        return store.create(new NewSession(id, CREATED, 1, 1800, attributes));
    }

    private SessionStore open(String uri, Duration operationTimeout) {
        return RedisSessionStore.open(RedisSource.uri(uri), options(operationTimeout));
    }

    private RedisStoreOptions options(Duration operationTimeout) {
        return new RedisStoreOptions("test", application, 16, Duration.ofHours(1), Duration.ZERO, operationTimeout);
    }

    private static SessionId colocatedWith(SessionId id) {
        Keys keys = new Keys(RedisStoreOptions.of("any"));
        for (int i = 0; ; i++) {
            SessionId candidate = new SessionId("ANOTHER0123456789ABCDEF" + i);
            if (keys.partition(candidate) == keys.partition(id)) {
                return candidate;
            }
        }
    }

    /** The answer, once connections were made again. */
    private static <T> T patiently(Callable<T> call) {
        return await().ignoreExceptionsInstanceOf(StoreException.class).until(call, Objects::nonNull);
    }

    private static StoreException timed(ThrowingCallable call) {
        long begin = System.nanoTime();
        StoreException late = fault(call);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(BRIEF.plus(SCHEDULING));
        return late;
    }

    private static StoreException fault(ThrowingCallable call) {
        StoreException fault = catchThrowableOfType(StoreException.class, call);
        assertThat(fault).isNotNull();
        return fault;
    }

    private static String trace(Throwable fault) {
        StringWriter trace = new StringWriter();
        fault.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }
}
