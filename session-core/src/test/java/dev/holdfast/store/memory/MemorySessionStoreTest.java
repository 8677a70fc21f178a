package dev.holdfast.store.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.SessionId;
import dev.holdfast.store.Committed;
import dev.holdfast.store.Created;
import dev.holdfast.store.Known;
import dev.holdfast.store.Loaded;
import dev.holdfast.store.Moved;
import dev.holdfast.store.SessionStore;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemorySessionStoreTest extends MemoryContract {

    @Override
    protected SessionStore newStore() {
        return memory;
    }

    @Test
    void a_session_is_due_when_it_was_idle_for_its_interval_and_not_before() {
        created(Map.of());

        advance(Duration.ofSeconds(HALF_AN_HOUR).minusMillis(1));
        assertThat(store.load(id, Known.of(CREATED, 1), false)).isInstanceOf(Loaded.Unchanged.class);
        advance(Duration.ofMillis(1));
        assertThat(store.load(id, Known.of(CREATED, 1), false)).isInstanceOf(Loaded.Due.class);
    }

    @Test
    void a_changed_id_is_followed_for_as_long_as_the_record_would_live() {
        created(Map.of());
        SessionId newId = colocatedId();
        store.rename(id, CREATED, newId);
        store.load(newId, Known.of(CREATED, 1), true);

        advance(Duration.ofMinutes(90).minusMillis(1));
        assertThat(set("a", "1", 1)).isEqualTo(new Moved(newId));
        advance(Duration.ofMillis(1));
        assertThat(set("a", "1", 1)).isInstanceOf(Committed.Gone.class);
    }

    @Test
    void an_access_begins_the_idle_time_anew() {
        created(Map.of());
        advance(Duration.ofMinutes(20));
        store.load(id, Known.of(CREATED, 1), true);
        advance(Duration.ofMinutes(20));

        assertThat(store.load(id, Known.of(CREATED, 1), false)).isInstanceOf(Loaded.Unchanged.class);
    }

    @Test
    void a_commit_begins_the_idle_time_anew_and_is_no_access() {
        created(Map.of());
        long access = clock.millis();
        store.load(id, Known.of(CREATED, 1), true);
        advance(Duration.ofMinutes(20));
        set("a", "1", 1);
        advance(Duration.ofMinutes(20));

        Loaded.Unchanged loaded = (Loaded.Unchanged) store.load(id, Known.of(CREATED, 2), false);
        assertThat(loaded.metadata().lastAccessedMillis()).isEqualTo(access);
    }

    @Test
    void a_session_is_buried_for_ten_minutes() {
        store.bury(id, CREATED);

        advance(Duration.ofMinutes(10).minusMillis(1));
        assertThat(store.create(session(id, CREATED, HALF_AN_HOUR, Map.of()))).isInstanceOf(Created.Buried.class);
        advance(Duration.ofMillis(1));
        assertThat(store.create(session(id, CREATED, HALF_AN_HOUR, Map.of()))).isInstanceOf(Created.Done.class);
    }

    @Test
    void a_session_that_nobody_ended_vanishes_after_an_hour() {
        created(Map.of());
        advance(Duration.ofMinutes(90).minusMillis(1));
        assertThat(store.load(id, Known.of(CREATED, 1), true)).isInstanceOf(Loaded.Due.class);
        advance(Duration.ofMillis(1));
        assertThat(store.load(id, Known.of(CREATED, 1), true)).isInstanceOf(Loaded.Absent.class);
    }
}
