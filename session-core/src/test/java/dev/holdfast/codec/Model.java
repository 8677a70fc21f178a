package dev.holdfast.codec;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectInputStream;
import java.io.ObjectOutput;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamException;
import java.io.ObjectStreamField;
import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Classes as applications write them, beside those of {@link Shop}. */
final class Model {

    private Model() {}

    record Box<T>(T content, List<T> others) implements Serializable {}

    record Range(int from, int to) implements Serializable {
        Range {
            if (from > to) {
                throw new IllegalArgumentException("from " + from + " to " + to);
            }
        }
    }

    record Normalised(String name) implements Serializable {
        Normalised(String name) {
            this.name = name.strip();
        }
    }

    record Everything(
            boolean a,
            byte b,
            char c,
            short d,
            int e,
            long f,
            float g,
            double h,
            int[] i,
            @Nullable String j) implements Serializable {}

    record Nothing() implements Serializable {}

    enum Operation {
        PLUS {
            @Override
            int apply(int one, int other) {
                return one + other;
            }
        },
        MINUS {
            @Override
            int apply(int one, int other) {
                return one - other;
            }
        };

        abstract int apply(int one, int other);
    }

    enum Level implements Supplier<String> {
        LOW("l"),
        HIGH("h");

        private final String code;

        Level(String code) {
            this.code = code;
        }

        @Override
        public String get() {
            return code;
        }
    }

    sealed interface Shape extends Serializable {
        record Circle(double radius) implements Shape {}

        record Group(List<Shape> shapes) implements Shape {}

        final class Unknown implements Shape {
            final String name;

            Unknown(String name) {
                this.name = name;
            }
        }
    }

    abstract static class Entity<I extends Serializable> implements Serializable {
        I id;
        private final Date changed = new Date(5);

        Entity(I id) {
            this.id = id;
        }
    }

    static final class Account extends Entity<Long> {
        private final String id = "hides the other id";
        transient String secret = "not carried";
        volatile int version = 3;
        protected @Nullable Object nothing;

        Account(long number) {
            super(number);
        }
    }

    /** No constructor without arguments anywhere, and one that leaves traces. */
    static final class Tracer implements Serializable {
        static int made;
        final String name;

        Tracer(String name) {
            made++;
            this.name = Objects.requireNonNull(name);
        }
    }

    static class Settled {
        int settled;

        Settled() {
            settled = 42;
        }
    }

    static class Middle extends Settled {
        String middle = "from the constructor";
    }

    static final class Lower extends Middle implements Serializable {
        String lower = "l";
    }

    static final class Custom implements Serializable {
        private transient int number;
        private final String name = "custom";

        Custom(int number) {
            this.number = number;
        }

        private void writeObject(ObjectOutputStream out) throws IOException {
            out.defaultWriteObject();
            out.writeInt(number);
            out.writeUTF("äö");
            out.writeObject(new int[] {number});
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            number = in.readInt();
            in.readUTF();
            in.readObject();
        }
    }

    static final class PutFields implements Serializable {
        private static final ObjectStreamField[] serialPersistentFields = {
            new ObjectStreamField("first", int.class), new ObjectStreamField("second", Object.class)
        };
        private transient int one;
        private transient @Nullable Object two;

        PutFields(int one, Object two) {
            this.one = one;
            this.two = two;
        }

        private void writeObject(ObjectOutputStream out) throws IOException {
            ObjectOutputStream.PutField fields = out.putFields();
            fields.put("first", one);
            fields.put("second", two);
            out.writeFields();
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            ObjectInputStream.GetField fields = in.readFields();
            one = fields.get("first", 0);
            two = fields.get("second", null);
        }
    }

    static class Replaced implements Serializable {
        final String name;

        Replaced(String name) {
            this.name = name;
        }

        protected Object writeReplace() {
            return new Stand(name);
        }

        private record Stand(String name) implements Serializable {
            private Object readResolve() {
                return new ReplacedBelow(name);
            }
        }
    }

    static final class ReplacedBelow extends Replaced {
        ReplacedBelow(String name) {
            super(name);
        }
    }

    /** An enumeration as it was written before Java 5. */
    static final class Suit implements Serializable {
        static final Suit HEARTS = new Suit("hearts");
        static final Suit SPADES = new Suit("spades");
        private final String name;

        private Suit(String name) {
            this.name = name;
        }

        private Object readResolve() throws ObjectStreamException {
            return name.equals("hearts") ? HEARTS : SPADES;
        }
    }

    public static class Outward implements Externalizable {
        protected int number;

        public Outward() {}

        Outward(int number) {
            this.number = number;
        }

        @Override
        public void writeExternal(ObjectOutput out) throws IOException {
            out.writeInt(number);
        }

        @Override
        public void readExternal(ObjectInput in) throws IOException, ClassNotFoundException {
            number = in.readInt();
        }
    }

    public static final class OutwardBelow extends Outward {
        private List<Object> parts = new ArrayList<>();

        public OutwardBelow() {}

        OutwardBelow(int number, Object part) {
            super(number);
            parts.add(part);
        }

        @Override
        public void writeExternal(ObjectOutput out) throws IOException {
            super.writeExternal(out);
            out.writeObject(parts);
        }

        @Override
        @SuppressWarnings("unchecked")
        public void readExternal(ObjectInput in) throws IOException, ClassNotFoundException {
            super.readExternal(in);
            parts = (List<Object>) in.readObject();
        }
    }

    static final class Guarded implements Serializable {
        private final ReentrantLock lock = new ReentrantLock();
        private final List<String> notes = new ArrayList<>(List.of("a"));
        private transient ThreadLocal<String> perThread = ThreadLocal.withInitial(() -> "x");
    }

    static final class Profile {
        private final Optional<String> nickname = Optional.of("Ada");
        private final Map<String, Object> preferences = new LinkedHashMap<>(Map.of("theme", "dark"));
    }

    static final class Cloneable2 implements Serializable, Cloneable {
        private int[][] grid = {{1, 2}, {3}};
    }

    interface SerializableFunction<A, B> extends Function<A, B>, Serializable {}

    static final class Calls implements InvocationHandler, Serializable {
        private final String name = "handler";

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
            return switch (method.getName()) {
                case "toString", "get" -> name;
                case "hashCode" -> 7;
                case "equals" ->
                    arguments != null
                            && arguments[0] != null
                            && arguments[0].toString().equals(name);
                default -> null;
            };
        }
    }

    static final class Matrix<T extends Number & Comparable<T>> implements Serializable {
        private final List<? extends List<T>> rows;
        private final Comparator<T> order;

        Matrix(List<? extends List<T>> rows, Comparator<T> order) {
            this.rows = rows;
            this.order = order;
        }
    }

    static final class Tree implements Serializable {
        final String name;
        final @Nullable Tree parent;
        final List<Tree> children = new ArrayList<>();

        Tree(String name, @Nullable Tree parent) {
            this.name = name;
            this.parent = parent;
            if (parent != null) {
                parent.children.add(this);
            }
        }
    }
}
