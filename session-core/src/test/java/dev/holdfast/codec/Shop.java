package dev.holdfast.codec;

import java.io.Externalizable;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInput;
import java.io.ObjectInputStream;
import java.io.ObjectOutput;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamField;
import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What applications keep in sessions: classes with every trick that Java serialization knows. */
final class Shop {

    private Shop() {}

    /** Is not serializable, and has final, static and inherited fields. */
    static class Product {
        static int created;
        final String name;
        private final double price;
        Object more = new Object();

        Product(String name, double price) {
            this.name = name;
            this.price = price;
        }

        double price() {
            return price;
        }
    }

    static final class Book extends Product {
        final String isbn;
        final String name = "hides the name of the product";

        Book(String name, double price, String isbn) {
            super(name, price);
            this.isbn = isbn;
        }
    }

    static final class AllPrimitives implements Serializable {
        boolean z = true;
        byte b = Byte.MIN_VALUE;
        char c = '\uFFFF';
        short s = Short.MIN_VALUE;
        int i = Integer.MIN_VALUE;
        long j = Long.MIN_VALUE;
        float f = Float.NaN;
        double d = -0.0;

        @Nullable
        Integer boxed = 1_000_000;

        @Nullable
        Object nothing;
    }

    static class Cart implements Serializable {
        final List<Item> items = new ArrayList<>();

        @Nullable
        Item favourite;

        transient int renderings = 1;

        Item add(String name) {
            Item item = new Item(this, name);
            items.add(item);
            return item;
        }
    }

    static final class Item implements Serializable {
        final Cart cart;
        final String name;
        final Map<String, Object> extras = new HashMap<>();

        Item(Cart cart, String name) {
            this.cart = cart;
            this.name = name;
        }
    }

    static final class Node implements Serializable {
        @Nullable
        Object value;

        @Nullable
        Object next;

        Node(@Nullable Object value, @Nullable Object next) {
            this.value = value;
            this.next = next;
        }
    }

    /** Counts its fields again after it was read. */
    static final class Hooked implements Serializable {
        final @Nullable Object part;
        transient int readings;

        Hooked(@Nullable Object part) {
            this.part = part;
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            readings++;
        }
    }

    /** Writes more than its fields. */
    static final class Secretive implements Serializable {
        transient String secret;
        transient List<Object> parts;

        Secretive(String secret, List<Object> parts) {
            this.secret = secret;
            this.parts = parts;
        }

        private void writeObject(ObjectOutputStream out) throws IOException {
            out.writeUTF(secret);
            out.writeObject(parts);
        }

        @SuppressWarnings("unchecked")
        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            secret = in.readUTF();
            parts = (List<Object>) in.readObject();
        }
    }

    /** Is written by a proxy. */
    static final class Proxied implements Serializable {
        final transient Object part;

        Proxied(Object part) {
            this.part = part;
        }

        private Object writeReplace() {
            return new Proxy(part);
        }

        private void readObject(ObjectInputStream in) throws InvalidObjectException {
            throw new InvalidObjectException("only by proxy");
        }

        private record Proxy(Object part) implements Serializable {
            private Object readResolve() {
                return new Proxied(part);
            }
        }
    }

    static final class Singleton implements Serializable {
        static final Singleton INSTANCE = new Singleton();

        private Singleton() {}

        private Object readResolve() {
            return INSTANCE;
        }
    }

    public static final class External implements Externalizable {
        @Nullable
        Object part;

        public External() {}

        External(Object part) {
            this.part = part;
        }

        @Override
        public void writeExternal(ObjectOutput out) throws IOException {
            out.writeInt(42);
            out.writeObject(part);
        }

        @Override
        public void readExternal(ObjectInput in) throws IOException, ClassNotFoundException {
            if (in.readInt() != 42) {
                throw new IOException("not 42");
            }
            part = in.readObject();
        }
    }

    static final class OldStyle implements Serializable {
        private static final ObjectStreamField[] serialPersistentFields = {new ObjectStreamField("name", String.class)};
        private String name = "old";
    }

    /** May not be made, says its constructor. */
    static final class NoEntry implements Serializable {
        String name = "";

        private NoEntry() {
            throw new UnsupportedOperationException();
        }

        private NoEntry(String name) {
            this.name = name;
        }

        static NoEntry named(String name) {
            return new NoEntry(name);
        }
    }

    static final class Names extends ArrayList<String> {
        String owner = "me";
    }

    static final class Prices extends HashMap<String, Object> {
        String currency = "EUR";
    }

    /** A list of its own making, not serializable. */
    static final class Twice extends AbstractList<Object> {
        private final Object element;

        Twice(Object element) {
            this.element = element;
        }

        @Override
        public Object get(int index) {
            return element;
        }

        @Override
        public int size() {
            return 2;
        }
    }

    static class OutOfStock extends Exception {
        final List<Object> missing;

        OutOfStock(String message, Throwable cause, List<Object> missing) {
            super(message, cause);
            this.missing = missing;
        }
    }

    record Address(String street, int number, @Nullable Address previous) implements Serializable {}

    record Pair<A, B>(A first, B second) {}

    record Checked(int percent) {
        Checked {
            if (percent < 0 || percent > 100) {
                throw new IllegalArgumentException("secret " + percent);
            }
        }
    }

    record Temperature(double degrees) implements Serializable {
        private Object writeReplace() {
            return "warm";
        }
    }

    sealed interface Payment extends Serializable permits Cash, Card {}

    record Cash(long cents) implements Payment {}

    static final class Card implements Payment {
        String holder = "x";
    }

    enum Size {
        SMALL,
        LARGE {
            @Override
            int factor() {
                return 2;
            }
        };

        int factor() {
            return 1;
        }
    }

    interface SerializableComparator<T> extends Comparator<T>, Serializable {}

    interface SerializableRunnable extends Runnable, Serializable {}

    public interface Greeter {
        String greet();
    }

    static final class GreetingHandler implements InvocationHandler, Serializable {
        final Object part;

        GreetingHandler(Object part) {
            this.part = part;
        }

        @Override
        public Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
            return "hello " + part;
        }
    }

    static class Outer implements Serializable {
        String name = "outer";

        class Inner implements Serializable {
            int number = 3;

            String outerName() {
                return name;
            }
        }

        Inner inner() {
            return new Inner();
        }

        Object anonymous(int captured) {
            return new Serializable() {
                int doubled = captured * 2;

                @Override
                public String toString() {
                    return name + captured + doubled;
                }
            };
        }

        Object local(String captured) {
            class Local implements Serializable {
                @Override
                public String toString() {
                    return captured + name;
                }
            }
            return new Local();
        }
    }

    static class Base {
        int inherited = 1;
        transient List<String> cache = Collections.emptyList();
    }

    static final class Derived extends Base implements Serializable {
        int own = 2;
    }

    static final class Key implements Serializable {
        final String name;

        Key(String name) {
            this.name = name;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && name.equals(key.name);
        }

        @Override
        public int hashCode() {
            return Objects.hash(name);
        }
    }

    static final class Backwards implements SerializableComparator<String> {
        @Override
        public int compare(String one, String other) {
            return other.compareTo(one);
        }
    }
}
