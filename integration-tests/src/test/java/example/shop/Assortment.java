package example.shop;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Session attributes of many kinds of classes, all of them the application's own. */
final class Assortment {

    private Assortment() {}

    /** Name to value; equal ones print the same. */
    static Map<String, Object> attributes() {
        EnumMap<Size, Price> prices = new EnumMap<>(Size.class);
        prices.put(Size.LARGE, new Price("EUR", 250));
        TreeSet<Price> sorted = new TreeSet<>(new Cheapest());
        sorted.addAll(List.of(new Price("EUR", 3), new Price("EUR", 1)));
        Map<String, Object> attributes = new TreeMap<>();
        attributes.put("enum", Size.SMALL);
        attributes.put("record", new Price("EUR", 199));
        attributes.put("list", List.of(Size.LARGE, new Price("EUR", 1)));
        attributes.put("enum map", prices);
        attributes.put("sorted", sorted);
        attributes.put("hooks", new Hooked("tea"));
        attributes.put("replaced", new Replaced("milk"));
        attributes.put("lambda", new Named((Supplier<String> & Serializable) () -> "sugar"));
        attributes.put("exception", new SoldOut("tea"));
        return attributes;
    }

    enum Size {
        SMALL,
        LARGE {
            @Override
            public String toString() {
                return "large";
            }
        }
    }

    record Price(String currency, long cents) implements Serializable {}

    static final class Cheapest implements Comparator<Price>, Serializable {

        private static final long serialVersionUID = 1L;

        @Override
        public int compare(Price one, Price other) {
            return Long.compare(one.cents, other.cents);
        }
    }

    static final class Hooked implements Serializable {

        private static final long serialVersionUID = 1L;

        private transient String name;

        Hooked(String name) {
            this.name = name;
        }

        private void writeObject(ObjectOutputStream out) throws IOException {
            out.writeUTF(name);
        }

        private void readObject(ObjectInputStream in) throws IOException {
            name = in.readUTF();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static final class Replaced implements Serializable {

        private static final long serialVersionUID = 1L;

        private final String name;

        Replaced(String name) {
            this.name = name;
        }

        private Object writeReplace() {
            return new Replacement(name);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    record Replacement(String name) implements Serializable {

        private Object readResolve() {
            return new Replaced(name);
        }
    }

    record Named(Supplier<String> name) implements Serializable {

        @Override
        public String toString() {
            return name.get();
        }
    }

    static final class SoldOut extends RuntimeException {

        private static final long serialVersionUID = 1L;

        SoldOut(String article) {
            super(article);
        }
    }
}
