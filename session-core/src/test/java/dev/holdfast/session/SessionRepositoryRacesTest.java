package dev.holdfast.session;

import static dev.holdfast.session.Requests.end;
import static dev.holdfast.session.Requests.in;
import static dev.holdfast.session.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.codec.AttributeCodec;
import dev.holdfast.codec.CodecException;
import dev.holdfast.model.SessionId;
import dev.holdfast.session.SessionRepository.Renaming;
import dev.holdfast.store.memory.MemorySessionStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What happens in between: answers that are lost, requests that overlap, threads that belong to no request. */
class SessionRepositoryRacesTest {

    private static final SessionId ID = new SessionId("0123456789ABCDEF");
    private static final SessionId OTHER_ID = new SessionId("FEDCBA9876543210");

    /** Two sessions of one id are told apart by their creation time, so it differs for each. */
    private final AtomicLong millis = new AtomicLong(InstantSource.system().millis());

    private final ProbedStore store = new ProbedStore(new MemorySessionStore(InstantSource.system()));
    private final MoodyCodec codec = new MoodyCodec();
    private final SessionRepository a = node();
    private final SessionRepository b = node();

    private SessionRepository node() {
        return new SessionRepository(
                store,
                codec,
                (name, value) -> true,
                () -> Instant.ofEpochMilli(millis.incrementAndGet()),
                System::nanoTime);
    }

    private LiveSession created(String name, Object value) {
        return request(a, () -> {
            LiveSession session = a.create(ID, 60);
            session.attributes().put(name, value);
            return session;
        });
    }

    private Object get(SessionRepository node, String name) {
        return request(node, () -> node.find(ID).orElseThrow().attributes().get(name));
    }

    private void put(SessionRepository node, String name, Object value) {
        request(node, () -> node.find(ID).orElseThrow().attributes().put(name, value));
    }

    private void remove(SessionRepository node, String name) {
        request(node, () -> node.find(ID).orElseThrow().attributes().remove(name));
    }

    @SuppressWarnings("unchecked")
    private static List<String> list(LiveSession session) {
        return (List<String>) session.attributes().get("list");
    }

    // ---- requests of one node that end in another order ----------------------------------------------------------

    /** As an application does that counts under {@code synchronized (session)}: the monitor is free before the commit. */
    @Test
    void what_was_set_first_is_not_written_last() {
        created("counter", 4);
        RequestScope first = new RequestScope(a);
        RequestScope second = new RequestScope(a);
        in(first, () -> a.find(ID).orElseThrow().attributes().put("counter", 5));
        in(second, () -> a.find(ID).orElseThrow().attributes().compute("counter", (name, five) -> (int) five + 1));
        end(second);
        assertThat(get(b, "counter")).isEqualTo(6);

        end(first);
        assertThat(get(a, "counter")).isEqualTo(6);
        assertThat(get(b, "counter")).isEqualTo(6);
    }

    @Test
    void what_was_set_last_is_written_also_if_its_request_ends_first_or_last() {
        created("counter", 4);
        RequestScope early = new RequestScope(a);
        RequestScope late = new RequestScope(a);
        in(early, () -> a.find(ID).orElseThrow().attributes().put("counter", 5));
        in(late, () -> a.find(ID).orElseThrow().attributes().put("other", 1));
        in(late, () -> a.find(ID).orElseThrow().attributes().put("counter", 6));
        in(early, () -> a.find(ID).orElseThrow().attributes().put("counter", 7));
        end(early);
        assertThat(get(b, "counter")).isEqualTo(7);

        end(late);
        assertThat(get(b, "counter")).isEqualTo(7);
        assertThat(get(a, "counter")).isEqualTo(7);
        assertThat(get(b, "other")).isEqualTo(1);
    }

    @Test
    void what_was_removed_after_it_was_set_does_not_come_back_with_the_request_that_set_it() {
        created("name", "old");
        RequestScope setting = new RequestScope(a);
        in(setting, () -> a.find(ID).orElseThrow().attributes().put("name", "new"));
        remove(a, "name");

        end(setting);
        assertThat(get(a, "name")).isNull();
        assertThat(get(b, "name")).isNull();
    }

    @Test
    void an_object_that_was_replaced_is_not_written_for_what_was_done_to_it_before() {
        created("list", new ArrayList<>(List.of("old")));
        RequestScope changing = new RequestScope(a);
        in(changing, () -> list(a.find(ID).orElseThrow()).add("changed"));
        put(a, "list", new ArrayList<>(List.of("new")));

        end(changing);
        assertThat(get(a, "list")).isEqualTo(List.of("new"));
        assertThat(get(b, "list")).isEqualTo(List.of("new"));
    }

    @Test
    void an_object_that_was_put_in_its_place_and_changed_by_another_request_is_written_with_the_change() {
        created("list", new ArrayList<>(List.of("old")));
        RequestScope replacing = new RequestScope(a);
        RequestScope changing = new RequestScope(a);
        in(replacing, () -> a.find(ID).orElseThrow().attributes().put("list", new ArrayList<>(List.of("new"))));
        in(changing, () -> list(a.find(ID).orElseThrow()).size());
        end(replacing);
        in(changing, () -> list(a.find(ID).orElseThrow()).add("changed"));

        end(changing);
        assertThat(get(b, "list")).isEqualTo(List.of("new", "changed"));
    }

    // ---- the answer to a commit is late --------------------------------------------------------------------------

    @Test
    void a_request_sees_what_another_node_wrote_after_a_commit_of_its_own_node_that_has_no_answer_yet()
            throws Exception {
        created("counter", 0);
        AtomicReference<Object> seen = new AtomicReference<>();
        Thread next = new Thread(() -> seen.set(get(a, "counter")), "the next request on the same node");
        store.after("commit", () -> {
            // The store has the 1. Another node reads it and writes a 2, and then the next request looks.
            put(b, "counter", 2);
            next.start();
            await().until(() -> EnumSet.of(Thread.State.TIMED_WAITING, Thread.State.TERMINATED)
                    .contains(next.getState()));
        });
        put(a, "counter", 1);
        next.join();

        assertThat(seen.get()).isEqualTo(2);
        assertThat(get(a, "counter")).isEqualTo(2);
        assertThat(get(b, "counter")).isEqualTo(2);
    }

    /** A look of the node whose commit is under way that does not wait for it: an interrupted one does not. */
    private void lookWithoutWaiting() {
        Thread impatient = new Thread(
                () -> {
                    Thread.currentThread().interrupt();
                    get(a, "name");
                },
                "a request that has waited for too long");
        impatient.start();
        await().until(() -> !impatient.isAlive());
    }

    @Test
    void what_another_node_wrote_after_a_commit_is_seen_also_if_a_look_could_not_wait_for_the_answer() {
        created("counter", 0);
        store.after("commit", () -> {
            put(b, "counter", 2);
            lookWithoutWaiting();
        });
        put(a, "counter", 1);

        assertThat(get(a, "counter")).isEqualTo(2);
        assertThat(get(b, "counter")).isEqualTo(2);
    }

    @Test
    void a_request_that_goes_on_after_its_late_commit_keeps_seeing_what_it_wrote() {
        created("counter", 0);
        RequestScope streaming = new RequestScope(a);
        LiveSession session = in(streaming, () -> a.find(ID).orElseThrow());
        in(streaming, () -> session.attributes().put("counter", 1));
        store.after("commit", () -> {
            put(b, "counter", 2);
            lookWithoutWaiting();
        });
        streaming.commit();

        assertThat(in(streaming, () -> session.attributes().get("counter"))).isEqualTo(1);
        assertThat(get(a, "counter")).isEqualTo(2);
        end(streaming);
        assertThat(get(a, "counter")).isEqualTo(2);
        assertThat(get(b, "counter")).isEqualTo(2);
    }

    @Test
    void what_another_node_removed_after_a_commit_is_gone_also_if_a_look_could_not_wait_for_the_answer() {
        created("counter", 0);
        store.after("commit", () -> {
            remove(b, "counter");
            lookWithoutWaiting();
        });
        put(a, "counter", 1);

        assertThat(get(a, "counter")).isNull();
    }

    @Test
    void what_another_node_set_after_it_was_removed_here_is_seen_also_if_a_look_could_not_wait_for_the_answer() {
        created("counter", 0);
        store.after("commit", () -> {
            put(b, "counter", 2);
            lookWithoutWaiting();
        });
        remove(a, "counter");

        assertThat(get(a, "counter")).isEqualTo(2);
    }

    @Test
    void an_object_changed_in_place_does_not_come_back_when_another_node_removed_it_before_the_answer() {
        created("list", new ArrayList<>(List.of("x")));
        store.after("commit", () -> {
            remove(b, "list");
            lookWithoutWaiting();
        });
        request(a, () -> list(a.find(ID).orElseThrow()).add("y"));

        assertThat(get(a, "list")).isNull();
        assertThat(get(b, "list")).isNull();
    }

    @Test
    void what_arrived_before_a_commit_of_this_node_is_overwritten_by_it() {
        created("counter", 0);
        RequestScope slow = new RequestScope(a);
        in(slow, () -> a.find(ID).orElseThrow().attributes().put("counter", 3));
        put(b, "counter", 2);
        assertThat(get(a, "counter")).as("as in one JVM").isEqualTo(3);
        end(slow);

        assertThat(get(a, "counter")).isEqualTo(3);
        assertThat(get(b, "counter")).isEqualTo(3);
    }

    @Test
    void what_arrived_before_a_removal_by_this_node_is_removed_by_it() {
        created("counter", 0);
        RequestScope slow = new RequestScope(a);
        in(slow, () -> a.find(ID).orElseThrow().attributes().remove("counter"));
        put(b, "counter", 2);
        assertThat(get(a, "counter")).as("as in one JVM").isNull();
        end(slow);

        assertThat(get(a, "counter")).isNull();
        assertThat(get(b, "counter")).isNull();
    }

    @Test
    void what_arrived_for_a_change_that_a_lost_lock_has_dropped_is_seen() {
        LiveSession session = created("counter", 0);
        RequestScope losing = new RequestScope(a);
        in(losing, () -> session.attributes().put("counter", 1));
        put(b, "counter", 2);
        get(a, "counter");
        session.fence(losing.changesOf(session));

        assertThat(session.attributes().get("counter")).isEqualTo(2);
        losing.close();
    }

    // ---- the answer to a creation is lost ------------------------------------------------------------------------

    @Test
    void what_is_set_after_a_creation_whose_answer_was_lost_is_written() {
        store.loseAnswerOf("create");
        created("first", "1");
        put(a, "second", "2");
        assertThat(get(b, "first")).isEqualTo("1");
        assertThat(get(b, "second")).isEqualTo("2");
    }

    @Test
    void a_logout_ends_a_session_whose_creation_was_not_confirmed() {
        store.loseAnswerOf("create");
        LiveSession session = created("name", "value");
        assertThat(request(a, () -> a.remove(session))).isTrue();
        assertThat(request(b, () -> b.find(ID))).isEmpty();
    }

    @Test
    void a_change_of_id_ends_the_old_id_of_a_session_whose_creation_was_not_confirmed() {
        store.loseAnswerOf("create");
        LiveSession session = created("name", "value");
        assertThat(request(a, () -> a.rename(session, OTHER_ID))).isEqualTo(Renaming.DONE);
        assertThat(request(b, () -> b.find(ID))).isEmpty();
        assertThat(request(b, () -> b.find(OTHER_ID))).isPresent();
    }

    @Test
    void a_session_that_never_reached_the_store_can_change_its_id_and_end() {
        store.down.set(true);
        LiveSession session = created("name", "value");
        store.down.set(false);
        assertThat(request(a, () -> a.rename(session, OTHER_ID))).isEqualTo(Renaming.DONE);
        assertThat(request(b, () -> b.find(OTHER_ID))).isPresent();
        assertThat(request(a, () -> a.remove(session))).isTrue();
        assertThat(request(b, () -> b.find(OTHER_ID))).isEmpty();
    }

    @Test
    void a_logout_that_did_not_wait_for_a_slow_creation_wins() {
        RequestScope creating = new RequestScope(a);
        LiveSession session = in(creating, () -> a.create(ID, 60));
        store.after("create", session::end);
        end(creating);
        assertThat(request(b, () -> b.find(ID))).isEmpty();
    }

    // ---- requests that overlap -----------------------------------------------------------------------------------

    @Test
    void a_look_while_a_commit_of_the_node_is_under_way_does_not_tear_a_shared_object_apart() {
        created("list", new ArrayList<>(List.of("x")));
        RequestScope first = new RequestScope(a);
        RequestScope third = new RequestScope(a);
        in(first, () -> list(a.find(ID).orElseThrow()).add("one"));
        List<String> shared = in(third, () -> list(a.find(ID).orElseThrow()));
        store.after(
                "commit", () -> request(a, () -> list(a.find(ID).orElseThrow()).add("two")));
        end(first);
        shared.add("three");
        end(third);
        assertThat(get(b, "list")).isEqualTo(List.of("x", "one", "two", "three"));
    }

    @Test
    void a_change_that_was_written_late_is_not_written_once_more() {
        created("name", "start");
        RequestScope failing = new RequestScope(a);
        LiveSession session = in(failing, () -> a.find(ID).orElseThrow());
        in(failing, () -> session.attributes().put("name", "old"));
        store.down.set(true);
        failing.finish();
        failing.commit();
        a.settle(session);
        store.down.set(false);
        a.settle(session);
        put(b, "name", "new");
        failing.close();
        put(a, "other", "value");
        assertThat(get(b, "name")).isEqualTo("new");
    }

    /** A request whose look is answered, and whose commit is not. */
    private void failToWrite(Consumer<LiveSession> change) {
        RequestScope failing = new RequestScope(a);
        LiveSession session = in(failing, () -> a.find(ID).orElseThrow());
        in(failing, () -> {
            change.accept(session);
            return session;
        });
        store.down.set(true);
        end(failing);
        store.down.set(false);
    }

    @Test
    void what_could_not_be_written_is_not_written_after_what_was_set_later() {
        created("name", "start");
        failToWrite(session -> session.attributes().put("name", "old"));
        failToWrite(session -> session.attributes().put("gone", "old"));
        put(a, "name", "new");
        remove(a, "gone");
        put(a, "other", "value");
        assertThat(get(b, "name")).isEqualTo("new");
        assertThat(get(b, "gone")).isNull();
        assertThat(get(a, "name")).isEqualTo("new");
        assertThat(get(a, "gone")).isNull();
    }

    @Test
    void of_two_changes_that_could_not_be_written_the_later_one_is_written() {
        created("name", "start");
        failToWrite(session -> session.attributes().put("name", "old"));
        failToWrite(session -> session.attributes().put("name", "new"));
        failToWrite(session -> session.setMaxInactiveSeconds(70));
        failToWrite(session -> session.setMaxInactiveSeconds(80));
        put(a, "other", "value");
        put(a, "other", "again");
        assertThat(get(b, "name")).isEqualTo("new");
        assertThat(get(a, "name")).isEqualTo("new");
        assertThat(request(b, () -> b.find(ID).orElseThrow().maxInactiveSeconds()))
                .isEqualTo(80);
    }

    @Test
    void an_interval_that_could_not_be_written_is_not_written_after_what_was_set_later() {
        created("name", "start");
        failToWrite(session -> session.setMaxInactiveSeconds(70));
        request(a, () -> {
            LiveSession session = a.find(ID).orElseThrow();
            session.setMaxInactiveSeconds(80);
            return session;
        });
        put(a, "other", "value");
        assertThat(request(b, () -> b.find(ID).orElseThrow().maxInactiveSeconds()))
                .isEqualTo(80);
    }

    @Test
    void the_attributes_of_an_ended_session_do_not_get_into_a_new_one_of_the_same_id() {
        created("secret", "of the old one");
        SessionRepository c = node();
        store.after("load", () -> {
            request(a, () -> a.remove(a.find(ID).orElseThrow()));
            request(c, () -> c.create(ID, 60));
        });
        request(c, () -> c.find(ID));
        assertThat(get(c, "secret")).isNull();
        assertThat(get(b, "secret")).isNull();
    }

    // ---- objects that resist -------------------------------------------------------------------------------------

    @Test
    void an_object_that_is_still_being_changed_is_written_by_the_next_commit() {
        created("name", "value");
        codec.changing = true;
        put(a, "list", new ArrayList<>(List.of("x")));
        codec.changing = false;
        assertThat(get(a, "list")).isEqualTo(List.of("x"));
        assertThat(get(b, "list")).isEqualTo(List.of("x"));
    }

    @Test
    void an_object_that_can_no_longer_be_written_is_not_seen_as_it_was() {
        created("list", new ArrayList<>(List.of("x")));
        codec.unwritable = true;
        request(a, () -> list(a.find(ID).orElseThrow()).add("y"));
        codec.unwritable = false;
        assertThat(get(a, "list")).isEqualTo(List.of("x", "y"));
        assertThat(get(b, "list")).isNull();
    }

    // ---- threads that belong to no request -----------------------------------------------------------------------

    @Test
    void what_a_worker_was_given_is_looked_at_until_its_request_is_over() {
        LiveSession session = created("list", new ArrayList<String>());
        RequestScope asynchronous = new RequestScope(a);
        in(asynchronous, () -> a.find(ID).orElseThrow());
        List<String> givenToWorker = list(session);
        put(a, "name", "another request commits");
        givenToWorker.add("late");
        end(asynchronous);
        assertThat(get(b, "list")).isEqualTo(List.of("late"));
    }

    @Test
    void what_a_thread_changes_in_a_copy_that_was_released_is_written() {
        LiveSession session = created("name", "value");
        assertThat(a.departures().release(session)).isTrue();
        session.attributes().put("name", "late");
        a.outsideUse().settleAll();
        assertThat(get(b, "name")).isEqualTo("late");
        assertThat(get(a, "name")).isEqualTo("late");
    }

    @Test
    void a_session_that_joins_a_request_whose_code_has_returned_does_not_stay_in_use() {
        LiveSession session = created("name", "value");
        RequestScope broken = new RequestScope(a);
        broken.finish();
        broken.include(session);
        a.settle(session);
        assertThat(session.isInUse()).isFalse();
        assertThat(a.departures().release(session)).isTrue();
    }

    private static final class MoodyCodec implements AttributeCodec {

        private final SerializationCodec plain = new SerializationCodec();
        private boolean changing;
        private boolean unwritable;

        @Override
        public byte[] encode(Object value) {
            if (changing) {
                throw new ConcurrentModificationException("changing by intent");
            }
            if (unwritable) {
                throw new CodecException("cannot be encoded by intent");
            }
            return plain.encode(value);
        }

        @Override
        public Object decode(byte[] bytes) {
            return plain.decode(bytes);
        }

        @Override
        public boolean isImmutable(Object value) {
            return plain.isImmutable(value);
        }
    }
}
