package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectOutputStream;
import java.io.PrintWriter;
import java.io.Serializable;
import java.io.StringReader;
import java.io.StringWriter;
import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.net.Socket;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import javax.naming.Context;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RefusalTest {

    private final AttributeCodec codec = new KryoAttributeCodec(RefusalTest.class.getClassLoader());

    static Stream<Object> resources() {
        return Stream.of(
                new Thread(),
                new Thread() {},
                RefusalTest.class.getClassLoader(),
                new ByteArrayInputStream(new byte[0]),
                new OwnStream(),
                new StringReader(""),
                new PrintWriter(new StringWriter()),
                new Socket(),
                new Timer(true),
                new ThreadLocal<>(),
                new WeakReference<>("x"),
                new CompletableFuture<>(),
                Stream.of(1),
                new OwnExecutor(),
                fake(Connection.class),
                fake(Context.class),
                fake(Lock.class),
                new ArrayList<>(List.of(1)).iterator(),
                (Runnable) () -> {});
    }

    @ParameterizedTest
    @MethodSource("resources")
    void what_stands_for_something_outside_of_the_heap_is_refused(Object resource) {
        assertThatThrownBy(() -> codec.encode(resource))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("cannot be stored");
    }

    /** Without proxies, whose class says nothing: they are serializable, and their handler is not. */
    static Stream<Object> resources_by_their_class() {
        return resources().filter(resource -> !(resource instanceof Serializable));
    }

    @ParameterizedTest
    @MethodSource("resources_by_their_class")
    void their_classes_are_known_to_be_refused_before_they_are_encoded(Object resource) {
        assertThat(codec.obstacleTo(resource.getClass()))
                .hasValueSatisfying(reason -> assertThat(reason)
                        .contains(
                                resource.getClass().isHidden()
                                        ? "RefusalTest"
                                        : resource.getClass().getTypeName())
                        .contains("cannot be stored"));
    }

    @Test
    void nothing_is_known_against_classes_that_can_be_carried() {
        for (Object value : List.of("x", 1, new int[0], new ArrayList<>(), new Forgotten.Named("x"), new Exception())) {
            assertThat(codec.obstacleTo(value.getClass())).isEmpty();
        }
    }

    @Test
    void a_lock_that_java_serialization_carries_is_carried_unlocked() {
        ReentrantLock lock = new ReentrantLock();
        lock.lock();

        assertThat((ReentrantLock) codec.decode(codec.encode(lock))).matches(copy -> !copy.isLocked());
    }

    @Test
    void the_message_names_the_class_and_the_way_to_it() {
        Shop.Node value = new Shop.Node(new ArrayList<>(List.of(Map.of("secret", new OwnStream()))), null);

        assertThatThrownBy(() -> codec.encode(value))
                .isInstanceOf(CodecException.class)
                .hasMessage("Cannot encode a dev.holdfast.codec.Shop$Node: dev.holdfast.codec.RefusalTest$OwnStream"
                        + " cannot be stored: it is a java.io.InputStream, reached by"
                        + " dev.holdfast.codec.Shop$Node.value > java.util.ArrayList[]"
                        + " > java.util.ImmutableCollections$Map1[]");
    }

    @Test
    void the_way_through_hooks_is_named_too() {
        assertThatThrownBy(() -> codec.encode(new Shop.Hooked(new OwnStream())))
                .hasMessageContaining("OwnStream cannot be stored")
                .hasMessageContaining("reached by dev.holdfast.codec.Shop$Hooked[]");
    }

    @Test
    void the_message_of_a_failing_hook_is_not_repeated() {
        CodecException failure = catchThrowableOfType(CodecException.class, () -> codec.encode(new Talkative()));

        assertThat(failure)
                .hasMessageContaining("Talkative")
                .hasMessageContaining("IllegalStateException")
                .hasMessageNotContaining("hunter2");
        assertThat(failure.getCause()).isNotNull().hasStackTraceContaining("Talkative.writeObject");
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString()).doesNotContain("hunter2");
    }

    @Test
    void a_record_whose_constructor_refuses_the_stored_values_says_nothing_of_them() {
        byte[] bytes = codec.encode(new Shop.Checked(77));
        bytes[bytes.length - 1] = 0x7F; // the upper half of the number, which becomes negative

        CodecException failure = catchThrowableOfType(CodecException.class, () -> codec.decode(bytes));

        assertThat(failure).hasMessageContaining("the constructor of dev.holdfast.codec.Shop$Checked refuses");
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString()).doesNotContain("secret");
    }

    @Test
    void a_concurrent_modification_is_passed_on() {
        assertThatThrownBy(() -> codec.encode(new Shop.Node(new ArrayList<>(List.of(new Changing())), null)))
                .isInstanceOf(ConcurrentModificationException.class);
    }

    @Test
    void a_concurrent_modification_that_a_hook_has_wrapped_is_passed_on() {
        assertThatThrownBy(() -> codec.encode(new Wrapping())).isInstanceOf(ConcurrentModificationException.class);
    }

    @Test
    void a_record_in_a_cycle_is_refused_because_java_serialization_would_lose_a_part_of_it() {
        List<Object> list = new ArrayList<>();
        Shop.Pair<Object, Object> pair = new Shop.Pair<>(list, 1);
        list.add(pair);

        assertThatThrownBy(() -> codec.encode(pair))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("a record cannot be part of a cycle");
        assertThat(Picture.of(codec.decode(codec.encode(list)))).isEqualTo(Picture.of(list));
    }

    @Test
    void a_cycle_through_hooks_with_an_object_that_is_not_serializable_is_refused() {
        List<Object> list = new ArrayList<>(List.of(new Shop.Product("a", 1)));
        Shop.Hooked hooked = new Shop.Hooked(list);
        list.add(hooked);

        assertThatThrownBy(() -> codec.encode(hooked))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("Shop$Product is not Serializable");
    }

    @Test
    void null_is_no_attribute() {
        @SuppressWarnings("NullAway")
        Object nothing = null;
        assertThatThrownBy(() -> codec.encode(nothing)).isInstanceOf(NullPointerException.class);
    }

    private static <T> T fake(Class<T> type) {
        // Not a java.lang.reflect.Proxy in itself: those are serializable, and refused for their handler.
        return type.cast(Proxy.newProxyInstance(
                RefusalTest.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> null));
    }

    static final class OwnStream extends InputStream {
        @Override
        public int read() {
            return -1;
        }
    }

    static final class OwnExecutor implements Executor {
        @Override
        public void execute(Runnable command) {
            command.run();
        }
    }

    static final class Talkative implements Serializable {
        private void writeObject(ObjectOutputStream out) throws IOException {
            throw new IllegalStateException("the password is hunter2");
        }
    }

    static final class Wrapping implements Serializable {
        private void writeObject(ObjectOutputStream out) throws IOException {
            throw new IllegalStateException("no", new ConcurrentModificationException());
        }
    }

    static final class Changing extends ArrayList<Object> {
        @Override
        public Iterator<Object> iterator() {
            throw new ConcurrentModificationException();
        }

        private void writeObject(ObjectOutputStream out) throws IOException {
            throw new ConcurrentModificationException();
        }
    }
}
