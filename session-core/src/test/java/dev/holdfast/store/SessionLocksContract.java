package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.model.NewSession;
import dev.holdfast.model.SessionId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What every store does with sessions that requests use exclusively. */
public abstract class SessionLocksContract extends DueSessionsContract {

    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final Duration SHORT_LEASE = Duration.ofSeconds(1);

    private final LockRequest mine = LockRequest.ofNewOwner(LEASE);
    private final LockRequest theirs = LockRequest.ofNewOwner(LEASE);

    private Loaded lock(LockRequest request) {
        return store.locks().load(id, Known.NOTHING, true, request);
    }

    private Loaded lockElsewhere(LockRequest request) {
        return otherNode.locks().load(id, Known.NOTHING, true, request);
    }

    private Committed commit(LockRequest owner, boolean release) {
        return store.locks().commit(id, Known.of(CREATED, 1), delta("a", "2"), token(), owner.owner(), release);
    }

    private static LockRequest shortly(LockRequest request) {
        return new LockRequest(request.owner(), SHORT_LEASE);
    }

    @Test
    void one_owner_has_a_session_at_a_time() {
        created(Map.of("a", "1"));
        assertThat(lock(mine)).isInstanceOf(Loaded.Everything.class);
        Loaded refused = lockElsewhere(theirs);
        assertThat(refused).isInstanceOf(Loaded.Locked.class);
        assertThat(((Loaded.Locked) refused).remainingMillis()).isBetween(30_000L, 60_000L);
        assertThat(store.locks().unlock(id, CREATED, mine.owner())).isInstanceOf(LockAnswer.Done.class);
        assertThat(lockElsewhere(theirs)).isInstanceOf(Loaded.Everything.class);
    }

    @Test
    void an_owner_may_look_twice() {
        created(Map.of());
        lock(mine);
        assertThat(store.locks().load(id, Known.of(CREATED, 1), true, mine)).isInstanceOf(Loaded.Unchanged.class);
        assertThat(lockElsewhere(theirs)).isInstanceOf(Loaded.Locked.class);
    }

    @Test
    void who_is_refused_touches_nothing() {
        created(Map.of());
        lock(mine);
        Loaded before = store.load(id, Known.of(CREATED, 1), false);
        lockElsewhere(theirs);
        assertThat(store.load(id, Known.of(CREATED, 1), false)).isEqualTo(before);
    }

    @Test
    void a_session_that_does_not_exist_is_not_locked() {
        assertThat(lock(mine)).isInstanceOf(Loaded.Absent.class);
        created(Map.of());
        assertThat(lockElsewhere(theirs)).isInstanceOf(Loaded.Everything.class);
    }

    @Test
    void a_session_whose_time_is_over_is_not_locked() {
        store.create(new NewSession(id, CREATED, 1, 1, Map.of()));
        awaitDue(id);
        assertThat(lock(mine)).isInstanceOf(Loaded.Due.class);
        assertThat(store.locks().unlock(id, CREATED, mine.owner())).isInstanceOf(LockAnswer.NotHeld.class);
    }

    @Test
    void who_wants_no_lock_is_not_kept_out() {
        created(Map.of());
        lock(mine);
        assertThat(otherNode.load(id, Known.NOTHING, true)).isInstanceOf(Loaded.Everything.class);
        assertThat(set("b", "1", 1)).isInstanceOf(Committed.Applied.class);
    }

    @Test
    void a_lease_that_runs_out_frees_the_session() {
        created(Map.of());
        lock(shortly(mine));
        awaitEndOfLease();
        assertThat(lockElsewhere(theirs)).isInstanceOf(Loaded.Everything.class);
    }

    @Test
    void a_lease_that_is_renewed_does_not() {
        created(Map.of());
        lock(shortly(mine));
        assertThat(store.locks().renew(id, CREATED, mine, 1, "")).isInstanceOf(LockAnswer.Done.class);
        awaitEndOfLease();
        assertThat(lockElsewhere(theirs)).isInstanceOf(Loaded.Locked.class);
    }

    @Test
    void a_lease_that_has_run_out_begins_again_if_nobody_has_the_lock_and_nobody_has_written() {
        created(Map.of());
        lock(shortly(mine));
        awaitEndOfLease();
        lockElsewhere(theirs);
        assertThat(renew(1)).as("another one has it").isInstanceOf(LockAnswer.NotHeld.class);
        otherNode.locks().unlock(id, CREATED, theirs.owner());
        assertThat(renew(1)).as("who only read").isInstanceOf(LockAnswer.Done.class);
        assertThat(lockElsewhere(theirs)).isInstanceOf(Loaded.Locked.class);
    }

    @Test
    void a_lease_that_has_run_out_cannot_be_renewed_when_somebody_has_written_since() {
        created(Map.of());
        lock(shortly(mine));
        awaitEndOfLease();
        lockElsewhere(theirs);
        commit(theirs, true);
        assertThat(renew(1)).isInstanceOf(LockAnswer.NotHeld.class);
        assertThat(commit(mine, true)).isInstanceOf(Committed.Fenced.class);
        assertThat(renew(2)).as("who has seen that").isInstanceOf(LockAnswer.Done.class);
    }

    @Test
    void the_lock_of_a_session_that_has_ended_cannot_be_renewed() {
        created(Map.of());
        Loaded.Everything seen = (Loaded.Everything) lock(mine);
        store.remove(id, CREATED);
        assertThat(store.locks().renew(id, CREATED, mine, 1, seen.epoch())).isInstanceOf(LockAnswer.NotHeld.class);
        assertThat(store.locks().renew(id, CREATED, mine, 1, "of data that are lost"))
                .as("it was not ended, and a copy is about to bring it back")
                .isInstanceOf(LockAnswer.Done.class);
    }

    private LockAnswer renew(long knownRevision) {
        return store.locks().renew(id, CREATED, mine, knownRevision, "");
    }

    @Test
    void a_commit_keeps_the_lock_or_gives_it_back() {
        created(Map.of());
        lock(mine);
        assertThat(commit(mine, false)).isInstanceOf(Committed.Applied.class);
        assertThat(lockElsewhere(theirs)).isInstanceOf(Loaded.Locked.class);
        assertThat(commit(mine, true)).isInstanceOf(Committed.Applied.class);
        assertThat(lockElsewhere(theirs)).isInstanceOf(Loaded.Everything.class);
    }

    @Test
    void a_repeated_commit_that_gave_the_lock_back_is_applied_once() {
        created(Map.of());
        lock(mine);
        int token = token();
        Committed first = store.locks().commit(id, Known.of(CREATED, 1), delta("a", "2"), token, mine.owner(), true);
        Committed again = store.locks().commit(id, Known.of(CREATED, 1), delta("a", "2"), token, mine.owner(), true);
        assertThat(again).isEqualTo(first).isInstanceOf(Committed.Applied.class);
    }

    @Test
    void who_outlived_the_lease_cannot_overwrite_the_successor() {
        created(Map.of("a", "1"));
        lock(shortly(mine));
        awaitEndOfLease();
        lockElsewhere(theirs);
        assertThat(commit(mine, true)).isInstanceOf(Committed.Fenced.class);
        assertThat(lockElsewhere(LockRequest.ofNewOwner(LEASE))).isInstanceOf(Loaded.Locked.class);
        assertThat(commit(theirs, true)).isInstanceOf(Committed.Applied.class);
        assertThat(commit(mine, false)).as("the successor has come and gone").isInstanceOf(Committed.Fenced.class);
    }

    @Test
    void only_the_owner_gives_a_lock_back() {
        created(Map.of());
        lock(mine);
        assertThat(store.locks().unlock(id, CREATED, theirs.owner())).isInstanceOf(LockAnswer.NotHeld.class);
        assertThat(lockElsewhere(theirs)).isInstanceOf(Loaded.Locked.class);
    }

    @Test
    void the_end_of_a_session_ends_its_lock() {
        created(Map.of());
        lock(mine);
        store.remove(id, CREATED);
        created(Map.of());
        assertThat(lockElsewhere(theirs)).isInstanceOf(Loaded.Everything.class);
    }

    @Test
    void a_change_of_id_takes_the_lock_along() {
        created(Map.of());
        lock(mine);
        SessionId newId = colocatedId();
        store.rename(id, CREATED, newId);
        assertThat(otherNode.locks().load(newId, Known.NOTHING, true, theirs)).isInstanceOf(Loaded.Locked.class);
        assertThat(store.locks().unlock(id, CREATED, mine.owner())).isEqualTo(new Moved(newId));
        assertThat(store.locks().renew(id, CREATED, mine, 1, "")).isEqualTo(new Moved(newId));
        assertThat(store.locks().renew(newId, CREATED, mine, 1, "")).isInstanceOf(LockAnswer.Done.class);
        assertThat(store.locks().unlock(newId, CREATED, mine.owner())).isInstanceOf(LockAnswer.Done.class);
        assertThat(otherNode.locks().load(newId, Known.NOTHING, true, theirs)).isInstanceOf(Loaded.Everything.class);
    }

    @Test
    void a_new_session_can_be_locked_from_the_start() {
        NewSession session = new NewSession(id, CREATED, 1, HALF_AN_HOUR, bytes(Map.of("a", "1")));
        assertThat(store.locks().create(session, mine)).isInstanceOf(Created.Done.class);
        assertThat(store.locks().create(session, mine)).as("repeated").isInstanceOf(Created.Done.class);
        assertThat(lockElsewhere(theirs)).isInstanceOf(Loaded.Locked.class);
        assertThat(text(everything(store).attributes())).containsExactly(Map.entry("a", "1"));
    }

    @Test
    void a_session_that_is_buried_has_no_lock_and_gets_none() {
        created(Map.of());
        lock(mine);
        store.bury(id, CREATED);
        NewSession session = new NewSession(id, CREATED, 1, HALF_AN_HOUR, Map.of());

        assertThat(store.locks().create(session, mine)).isInstanceOf(Created.Buried.class);

        assertThat(store.locks().renew(id, CREATED, mine, 1, "")).isInstanceOf(LockAnswer.NotHeld.class);
    }

    @Test
    void who_was_refused_is_told_on_every_node() {
        List<SessionId> told = new CopyOnWriteArrayList<>();
        SessionLocks.Listener listener = new SessionLocks.Listener() {
            @Override
            public void unlocked(SessionId unlocked) {
                told.add(unlocked);
            }

            @Override
            public void missedSome() {}
        };
        otherNode.locks().listen(listener);
        created(Map.of());
        lock(mine);
        store.locks().unlock(id, CREATED, mine.owner());
        lock(mine);
        lockElsewhere(theirs);
        commit(mine, true);
        await().untilAsserted(() ->
                assertThat(told).as("nobody waited for the first one").containsExactly(id));

        lock(mine);
        lockElsewhere(theirs);
        store.remove(id, CREATED);
        await().untilAsserted(() -> assertThat(told).containsExactly(id, id));
    }
}
