package dev.holdfast.session;

import static dev.holdfast.session.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.model.SessionId;
import dev.holdfast.store.Deadline;
import dev.holdfast.store.Known;
import dev.holdfast.store.Loaded;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.memory.MemorySessionStore;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Copies that leave a node, and what comes in between. Two nodes on one store; time is the test's. */
class DeparturesTest {

    private static final SessionId ID = new SessionId("0123456789ABCDEF");
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final AtomicLong nanos = new AtomicLong();
    private final ProbedStore store = new ProbedStore(
            new MemorySessionStore(() -> Instant.ofEpochSecond(1_800_000_000).plusNanos(nanos.get())));
    private final SerializationCodec codec = new SerializationCodec();
    private final TravelAgency agency = new TravelAgency();
    private final SessionRepository a = node(agency);
    private final SessionRepository b = node(new TravelAgency());

    private SessionRepository node(CopyLifecycle lifecycle) {
        return new SessionRepository(
                store,
                codec,
                (name, value) -> !name.startsWith("local"),
                () -> Instant.ofEpochSecond(1_800_000_000),
                nanos::get,
                new LockOptions(Duration.ZERO, Duration.ofSeconds(30), false),
                OutageOptions.STRICT,
                lifecycle);
    }

    /** An attribute that wants to hear. */
    static final class Traveller implements Serializable {
        private static final long serialVersionUID = 1L;
        private String luggage = "none";
        private boolean away;
        private boolean broken;
        private transient int arrivals;

        private void writeObject(ObjectOutputStream out) throws java.io.IOException {
            if (broken) {
                throw new NotSerializableException("broken by intent");
            }
            out.defaultWriteObject();
        }
    }

    /** The container. */
    private static final class TravelAgency implements CopyLifecycle {
        private final List<String> heard = Collections.synchronizedList(new ArrayList<>());
        private final Set<SessionId> keeping = new HashSet<>();
        private final Set<LiveSession> gone = ConcurrentHashMap.newKeySet();
        private Consumer<Traveller> atDeparture = traveller -> traveller.luggage = "packed";
        private Consumer<Traveller> atArrival = traveller -> {};

        @Override
        public boolean keepsMore(LiveSession copy) {
            return keeping.contains(copy.id());
        }

        @Override
        public boolean isListener(Object value) {
            return value instanceof Traveller;
        }

        @Override
        public void willPassivate(LiveSession copy, Map<String, Object> listeners, FailedListener failed) {
            listeners.forEach((name, value) -> {
                heard.add("leaves " + name);
                ((Traveller) value).away = true;
                try {
                    atDeparture.accept((Traveller) value);
                } catch (RuntimeException thrown) {
                    failed.failed(name, thrown);
                }
            });
        }

        @Override
        public void didActivate(LiveSession copy, Object value) {
            synchronized (this) {
                heard.add("comes");
            }
            Traveller traveller = (Traveller) value;
            traveller.away = false;
            traveller.arrivals++;
            atArrival.accept(traveller);
        }

        @Override
        public void left(LiveSession copy) {
            gone.add(copy);
        }
    }

    private LiveSession created(Map<String, Object> attributes) {
        return created(ID, attributes);
    }

    private LiveSession created(SessionId id, Map<String, Object> attributes) {
        return request(a, () -> {
            LiveSession session = a.create(id, 60);
            session.attributes().putAll(attributes);
            return session;
        });
    }

    private static Traveller traveller(SessionRepository node, String name) {
        return request(
                node, () -> (Traveller) node.find(ID).orElseThrow().attributes().get(name));
    }

    private static void put(SessionRepository node, String name, Object value) {
        request(node, () -> node.find(ID).orElseThrow().attributes().put(name, value));
    }

    @Test
    void what_a_listener_changes_when_its_copy_leaves_is_written() {
        LiveSession copy = created(Map.of("one", new Traveller(), "two", new Traveller(), "name", "value"));
        store.calls.clear();

        assertThat(a.departures().release(copy)).isTrue();

        assertThat(agency.heard).containsExactlyInAnyOrder("leaves one", "leaves two");
        assertThat(agency.gone).containsExactly(copy);
        assertThat(store.calls).containsExactly("load", "commitLeaving");
        assertThat(store.lastDelta.set()).containsOnlyKeys("one", "two");
        assertThat(a.localCopies()).isEmpty();
        assertThat(traveller(b, "one").luggage).isEqualTo("packed");
        assertThat(traveller(a, "two").luggage).isEqualTo("packed");
    }

    @Test
    void a_copy_whose_objects_nobody_has_asked_for_leaves_without_a_call() {
        created(Map.of("one", new Traveller()));
        request(b, () -> b.find(ID));
        store.calls.clear();

        assertThat(b.departures().release(b.localCopies().iterator().next())).isTrue();
        assertThat(store.calls).isEmpty();
        assertThat(codec.decoded).hasValue(0);
    }

    @Test
    void a_listener_may_change_the_session_when_its_copy_leaves() {
        LiveSession copy = created(Map.of("one", new Traveller(), "list", new ArrayList<>(List.of("x"))));
        agency.atDeparture = traveller -> {
            copy.attributes().put("note", "left");
            @SuppressWarnings("unchecked")
            List<String> list = (List<String>) copy.attributes().get("list");
            list.add("y");
            assertThat(copy.attributes().get("one")).isSameAs(traveller);
        };
        a.departures().release(copy);
        request(b, () -> {
            assertThat(b.find(ID).orElseThrow().attributes())
                    .containsEntry("note", "left")
                    .containsEntry("list", List.of("x", "y"));
            return null;
        });
    }

    @Test
    void nothing_is_under_way_any_more_when_a_copy_has_left() {
        LiveSession copy = created(Map.of("one", new Traveller()));
        agency.atDeparture = traveller -> copy.attributes().put("note", "left");
        store.after("commitLeaving", () -> assertThat(copy.isCommitUnderWay()).isTrue());
        assertThat(a.departures().release(copy)).isTrue();
        assertThat(copy.isCommitUnderWay()).isFalse();
    }

    @Test
    void nothing_is_under_way_any_more_when_a_copy_has_left_and_the_store_did_not_answer() {
        LiveSession copy = created(Map.of("one", new Traveller()));
        agency.atDeparture = traveller -> copy.attributes().put("note", "left");
        store.loseAnswerOf("commitLeaving");
        assertThat(a.departures().release(copy)).isTrue();
        assertThat(copy.isCommitUnderWay()).isFalse();
    }

    @Test
    void a_copy_that_leaves_does_not_lengthen_the_life_of_its_session() {
        LiveSession copy = created(Map.of("one", new Traveller()));
        nanos.addAndGet(Duration.ofSeconds(40).toNanos());
        assertThat(a.departures().release(copy)).isTrue();
        nanos.addAndGet(Duration.ofSeconds(20).toNanos());
        assertThat(store.load(ID, Known.NOTHING, false)).isInstanceOf(Loaded.Due.class);
    }

    @Test
    void a_request_that_comes_while_its_copy_leaves_sees_nothing_of_it_and_loses_nothing() {
        LiveSession copy = created(Map.of("one", new Traveller()));
        AtomicReference<Traveller> seen = new AtomicReference<>();
        agency.atDeparture = leaving -> {
            leaving.luggage = "packed";
            CompletableFuture.runAsync(() -> request(a, () -> {
                        LiveSession fresh = a.find(ID).orElseThrow();
                        assertThat(fresh).isNotSameAs(copy);
                        seen.set((Traveller) fresh.attributes().get("one"));
                        assertThat(seen.get()).isNotSameAs(leaving);
                        assertThat(seen.get().away).isFalse();
                        assertThat(seen.get().arrivals).isEqualTo(1);
                        seen.get().luggage = "of the request";
                        return null;
                    }))
                    .join();
        };
        assertThat(a.departures().release(copy)).isTrue();

        assertThat(traveller(a, "one")).isSameAs(seen.get());
        assertThat(traveller(b, "one").luggage).isEqualTo("of the request");
    }

    @Test
    void a_thread_that_still_has_the_copy_sees_no_object_that_was_told_to_leave() {
        LiveSession copy = created(Map.of("one", new Traveller()));
        a.departures().release(copy);

        Traveller later = (Traveller) copy.attributes().get("one");
        assertThat(later.away).isFalse();
        assertThat(later.arrivals).isEqualTo(1);
        assertThat(later.luggage).isEqualTo("packed");
    }

    @Test
    void what_another_node_has_written_meanwhile_wins() {
        LiveSession copy = created(Map.of("one", new Traveller()));
        agency.atDeparture = leaving -> {
            leaving.luggage = "packed";
            CompletableFuture.runAsync(() -> put(b, "other", "of b")).join();
        };
        assertThat(a.departures().release(copy)).isTrue();

        assertThat(traveller(b, "one").luggage).isEqualTo("none");
    }

    @Test
    void an_object_that_another_node_has_replaced_before_is_not_asked() {
        LiveSession copy = created(Map.of("one", new Traveller(), "two", new Traveller()));
        Traveller other = new Traveller();
        other.luggage = "of b";
        put(b, "one", other);
        assertThat(a.departures().release(copy)).isTrue();

        assertThat(agency.heard).containsExactly("leaves two");
        assertThat(traveller(b, "two").luggage).isEqualTo("packed");
    }

    @Test
    void nobody_is_told_of_a_session_that_has_ended_elsewhere() {
        LiveSession copy = created(Map.of("one", new Traveller()));
        request(b, () -> b.remove(b.find(ID).orElseThrow()));
        assertThat(a.departures().release(copy)).isTrue();
        assertThat(agency.heard).isEmpty();
        assertThat(store.load(ID, Known.NOTHING, false)).isInstanceOf(Loaded.Absent.class);
    }

    @Test
    void a_copy_that_is_just_being_looked_up_stays() {
        LiveSession copy = created(Map.of("one", new Traveller()));
        store.after("load", () -> assertThat(a.departures().release(copy)).isFalse());

        assertThat(request(a, () -> a.find(ID))).contains(copy);
        assertThat(agency.heard).isEmpty();
        assertThat(a.departures().release(copy)).isTrue();
    }

    @Test
    void a_listener_that_throws_stops_no_other_one_and_loses_nothing() {
        LiveSession copy = created(Map.of("one", new Traveller(), "two", new Traveller(), "name", "value"));
        agency.atDeparture = traveller -> {
            traveller.luggage = "packed";
            throw new IllegalStateException("by intent");
        };
        assertThat(a.departures().release(copy)).isTrue();

        assertThat(agency.heard).containsExactlyInAnyOrder("leaves one", "leaves two");
        assertThat(traveller(b, "one").luggage).isEqualTo("packed");
        assertThat(traveller(b, "two").luggage).isEqualTo("packed");
    }

    @Test
    void an_object_that_cannot_be_written_when_it_leaves_stays_as_it_was_in_the_store() {
        LiveSession copy = created(Map.of("one", new Traveller(), "two", new Traveller()));
        agency.atDeparture = traveller -> {
            traveller.luggage = "packed";
            traveller.broken = true;
        };
        assertThat(a.departures().release(copy)).isTrue();
        assertThat(traveller(b, "one").luggage).isEqualTo("none");
    }

    @Test
    void a_copy_stays_while_the_store_does_not_answer() {
        LiveSession copy = created(Map.of("one", new Traveller()));
        store.down.set(true);
        assertThatThrownBy(() -> a.departures().release(copy)).isInstanceOf(StoreException.class);
        assertThat(agency.heard).isEmpty();
        assertThat(a.localCopies()).containsExactly(copy);
    }

    @Test
    void an_object_hears_once_that_it_has_come_before_anybody_gets_it() {
        created(Map.of("one", new Traveller()));
        Traveller first = traveller(b, "one");
        assertThat(first.arrivals).isEqualTo(1);
        assertThat(traveller(b, "one")).isSameAs(first);
        assertThat(first.arrivals).isEqualTo(1);
        assertThat(traveller(a, "one").arrivals)
                .as("it was set here, and came from nowhere")
                .isZero();
    }

    @Test
    void what_an_object_does_when_it_comes_is_no_change_of_the_session() {
        LiveSession copy = created(Map.of("one", new Traveller()));
        a.departures().release(copy);
        agency.atArrival = traveller -> traveller.luggage = "unpacked";
        store.calls.clear();

        assertThat(traveller(a, "one").luggage).isEqualTo("unpacked");
        assertThat(store.calls).containsExactly("load");
    }

    @Test
    void an_object_that_hears_of_its_arrival_may_ask_the_session_for_itself() {
        LiveSession copy = created(Map.of("one", new Traveller()));
        a.departures().release(copy);
        AtomicReference<Object> itself = new AtomicReference<>();
        agency.atArrival = traveller ->
                itself.set(a.localCopies().iterator().next().attributes().get("one"));

        assertThat(itself.get()).isNull();
        assertThat(traveller(a, "one")).isSameAs(itself.get());
    }

    @Test
    void two_requests_that_come_at_once_get_one_object_that_has_arrived() throws Exception {
        LiveSession copy = created(Map.of("one", new Traveller()));
        a.departures().release(copy);
        CountDownLatch arrives = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        agency.atArrival = traveller -> {
            arrives.countDown();
            await(goOn);
            traveller.luggage = "unpacked";
        };
        CompletableFuture<Traveller> one = CompletableFuture.supplyAsync(() -> traveller(a, "one"));
        await(arrives);
        CompletableFuture<String> two = CompletableFuture.supplyAsync(() -> traveller(a, "one").luggage);
        goOn.countDown();

        assertThat(two.get(10, TimeUnit.SECONDS)).isEqualTo("unpacked");
        assertThat(one.get(10, TimeUnit.SECONDS).arrivals).isEqualTo(1);
        assertThat(agency.heard).containsExactly("leaves one", "comes");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void many_requests_and_departures_at_once_lose_no_change() throws Exception {
        created(Map.of("one", new Traveller(), "counter", 0));
        agency.atDeparture = traveller -> traveller.luggage = "packed";
        int rounds = 300;
        CyclicBarrier start = new CyclicBarrier(2);
        CompletableFuture<Void> leaving = CompletableFuture.runAsync(() -> {
            meet(start);
            for (int round = 0; round < rounds; round++) {
                a.localCopies().forEach(a.departures()::release);
            }
        });
        meet(start);
        for (int round = 0; round < rounds; round++) {
            request(a, () -> {
                LiveSession session = a.find(ID).orElseThrow();
                assertThat(((Traveller) session.attributes().get("one")).away).isFalse();
                int counter = (Integer) session.attributes().get("counter");
                return session.attributes().put("counter", counter + 1);
            });
        }
        leaving.get(30, TimeUnit.SECONDS);
        assertThat(request(b, () -> b.find(ID).orElseThrow().attributes().get("counter")))
                .isEqualTo(rounds);
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    // ---- who leaves

    private static SessionId id(int number) {
        return new SessionId("session-number-" + number);
    }

    private void createdInOrder(int sessions) {
        IntStream.range(0, sessions).forEach(number -> {
            nanos.incrementAndGet();
            created(id(number), Map.of("name", "value"));
        });
        nanos.incrementAndGet();
    }

    private List<SessionId> ids() {
        return a.localCopies().stream().map(LiveSession::id).toList();
    }

    @Test
    void above_the_bound_the_least_recently_used_copies_leave() {
        createdInOrder(120);
        request(a, () -> a.find(id(0)));
        store.calls.clear();

        a.departures().releaseSurplus(100);

        assertThat(store.calls).isEmpty();
        assertThat(ids()).hasSize(95).contains(id(0), id(119), id(26)).doesNotContain(id(1), id(25));
        assertThat(request(a, () -> a.find(id(1)))).isPresent();
    }

    @Test
    void at_the_bound_nobody_leaves() {
        createdInOrder(100);
        a.departures().releaseSurplus(100);
        assertThat(ids()).hasSize(100);
    }

    @Test
    void copies_in_use_do_not_count_as_idle_and_stay() {
        createdInOrder(110);
        request(a, () -> {
            IntStream.range(0, 110).forEach(number -> a.find(id(number)));
            a.departures().releaseSurplus(100);
            return null;
        });
        assertThat(ids()).hasSize(110);
    }

    @Test
    void what_only_this_node_has_is_not_given_up_for_room_but_when_it_was_idle_for_long() {
        createdInOrder(110);
        request(a, () -> {
            LiveSession first = a.find(id(0)).orElseThrow();
            first.attributes().put("local", "here only");
            return null;
        });
        agency.keeping.add(id(1));
        nanos.addAndGet(1000);
        request(a, () -> {
            IntStream.range(2, 110).forEach(number -> a.find(id(number)));
            return null;
        });

        a.departures().releaseSurplus(100);
        assertThat(ids()).hasSize(95).contains(id(0), id(1));

        nanos.addAndGet(IDLE.toNanos() + 1);
        a.departures().releaseIdle(IDLE);
        assertThat(ids()).isEmpty();
    }

    @Test
    void what_a_thread_of_no_request_has_changed_is_written_before_its_copy_leaves() {
        LiveSession copy = created(Map.of("list", new ArrayList<>(List.of("x"))));
        @SuppressWarnings("unchecked")
        List<String> list = (List<String>) copy.attributes().get("list");
        list.add("y");

        assertThat(a.departures().release(copy)).isTrue();
        request(b, () -> {
            assertThat(b.find(ID).orElseThrow().attributes()).containsEntry("list", List.of("x", "y"));
            return null;
        });
    }

    // ---- the end of a request

    @Test
    void the_end_of_a_long_request_is_told_to_the_store_and_that_of_a_short_one_is_not() {
        LiveSession copy = created(Map.of());
        request(a, () -> a.find(ID));
        store.calls.clear();
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        a.usedUntilNow(copy);
        assertThat(store.calls).isEmpty();
        nanos.addAndGet(1);
        a.usedUntilNow(copy);
        assertThat(store.calls).containsExactly("keep");

        nanos.addAndGet(Duration.ofSeconds(59).toNanos());
        assertThat(store.load(ID, Known.NOTHING, false)).isInstanceOf(Loaded.Everything.class);
    }

    // ---- the stop

    @Test
    void at_the_stop_all_copies_leave_and_all_is_written() {
        LiveSession copy = created(Map.of("one", new Traveller(), "list", new ArrayList<>(List.of("x"))));
        @SuppressWarnings("unchecked")
        List<String> list = (List<String>) copy.attributes().get("list");
        list.add("y");

        assertThat(a.departures().releaseAll(Deadline.in(Duration.ofSeconds(20))))
                .isEqualTo(new Leftovers(1, 0, 0, 0, 0));
        assertThat(a.localCopies()).isEmpty();
        request(b, () -> {
            assertThat(b.find(ID).orElseThrow().attributes()).containsEntry("list", List.of("x", "y"));
            return null;
        });
        assertThat(traveller(b, "one").luggage).isEqualTo("packed");
    }

    @Test
    void a_stop_without_the_store_says_what_was_not_saved() {
        for (int number = 0; number < 20; number++) {
            LiveSession copy = created(id(number), Map.of("one", new Traveller(), "list", new ArrayList<String>()));
            @SuppressWarnings("unchecked")
            List<String> list = (List<String>) copy.attributes().get("list");
            list.add("y");
        }
        store.down.set(true);

        assertThat(a.departures().releaseAll(Deadline.in(Duration.ofSeconds(20))))
                .isEqualTo(new Leftovers(20, 20, 0, 0, 20));
        assertThat(agency.heard).hasSize(20);
    }

    @Test
    void a_stop_does_not_wait_for_a_listener_that_never_returns() {
        created(id(1), Map.of("stuck", new Traveller()));
        for (int number = 2; number < 20; number++) {
            created(id(number), Map.of("one", new Traveller()));
        }
        CountDownLatch never = new CountDownLatch(1);
        AtomicReference<Traveller> stuck = new AtomicReference<>();
        request(a, () -> {
            stuck.set((Traveller) a.find(id(1)).orElseThrow().attributes().get("stuck"));
            return null;
        });
        agency.atDeparture = traveller -> {
            if (traveller == stuck.get()) {
                await(never);
            }
        };
        assertThat(a.departures().releaseAll(Deadline.in(Duration.ofSeconds(2))))
                .isEqualTo(new Leftovers(19, 0, 0, 1, 0));
        never.countDown();
    }
}
