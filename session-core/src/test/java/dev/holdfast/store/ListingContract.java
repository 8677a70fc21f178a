package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.NewSession;
import dev.holdfast.model.SessionId;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What {@link SessionStore#list} names. */
public abstract class ListingContract extends SessionLocksContract {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** More than one page of any answer. */
    private static final int MANY = 2500;

    private Set<SessionId> listed() {
        Listing listing = otherNode.list(PATIENCE);
        assertThat(listing.complete()).isTrue();
        return listing.ids();
    }

    private void create(SessionId one, int maxInactiveSeconds) {
        store.create(session(one, CREATED, maxInactiveSeconds, Map.of()));
    }

    @Test
    void without_sessions_the_list_is_empty() {
        assertThat(listed()).isEmpty();
    }

    @Test
    void all_sessions_of_all_nodes_are_listed_those_that_never_end_among_them() {
        SessionId endless = newId();
        SessionId ofOtherNode = newId();
        create(id, HALF_AN_HOUR);
        create(endless, -1);
        otherNode.create(session(ofOtherNode, CREATED, HALF_AN_HOUR, Map.of()));

        assertThat(listed()).containsExactlyInAnyOrder(id, endless, ofOtherNode);
    }

    @Test
    void a_long_list_has_each_session_once() {
        Set<SessionId> created = new HashSet<>();
        for (int i = 0; i < MANY; i++) {
            SessionId next = newId();
            created.add(next);
            create(next, HALF_AN_HOUR);
        }

        assertThat(listed()).isEqualTo(created);
    }

    @Test
    void a_session_is_listed_under_its_new_id_only_and_not_when_it_has_ended() {
        create(id, HALF_AN_HOUR);
        SessionId newId = colocatedId();
        store.rename(id, CREATED, newId);
        assertThat(listed()).containsExactly(newId);

        store.remove(newId, CREATED);
        assertThat(listed()).isEmpty();
    }

    @Test
    void a_session_that_was_buried_is_not_listed() {
        create(id, HALF_AN_HOUR);
        store.bury(id, CREATED);
        store.bury(newId(), CREATED);

        assertThat(listed()).isEmpty();
    }

    @Test
    void a_session_that_stands_aside_for_a_new_one_of_its_id_is_not_listed() {
        store.create(new NewSession(id, CREATED, 1, 1, Map.of()));
        awaitDue(id);
        store.create(new NewSession(id, CREATED + 1, 1, HALF_AN_HOUR, Map.of()));

        assertThat(listed()).containsExactly(id);
    }

    @Test
    void an_id_that_looks_like_one_of_a_session_that_stands_aside_is_listed() {
        SessionId alike = new SessionId(id.value().toLowerCase(java.util.Locale.ROOT));
        create(alike, HALF_AN_HOUR);

        assertThat(listed()).containsExactly(alike);
    }
}
