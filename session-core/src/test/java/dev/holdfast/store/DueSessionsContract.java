package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Delta;
import dev.holdfast.model.NewSession;
import dev.holdfast.model.SessionId;
import dev.holdfast.store.DueSessions.DueSession;
import dev.holdfast.store.DueSessions.Taken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every store does with sessions whose time is over. */
public abstract class DueSessionsContract extends RestoreContract {

    private static final Duration LONG_LEASE = Duration.ofMinutes(1);
    private static final Duration SHORT_LEASE = Duration.ofSeconds(1);
    private static final long TOKEN = 42;
    private static final long OTHER_TOKEN = -43;

    /** Lets a short lease run out. */
    protected abstract void awaitEndOfLease();

    private NewSession dueSoon(String name, String value) {
        NewSession session = new NewSession(id, CREATED, 1, 1, bytes(Map.of(name, value)));
        store.create(session);
        return session;
    }

    private DueSession claimed(Duration lease) {
        return claim(store, lease).orElseThrow();
    }

    /** The session of this test among all that are claimed: other tests may have left some. */
    private Optional<DueSession> claim(SessionStore node, Duration lease) {
        return claim(node, lease, id);
    }

    private static Optional<DueSession> claim(SessionStore node, Duration lease, SessionId key) {
        List<DueSession> claimed = new ArrayList<>();
        for (int partition = 0; partition < node.due().partitions(); partition++) {
            claimed.addAll(node.due().claim(partition, 1000, lease));
        }
        return claimed.stream().filter(session -> session.key().equals(key)).findFirst();
    }

    private Taken.Mine taken(DueSession session) {
        return (Taken.Mine) store.due().take(session, TOKEN, LONG_LEASE);
    }

    @Test
    void a_session_whose_time_is_not_over_is_not_claimed() {
        created(Map.of());
        assertThat(claim(store, LONG_LEASE)).isEmpty();
    }

    @Test
    void a_session_that_never_expires_is_never_claimed() {
        store.create(new NewSession(id, CREATED, 1, 0, Map.of()));
        assertThat(claim(store, LONG_LEASE)).isEmpty();
    }

    @Test
    void one_node_claims_a_session_at_a_time() {
        dueSoon("a", "1");
        awaitDue(id);
        assertThat(claim(store, SHORT_LEASE)).isPresent();
        assertThat(claim(otherNode, SHORT_LEASE)).isEmpty();
        awaitEndOfLease();
        assertThat(claim(otherNode, SHORT_LEASE)).isPresent();
    }

    @Test
    void no_more_are_claimed_than_asked_for() {
        dueSoon("a", "1");
        awaitDue(id);
        for (int partition = 0; partition < store.due().partitions(); partition++) {
            assertThat(store.due().claim(partition, 1, LONG_LEASE)).hasSizeLessThan(2);
        }
    }

    @Test
    void who_takes_a_session_gets_all_of_it_and_ends_it() {
        dueSoon("a", "1");
        awaitDue(id);
        DueSession due = claimed(LONG_LEASE);

        Taken.Mine mine = taken(due);

        assertThat(mine.id()).isEqualTo(id);
        assertThat(mine.metadata().createdMillis()).isEqualTo(CREATED);
        assertThat(text(mine.attributes())).isEqualTo(Map.of("a", "1"));
        assertThat(store.load(id, Known.NOTHING, true)).isInstanceOf(Loaded.Due.class);
        assertThat(store.due().finish(due, TOKEN)).isTrue();
        assertThat(store.load(id, Known.NOTHING, true)).isInstanceOf(Loaded.Absent.class);
        assertThat(claim(otherNode, LONG_LEASE)).isEmpty();
    }

    @Test
    void a_session_whose_end_has_begun_is_neither_written_nor_ended_nor_renamed_by_others() {
        dueSoon("a", "1");
        awaitDue(id);
        DueSession due = claimed(LONG_LEASE);
        taken(due);

        assertThat(otherNode.due().take(due, OTHER_TOKEN, LONG_LEASE)).isInstanceOf(Taken.Nothing.class);
        assertThat(otherNode.commit(id, Known.of(CREATED, 1), delta("a", "2"), token()))
                .isInstanceOf(Committed.Gone.class);
        assertThat(otherNode.remove(id, CREATED)).isInstanceOf(Removed.Absent.class);
        assertThat(otherNode.rename(id, CREATED, colocatedId())).isInstanceOf(Renamed.Gone.class);
        assertThat(otherNode.supersede(id, CREATED, 1, newId())).isEqualTo(SessionStore.Superseded.ABSENT);
        otherNode.keep(id, CREATED);
        assertThat(store.due().finish(due, OTHER_TOKEN)).isFalse();
        assertThat(store.due().finish(due, TOKEN)).isTrue();
        assertThat(store.due().finish(due, TOKEN)).isFalse();
    }

    @Test
    void taking_again_with_the_same_token_gives_the_same_session() {
        dueSoon("a", "1");
        awaitDue(id);
        DueSession due = claimed(LONG_LEASE);
        assertThat(text(taken(due).attributes())).isEqualTo(text(taken(due).attributes()));
    }

    @Test
    void another_node_takes_over_when_the_lease_of_a_dead_one_has_run_out() {
        dueSoon("a", "1");
        awaitDue(id);
        DueSession due = claimed(SHORT_LEASE);
        assertThat(store.due().take(due, TOKEN, SHORT_LEASE)).isInstanceOf(Taken.Mine.class);
        awaitEndOfLease();

        DueSession again = claim(otherNode, LONG_LEASE).orElseThrow();
        assertThat(otherNode.due().take(again, OTHER_TOKEN, LONG_LEASE)).isInstanceOf(Taken.Mine.class);
        assertThat(store.due().finish(due, TOKEN)).as("the first one is late").isFalse();
        assertThat(otherNode.due().finish(again, OTHER_TOKEN)).isTrue();
    }

    @Test
    void a_commit_before_the_end_has_begun_keeps_the_session() {
        dueSoon("a", "1");
        awaitDue(id);
        DueSession due = claimed(LONG_LEASE);
        assertThat(otherNode.commit(
                        id,
                        Known.of(CREATED, 1),
                        new Delta(Map.of(), Set.of(), java.util.OptionalInt.of(1800)),
                        token()))
                .isInstanceOf(Committed.Applied.class);

        assertThat(store.due().take(due, TOKEN, LONG_LEASE)).isInstanceOf(Taken.Nothing.class);
        assertThat(text(everything(store).attributes())).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void a_session_that_is_kept_does_not_end_and_is_not_accessed() {
        dueSoon("a", "1");
        awaitDue(id);
        otherNode.keep(id, CREATED);
        assertThat(everything(store).metadata().lastAccessedMillis()).isEqualTo(CREATED);
        awaitDue(id);
        otherNode.keep(id, CREATED + 1);
        assertThat(store.load(id, Known.NOTHING, false))
                .as("another session was kept")
                .isInstanceOf(Loaded.Due.class);
    }

    @Test
    void a_session_that_is_gone_is_not_taken() {
        dueSoon("a", "1");
        awaitDue(id);
        DueSession due = claimed(LONG_LEASE);
        store.remove(id, CREATED);
        assertThat(store.due().take(due, TOKEN, LONG_LEASE)).isInstanceOf(Taken.Nothing.class);
    }

    @Test
    void an_old_session_waits_aside_for_its_end_when_a_new_one_takes_its_id() {
        dueSoon("a", "old");
        awaitDue(id);
        long createdLater = CREATED + 1;
        assertThat(store.create(new NewSession(id, createdLater, 1, HALF_AN_HOUR, bytes(Map.of("a", "new")))))
                .isInstanceOf(Created.Done.class);

        Taken.Mine old = takeAny(store, CREATED);

        assertThat(old.id()).isEqualTo(id);
        assertThat(text(old.attributes())).isEqualTo(Map.of("a", "old"));
        assertThat(everything(store).metadata().createdMillis()).isEqualTo(createdLater);
        assertThat(text(everything(store).attributes())).isEqualTo(Map.of("a", "new"));
    }

    private static Taken.Mine takeAny(SessionStore node, long created) {
        for (int partition = 0; partition < node.due().partitions(); partition++) {
            for (DueSession due : node.due().claim(partition, 1000, LONG_LEASE)) {
                if (node.due().take(due, TOKEN, LONG_LEASE) instanceof Taken.Mine mine
                        && mine.metadata().createdMillis() == created) {
                    assertThat(node.due().finish(due, TOKEN)).isTrue();
                    return mine;
                }
            }
        }
        throw new AssertionError("not found");
    }
}
