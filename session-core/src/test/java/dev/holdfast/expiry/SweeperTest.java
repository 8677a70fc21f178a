package dev.holdfast.expiry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.NewSession;
import dev.holdfast.model.SessionId;
import dev.holdfast.store.Known;
import dev.holdfast.store.Loaded;
import dev.holdfast.store.memory.MemorySessionStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SweeperTest {

    private static final Duration LEASE = Duration.ofSeconds(60);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final MemorySessionStore store = new MemorySessionStore(now::get);
    private final ConcurrentLinkedQueue<SessionId> ended = new ConcurrentLinkedQueue<>();

    private Sweeper sweeper(long seed) {
        return new Sweeper(store.due(), session -> ended.add(session.id()), new Random(seed), LEASE);
    }

    private static SessionId id(int number) {
        return new SessionId("session-number-" + number);
    }

    private void create(int sessions) {
        IntStream.range(0, sessions).forEach(number -> store.create(new NewSession(id(number), 1, 1, 60, Map.of())));
    }

    private void advance(Duration duration) {
        now.updateAndGet(instant -> instant.plus(duration));
    }

    @Test
    void what_is_due_is_ended_and_what_is_not_stays() {
        create(120);
        advance(Duration.ofSeconds(30));
        store.load(id(7), Known.NOTHING, true);
        advance(Duration.ofSeconds(30));

        assertThat(sweeper(1).sweep(() -> true)).isEqualTo(119);

        assertThat(ended).hasSize(119).doesNotHaveDuplicates().doesNotContain(id(7));
        assertThat(store.load(id(7), Known.NOTHING, false)).isInstanceOf(Loaded.Everything.class);
        assertThat(store.load(id(8), Known.NOTHING, false)).isInstanceOf(Loaded.Absent.class);
    }

    @Test
    void nodes_that_sweep_at_the_same_time_end_each_session_once() throws Exception {
        create(2000);
        advance(Duration.ofMinutes(2));
        ExecutorService nodes = Executors.newFixedThreadPool(4);
        try {
            List<Future<Integer>> sweeps = new ArrayList<>();
            for (int node = 0; node < 4; node++) {
                Sweeper sweeper = sweeper(node);
                sweeps.add(nodes.submit(() -> sweeper.sweep(() -> true)));
            }
            int sum = 0;
            for (Future<Integer> sweep : sweeps) {
                sum += sweep.get();
            }
            assertThat(sum).isEqualTo(2000);
        } finally {
            nodes.shutdownNow();
        }
        assertThat(ended).hasSize(2000).doesNotHaveDuplicates();
    }

    @Test
    void a_listener_that_throws_leaves_no_session_behind_and_stops_no_other_one() {
        create(3);
        advance(Duration.ofMinutes(2));
        AtomicInteger told = new AtomicInteger();
        Sweeper sweeper = new Sweeper(
                store.due(),
                session -> {
                    told.incrementAndGet();
                    throw new IllegalStateException("by intent");
                },
                new Random(1),
                LEASE);

        assertThat(sweeper.sweep(() -> true)).isEqualTo(3);
        assertThat(told).hasValue(3);
        assertThat(store.load(id(0), Known.NOTHING, false)).isInstanceOf(Loaded.Absent.class);
    }

    @Test
    void a_sweep_ends_when_the_node_stops() {
        create(10);
        advance(Duration.ofMinutes(2));
        assertThat(sweeper(1).sweep(() -> ended.size() < 4)).isEqualTo(4);
        assertThat(sweeper(1).sweep(() -> true))
                .as("the others are leased to the node that stopped")
                .isZero();
        advance(LEASE);
        assertThat(sweeper(1).sweep(() -> true)).isEqualTo(6);
    }

    @Test
    void a_node_that_dies_while_it_tells_its_listeners_is_replaced() {
        create(1);
        advance(Duration.ofMinutes(2));
        Sweeper dying = new Sweeper(
                store.due(),
                session -> {
                    throw new Error("the node dies here");
                },
                new Random(1),
                LEASE);
        try {
            dying.sweep(() -> true);
        } catch (Error death) {
            assertThat(death).hasMessageContaining("dies");
        }
        assertThat(sweeper(2).sweep(() -> true)).isZero();
        advance(LEASE);
        assertThat(sweeper(2).sweep(() -> true)).isEqualTo(1);
        assertThat(ended).containsExactly(id(0));
    }
}
