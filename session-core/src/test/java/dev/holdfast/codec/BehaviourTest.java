package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Copies that have to act, not only to look, like their originals. */
final class BehaviourTest {

    private final AttributeCodec codec = new KryoAttributeCodec(BehaviourTest.class.getClassLoader());

    @SuppressWarnings("unchecked")
    private <T> T copyOf(T original) {
        return (T) codec.decode(codec.encode(original));
    }

    @Test
    void a_linked_hash_map_in_access_order_goes_on_moving_what_is_read() {
        Map<String, Integer> map = new LinkedHashMap<>(16, 0.75f, true);
        map.put("a", 1);
        map.put("b", 2);

        Map<String, Integer> copy = copyOf(map);

        assertThat(copy.keySet()).containsExactly("a", "b");
        copy.get("a");
        assertThat(copy.keySet()).containsExactly("b", "a");
        assertThat(map.keySet()).containsExactly("a", "b");
    }

    @Test
    void a_linked_hash_map_in_insertion_order_does_not() {
        Map<String, Integer> copy = copyOf(new LinkedHashMap<>(Map.of("a", 1)));
        copy.put("b", 2);

        copy.get("a");

        assertThat(copy.keySet()).containsExactly("a", "b");
    }

    @Test
    void a_lambda_keeps_what_it_has_captured() {
        AtomicInteger counter = new AtomicInteger(5);
        Shop.SerializableRunnable lambda = counter::incrementAndGet;
        List<Object> list = new ArrayList<>(List.of(lambda, counter));

        List<Object> copy = copyOf(list);

        ((Runnable) copy.get(0)).run();
        assertThat(((AtomicInteger) copy.get(1)).get()).isEqualTo(6);
        assertThat(counter).hasValue(5);
    }

    @Test
    void a_tree_set_goes_on_sorting_by_its_lambda() {
        Shop.SerializableComparator<String> byLength = (one, other) -> Integer.compare(one.length(), other.length());
        TreeSet<String> set = new TreeSet<>(byLength);
        set.add("aaa");

        TreeSet<String> copy = copyOf(set);

        copy.add("z");
        copy.add("yyy");
        assertThat(copy).containsExactly("z", "aaa");
    }

    @Test
    void a_proxy_keeps_its_handler() {
        List<Object> shared = new ArrayList<>(List.of("you"));
        Shop.Greeter greeter = (Shop.Greeter) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Shop.Greeter.class}, new Shop.GreetingHandler(shared));

        List<Object> copy = copyOf(List.of(greeter, shared));

        castToList(copy.get(1)).add("all");
        assertThat(((Shop.Greeter) copy.get(0)).greet()).isEqualTo("hello [you, all]");
    }

    @SuppressWarnings("unchecked")
    private static List<Object> castToList(Object list) {
        return (List<Object>) list;
    }

    @Test
    void a_synchronized_list_and_the_list_behind_it_stay_together() {
        List<String> behind = new ArrayList<>();
        List<List<String>> both = List.of(java.util.Collections.synchronizedList(behind), behind);

        List<List<String>> copy = copyOf(both);

        copy.get(1).add("x");
        assertThat(copy.get(0)).containsExactly("x");
    }

    @Test
    void an_inner_object_shares_its_outer_object() {
        Shop.Outer outer = new Shop.Outer();
        List<Object> copy = copyOf(List.of(outer, outer.inner()));

        ((Shop.Outer) copy.get(0)).name = "changed";

        assertThat(((Shop.Outer.Inner) copy.get(1)).outerName()).isEqualTo("changed");
    }

    @Test
    void a_set_finds_elements_that_refer_back_to_it() {
        java.util.Set<Object> set = new java.util.HashSet<>();
        Shop.Key key = new Shop.Key("a");
        set.add(key);
        set.add(new Shop.Node(set, null));

        java.util.Set<Object> copy = copyOf(set);

        assertThat(copy.contains(new Shop.Key("a"))).isTrue();
        assertThat(copy).hasSize(2);
    }

    @Test
    void no_constructor_of_a_serializable_class_runs() {
        int before = Counted.made.get();

        copyOf(new Counted());

        assertThat(Counted.made).hasValue(before + 1);
    }

    @Test
    void transient_fields_of_plain_objects_get_the_values_of_their_constructor() {
        assertThat(copyOf(new PlainWithTransient()).cache).isEmpty();
    }

    static final class Counted implements java.io.Serializable {
        static final AtomicInteger made = new AtomicInteger();

        Counted() {
            made.incrementAndGet();
        }
    }

    static final class PlainWithTransient {
        transient List<String> cache = new ArrayList<>();
    }
}
