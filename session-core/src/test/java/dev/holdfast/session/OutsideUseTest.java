package dev.holdfast.session;

import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.SessionId;
import dev.holdfast.session.SessionRepository.Renaming;
import dev.holdfast.store.memory.MemorySessionStore;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Threads that belong to no request, on one of two nodes: what they see, and when what they change is written. */
class OutsideUseTest {

    private static final SessionId ID = new SessionId("0123456789ABCDEF");
    private static final SessionId OTHER_ID = new SessionId("FEDCBA9876543210");

    private final AtomicLong nanos = new AtomicLong();
    private final ProbedStore store = new ProbedStore(new MemorySessionStore(InstantSource.system()));
    private final SerializationCodec codec = new SerializationCodec();
    private final SessionRepository a = node();
    private final SessionRepository b = node();
    private final OutsideUse outside = a.outsideUse();

    private SessionRepository node() {
        return new SessionRepository(store, codec, (name, value) -> true, InstantSource.system(), nanos::get);
    }

    @BeforeEach
    void createSession() {
        RequestScope scope = begin(a);
        a.create(ID, 60).attributes().put("list", new ArrayList<String>());
        end(scope);
        pass(1, SECONDS);
    }

    private static RequestScope begin(SessionRepository node) {
        RequestScope scope = new RequestScope(node);
        scope.enter();
        return scope;
    }

    private static void end(RequestScope scope) {
        RequestScope.exit(null);
        scope.finish();
        scope.commit();
        scope.close();
    }

    private void pass(long time, TimeUnit unit) {
        nanos.addAndGet(unit.toNanos(time));
    }

    /** A request on the other node. */
    private void putOnB(String name, Object value) {
        RequestScope scope = begin(b);
        b.find(ID).orElseThrow().attributes().put(name, value);
        end(scope);
    }

    private @Nullable Object onB(String name) {
        RequestScope scope = begin(b);
        Object value = b.find(ID).orElseThrow().attributes().get(name);
        end(scope);
        return value;
    }

    private LiveSession copy() {
        return a.localCopies().iterator().next();
    }

    @SuppressWarnings("unchecked")
    private static List<String> list(LiveSession session) {
        return (List<String>) session.attributes().get("list");
    }

    private List<String> callsOf(Runnable work) {
        store.calls.clear();
        work.run();
        return List.copyOf(store.calls);
    }

    // ---- reading -------------------------------------------------------------------------------------------------

    @Test
    void the_store_is_asked_once_in_a_tenth_of_a_millisecond() {
        LiveSession session = copy();
        putOnB("name", "1");
        assertThat(callsOf(() -> {
                    assertThat(outside.mayUse(session)).isTrue();
                    assertThat(outside.mayUse(session)).isTrue();
                }))
                .containsExactly("load");
        assertThat(session.attributes()).containsEntry("name", "1");
        assertThat(store.touches).isEqualTo(1);

        putOnB("name", "2");
        pass(99, MICROSECONDS);
        assertThat(callsOf(() -> outside.mayUse(session))).isEmpty();
        pass(1, MICROSECONDS);
        assertThat(callsOf(() -> outside.mayUse(session))).containsExactly("load");
        assertThat(session.attributes()).containsEntry("name", "2");
    }

    @Test
    void an_answer_that_was_long_under_way_is_not_relied_on() {
        LiveSession session = copy();
        pass(1, SECONDS);
        store.after("load", () -> pass(2, MILLISECONDS));
        assertThat(callsOf(() -> outside.mayUse(session))).containsExactly("load");
        assertThat(callsOf(() -> outside.mayUse(session))).containsExactly("load");
        assertThat(callsOf(() -> outside.mayUse(session))).isEmpty();
    }

    @Test
    void beside_a_request_of_its_node_the_store_is_asked_once_in_a_second() {
        LiveSession session = copy();
        RequestScope running = begin(a);
        a.find(ID);
        RequestScope.exit(null);
        pass(999, MILLISECONDS);
        assertThat(callsOf(() -> outside.mayUse(session))).isEmpty();
        pass(1, MILLISECONDS);
        assertThat(callsOf(() -> outside.mayUse(session))).containsExactly("load");
        end(running);
    }

    @Test
    void a_request_asks_nothing_here() {
        LiveSession session = copy();
        RequestScope scope = begin(a);
        assertThat(callsOf(() -> assertThat(outside.mayUse(session)).isTrue())).isEmpty();
        end(scope);
    }

    @Test
    void a_copy_that_the_node_has_dropped_is_kept_up_to_date_too() {
        LiveSession session = copy();
        assertThat(a.departures().release(session)).isTrue();
        putOnB("name", "1");
        assertThat(outside.mayUse(session)).isTrue();
        assertThat(session.attributes()).containsEntry("name", "1");
        assertThat(a.localCopies()).isEmpty();
    }

    @Test
    void while_the_store_does_not_answer_the_copy_counts() {
        LiveSession session = copy();
        store.down.set(true);
        assertThat(outside.mayUse(session)).isTrue();
        assertThat(session.hasEnded()).isFalse();

        session.beginUse();
        assertThat(outside.mayUse(session)).isTrue();
        session.endUse();
        store.down.set(false);
        assertThat(outside.mayUse(session)).isTrue();
    }

    // ---- the end -------------------------------------------------------------------------------------------------

    private void endOnB() {
        RequestScope scope = begin(b);
        b.remove(b.find(ID).orElseThrow());
        end(scope);
    }

    @Test
    void a_session_that_has_ended_elsewhere_may_not_be_used_any_more() {
        LiveSession session = copy();
        endOnB();
        assertThat(outside.mayUse(session)).isFalse();
        assertThat(a.localCopies()).isEmpty();
        assertThat(callsOf(() -> assertThat(outside.mayUse(session)).isFalse())).isEmpty();
    }

    @Test
    void a_request_that_is_under_way_finishes_with_it_and_so_does_its_worker() {
        LiveSession session = copy();
        session.beginUse();
        endOnB();
        pass(1, SECONDS);
        assertThat(outside.mayUse(session)).isTrue();
        session.endUse();
        assertThat(outside.mayUse(session)).isFalse();
    }

    @Test
    void a_change_of_the_id_on_this_node_while_the_store_is_asked_is_no_end() {
        LiveSession session = copy();
        store.after("load", () -> assertThat(a.rename(session, OTHER_ID)).isEqualTo(Renaming.DONE));
        assertThat(outside.mayUse(session)).isTrue();
        pass(1, MILLISECONDS);
        assertThat(outside.mayUse(session)).isTrue();
        assertThat(session.id()).isEqualTo(OTHER_ID);
    }

    // ---- writing -------------------------------------------------------------------------------------------------

    @Test
    void what_was_changed_inside_an_object_is_written_when_it_is_looked_at() {
        list(copy()).add("x");
        assertThat(callsOf(outside::settleDue)).isEmpty();
        pass(200, MILLISECONDS);
        assertThat(callsOf(outside::settleDue)).containsExactly("commit");
        assertThat(onB("list")).isEqualTo(List.of("x"));
        assertThat(callsOf(outside::settleDue)).isEmpty();
    }

    @Test
    void an_object_is_looked_at_again_and_then_no_more() {
        List<String> list = list(copy());
        for (long millis : List.of(200, 800, 3_000, 12_000, 44_000)) {
            pass(millis, MILLISECONDS);
            list.add("x");
            assertThat(callsOf(outside::settleDue)).as("after " + millis).containsExactly("commit");
        }
        list.add("never");
        pass(10, TimeUnit.MINUTES);
        assertThat(callsOf(outside::settleDue)).isEmpty();
    }

    @Test
    void an_object_that_was_set_or_lent_before_another_commit_is_looked_at_all_the_same() {
        LiveSession session = copy();
        List<String> lent = list(session);
        List<String> put = new ArrayList<>();
        session.attributes().put("put", put);
        a.settle(session);
        lent.add("lent");
        put.add("put");
        pass(200, MILLISECONDS);
        assertThat(callsOf(outside::settleDue)).containsExactly("commit");
        assertThat(onB("list")).isEqualTo(List.of("lent"));
        assertThat(onB("put")).isEqualTo(List.of("put"));
    }

    @Test
    void an_object_that_was_replaced_after_the_first_look_is_not_brought_back() {
        List<String> old = list(copy());
        pass(200, MILLISECONDS);
        outside.settleDue();
        putOnB("list", new ArrayList<>(List.of("new")));
        pass(1, SECONDS);
        assertThat(outside.mayUse(copy())).isTrue();
        old.add("old");
        outside.settleDue();
        pass(1, SECONDS);
        outside.settleDue();
        pass(1, SECONDS);
        assertThat(onB("list")).isEqualTo(List.of("new"));
    }

    @Test
    void what_is_lent_to_a_worker_of_a_request_is_looked_at_by_its_request_only() {
        LiveSession session = copy();
        session.beginUse();
        List<String> list = list(session);
        session.endUse();
        a.settle(session);
        list.add("late");
        pass(1, SECONDS);
        assertThat(callsOf(outside::settleDue)).isEmpty();
    }

    @Test
    void what_is_set_beside_a_running_request_is_written_after_a_second() {
        RequestScope running = begin(a);
        LiveSession session = a.find(ID).orElseThrow();
        RequestScope.exit(null);
        session.attributes().put("name", "outside");
        pass(999, MILLISECONDS);
        assertThat(callsOf(outside::settleDue)).isEmpty();
        pass(1, MILLISECONDS);
        assertThat(callsOf(outside::settleDue)).containsExactly("commit");
        end(running);
    }

    @Test
    void what_is_set_beside_a_request_with_a_lock_is_written_by_that_request() {
        RequestScope running = new RequestScope(a, true);
        running.enter();
        LiveSession session = a.find(ID).orElseThrow();
        RequestScope.exit(null);
        session.attributes().put("name", "outside");
        pass(1, SECONDS);
        assertThat(callsOf(outside::settleDue)).isEmpty();
        running.finish();
        running.commitAndUnlock();
        running.close();
        assertThat(onB("name")).isEqualTo("outside");
    }
}
