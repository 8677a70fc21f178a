package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Objects of many kinds, tied into knots by chance: identity and cycles have to be kept. */
final class RandomGraphTest {

    private static final int GRAPHS = 200;
    private static final int OBJECTS = 40;
    private static final int TIES = 80;

    private final AttributeCodec codec = new KryoAttributeCodec(RandomGraphTest.class.getClassLoader());

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void a_copy_of_a_random_graph_is_as_good_as_the_original_or_as_the_copy_of_java_serialization(long seed)
            throws Exception {
        for (int i = 0; i < GRAPHS; i++) {
            Object graph = graph(new Random(seed * GRAPHS + i));

            byte[] bytes = codec.encode(graph);

            assertThat(codec.encode(graph)).isEqualTo(bytes);
            // Java serialization itself mistakes a list for its serialized form where a cycle comes back to it.
            assertThat(pictureOf(codec.decode(bytes))).isIn(pictureOf(graph), pictureOf(JavaCopy.of(graph)));
        }
    }

    /** Without what the hooks of the copy have counted. */
    private static String pictureOf(Object graph) {
        return Picture.of(graph).replaceAll("readings=java.lang.Integer:\\d+", "");
    }

    private static Object graph(Random random) {
        List<Object> objects = new ArrayList<>();
        for (int i = 0; i < OBJECTS; i++) {
            objects.add(objectOf(random, objects));
        }
        for (int i = 0; i < TIES; i++) {
            tie(any(random, objects), any(random, objects), "key" + i);
        }
        return any(random, objects);
    }

    private static Object any(Random random, List<Object> objects) {
        return objects.isEmpty() ? "first" : objects.get(random.nextInt(objects.size()));
    }

    private static Object objectOf(Random random, List<Object> others) {
        Object other = any(random, others);
        return switch (random.nextInt(16)) {
            case 0 -> new ArrayList<>(List.of(other));
            case 1 -> new LinkedHashMap<>(Map.of("first", other));
            case 2 -> new TreeMap<>(Map.of("first", other));
            case 3 -> new Shop.Node(other, null);
            case 4 -> new Shop.Hooked(other);
            case 5 -> new Object[] {other, null};
            case 6 -> new AtomicReference<>(other);
            case 7 -> Arrays.asList(other, null);
            case 8 -> new ArrayDeque<>(List.of(other));
            case 9 -> new CopyOnWriteArrayList<>(List.of(other));
            case 10 -> Collections.synchronizedList(new ArrayList<>(List.of(other)));
            case 11 -> Collections.unmodifiableList(new ArrayList<>(List.of(other)));
            case 12 -> new Shop.Secretive("s", new ArrayList<>(List.of(other)));
            case 13 -> new Shop.External(other);
            case 14 -> new Shop.Prices();
            default -> new StringBuilder("text");
        };
    }

    @SuppressWarnings("unchecked")
    private static void tie(Object from, Object to, String key) {
        if (from instanceof Shop.Node node) {
            node.next = to;
        } else if (from instanceof Object[] array) {
            array[1] = to;
        } else if (from instanceof AtomicReference<?> reference) {
            ((AtomicReference<Object>) reference).set(to);
        } else if (from instanceof Shop.Secretive secretive) {
            secretive.parts.add(to);
        } else if (from instanceof Map<?, ?> map) {
            ((Map<Object, Object>) map).put(key, to);
        } else if (from instanceof ArrayList<?> list) {
            ((List<Object>) list).add(to);
        }
    }
}
