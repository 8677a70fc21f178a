package dev.holdfast.codec;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Classes whose authors forgot {@code Serializable}, where applications have them: at the top, and inside of other things. */
final class Forgotten {

    private Forgotten() {}

    static Map<String, Supplier<Object>> cases() {
        CaseList all = new CaseList();
        all.add("without a constructor that takes nothing", () -> new Named("Ada"));
        all.add("two fields of one name in a hierarchy", () -> new Employee("Ada", "boss"));
        all.add("a parent and its children that know it", Forgotten::family);
        all.add("an inner class and its outer object", () -> new Outer("outside").new Inner("inside"));
        all.add("a class with type parameters", () -> new Pair<>(new Named("a"), List.of(new Named("b"))));
        all.add("a record of records", () -> new Route(new Stop("a", 1), List.of(new Stop("b", 2))));
        all.add("an enum with a body in a field", () -> new Mood(Model.Operation.values()[0]));
        all.add("an array of arrays", () -> new Named[][] {{new Named("a"), null}, {}});
        all.add("in an atomic reference", () -> new AtomicReference<>(new Named("a")));
        all.add("in an optional", () -> Optional.of(new Named("a")));
        all.add("as a key and as a value", () -> new ConcurrentHashMap<>(Map.of(new Named("k"), new Named("v"))));
        all.add("as the comparator of a map", Forgotten::sorted);
        all.add("in a synchronized view", () -> Collections.synchronizedMap(new HashMap<>(Map.of(1, new Named("a")))));
        all.add("in an exception", () -> new Failure(new Named("culprit")));
        all.add("with a lock that nobody holds", () -> new Counter(3));
        all.add("a serializable class below one that is not", Below::new);
        all.add("twice the same object", () -> {
            Named named = new Named("one");
            return new ArrayList<>(List.of(named, named));
        });
        return all.all();
    }

    private static Object family() {
        Parent parent = new Parent();
        parent.children.add(new Child(parent, "a"));
        parent.children.add(new Child(parent, "b"));
        parent.eldest = parent.children.get(0);
        return parent;
    }

    private static Object sorted() {
        Map<String, Integer> map = new TreeMap<>(new ByLength());
        map.put("long", 1);
        map.put("a", 2);
        return map;
    }

    static class Named {
        private final String name;

        Named(String name) {
            this.name = name;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Named named && name.equals(named.name);
        }

        @Override
        public int hashCode() {
            return name.hashCode();
        }
    }

    static final class Employee extends Named {
        final String name;

        Employee(String name, String role) {
            super(name);
            this.name = role;
        }
    }

    static final class Parent {
        final List<Child> children = new ArrayList<>();

        @Nullable
        Child eldest;
    }

    static final class Child {
        final Parent parent;
        final String name;

        Child(Parent parent, String name) {
            this.parent = parent;
            this.name = name;
        }
    }

    static final class Outer {
        final String text;

        Outer(String text) {
            this.text = text;
        }

        final class Inner {
            final String own;

            Inner(String own) {
                this.own = own;
            }

            String both() {
                return text + own;
            }
        }
    }

    static final class Pair<A extends Named, B> {
        final A first;
        final B second;

        Pair(A first, B second) {
            this.first = first;
            this.second = second;
        }
    }

    record Stop(String name, int minute) {}

    record Route(Stop start, List<Stop> further) {}

    static final class Mood {
        final Object operation;

        Mood(Object operation) {
            this.operation = operation;
        }
    }

    @SuppressWarnings("serial") // forgotten
    static final class ByLength implements Comparator<String> {
        @Override
        public int compare(String one, String other) {
            return Integer.compare(one.length(), other.length());
        }
    }

    @SuppressWarnings("serial") // its field
    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1L;
        final Named culprit;

        Failure(Named culprit) {
            super("failure");
            this.culprit = culprit;
        }
    }

    static final class Counter {
        final ReentrantLock lock = new ReentrantLock();
        final int count;

        Counter(int count) {
            this.count = count;
        }
    }

    @SuppressWarnings("serial") // its field
    static final class Below extends Base implements java.io.Serializable {
        private static final long serialVersionUID = 1L;
        final Named inside = new Named("inside");
    }

    static class Base {
        int made = 1;
    }
}
