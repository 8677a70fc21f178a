package dev.holdfast.fallback;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.holdfast.model.SessionId;
import dev.holdfast.model.SignOnId;
import dev.holdfast.model.SignOnMember;
import dev.holdfast.store.SignOnStore;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.StoreException.Reason;
import dev.holdfast.store.StoredSignOn;
import dev.holdfast.store.memory.MemorySignOnStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two nodes on one store of single sign-ons, of which the way of each can be cut, or lose answers. */
class SignOnJournalTest {

    private static final int HALF_AN_HOUR = 1800;
    private static final SignOnId ID = new SignOnId("0123456789ABCDEF");
    private static final SignOnMember SHOP = member("localhost/shop", "0000000000000000");
    private static final SignOnMember FORUM = member("localhost/forum", "1111111111111111");
    private static final StoredSignOn ALICE = login("alice");
    private static final StoredSignOn BOB = login("bob");

    private final MemorySignOnStore memory = new MemorySignOnStore(InstantSource.system(), Duration.ofMinutes(30));
    private final AtomicLong passedNanos = new AtomicLong();
    private final Node a = new Node();
    private final Node b = new Node();

    private static SignOnMember member(String application, String session) {
        return new SignOnMember(application, new SessionId(session));
    }

    private static StoredSignOn login(String user) {
        return new StoredSignOn(user.getBytes(UTF_8), null, "FORM", user, null);
    }

    private enum Line {
        WHOLE,
        CUT,
        LOSES_ANSWERS,
        /** Calls time out, and are done when {@link Node#deliverLate} says so. */
        HOLDS_CALLS
    }

    private final class Node {
        volatile Line line = Line.WHOLE;
        final List<SignOnMember> endedLate = new CopyOnWriteArrayList<>();
        final Queue<Runnable> held = new ConcurrentLinkedQueue<>();
        final Set<SignOnId> broken = ConcurrentHashMap.newKeySet();
        final JournalingSignOnStore store = new JournalingSignOnStore(
                new GuardedSignOnStore(
                        line(), "test", "redis://test", new BreakerOptions(50, 20, Duration.ofMillis(50))),
                "test",
                10,
                new JournalOptions(1 << 20),
                endedLate::addAll,
                () -> System.nanoTime() + passedNanos.get());

        private SignOnStore line() {
            return (SignOnStore) Proxy.newProxyInstance(
                    SignOnStore.class.getClassLoader(),
                    new Class<?>[] {SignOnStore.class},
                    (proxy, method, arguments) -> {
                        switch (method.getName().equals("close") ? Line.WHOLE : line) {
                            case WHOLE -> {
                                return call(method, arguments);
                            }
                            case CUT -> throw new StoreException(Reason.CONNECT, "cut by intent");
                            case LOSES_ANSWERS -> call(method, arguments);
                            case HOLDS_CALLS -> held.add(() -> callLate(method, arguments));
                        }
                        throw new StoreException(Reason.TIMEOUT, "no answer by intent");
                    });
        }

        private Object call(Method method, Object[] arguments) throws Throwable {
            if (method.getName().equals("reconcile") && broken.contains((SignOnId) arguments[0])) {
                throw new StoreException(Reason.SCRIPT, "broken by intent");
            }
            try {
                return method.invoke(memory, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }

        private void callLate(Method method, Object[] arguments) {
            try {
                method.invoke(memory, arguments);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }

        void deliverLate() {
            for (Runnable call = held.poll(); call != null; call = held.poll()) {
                call.run();
            }
        }

        void cut() {
            line = Line.CUT;
        }

        void heal() {
            line = Line.WHOLE;
        }

        boolean knows(SignOnId id) {
            return store.look(id).isPresent();
        }
    }

    @AfterEach
    void stop() {
        a.heal();
        b.heal();
        a.store.close();
        b.store.close();
    }

    private static void assertUnknown(Node node, SignOnId id) {
        StoreException away = catchThrowableOfType(StoreException.class, () -> node.store.look(id));
        assertThat(away.storeIsAway()).isTrue();
    }

    @Test
    void a_known_sign_on_goes_on_while_the_store_is_away() {
        a.store.begin(ID, ALICE, SHOP, HALF_AN_HOUR);
        assertThat(b.knows(ID)).isTrue();
        a.cut();
        b.cut();
        for (int request = 0; request < 20; request++) {
            assertThat(a.store.look(ID).orElseThrow().signOn()).isEqualTo(ALICE);
            assertThat(b.store.look(ID).orElseThrow().longestIntervalSeconds()).hasValue(HALF_AN_HOUR);
        }
    }

    @Test
    void an_unknown_sign_on_is_not_one_that_has_ended() {
        b.cut();
        a.store.begin(ID, ALICE, SHOP, HALF_AN_HOUR);
        assertUnknown(b, ID);
        b.heal();
        await().until(() -> b.knows(ID));
    }

    @Test
    void a_login_while_the_store_is_away_counts_here_at_once_and_later_everywhere() {
        a.cut();
        a.store.begin(ID, ALICE, SHOP, HALF_AN_HOUR);
        assertThat(a.store.join(ID, FORUM, 60)).isTrue();
        assertThat(a.store.look(ID).orElseThrow().sessions()).containsOnlyKeys(SHOP, FORUM);

        a.heal();

        await().until(() -> b.knows(ID));
        assertThat(b.store.look(ID).orElseThrow().sessions()).containsOnlyKeys(SHOP, FORUM);
        assertThat(b.store.look(ID).orElseThrow().signOn()).isEqualTo(ALICE);
    }

    @Test
    void what_is_done_to_a_known_sign_on_meanwhile_is_brought_once_and_as_it_is_at_last() {
        a.store.begin(ID, ALICE, SHOP, HALF_AN_HOUR);
        a.cut();
        SignOnMember renamed = member("localhost/forum", "2222222222222222");
        assertThat(a.store.join(ID, FORUM, 60)).isTrue();
        assertThat(a.store.move(ID, FORUM, renamed, 70)).isTrue();
        assertThat(a.store.update(ID, BOB)).isTrue();
        assertThat(a.store.leave(ID, SHOP)).isTrue();

        a.heal();

        await().until(() -> memory.look(ID).orElseThrow().signOn().equals(BOB));
        assertThat(b.store.look(ID).orElseThrow().sessions()).isEqualTo(Map.of(renamed, 70));
    }

    @Test
    void a_logout_holds_here_at_once_and_later_everywhere_and_its_sessions_are_told_then() {
        a.store.begin(ID, ALICE, SHOP, HALF_AN_HOUR);
        assertThat(b.knows(ID)).isTrue();
        a.store.join(ID, FORUM, HALF_AN_HOUR);
        b.cut();
        assertThat(b.store.end(ID)).contains(List.of(SHOP));
        assertThat(b.store.look(ID)).isEmpty();
        assertThat(b.store.join(ID, FORUM, 60)).isFalse();
        assertThat(a.knows(ID)).isTrue();

        b.heal();

        await().untilAsserted(() -> assertThat(b.endedLate).containsExactlyInAnyOrder(SHOP, FORUM));
        assertThat(a.knows(ID)).isFalse();
        assertThat(b.knows(ID)).isFalse();
    }

    @Test
    void a_logout_from_a_sign_on_that_this_node_does_not_know_is_remembered_too() {
        b.cut();
        a.store.begin(ID, ALICE, SHOP, HALF_AN_HOUR);
        b.store.end(ID);
        assertThat(b.store.look(ID)).isEmpty();
        b.heal();
        await().until(() -> !a.knows(ID));
    }

    @Test
    void a_logout_elsewhere_wins_when_the_store_is_back() {
        a.store.begin(ID, ALICE, SHOP, HALF_AN_HOUR);
        assertThat(b.knows(ID)).isTrue();
        b.cut();
        assertThat(b.store.join(ID, FORUM, HALF_AN_HOUR)).isTrue();
        a.store.end(ID);
        assertThat(b.knows(ID)).as("nobody has told it").isTrue();

        b.heal();

        await().until(() -> b.store.look(ID).isEmpty());
        assertThat(a.knows(ID)).isFalse();
        assertThat(memory.look(ID)).isEmpty();
    }

    @Test
    void a_login_and_a_logout_of_which_only_the_answers_were_lost_leave_nothing() {
        a.line = Line.LOSES_ANSWERS;
        a.store.begin(ID, ALICE, SHOP, HALF_AN_HOUR);
        assertThat(memory.look(ID)).isPresent();
        a.line = Line.CUT;
        a.store.end(ID);
        a.heal();
        await().until(() -> memory.look(ID).isEmpty());
        assertThat(a.knows(ID)).isFalse();
    }

    @Test
    void a_call_that_is_done_late_brings_nobody_back() {
        a.line = Line.HOLDS_CALLS;
        a.store.begin(ID, ALICE, SHOP, HALF_AN_HOUR);
        a.store.join(ID, FORUM, HALF_AN_HOUR);
        a.store.end(ID);
        a.line = Line.WHOLE;
        await().until(() -> a.store.look(ID).isEmpty() && !isUntold());
        a.deliverLate();
        assertThat(memory.look(ID)).isEmpty();
        assertThat(b.knows(ID)).isFalse();
    }

    /** Redis marks what it was told of as ended. */
    private boolean isUntold() {
        memory.begin(ID, ALICE, SHOP, HALF_AN_HOUR);
        return memory.end(ID).isPresent();
    }

    @Test
    void a_store_that_has_lost_everything_gets_back_what_a_node_knows() {
        a.store.begin(ID, ALICE, SHOP, HALF_AN_HOUR);
        assertThat(b.knows(ID)).isTrue();
        a.store.join(ID, FORUM, HALF_AN_HOUR);
        memory.loseData();
        assertThat(b.knows(ID)).as("with its next request").isTrue();
        assertThat(a.knows(ID)).isTrue();
        await().untilAsserted(() -> assertThat(memory.look(ID).orElseThrow().sessions())
                .as("what only one of the nodes knew")
                .containsOnlyKeys(SHOP, FORUM));
    }

    @Test
    void after_an_outage_copies_are_put_back_without_a_request() {
        a.store.begin(ID, ALICE, SHOP, HALF_AN_HOUR);
        a.cut();
        while (a.store.look(ID).isPresent() && !isGivenUp(a)) {
            Thread.onSpinWait();
        }
        memory.loseData();
        a.heal();
        await().until(() -> memory.look(ID).isPresent());
    }

    private static boolean isGivenUp(Node node) {
        StoreException failure =
                catchThrowableOfType(StoreException.class, () -> node.store.look(new SignOnId("FEDCBA9876543210")));
        return failure != null && failure.reason() == Reason.NOT_ASKED;
    }

    @Test
    void who_has_logged_out_stays_logged_out_when_the_store_has_lost_everything() {
        a.store.begin(ID, ALICE, SHOP, HALF_AN_HOUR);
        a.store.end(ID);
        memory.loseData();
        assertThat(a.knows(ID)).isFalse();
        assertThat(memory.look(ID)).isEmpty();
    }

    @Test
    void who_logs_out_while_the_store_is_away_is_not_put_back_by_another_node_when_it_comes_back_empty() {
        a.store.begin(ID, ALICE, SHOP, HALF_AN_HOUR);
        assertThat(b.knows(ID)).isTrue();
        a.cut();
        a.store.end(ID);
        memory.loseData();
        a.heal();
        await().until(() -> !isUntold());
        assertThat(b.knows(ID)).isFalse();
        assertThat(a.knows(ID)).isFalse();
    }

    @Test
    void one_that_cannot_be_put_back_keeps_no_other_waiting() {
        List<SignOnId> ids = List.of(ID, new SignOnId("0000000000000001"), new SignOnId("0000000000000002"));
        ids.forEach(id -> a.store.begin(id, ALICE, SHOP, HALF_AN_HOUR));
        a.broken.addAll(List.of(ids.get(0), ids.get(2)));
        a.cut();
        await().until(() -> isGivenUp(a));
        memory.loseData();
        a.heal();
        await().untilAsserted(() -> assertThat(memory.look(ids.get(1))).isPresent());
        a.broken.clear();
        assertThat(ids).allMatch(a::knows);
    }

    @Test
    void a_logout_after_a_loss_that_another_node_has_not_noticed_stays() {
        a.store.begin(ID, ALICE, SHOP, HALF_AN_HOUR);
        assertThat(b.knows(ID)).isTrue();
        memory.loseData();
        a.store.end(ID);
        assertThat(b.knows(ID)).isFalse();
    }

    @Test
    void without_use_a_copy_is_over_when_its_sessions_are() {
        a.store.begin(ID, ALICE, SHOP, 60);
        a.cut();
        passedNanos.addAndGet(Duration.ofSeconds(59).toNanos());
        assertThat(a.knows(ID)).isTrue();
        passedNanos.addAndGet(Duration.ofSeconds(61).toNanos());
        assertUnknown(a, ID);
    }

    @Test
    void copies_are_bounded_and_the_least_recently_used_leave() {
        SignOnId[] ids = new SignOnId[30];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = new SignOnId("%016d".formatted(i));
            a.store.begin(ids[i], ALICE, SHOP, HALF_AN_HOUR);
        }
        a.cut();
        await().untilAsserted(() -> assertThat(Arrays.stream(ids).filter(this::isKnownToA))
                .containsExactly(Arrays.copyOfRange(ids, 20, 30)));
    }

    private boolean isKnownToA(SignOnId id) {
        return catchThrowableOfType(StoreException.class, () -> a.store.look(id)) == null;
    }

    @Test
    void what_is_remembered_is_bounded_and_logouts_still_are() {
        a.cut();
        StoredSignOn large = new StoredSignOn(new byte[300_000], null, "FORM", "alice", null);
        for (int i = 0; i < 4; i++) {
            a.store.begin(new SignOnId("%016d".formatted(i)), large, SHOP, HALF_AN_HOUR);
        }
        StoreException full =
                catchThrowableOfType(StoreException.class, () -> a.store.begin(ID, ALICE, SHOP, HALF_AN_HOUR));
        assertThat(full).hasMessageContaining("HF-642").hasMessageContaining("journalMaxBytes");
        SignOnId first = new SignOnId("0000000000000000");
        a.store.end(first);
        assertThat(a.store.look(first)).isEmpty();
        a.store.begin(ID, ALICE, SHOP, HALF_AN_HOUR);
        assertThat(a.knows(ID)).isTrue();
    }

    @Test
    void a_new_login_for_a_sign_on_that_this_node_does_not_know_makes_none() {
        a.store.begin(ID, ALICE, SHOP, HALF_AN_HOUR);
        b.cut();
        assertThat(b.store.update(ID, BOB)).isFalse();
        assertThat(b.store.join(ID, FORUM, 60)).isTrue();
        assertUnknown(b, ID);
        a.store.end(ID);
        b.heal();
        await().until(() -> b.store.look(ID).isEmpty());
        assertThat(memory.look(ID)).isEmpty();
    }

    @Test
    void its_thread_ends_with_it() {
        a.store.close();
        b.store.close();
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("holdfast-replay sign-on test")));
    }
}
