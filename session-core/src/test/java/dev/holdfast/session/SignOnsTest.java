package dev.holdfast.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.SessionId;
import dev.holdfast.model.SignOnId;
import dev.holdfast.model.SignOnMember;
import dev.holdfast.store.StoredSignOn;
import dev.holdfast.store.memory.MemorySignOnStore;
import java.io.Serializable;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a node makes of the sign-ons that the store holds. */
class SignOnsTest {

    private static final SignOnId ID = new SignOnId("0123456789ABCDEF0123456789ABCDEF");
    private static final SignOnMember SHOP = new SignOnMember("shop", new SessionId("0123456789ABCDEF"));
    private static final Duration MARGIN = Duration.ofHours(1);
    private static final int HALF_AN_HOUR = 1800;

    private final AtomicLong nanos = new AtomicLong();
    private final InstantSource clock = () -> Instant.EPOCH.plusNanos(nanos.get());
    private final MemorySignOnStore store = new MemorySignOnStore(clock, MARGIN);
    private final List<Object> keptHere = new ArrayList<>();
    private final SignOns here = newNode();
    private final SignOns elsewhere = newNode();

    private record Person(String name) implements Principal, Serializable {
        @Override
        public String getName() {
            return name;
        }
    }

    private record NotSerializable(String name) implements Principal {
        @Override
        public String getName() {
            return name;
        }
    }

    private SignOns newNode() {
        PrincipalRules rules = new PrincipalRules() {
            @Override
            public Optional<Object> unshareable(Principal principal) {
                return principal instanceof Serializable ? Optional.empty() : Optional.of(principal);
            }

            @Override
            public void keptHere(Object kept, String reason) {
                keptHere.add(kept);
            }
        };
        return new SignOns(store, new SerializationCodec(), rules, MARGIN, nanos::get);
    }

    private static SignOn signOn(Principal principal) {
        return new SignOn(principal, "FORM", principal.getName(), null);
    }

    private static Principal principal(SignOns node) {
        return node.look(ID).orElseThrow().principal();
    }

    @Test
    void a_principal_is_the_same_object_on_its_node_and_an_equal_one_elsewhere() {
        Person alice = new Person("alice");
        here.begin(ID, signOn(alice), SHOP, HALF_AN_HOUR);

        assertThat(principal(here)).isSameAs(alice);
        assertThat(principal(elsewhere)).isEqualTo(alice).isNotSameAs(alice).isSameAs(principal(elsewhere));
        assertThat(keptHere).isEmpty();
    }

    @Test
    void another_principal_takes_the_place_of_the_one_before_on_all_nodes() {
        here.begin(ID, signOn(new Person("alice")), SHOP, HALF_AN_HOUR);
        principal(elsewhere);
        assertThat(elsewhere.update(ID, signOn(new Person("bob")))).isTrue();
        assertThat(principal(here)).isEqualTo(new Person("bob"));
        assertThat(principal(elsewhere)).isEqualTo(new Person("bob"));
    }

    @Test
    void a_principal_that_must_not_leave_its_node_is_unknown_elsewhere_and_the_sign_on_lives() {
        NotSerializable dave = new NotSerializable("dave");
        here.begin(ID, signOn(dave), SHOP, HALF_AN_HOUR);

        assertThat(principal(here)).isSameAs(dave);
        assertThat(principal(elsewhere)).isNull();
        assertThat(keptHere).containsExactly(dave);

        NotSerializable there = new NotSerializable("dave");
        elsewhere.update(ID, signOn(there));
        assertThat(principal(elsewhere)).isSameAs(there);
        assertThat(principal(here)).as("the ticket is another one").isNull();
    }

    @Test
    void what_this_node_remembers_does_not_make_a_sign_on_live() {
        here.begin(ID, signOn(new NotSerializable("dave")), SHOP, HALF_AN_HOUR);
        assertThat(elsewhere.end(ID)).containsExactly(SHOP);
        assertThat(here.look(ID)).isEmpty();
        assertThat(here.join(ID, SHOP, HALF_AN_HOUR)).isFalse();
        assertThat(here.end(ID)).isEmpty();
    }

    @Test
    void a_principal_that_cannot_be_read_is_none_and_its_bytes_stay() {
        byte[] bytes = "no principal".getBytes(UTF_8);
        store.begin(ID, new StoredSignOn(bytes, null, "FORM", "alice", null), SHOP, HALF_AN_HOUR);
        assertThat(principal(here)).isNull();
        assertThat(here.look(ID).orElseThrow().authType()).isEqualTo("FORM");
        assertThat(store.look(ID).orElseThrow().signOn().principal()).isSameAs(bytes);
    }

    @Test
    void a_principal_of_this_node_is_kept_as_long_as_its_sign_on_can_live() {
        NotSerializable dave = new NotSerializable("dave");
        here.begin(ID, signOn(dave), SHOP, HALF_AN_HOUR);
        principal(here);

        advance(MARGIN.plusSeconds(HALF_AN_HOUR).minusMillis(1));
        here.tidy();
        assertThat(principal(here)).isSameAs(dave);

        advance(MARGIN.plusSeconds(HALF_AN_HOUR).plusMillis(1));
        here.tidy();
        assertThat(here.look(ID)).isEmpty();
    }

    @Test
    void a_principal_that_can_be_read_again_is_let_go_of_sooner() {
        here.begin(ID, signOn(new Person("alice")), SHOP, HALF_AN_HOUR);
        Principal before = principal(here);
        advance(Duration.ofMinutes(11));
        here.tidy();
        assertThat(principal(here)).isEqualTo(before).isNotSameAs(before);
    }

    @Test
    void no_text_shows_a_password_or_a_whole_id() {
        SignOn login = new SignOn(new Person("alice"), "FORM", "alice", "secret");
        assertThat(login.toString()).doesNotContain("secret", "alice");
        assertThat(new StoredSignOn(null, "ticket", "FORM", "alice", "secret").toString())
                .doesNotContain("secret", "alice", "ticket");
        assertThat(ID.toString()).isEqualTo("0123…");
    }

    private void advance(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }
}
