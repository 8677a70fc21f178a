package dev.holdfast.session;

import static dev.holdfast.session.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.fallback.BreakerOptions;
import dev.holdfast.fallback.GuardedSessionStore;
import dev.holdfast.fallback.JournalOptions;
import dev.holdfast.fallback.JournalingSessionStore;
import dev.holdfast.model.NewSession;
import dev.holdfast.model.SessionId;
import dev.holdfast.store.Created;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.memory.MemorySessionStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who has logged out stays logged out, also if the store then loses its data and other nodes have copies. */
class EndsTest {

    private static final SessionId ID = new SessionId("0123456789abcdef");
    private static final SessionId NEW_ID = new SessionId("fedcba9876543210");

    private final MemorySessionStore memory = new MemorySessionStore(InstantSource.system());
    private final SessionStore storeOfA = journaling();
    private final SessionStore storeOfB = journaling();
    private final SessionRepository a = node(storeOfA);
    private final SessionRepository b = node(storeOfB);

    private SessionStore journaling() {
        return new JournalingSessionStore(
                new GuardedSessionStore(memory, "shop", "in memory", new BreakerOptions(50, 20, Duration.ofMillis(50))),
                "shop",
                new JournalOptions(1 << 20, Duration.ofSeconds(1)),
                null);
    }

    private static SessionRepository node(SessionStore store) {
        return new SessionRepository(
                store, new SerializationCodec(), (name, value) -> true, InstantSource.system(), System::nanoTime);
    }

    @BeforeEach
    void both_nodes_have_a_copy() {
        request(a, () -> a.create(ID, 1800).attributes().put("name", "value"));
        assertThat(find(b, ID)).isPresent();
    }

    @AfterEach
    void stop() {
        storeOfA.close();
        storeOfB.close();
    }

    private static Optional<LiveSession> find(SessionRepository node, SessionId id) {
        return request(node, () -> node.find(id));
    }

    private void logOut() {
        assertThat(request(a, () -> a.remove(a.find(ID).orElseThrow()))).isTrue();
    }

    private void changeId() {
        assertThat(request(a, () -> a.rename(a.find(ID).orElseThrow(), NEW_ID)))
                .isEqualTo(SessionRepository.Renaming.DONE);
    }

    @Test
    void a_copy_goes_when_another_node_has_ended_its_session() {
        b.listenForEnds();
        logOut();

        b.compareAfterOutage();

        assertThat(b.localCopies()).isEmpty();
    }

    @Test
    void a_copy_goes_when_another_node_has_changed_the_id() {
        b.listenForEnds();
        changeId();

        b.compareAfterOutage();

        assertThat(b.localCopies()).isEmpty();
        assertThat(find(b, NEW_ID)).isPresent();
    }

    @Test
    void a_copy_that_a_request_has_stays_until_it_is_over() {
        b.listenForEnds();
        request(b, () -> {
            LiveSession used = b.find(ID).orElseThrow();
            logOut();
            b.compareAfterOutage();
            assertThat(b.localCopies()).containsExactly(used);
            return used;
        });

        assertThat(find(b, ID)).isEmpty();
    }

    /** As after a failover long ago: everything is still there, but nobody leaves marks any more. */
    @Test
    void a_copy_that_was_compared_after_a_loss_knows_an_end_for_an_end() {
        memory.loseEverything();
        a.compareAfterOutage();
        b.compareAfterOutage();
        long createdMillis = a.localCopies().iterator().next().createdMillis();
        memory.remove(ID, createdMillis);

        assertThat(find(b, ID)).isEmpty();
    }

    @Test
    void a_running_request_does_not_bring_back_what_another_node_has_ended() {
        b.listenForEnds();
        request(b, () -> {
            LiveSession used = b.find(ID).orElseThrow();
            logOut();
            memory.loseEverything();
            used.attributes().put("name", "late");
            return used;
        });
        b.compareAfterOutage();

        assertThat(find(b, ID)).isEmpty();
    }

    @Test
    void what_was_ended_right_before_the_loss_is_ended_again() {
        logOut();
        memory.loseEverything();
        a.compareAfterOutage();

        assertThat(find(b, ID)).isEmpty();
    }

    @Test
    void also_if_another_node_was_faster_that_has_not_heard_of_it() {
        logOut();
        memory.loseEverything();
        assertThat(find(b, ID)).as("put back by b").isPresent();

        a.compareAfterOutage();

        assertThat(find(b, ID)).isEmpty();
    }

    @Test
    void who_has_heard_of_an_end_puts_nothing_back() {
        b.listenForEnds();
        logOut();
        memory.loseEverything();

        assertThat(find(b, ID)).isEmpty();
    }

    @Test
    void an_id_that_was_given_up_right_before_the_loss_stays_dead() {
        changeId();
        memory.loseEverything();
        a.compareAfterOutage();

        assertThat(find(b, ID)).isEmpty();
        assertThat(find(b, NEW_ID)).isPresent();
    }

    @Test
    void a_logout_that_finds_nothing_because_of_the_loss_counts() {
        memory.loseEverything();
        request(a, () -> a.remove(a.localCopies().iterator().next()));

        assertThat(find(b, ID)).isEmpty();
    }

    @Test
    void a_logout_after_the_loss_counts_also_for_nodes_that_still_know_the_session_from_before() {
        memory.loseEverything();
        a.compareAfterOutage();
        logOut();

        assertThat(find(b, ID)).isEmpty();
    }

    @Test
    void so_does_a_change_of_id() {
        memory.loseEverything();
        a.compareAfterOutage();
        changeId();

        assertThat(find(b, ID)).isEmpty();
        assertThat(find(b, NEW_ID)).isPresent();
    }

    @Test
    void without_a_loss_nothing_is_left_of_an_end() {
        SessionId other = new SessionId("00112233445566778899");
        LiveSession session = request(a, () -> {
            LiveSession created = a.create(other, 1800);
            created.attributes().put("name", "value");
            return created;
        });
        long createdMillis = session.createdMillis();
        request(a, () -> a.remove(a.find(other).orElseThrow()));

        // It is not buried: the very same session could come again.
        assertThat(memory.create(new NewSession(other, createdMillis, 1, 60, Map.of())))
                .isInstanceOf(Created.Done.class);
    }
}
