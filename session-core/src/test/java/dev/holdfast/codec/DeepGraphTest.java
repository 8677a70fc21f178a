package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class DeepGraphTest {

    private static final long SMALL_STACK = 256L << 10;

    private final AttributeCodec codec = new KryoAttributeCodec(DeepGraphTest.class.getClassLoader());

    @Test
    void a_chain_of_5000_nodes_is_carried_on_a_small_stack() throws Exception {
        byte[] bytes = onSmallStack(() -> codec.encode(chain(5_000)));

        Object copy = onSmallStack(() -> codec.decode(bytes));

        assertThat(lengthOf(copy)).isEqualTo(5_000);
    }

    @Test
    void a_chain_of_100000_nodes_gives_a_codec_exception() throws Exception {
        Object chain = chain(100_000);

        assertThatThrownBy(() -> onSmallStack(() -> codec.encode(chain)))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("nested too deeply");
    }

    @Test
    void the_deepest_chain_that_can_be_encoded_can_be_decoded() {
        for (int length = DeepStack.MAX_DEPTH - 5; length <= DeepStack.MAX_DEPTH + 5; length++) {
            Object chain = chain(length);
            byte[] bytes;
            try {
                bytes = codec.encode(chain);
            } catch (CodecException tooDeep) {
                assertThat(length).isGreaterThan(DeepStack.MAX_DEPTH - 5);
                continue;
            }
            assertThat(lengthOf(codec.decode(bytes))).isEqualTo(length);
        }
    }

    @Test
    void lists_in_lists_10000_deep_are_carried() throws Exception {
        byte[] bytes = onSmallStack(() -> codec.encode(ApplicationCases.nested(10_000)));

        Object copy = onSmallStack(() -> codec.decode(bytes));

        int depth = 0;
        for (Object list = copy; list != null; depth++) {
            assertThat(list).isInstanceOf(ArrayList.class);
            list = ((List<?>) list).isEmpty() ? null : ((List<?>) list).get(0);
        }
        assertThat(depth).isEqualTo(10_000);
    }

    @Test
    void a_chain_through_hooks_is_carried() {
        Object chain = "end";
        for (int i = 0; i < 2_000; i++) {
            chain = new Shop.Hooked(chain);
        }

        Object copy = codec.decode(codec.encode(chain));

        for (int i = 0; i < 2_000; i++) {
            assertThat(copy).isInstanceOf(Shop.Hooked.class);
            copy = ((Shop.Hooked) copy).part;
        }
        assertThat(copy).isEqualTo("end");
    }

    @Test
    void a_ring_through_hooks_that_only_java_serialization_can_carry_is_carried_at_depth() {
        List<Object> list = new ArrayList<>();
        Object ring = new Shop.Hooked(list);
        Shop.Node chain = chain(2_000);
        list.add(chain);
        list.add(ring);

        Shop.Hooked copy = (Shop.Hooked) codec.decode(codec.encode(ring));

        List<?> copiedList = (List<?>) copy.part;
        assertThat(copiedList).isNotNull();
        assertThat(copiedList.get(1)).isSameAs(copy);
        assertThat(lengthOf(copiedList.get(0))).isEqualTo(2_000);
    }

    private static Shop.Node chain(int length) {
        Shop.Node node = new Shop.Node(0, null);
        for (int i = 1; i < length; i++) {
            node = new Shop.Node(i, node);
        }
        return node;
    }

    private static int lengthOf(@Nullable Object chain) {
        int length = 0;
        for (Object node = chain; node != null; node = ((Shop.Node) node).next) {
            length++;
        }
        return length;
    }

    private static <T> T onSmallStack(java.util.concurrent.Callable<T> task) throws Exception {
        java.util.concurrent.FutureTask<T> future = new java.util.concurrent.FutureTask<>(task);
        Thread thread = new Thread(null, future, "small stack", SMALL_STACK);
        thread.start();
        try {
            return future.get();
        } catch (java.util.concurrent.ExecutionException failure) {
            throw (Exception) failure.getCause();
        }
    }
}
