package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.codec.AttributeCodec;
import dev.holdfast.codec.CodecException;
import dev.holdfast.model.SessionId;
import dev.holdfast.store.memory.MemorySessionStore;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What the container keeps in a session travels like an attribute, and is none. */
class ContainerAttributesTest {

    private static final SessionId ID = new SessionId("0123456789ABCDEF");

    private final AtomicLong nanos = new AtomicLong();
    private final ProbedStore store = new ProbedStore(new MemorySessionStore(InstantSource.system()));
    private final SerializationCodec codec = new SerializationCodec();
    private final SessionRepository a = node();
    private final SessionRepository b = node();

    private SessionRepository node() {
        return new SessionRepository(
                store, codec, (name, value) -> name.startsWith("free"), InstantSource.system(), nanos::get);
    }

    private <T> T request(Supplier<T> code) {
        RequestScope scope = new RequestScope(a);
        T result = in(scope, code);
        scope.finish();
        scope.commit();
        scope.close();
        return result;
    }

    private static <T> T in(RequestScope scope, Supplier<T> code) {
        RequestScope previous = scope.enter();
        try {
            return code.get();
        } finally {
            RequestScope.exit(previous);
        }
    }

    private static LiveSession find(SessionRepository node) {
        return node.find(ID).orElseThrow();
    }

    private Object get(SessionRepository node, String name) {
        return request(() -> find(node).containerAttributes().get(name));
    }

    private void put(SessionRepository node, String name, Object value) {
        assertThat(request(() -> find(node).containerAttributes().put(name, value)))
                .isEmpty();
    }

    private void remove(SessionRepository node, String name) {
        request(() -> {
            find(node).containerAttributes().remove(name);
            return null;
        });
    }

    private void createdWith(Object value) {
        request(() -> a.create(ID, 60).containerAttributes().put("user", value));
    }

    @Test
    void what_was_put_on_one_node_is_there_on_the_other_with_the_commit_of_the_request() {
        createdWith("alice");
        assertThat(store.calls).containsExactly("create");
        assertThat(get(b, "user")).isEqualTo("alice");

        put(b, "user", "bob");
        assertThat(get(a, "user")).isEqualTo("bob");

        remove(a, "user");
        assertThat(get(b, "user")).isNull();
        assertThat(get(a, "user")).isNull();
    }

    @Test
    void the_application_sees_and_changes_nothing_of_it() {
        createdWith("alice");
        for (SessionRepository node : List.of(a, b)) {
            request(() -> {
                Map<String, Object> attributes = find(node).attributes();
                attributes.put("free", "1");
                assertThat(attributes).hasSize(1).containsOnlyKeys("free");
                assertThat(attributes.keySet()).containsExactly("free");
                assertThat(attributes.entrySet()).hasSize(1);
                assertThat(attributes.get("\u0001user")).isNull();
                assertThat(attributes.containsKey("\u0001user")).isFalse();
                assertThat(attributes.remove("\u0001user")).isNull();
                attributes.clear();
                assertThat(attributes).isEmpty();
                return null;
            });
            assertThat(get(a, "user")).isEqualTo("alice");
            assertThat(get(b, "user")).isEqualTo("alice");
        }
    }

    @Test
    void an_application_cannot_set_an_attribute_with_a_name_of_the_container() {
        createdWith("alice");
        assertThatThrownBy(() -> request(() -> find(b).attributes().put("\u0001user", "mallory")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("U+0001");
        assertThat(get(a, "user")).isEqualTo("alice");
    }

    @Test
    void an_attribute_of_the_same_name_is_another_thing() {
        createdWith("alice");
        request(() -> find(b).attributes().put("user", "attribute"));
        assertThat(get(a, "user")).isEqualTo("alice");
    }

    @Test
    void filters_of_attributes_do_not_concern_it() {
        createdWith(new ArrayList<>(List.of("alice")));
        assertThat(get(b, "user")).isEqualTo(List.of("alice"));
    }

    @Test
    void a_value_that_cannot_be_encoded_changes_nothing_and_the_reason_is_told() {
        createdWith("alice");
        Object unwritable = new Object();
        assertThat(request(() -> find(b).containerAttributes().put("user", unwritable)))
                .hasValueSatisfying(reason -> assertThat(reason).contains("java.lang.Object"));
        assertThat(get(a, "user")).isEqualTo("alice");
        assertThat(get(b, "user")).isEqualTo("alice");
    }

    @Test
    void reading_writes_nothing_and_gives_the_same_object_until_another_one_is_put() {
        createdWith(new ArrayList<>(List.of("alice")));
        Object first = get(b, "user");
        store.calls.clear();
        int encodedBefore = codec.encoded.get();

        assertThat(get(b, "user")).isSameAs(first);
        put(a, "other", "1");
        assertThat(get(b, "user")).isSameAs(first);
        assertThat(codec.encoded.get()).isEqualTo(encodedBefore + 1);
        assertThat(store.calls).containsExactly("load", "load", "commit", "load");

        put(a, "user", new ArrayList<>(List.of("bob")));
        assertThat(get(b, "user")).isNotSameAs(first).isEqualTo(List.of("bob"));
    }

    @Test
    void a_request_sees_it_as_of_its_first_look() {
        createdWith("alice");
        get(b, "user");
        RequestScope slow = new RequestScope(b);
        in(slow, () -> find(b));
        remove(a, "user");
        assertThat(get(b, "user")).isNull();

        assertThat(in(slow, () -> find(b).containerAttributes().get("user"))).isEqualTo("alice");
        slow.finish();
        slow.commit();
        slow.close();
        assertThat(get(b, "user")).isNull();
        assertThat(get(a, "user")).isNull();
    }

    @Test
    void it_moves_with_a_change_of_id() {
        createdWith("alice");
        SessionId newId = new SessionId("FEDCBA9876543210");
        request(() -> a.rename(find(a), newId));
        assertThat(request(
                        () -> b.find(newId).orElseThrow().containerAttributes().get("user")))
                .isEqualTo("alice");
    }

    @Test
    void bytes_that_cannot_be_decoded_are_as_if_they_were_not_there_and_stay() {
        createdWith("alice");
        SessionRepository without = new SessionRepository(
                store, new Refusing(codec), (name, value) -> true, InstantSource.system(), nanos::get);
        assertThat(get(without, "user")).isNull();
        request(() -> find(without).attributes().put("free", 1));
        assertThat(get(b, "user")).isEqualTo("alice");
    }

    /** A node without the classes of the others. */
    private record Refusing(SerializationCodec codec) implements AttributeCodec {
        @Override
        public byte[] encode(Object value) {
            return codec.encode(value);
        }

        @Override
        public Object decode(byte[] bytes) {
            throw new CodecException("unknown class", new ClassNotFoundException());
        }

        @Override
        public boolean isImmutable(Object value) {
            return codec.isImmutable(value);
        }
    }
}
