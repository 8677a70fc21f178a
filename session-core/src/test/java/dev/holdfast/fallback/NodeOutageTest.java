package dev.holdfast.fallback;

import static dev.holdfast.session.Requests.end;
import static dev.holdfast.session.Requests.in;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.codec.KryoAttributeCodec;
import dev.holdfast.model.SessionId;
import dev.holdfast.session.CopyLifecycle;
import dev.holdfast.session.LiveSession;
import dev.holdfast.session.LockOptions;
import dev.holdfast.session.OutageOptions;
import dev.holdfast.session.RequestScope;
import dev.holdfast.session.Requests;
import dev.holdfast.session.SessionRepository;
import dev.holdfast.store.Known;
import dev.holdfast.store.Loaded;
import dev.holdfast.store.LockRequest;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.memory.MemorySessionStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What requests of one node see and leave behind while they cannot reach the store. Idle time passes when a test says so. */
class NodeOutageTest {

    private static final SessionId ID = new SessionId("0123456789abcdef");
    private static final int INTERVAL_SECONDS = 1800;
    private static final long START_NANOS = System.nanoTime();

    private final AtomicLong passedNanos = new AtomicLong();
    private final MemorySessionStore memory = new MemorySessionStore(this::now);
    private final BrokenLine line = new BrokenLine(memory);
    private final JournalingSessionStore store = new JournalingSessionStore(
            new GuardedSessionStore(
                    line.nodeSide(), "shop", "in memory", new BreakerOptions(50, 20, Duration.ofMillis(50))),
            "shop",
            new JournalOptions(1 << 20));
    private final SessionRepository node = new SessionRepository(
            store,
            new KryoAttributeCodec(NodeOutageTest.class.getClassLoader(), name -> true),
            (name, value) -> true,
            this::now,
            this::nanos,
            new LockOptions(Duration.ofMinutes(1), Duration.ofMinutes(1), false),
            new OutageOptions(Duration.ofMillis(500), true),
            CopyLifecycle.NONE);

    private long nanos() {
        return System.nanoTime() + passedNanos.get();
    }

    private Instant now() {
        return Instant.ofEpochSecond(1_800_000_000).plusNanos(nanos() - START_NANOS);
    }

    private void pass(int seconds) {
        passedNanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    @AfterEach
    void stop() {
        store.close();
    }

    private <T> T request(Supplier<T> application) {
        return Requests.request(node, application);
    }

    private LiveSession create(String name, Object value) {
        return create(ID, name, value);
    }

    private LiveSession create(SessionId id, String name, Object value) {
        return request(() -> {
            LiveSession created = node.create(id, INTERVAL_SECONDS);
            created.attributes().put(name, value);
            return created;
        });
    }

    private Optional<LiveSession> find() {
        return request(() -> node.findForClient(ID));
    }

    private void heal() {
        line.state = BrokenLine.State.WHOLE;
        await().until(() -> !store.isAway(ID));
    }

    // ---- time ----------------------------------------------------------------------------------------------------

    @Test
    void a_client_that_comes_too_late_does_not_prolong_its_session() {
        create("user", "me");
        pass(INTERVAL_SECONDS + 1);
        line.state = BrokenLine.State.CUT;
        assertThat(find()).isEmpty();
        heal();
        assertThat(memory.load(ID, Known.NOTHING, false)).isInstanceOf(Loaded.Due.class);
    }

    @Test
    void nor_does_one_whose_session_was_used_before_in_the_same_outage() {
        create("user", "me");
        line.state = BrokenLine.State.CUT;
        assertThat(find()).isPresent();
        pass(INTERVAL_SECONDS + 1);
        assertThat(find()).isEmpty();
    }

    // ---- memory --------------------------------------------------------------------------------------------------

    @Test
    void beyond_the_bound_copies_that_are_no_more_than_copies_go() {
        SessionId changed = new SessionId("changed-in-the-outage");
        SessionId born = new SessionId("born-in-the-outage");
        create("user", "me");
        create(changed, "user", "you");
        goAway();
        request(() -> node.findForClient(changed).orElseThrow().attributes().put("n", 1));
        create(born, "user", "she");

        node.departures().releaseSurplus(3);
        assertThat(node.localCopies()).hasSize(3);
        node.departures().releaseSurplus(2);

        assertThat(node.localCopies()).extracting(LiveSession::id).containsExactlyInAnyOrder(changed, born);
        assertThat(find()).as("unknown here until the store is back").isEmpty();
        heal();
        assertThat(find()).isPresent();
    }

    @Test
    void if_none_can_go_no_session_is_to_be_created() {
        SessionId born = new SessionId("born-in-the-outage");
        SessionId further = new SessionId("one-session-too-many");
        goAway();
        create("user", "me");
        create(born, "user", "she");

        node.departures().releaseSurplus(1);

        assertThat(node.localCopies()).hasSize(2);
        assertThat(node.hasRoomFor(further)).isFalse();
        heal();
        assertThat(node.hasRoomFor(further)).isTrue();
    }

    /** The node knows that the store is away. */
    private void goAway() {
        line.state = BrokenLine.State.CUT;
        await().until(() -> {
            // Outside a request: no use of the session.
            node.findForClient(ID);
            return store.isAway(ID);
        });
    }

    // ---- exclusive use -------------------------------------------------------------------------------------------

    @Test
    void an_exclusive_request_that_outlasts_the_outage_has_no_lock_to_lose() {
        line.state = BrokenLine.State.CUT;
        create("n", 0);
        RequestScope exclusive = new RequestScope(node, true);
        in(exclusive, () -> node.findForClient(ID).orElseThrow().attributes().put("n", 1));
        heal();
        end(exclusive);
        assertThat(request(
                        () -> node.findForClient(ID).orElseThrow().attributes().get("n")))
                .isEqualTo(1);
    }

    @Test
    void nor_has_one_that_began_its_session_in_the_outage() {
        line.state = BrokenLine.State.CUT;
        RequestScope exclusive = new RequestScope(node, true);
        LiveSession session = in(exclusive, () -> node.create(ID, INTERVAL_SECONDS));
        exclusive.commit();
        heal();
        in(exclusive, () -> session.attributes().put("n", 1));
        end(exclusive);
        assertThat(request(
                        () -> node.findForClient(ID).orElseThrow().attributes().get("n")))
                .isEqualTo(1);
    }

    @Test
    void who_waits_for_a_lock_goes_on_when_the_store_is_away() {
        create("n", 0);
        LockRequest other = LockRequest.ofNewOwner(Duration.ofMinutes(1));
        memory.locks().load(ID, Known.NOTHING, false, other);
        RequestScope exclusive = new RequestScope(node, true);
        CompletableFuture<Boolean> found = CompletableFuture.supplyAsync(
                () -> in(exclusive, () -> node.findForClient(ID).isPresent()));
        await().until(() -> line.calls.stream().filter("load"::equals).count() >= 2);
        line.state = BrokenLine.State.CUT;
        await().until(() -> {
            // Away, for whoever asks.
            find();
            node.renewLocks();
            return found.isDone();
        });
        assertThat(found).isCompletedWithValue(true);
        end(exclusive);
    }

    // ---- a store that comes back without its data ----------------------------------------------------------------

    @Test
    void no_copy_leaves_before_it_was_compared_with_a_store_that_was_away() {
        create("user", "me");
        loseEverythingInAnOutage();
        node.departures().releaseSurplus(0);
        node.compareAfterOutage();
        assertThat(memory.load(ID, Known.NOTHING, false)).isInstanceOf(Loaded.Everything.class);
        node.departures().releaseSurplus(0);
        assertThat(node.localCopies()).isEmpty();
    }

    private void loseEverythingInAnOutage() {
        goAway();
        memory.loseEverything();
        heal();
        await().until(() -> store.recoveries() > 0);
    }

    @Test
    void a_copy_about_which_the_store_has_not_answered_is_compared_later() {
        create("user", "me");
        loseEverythingInAnOutage();
        line.state = BrokenLine.State.CUT;
        try {
            node.compareAfterOutage();
        } catch (StoreException expected) {
            assertThat(expected.storeIsAway()).isTrue();
        }
        line.state = BrokenLine.State.WHOLE;
        node.compareAfterOutage();
        assertThat(memory.load(ID, Known.NOTHING, false)).isInstanceOf(Loaded.Everything.class);
    }

    @Test
    void an_exclusive_request_writes_what_it_did_when_the_lock_was_lost_with_the_data() {
        create("n", 0);
        RequestScope exclusive = new RequestScope(node, true);
        in(exclusive, () -> node.findForClient(ID).orElseThrow().attributes().put("n", 1));
        memory.loseEverything();
        exclusive.commit();
        in(exclusive, () -> node.findForClient(ID).orElseThrow().attributes().put("m", 2));
        end(exclusive);
        assertThat(request(() -> node.findForClient(ID).orElseThrow().attributes()))
                .containsEntry("n", 1)
                .containsEntry("m", 2);
        assertThat(((Loaded.Everything) memory.load(ID, Known.NOTHING, false)).attributes())
                .containsOnlyKeys("n", "m");
    }

    @Test
    void a_session_whose_time_was_over_is_not_put_back() {
        create("user", "me");
        pass(INTERVAL_SECONDS + 1);
        memory.loseEverything();
        assertThat(find()).isEmpty();
        assertThat(memory.load(ID, Known.NOTHING, false)).isInstanceOf(Loaded.Absent.class);
    }

    // ---- operators -----------------------------------------------------------------------------------------------

    @Test
    void an_operator_is_not_told_that_there_is_no_session_by_a_store_that_says_nothing() {
        line.state = BrokenLine.State.CUT;
        assertThatThrownBy(() -> node.find(ID)).isInstanceOf(StoreException.class);
        assertThat(node.findForClient(ID)).isEmpty();
        LiveSession known = create("n", 0);
        assertThat(node.find(ID)).contains(known);
    }

    @Test
    void idle_time_can_be_read_while_the_store_is_away() {
        LiveSession session = create("n", 0);
        line.state = BrokenLine.State.CUT;
        pass(60);
        assertThat(node.idleMillis(session)).isBetween(60_000L, 70_000L);
    }
}
