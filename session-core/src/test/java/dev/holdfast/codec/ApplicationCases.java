package dev.holdfast.codec;

import java.io.Serializable;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Date;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** What the classes of {@link Model} make. */
final class ApplicationCases {

    private ApplicationCases() {}

    static Map<String, Supplier<Object>> classes() {
        CaseList all = new CaseList();
        all.add("a generic record", () -> new Model.Box<>("a", List.of("b")));
        all.add("a generic record in itself", () -> new Model.Box<>(new Model.Box<>(1, List.of()), List.of()));
        all.add("a record that checks its components", () -> new Model.Range(1, 5));
        all.add("a record that changes its components", () -> new Model.Normalised(" a "));
        all.add(
                "a record of all types",
                () -> new Model.Everything(true, (byte) 1, 'c', (short) 2, 3, 4, 5, 6, new int[] {7}, null));
        all.add("a record of nothing", Model.Nothing::new);
        all.add("a local record", () -> {
            record Local(String text, int number) implements Serializable {}
            return new Local("a", 1);
        });
        all.add("a constant of an enum with abstract methods", () -> Model.Operation.MINUS);
        all.add("a constant of an enum with fields", () -> Model.Level.HIGH);
        all.add("a map by an enum with bodies", () -> new EnumMap<>(Map.of(Model.Operation.PLUS, 1)));
        all.add(
                "sealed records in records",
                () -> new Model.Shape.Group(List.of(new Model.Shape.Circle(1.5), new Model.Shape.Group(List.of()))));
        all.add("a class of a sealed hierarchy", () -> new Model.Shape.Unknown("x"));
        all.add("fields that hide each other, transient, volatile and null", () -> new Model.Account(7));
        all.add("a constructor with side effects", () -> new Model.Tracer("x"));
        all.add("two superclasses that are not serializable", () -> {
            Model.Lower lower = new Model.Lower();
            lower.settled = 1;
            return lower;
        });
        all.add("writeObject with primitive data", () -> new Model.Custom(5));
        all.add("putFields and readFields", () -> new Model.PutFields(5, List.of("x")));
        all.add("writeReplace in a superclass", () -> new Model.ReplacedBelow("x"));
        all.add("an enumeration with readResolve", () -> Model.Suit.SPADES);
        all.add("an externalizable superclass", () -> new Model.OutwardBelow(5, List.of(1)));
        all.add("a lock in a field", Model.Guarded::new);
        all.add("a cloneable class with arrays", Model.Cloneable2::new);
        all.add("a lambda", () -> (Model.SerializableFunction<String, Integer>) String::length);
        all.add("a lambda that captures", () -> {
            List<Object> captured = new ArrayList<>(List.of("x"));
            return (Model.SerializableFunction<String, Boolean>) captured::add;
        });
        all.add(
                "a lambda in a field",
                () -> new Model.Box<Object>((Shop.SerializableRunnable) () -> {}, new ArrayList<>()));
        all.add(
                "a comparator of lambdas",
                () -> Comparator.comparing((Model.SerializableFunction<String, Integer>) String::length));
        all.add(
                "a generic class with a comparator",
                () -> new Model.Matrix<>(List.of(List.of(1, 2), List.of(3)), Comparator.reverseOrder()));
        all.add(
                "a proxy of two interfaces",
                () -> Proxy.newProxyInstance(
                        ApplicationCases.class.getClassLoader(),
                        new Class<?>[] {Supplier.class, Shop.Greeter.class},
                        new Model.Calls()));
        all.add("an anonymous comparator", () -> new Shop.SerializableComparator<String>() {
            private static final long serialVersionUID = 1;

            @Override
            public int compare(String one, String other) {
                return one.compareTo(other);
            }
        });
        all.add(
                "constants in sets and maps",
                () -> new HashMap<>(Map.of(Model.Level.LOW, new HashSet<>(Arrays.asList(Model.Level.values())))));
        return all.all();
    }

    static Map<String, Supplier<Object>> graphs() {
        CaseList all = new CaseList();
        all.add("a tree whose nodes know their parents", () -> {
            Model.Tree root = new Model.Tree("root", null);
            new Model.Tree("leaf", new Model.Tree("branch", root));
            return root;
        });
        all.add("a leaf that knows its tree", () -> {
            Model.Tree root = new Model.Tree("root", null);
            return new Model.Tree("leaf", new Model.Tree("branch", root));
        });
        all.add("one object in a list, a map and an array", () -> {
            Date shared = new Date(7);
            Map<Object, Object> map = new LinkedHashMap<>();
            map.put("a", shared);
            return new Object[] {shared, new ArrayList<>(List.of(shared)), map};
        });
        all.add("one string many times", () -> Collections.nCopies(500, "text").toArray());
        all.add("two equal strings that are not the same", () -> new Object[] {new String("a"), new String("a")});
        all.add("one array twice", () -> {
            int[] shared = {1, 2};
            return List.of(shared, shared);
        });
        all.add("a map that is its own value and key's value", () -> {
            Map<Object, Object> map = new HashMap<>();
            map.put("me", map);
            map.put("list", new ArrayList<>(List.of(map)));
            return map;
        });
        all.add("a ring of 50 nodes", () -> {
            Shop.Node first = new Shop.Node(0, null);
            Shop.Node last = first;
            for (int i = 1; i < 50; i++) {
                last = new Shop.Node(i, last);
            }
            first.next = last;
            return first;
        });
        all.add("a list of 250 levels", () -> nested(250));
        all.add(
                "a cart of 50 items",
                () -> IntStream.range(0, 50)
                        .mapToObj(i -> Map.of("name", "item " + i, "price", i * 1.5, "tags", List.of("a", "b")))
                        .toList());
        return all.all();
    }

    static List<Object> nested(int levels) {
        List<Object> list = new ArrayList<>();
        for (int i = 1; i < levels; i++) {
            list = new ArrayList<>(Collections.singletonList(list));
        }
        return list;
    }

    /** What Java serialization refuses. */
    static Map<String, Supplier<Object>> notSerializable() {
        CaseList all = new CaseList();
        all.add("a class that forgot Serializable, with an optional", Model.Profile::new);
        all.add("a list of 250 levels with a plain object", () -> {
            List<Object> list = new ArrayList<>(List.of(new Model.Profile()));
            for (int i = 1; i < 250; i++) {
                list = new ArrayList<>(List.of(list));
            }
            return list;
        });
        all.add("a record with an optional", () -> new Model.Box<>(Optional.of(1), List.of()));
        return all.all();
    }
}
