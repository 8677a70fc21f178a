package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class SameBytesTest {

    private static final int THREADS = 8;

    private final AttributeCodec codec = new KryoAttributeCodec(SameBytesTest.class.getClassLoader());

    @Test
    void eight_threads_that_encode_different_objects_get_the_bytes_that_one_thread_gets() throws Exception {
        List<Object> objects =
                Cases.serializable().values().stream().map(Supplier::get).toList();
        AttributeCodec alone = new KryoAttributeCodec(SameBytesTest.class.getClassLoader());
        List<byte[]> expected = objects.stream().map(alone::encode).toList();

        inEightThreads(offset -> {
            for (int i = 0; i < objects.size(); i++) {
                int index = (i + offset * 31) % objects.size();
                byte[] bytes = codec.encode(objects.get(index));
                assertThat(bytes).isEqualTo(expected.get(index));
                if (bytes.length < 10_000) {
                    assertThat(codec.decode(bytes)).isNotNull();
                }
            }
        });
    }

    @Test
    void a_list_that_is_changed_meanwhile_gives_bytes_that_can_be_decoded_or_says_so() throws Exception {
        List<Object> list = new ArrayList<>();
        Map<Object, Object> map = new java.util.concurrent.ConcurrentHashMap<>();
        Shop.Node shared = new Shop.Node(list, map);
        AtomicBoolean stop = new AtomicBoolean();
        Thread writer = new Thread(() -> {
            for (int i = 0; !stop.get(); i++) {
                list.add("x");
                map.put(i % 50, List.of(i));
                shared.value = i % 2 == 0 ? list : "text";
                if (i % 100 == 0) {
                    list.clear();
                    map.clear();
                }
            }
        });
        writer.start();
        try {
            int decoded = 0;
            for (int i = 0; i < 3_000; i++) {
                try {
                    assertThat(codec.decode(codec.encode(shared))).isInstanceOf(Shop.Node.class);
                    decoded++;
                } catch (ConcurrentModificationException told) {
                    Thread.onSpinWait();
                }
            }
            assertThat(decoded).isPositive();
        } finally {
            stop.set(true);
            writer.join();
        }
    }

    @Test
    void what_was_encoded_before_leaves_no_trace() {
        Object value = List.of(new Shop.Card(), new Shop.Product("a", 1), Shop.Size.LARGE);
        byte[] first = new KryoAttributeCodec(SameBytesTest.class.getClassLoader()).encode(value);
        Cases.serializable().values().forEach(other -> codec.encode(other.get()));

        assertThat(codec.encode(value)).isEqualTo(first);
    }

    @FunctionalInterface
    private interface Work {
        void run(int thread);
    }

    private static void inEightThreads(Work work) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<Boolean>> tasks = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int number = thread;
                tasks.add(() -> {
                    work.run(number);
                    return true;
                });
            }
            for (Future<Boolean> done : executor.invokeAll(tasks, 2, TimeUnit.MINUTES)) {
                assertThat(done.get()).isTrue();
            }
        } finally {
            executor.shutdownNow();
        }
    }
}
