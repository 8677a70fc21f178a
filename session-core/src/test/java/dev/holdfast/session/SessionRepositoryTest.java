package dev.holdfast.session;

import static dev.holdfast.session.Requests.end;
import static dev.holdfast.session.Requests.in;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.model.NewSession;
import dev.holdfast.model.OfflineChange;
import dev.holdfast.model.OfflineDelta;
import dev.holdfast.model.SessionId;
import dev.holdfast.session.SessionRepository.Renaming;
import dev.holdfast.store.Known;
import dev.holdfast.store.Loaded;
import dev.holdfast.store.Reconciled;
import dev.holdfast.store.RequestBudget;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.memory.MemorySessionStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Two nodes on one store: what a request sees, what it writes, and what it must not touch. */
class SessionRepositoryTest {

    private static final SessionId ID = new SessionId("0123456789ABCDEF");
    private static final SessionId OTHER_ID = new SessionId("FEDCBA9876543210");

    private final AtomicLong nanos = new AtomicLong();
    private final MemorySessionStore memory = new MemorySessionStore(InstantSource.system());
    private final ProbedStore store = new ProbedStore(memory);
    private final SerializationCodec codec = new SerializationCodec();
    private final SessionRepository a = node();
    private final SessionRepository b = node();

    private SessionRepository node() {
        return new SessionRepository(
                store, codec, (name, value) -> !name.startsWith("local"), InstantSource.system(), nanos::get);
    }

    /** A request that runs from begin to end. */
    private <T> T request(Supplier<T> application) {
        return Requests.request(a, application);
    }

    private LiveSession created(Map<String, Object> attributes) {
        return request(() -> {
            LiveSession session = a.create(ID, 60);
            session.attributes().putAll(attributes);
            return session;
        });
    }

    private Object get(SessionRepository node, String name) {
        return request(() -> node.find(ID).orElseThrow().attributes().get(name));
    }

    private void put(SessionRepository node, String name, Object value) {
        request(() -> node.find(ID).orElseThrow().attributes().put(name, value));
    }

    @SuppressWarnings("unchecked")
    private static List<String> list(LiveSession session) {
        return (List<String>) session.attributes().get("list");
    }

    @Test
    void a_session_that_was_created_on_one_node_is_at_home_on_the_other() {
        created(Map.of("name", "value"));
        assertThat(get(b, "name")).isEqualTo("value");
        assertThat(store.calls).containsExactly("create", "load");
    }

    @Test
    void a_session_that_ends_in_the_request_that_created_it_never_reaches_the_store() {
        request(() -> a.remove(a.create(ID, 60)));
        assertThat(store.calls).isEmpty();
    }

    @Test
    void the_last_commit_of_a_request_is_part_of_what_it_may_wait_for_the_store() {
        created(Map.of("name", "value"));
        List<Boolean> limited = new ArrayList<>();
        store.after("commit", () -> limited.add(RequestBudget.current() != null));
        put(a, "name", "other");
        assertThat(limited).containsExactly(true);
        assertThat(RequestBudget.current()).isNull();
    }

    @Test
    void one_request_asks_once_however_often_it_looks() {
        created(Map.of("name", "value"));
        store.calls.clear();
        request(() -> {
            for (int look = 0; look < 10; look++) {
                b.find(ID).orElseThrow().attributes().get("name");
                assertThat(b.find(OTHER_ID)).isEmpty();
            }
            return null;
        });
        assertThat(store.calls).containsExactly("load", "load");
    }

    @Test
    void what_was_read_and_left_alone_is_not_written() {
        Map<String, String> map = new HashMap<>(4096);
        for (int i = 0; i < 100; i++) {
            map.put("key" + i * 31, "value");
        }
        created(Map.of("list", new ArrayList<>(List.of("x")), "map", map));
        request(() -> {
            LiveSession session = b.find(ID).orElseThrow();
            list(session);
            return session.attributes().get("map");
        });
        assertThat(store.calls).containsExactly("create", "load");
    }

    @Test
    void what_was_changed_in_place_is_written_alone() {
        created(Map.of("list", new ArrayList<>(List.of("x")), "other", new ArrayList<>(List.of("y"))));
        request(() -> {
            LiveSession session = b.find(ID).orElseThrow();
            session.attributes().get("other");
            return list(session).add("z");
        });
        assertThat(store.lastDelta.set()).containsOnlyKeys("list");
        assertThat(get(a, "list")).isEqualTo(List.of("x", "z"));
    }

    @Test
    void a_change_after_the_first_commit_of_a_request_is_found_by_the_next_one() {
        created(Map.of());
        RequestScope scope = new RequestScope(a);
        List<String> list = new ArrayList<>();
        in(scope, () -> a.find(ID).orElseThrow().attributes().put("list", list));
        scope.commit();
        list.add("later");
        end(scope);
        assertThat(get(b, "list")).isEqualTo(List.of("later"));
    }

    @Test
    void the_same_attribute_goes_to_the_last_commit_also_when_it_sets_what_it_had_read() {
        created(Map.of("name", "one"));
        RequestScope slow = new RequestScope(a);
        in(slow, () -> a.find(ID).orElseThrow().attributes().put("name", "one"));
        put(b, "name", "two");
        end(slow);
        assertThat(get(b, "name")).isEqualTo("one");
        assertThat(get(a, "name")).isEqualTo("one");
    }

    @Test
    void a_request_goes_on_seeing_what_it_saw_while_another_one_brings_the_copy_up_to_date() {
        created(Map.of("one", "old", "two", "old"));
        RequestScope slow = new RequestScope(a);
        assertThat(in(slow, () -> b.find(ID).orElseThrow().attributes().get("one")))
                .isEqualTo("old");
        request(() -> {
            LiveSession session = a.find(ID).orElseThrow();
            session.attributes().put("one", "new");
            session.attributes().put("three", "new");
            return session.attributes().remove("two");
        });
        assertThat(get(b, "one")).isEqualTo("new");
        LiveSession seen = in(slow, () -> b.find(ID).orElseThrow());
        assertThat(in(slow, () -> seen.attributes().get("two"))).isEqualTo("old");
        assertThat(in(slow, () -> Set.copyOf(seen.attributes().keySet()))).containsOnly("one", "two");
        assertThat(in(slow, () -> seen.attributes().containsKey("three"))).isFalse();
        end(slow);
        assertThat(get(a, "one")).isEqualTo("new");
        assertThat(get(a, "two")).isNull();
    }

    @Test
    void what_another_request_of_the_node_has_set_and_not_committed_is_not_published() {
        created(Map.of());
        RequestScope slow = new RequestScope(a);
        in(slow, () -> a.find(ID).orElseThrow().attributes().put("half", "done"));
        put(a, "name", "value");
        assertThat(get(b, "half")).isNull();
        assertThat(get(a, "half")).as("one JVM shares it at once").isEqualTo("done");
        end(slow);
        assertThat(get(b, "half")).isEqualTo("done");
    }

    @Test
    void a_change_in_place_wins_over_a_value_that_replaced_its_object_meanwhile() {
        created(Map.of("list", new ArrayList<>(List.of("x"))));
        RequestScope slow = new RequestScope(a);
        in(slow, () -> list(a.find(ID).orElseThrow()).add("slow"));
        put(b, "list", new ArrayList<>(List.of("fast")));
        assertThat(get(a, "list")).isEqualTo(List.of("fast"));
        end(slow);
        assertThat(get(b, "list")).isEqualTo(List.of("x", "slow"));
        assertThat(get(a, "list")).isEqualTo(List.of("x", "slow"));
    }

    @Test
    void an_object_that_was_left_alone_and_replaced_by_another_node_is_no_change() {
        created(Map.of("list", new ArrayList<>(List.of("x"))));
        RequestScope slow = new RequestScope(a);
        in(slow, () -> list(a.find(ID).orElseThrow()));
        put(b, "list", new ArrayList<>(List.of("fast")));
        assertThat(get(a, "list")).isEqualTo(List.of("fast"));
        store.calls.clear();
        end(slow);
        assertThat(store.calls).isEmpty();
        assertThat(get(a, "list")).isEqualTo(List.of("fast"));
    }

    @Test
    void an_attribute_that_one_node_removes_is_gone_on_the_other() {
        created(Map.of("name", "value"));
        assertThat(get(b, "name")).isEqualTo("value");
        request(() -> a.find(ID).orElseThrow().attributes().remove("name"));
        assertThat(get(b, "name")).isNull();
    }

    @Test
    void a_late_commit_brings_no_ended_session_back() {
        created(Map.of("name", "value"));
        RequestScope running = new RequestScope(a);
        LiveSession onB = in(running, () -> b.find(ID).orElseThrow());
        assertThat(request(() -> a.remove(a.find(ID).orElseThrow()))).isTrue();
        in(running, () -> onB.attributes().put("late", "value"));
        end(running);
        assertThat(onB.hasEnded()).isTrue();
        assertThat(request(() -> b.find(ID))).isEmpty();
        assertThat(request(() -> a.find(ID))).isEmpty();
    }

    @Test
    void a_copy_of_a_session_whose_end_the_store_heard_of_late_is_not_put_back() {
        created(Map.of("name", "value"));
        LiveSession onB = request(() -> b.find(ID).orElseThrow());
        memory.loseEverything();
        memory.bury(ID, onB.createdMillis());
        assertThat(request(() -> b.find(ID))).isEmpty();
        assertThat(request(() -> a.find(ID))).isEmpty();
    }

    @Test
    void a_running_request_does_not_put_it_back_either() {
        created(Map.of("name", "value"));
        RequestScope running = new RequestScope(a);
        LiveSession onB = in(running, () -> b.find(ID).orElseThrow());
        memory.loseEverything();
        memory.bury(ID, onB.createdMillis());
        in(running, () -> onB.attributes().put("late", "value"));
        end(running);
        assertThat(onB.hasEnded()).isTrue();
        assertThat(memory.load(ID, Known.NOTHING, false)).isInstanceOf(Loaded.Absent.class);
    }

    @Test
    void a_new_session_that_is_over_before_the_store_hears_of_it_is_not_created() {
        RequestScope running = new RequestScope(a);
        LiveSession onA = in(running, () -> a.create(ID, 1800));
        memory.bury(ID, onA.createdMillis());
        in(running, () -> onA.attributes().put("name", "value"));
        end(running);
        assertThat(onA.hasEnded()).isTrue();
        assertThat(store.calls).containsOnlyOnce("create").doesNotContain("commit");
        assertThat(memory.load(ID, Known.NOTHING, false)).isInstanceOf(Loaded.Absent.class);
    }

    @Test
    void a_session_that_is_put_back_takes_what_another_node_did_before() {
        created(Map.of("name", "value", "other", "value"));
        long cutOff = memory.nowMillis();
        request(() -> b.find(ID).orElseThrow().attributes().put("other", "newer"));
        long createdMillis = request(() -> b.find(ID).orElseThrow()).createdMillis();
        memory.loseEverything();
        await().until(() -> memory.nowMillis() > cutOff + 1);
        assertThat(request(() -> b.find(ID))).isPresent();

        OfflineChange change = new OfflineChange(codec.encode("edited"), cutOff);
        Reconciled brought = memory.reconcile(
                ID,
                createdMillis,
                1,
                new OfflineDelta(Map.of("name", change), OptionalInt.empty(), 0, cutOff - 1, List.of()),
                1);

        assertThat(brought)
                .isInstanceOfSatisfying(
                        Reconciled.Done.class,
                        done -> assertThat(done.overruled()).isEmpty());
        assertThat(get(a, "name")).isEqualTo("edited");
    }

    @Test
    void exactly_one_node_is_told_that_it_ended_the_session() {
        created(Map.of());
        LiveSession onB = request(() -> b.find(ID).orElseThrow());
        assertThat(request(() -> a.remove(a.find(ID).orElseThrow()))).isTrue();
        assertThat(request(() -> b.remove(onB))).isFalse();
    }

    @Test
    void what_runs_under_an_old_id_lands_in_the_renamed_session() {
        created(Map.of("list", new ArrayList<>(List.of("x"))));
        RequestScope running = new RequestScope(a);
        in(running, () -> list(b.find(ID).orElseThrow()).add("late"));
        request(() -> {
            LiveSession session = a.find(ID).orElseThrow();
            assertThat(a.rename(session, OTHER_ID)).isEqualTo(Renaming.DONE);
            assertThat(a.find(OTHER_ID)).contains(session);
            return a.find(ID);
        });
        end(running);
        assertThat(request(() -> b.find(ID))).isEmpty();
        assertThat(request(() -> list(b.find(OTHER_ID).orElseThrow()).toString()))
                .isEqualTo("[x, late]");
    }

    @Test
    void a_logout_under_an_old_id_ends_the_renamed_session() {
        created(Map.of());
        RequestScope running = new RequestScope(a);
        LiveSession onB = in(running, () -> b.find(ID).orElseThrow());
        request(() -> a.rename(a.find(ID).orElseThrow(), OTHER_ID));
        assertThat(in(running, () -> b.remove(onB))).isTrue();
        end(running);
        assertThat(request(() -> a.find(OTHER_ID))).isEmpty();
    }

    @Test
    void a_commit_that_the_store_did_not_answer_is_made_up_for_by_the_next_one() {
        created(Map.of("list", new ArrayList<>(List.of("x"))));
        store.down.set(true);
        RequestScope scope = new RequestScope(a);
        store.down.set(false);
        in(scope, () -> list(a.find(ID).orElseThrow()).add("y"));
        in(scope, () -> a.find(ID).orElseThrow().attributes().put("name", "value"));
        store.down.set(true);
        end(scope);
        store.down.set(false);
        assertThat(get(a, "name")).isEqualTo("value");
        assertThat(get(b, "name")).isEqualTo("value");
        assertThat(get(b, "list")).isEqualTo(List.of("x", "y"));
    }

    @Test
    void a_store_that_does_not_answer_is_not_a_session_that_does_not_exist() {
        created(Map.of());
        store.down.set(true);
        assertThatThrownBy(() -> request(() -> b.find(ID))).isInstanceOf(StoreException.class);
    }

    @Test
    void attributes_that_may_not_or_cannot_leave_the_node_stay_on_it() {
        created(Map.of("name", "value"));
        request(() -> {
            LiveSession session = a.find(ID).orElseThrow();
            session.attributes().put("local.name", "here");
            session.attributes().put("thread", Thread.currentThread());
            return session.attributes().put("name", new Object());
        });
        put(b, "other", "value");
        assertThat(get(a, "local.name")).isEqualTo("here");
        assertThat(get(a, "thread")).isSameAs(Thread.currentThread());
        assertThat(get(b, "local.name")).isNull();
        assertThat(get(b, "thread")).isNull();
        assertThat(get(b, "name")).as("the value before is not the value now").isNull();
    }

    @Test
    void bytes_that_cannot_be_read_are_left_alone() {
        store.create(new NewSession(ID, 1, 1, 60, Map.of("bad", new byte[] {1, 2, 3}, "good", codec.encode("x"))));
        assertThat(get(a, "bad")).isNull();
        put(a, "good", "y");
        assertThat(store.load(ID, Known.NOTHING, false))
                .isInstanceOfSatisfying(
                        Loaded.Everything.class,
                        whole -> assertThat(whole.attributes().get("bad")).containsExactly(1, 2, 3));
    }

    @Test
    void a_copy_is_released_only_when_nobody_uses_it() {
        created(Map.of());
        RequestScope running = new RequestScope(a);
        LiveSession session = in(running, () -> a.find(ID).orElseThrow());
        assertThat(a.departures().release(session)).isFalse();
        end(running);
        assertThat(a.departures().release(session)).isTrue();
        assertThat(request(() -> a.find(ID))).isPresent().get().isNotSameAs(session);
    }

    @Test
    void what_a_background_thread_changes_is_written_when_the_session_is_settled() {
        LiveSession session = created(Map.of("list", new ArrayList<String>()));
        session.attributes().put("name", "background");
        list(session).add("x");
        a.settle(session);
        assertThat(get(b, "name")).isEqualTo("background");
        assertThat(get(b, "list")).isEqualTo(List.of("x"));
    }

    @Test
    void the_max_inactive_interval_travels() {
        created(Map.of());
        assertThat(request(() -> b.find(ID).orElseThrow().maxInactiveSeconds())).isEqualTo(60);
        request(() -> {
            a.find(ID).orElseThrow().setMaxInactiveSeconds(-1);
            return null;
        });
        assertThat(request(() -> b.find(ID).orElseThrow().maxInactiveSeconds())).isEqualTo(-1);
    }

    @Test
    void two_nodes_that_create_a_session_of_the_same_id_share_it() {
        RequestScope onA = new RequestScope(a);
        in(onA, () -> a.create(ID, 60).attributes().put("a", "1"));
        nanos.incrementAndGet();
        store.create(new NewSession(ID, 1, 1, 60, Map.of("b", codec.encode("2"))));
        end(onA);
        assertThat(get(a, "a")).isEqualTo("1");
        assertThat(get(a, "b")).isEqualTo("2");
        assertThat(get(b, "a")).isEqualTo("1");
    }

    @Test
    void a_look_of_another_application_is_no_access_until_the_session_is_used() {
        LiveSession created = created(Map.of());
        RequestScope elsewhere = new RequestScope(b);
        LiveSession looked = in(elsewhere, () -> a.find(ID).orElseThrow());
        assertThat(store.touches).isZero();
        in(elsewhere, () -> {
            a.accessed(looked);
            a.accessed(looked);
            return null;
        });
        assertThat(store.touches).isEqualTo(1);
        assertThat(looked).isSameAs(created);
        end(elsewhere);
    }

    @Test
    void a_look_of_the_application_itself_is_an_access_and_is_not_repeated() {
        created(Map.of());
        request(() -> {
            a.accessed(a.find(ID).orElseThrow());
            return null;
        });
        assertThat(store.calls).containsExactly("create", "load");
        assertThat(store.touches).isEqualTo(1);
    }

    @Test
    void what_is_written_after_the_response_is_within_the_budget_of_a_request() {
        LiveSession session = created(Map.of());
        session.attributes().put("name", "late");
        List<Duration> limits = new ArrayList<>();
        store.after("commit", () -> limits.add(RequestBudget.limit(Duration.ofDays(1))));
        a.settle(session);

        assertThat(limits).singleElement().satisfies(limit -> assertThat(limit).isLessThan(Duration.ofDays(1)));
        assertThat(RequestBudget.current()).isNull();
    }
}
