package dev.holdfast.codec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.net.InetAddress;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.text.DecimalFormat;
import java.text.SimpleDateFormat;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.chrono.JapaneseDate;
import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
import java.util.Date;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.SimpleTimeZone;
import java.util.Stack;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.Vector;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Objects that applications keep in sessions, by name. */
final class Cases {

    private final Map<String, Supplier<Object>> cases = new LinkedHashMap<>();

    private Cases() {}

    /** What Java serialization can carry. */
    static Map<String, Supplier<Object>> serializable() {
        Cases all = new Cases();
        all.addPrimitivesAndText();
        all.addNumbersAndIds();
        all.addTimes();
        all.addArrays();
        all.addCollections();
        all.addWrappedCollections();
        all.addMaps();
        all.addOtherTypesOfTheJdk();
        all.addClassesOfTheApplication();
        all.addGraphs();
        return all.cases;
    }

    /** What Java serialization refuses. */
    static Map<String, Supplier<Object>> notSerializable() {
        Cases all = new Cases();
        all.add("a plain object with a final and an inherited field", () -> new Shop.Book("Momo", 9.5, "123"));
        all.add("a record that is not serializable", () -> new Shop.Pair<>("a", List.of(1)));
        all.add("a list of plain objects", () -> new ArrayList<>(List.of(new Shop.Product("a", 1))));
        all.add("an unmodifiable list of plain objects", () -> List.of(new Shop.Product("a", 1)));
        all.add(
                "an unmodifiable view of plain objects",
                () -> Collections.unmodifiableList(new ArrayList<>(List.of(new Shop.Product("a", 1)))));
        all.add(
                "a map by enum of plain objects",
                () -> new EnumMap<>(Map.of(Shop.Size.LARGE, new Shop.Product("a", 1))));
        all.add("an array of plain objects", () -> new Shop.Product[] {new Shop.Book("a", 1, "2"), null});
        all.add(
                "a plain object inside an object with hooks",
                () -> new Shop.Secretive("s", List.of(new Shop.Product("a", 1))));
        all.add("an own list that is not serializable", () -> new Shop.Twice("x"));
        all.add("an optional", () -> Optional.of("x"));
        all.add("an empty optional", Optional::empty);
        all.add("an optional int", () -> OptionalInt.of(-3));
        all.add("an optional long", () -> OptionalLong.of(Long.MIN_VALUE));
        all.add("an optional double", () -> OptionalDouble.of(0.5));
        all.add("an empty optional int", OptionalInt::empty);
        all.add("a charset", () -> StandardCharsets.UTF_8);
        all.add("an object of class Object", Object::new);
        return all.cases;
    }

    private void add(String name, Callable<Object> value) {
        Supplier<Object> supplier = () -> {
            try {
                return value.call();
            } catch (Exception failure) {
                throw new AssertionError(failure);
            }
        };
        if (cases.put(name, supplier) != null) {
            throw new AssertionError("two cases named " + name);
        }
    }

    private static <T> T filled(T object, Consumer<T> filler) {
        filler.accept(object);
        return object;
    }

    private static <T extends Collection<Object>> T with(T collection, Object... elements) {
        Collections.addAll(collection, elements);
        return collection;
    }

    private static <T extends Map<Object, Object>> T of(T map, Object... keysAndValues) {
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }

    private void addPrimitivesAndText() {
        add("true", () -> true);
        add("a byte", () -> (byte) -7);
        add("a char", () -> '\uD800');
        add("a short", () -> Short.MAX_VALUE);
        add("an int", () -> Integer.MIN_VALUE);
        add("a long", () -> Long.MAX_VALUE);
        add("a float", () -> Float.MIN_VALUE);
        add("a double", () -> Double.NEGATIVE_INFINITY);
        add("an empty string", () -> "");
        add("a string of one character", () -> "a");
        add("a short string", () -> "hello");
        add("a string with umlauts", () -> "Größe");
        add("a string with characters outside the basic plane", () -> "a\uD83D\uDE00b");
        add("a string with half a character", () -> "a\uD83Db");
        add("a string with a zero", () -> "\0a\0");
        add("a string of 1 MB", () -> "x".repeat(1 << 20));
        add("a string of 1 MB with umlauts", () -> "ä".repeat(1 << 19));
        add("a string builder", () -> new StringBuilder("abc"));
        add("a string buffer", () -> new StringBuffer("äbc"));
    }

    private void addNumbersAndIds() {
        add("a big integer", () -> new BigInteger("-123456789012345678901234567890"));
        add("a big decimal", () -> new BigDecimal("-1.00000000000000000000000000000010"));
        add("a big decimal with negative scale", () -> new BigDecimal("1E+400"));
        add("an atomic integer", () -> new AtomicInteger(-5));
        add("an atomic long", () -> new AtomicLong(5));
        add("an atomic boolean", () -> new AtomicBoolean(true));
        add("an atomic reference", () -> new AtomicReference<>("x"));
        add("an atomic array", () -> new AtomicIntegerArray(new int[] {1, 2}));
        add("a long adder", () -> filled(new LongAdder(), LongAdder::increment));
        add("a UUID", () -> new UUID(1, -2));
        add("a currency", () -> Currency.getInstance("EUR"));
        add("a bit set", () -> BitSet.valueOf(new long[] {5, 0, 9}));
        add("an empty bit set", BitSet::new);
    }

    @SuppressWarnings("deprecation")
    private void addTimes() {
        add("a date", () -> new Date(123456789));
        add("a calendar", () -> filled(new GregorianCalendar(2020, 1, 29), c -> c.setLenient(false)));
        add(
                "a calendar of another zone",
                () -> new GregorianCalendar(TimeZone.getTimeZone("Asia/Tokyo"), Locale.JAPAN));
        add("a time zone", () -> TimeZone.getTimeZone("Europe/Berlin"));
        add("a time zone of its own", () -> new SimpleTimeZone(3_600_000, "Mine"));
        add("a time zone with another offset", () -> filled(TimeZone.getTimeZone("UTC"), zone -> zone.setRawOffset(7)));
        add("an instant", () -> Instant.ofEpochSecond(-5, 999_999_999));
        add("the last instant", () -> Instant.MAX);
        add("a local date", () -> LocalDate.of(-400, 2, 29));
        add("a local time", () -> LocalTime.of(23, 59, 59, 999_999_999));
        add("a local date and time", () -> LocalDateTime.of(2024, 2, 29, 12, 0));
        add("the last local date and time", () -> LocalDateTime.MAX);
        add("a date and time with offset", () -> OffsetDateTime.of(2024, 2, 29, 12, 0, 0, 7, ZoneOffset.ofHours(-3)));
        add("a time with offset", () -> OffsetTime.of(1, 2, 3, 4, ZoneOffset.MAX));
        add("a date and time with zone", () -> ZonedDateTime.of(2024, 2, 29, 12, 0, 0, 0, ZoneId.of("Europe/Berlin")));
        add(
                "the second time an hour comes when clocks are set back",
                () -> ZonedDateTime.of(2023, 10, 29, 2, 30, 0, 0, ZoneId.of("Europe/Berlin"))
                        .withLaterOffsetAtOverlap());
        add("a duration", () -> Duration.ofSeconds(-3, 5));
        add("a period", () -> Period.of(1, -2, 3));
        add("a zone", () -> ZoneId.of("America/New_York"));
        add("a zone offset", () -> ZoneOffset.ofHoursMinutes(5, 30));
        add("a year", () -> Year.of(2000));
        add("a month of a year", () -> YearMonth.of(2000, 12));
        add("a day of a month", () -> MonthDay.of(2, 29));
        add("a day of the week", () -> DayOfWeek.MONDAY);
        add("a Japanese date", () -> JapaneseDate.of(2020, 1, 1));
        add("a timestamp", () -> filled(new java.sql.Timestamp(1234), t -> t.setNanos(123456789)));
        add("a timestamp before 1970", () -> filled(new java.sql.Timestamp(-1), t -> t.setNanos(5)));
        add("an SQL date", () -> new java.sql.Date(86_400_000));
        add("an SQL time", () -> new java.sql.Time(3_600_000));
        add("a date format", () -> new SimpleDateFormat("yyyy", Locale.ROOT));
    }

    private void addArrays() {
        add("bytes", () -> new byte[] {1, -1});
        add("1 MB of bytes", () -> filled(new byte[1 << 20], new Random(1)::nextBytes));
        add("chars", () -> new char[] {'a', '\uFFFF'});
        add("shorts", () -> new short[] {1, -1});
        add("ints", () -> new int[] {1, Integer.MIN_VALUE});
        add("longs", () -> new long[] {1, Long.MIN_VALUE});
        add("floats", () -> new float[] {1, Float.NaN});
        add("doubles", () -> new double[] {1, -0.0});
        add("booleans", () -> new boolean[] {true, false, true});
        add("no bytes", () -> new byte[0]);
        add("strings", () -> new String[] {"a", null, "ä"});
        add("objects", () -> new Object[] {"a", 1, null, new int[] {1}});
        add("an array of arrays", () -> new int[][] {{1}, null, {2, 3}});
        add("an array of arrays of strings", () -> new String[][][] {{{"a"}}, {}});
        add("an array of numbers", () -> new Number[] {1, 2.0});
        add("an array of an interface", () -> new Shop.Payment[] {new Shop.Cash(1), new Shop.Card()});
        add("an array of enums", () -> new Shop.Size[] {Shop.Size.LARGE, null});
        add("an array of records", () -> new Shop.Address[] {new Shop.Address("a", 1, null)});
    }

    private void addCollections() {
        add("an array list", () -> with(new ArrayList<>(), "a", 1, null));
        add("an empty array list", ArrayList::new);
        add("a linked list", () -> with(new LinkedList<>(), "a", 1, null));
        add("an array deque", () -> with(new ArrayDeque<>(), "a", 1));
        add("a vector", () -> with(new Vector<>(), "a", 1, null));
        add("a stack", () -> with(new Stack<>(), "a", 1, null));
        add("a hash set", () -> with(new HashSet<>(), "a", 1, null));
        add("a linked hash set", () -> with(new LinkedHashSet<>(), "z", 1, null, "a"));
        add("a tree set", () -> with(new TreeSet<>(), "z", "a"));
        add("a tree set with a comparator", () -> filled(new TreeSet<>(new Shop.Backwards()), s -> s.add("a")));
        add("a priority queue", () -> with(new PriorityQueue<>(), 5, 3, 4, 1));
        add(
                "a priority queue with a comparator",
                () -> filled(new PriorityQueue<>(new Shop.Backwards()), q -> q.addAll(List.of("a", "c", "b"))));
        add("a copy on write list", () -> with(new CopyOnWriteArrayList<>(), "a", null));
        add("a copy on write set", () -> with(new CopyOnWriteArraySet<>(), "a", null));
        add("a concurrent queue", () -> with(new ConcurrentLinkedQueue<>(), "a"));
        add("a concurrent deque", () -> with(new ConcurrentLinkedDeque<>(), "a"));
        add("a concurrent sorted set", () -> with(new ConcurrentSkipListSet<>(), "a", "b"));
        add("a blocking queue", () -> with(new LinkedBlockingQueue<>(7), "a"));
        add("a blocking deque", () -> with(new LinkedBlockingDeque<>(7), "a"));
        add("a blocking priority queue", () -> with(new PriorityBlockingQueue<>(), "b", "a"));
        add("an array blocking queue", () -> with(new ArrayBlockingQueue<>(100), "a"));
        add("an enum set", () -> EnumSet.of(Shop.Size.LARGE, Shop.Size.SMALL));
        add("an empty enum set", () -> EnumSet.noneOf(Shop.Size.class));
        add("a set from a map", () -> with(Collections.newSetFromMap(new ConcurrentHashMap<>()), "a"));
        add("the keys of a concurrent map", () -> with(ConcurrentHashMap.newKeySet(), "a"));
        add("a list of lists of maps", () -> List.of(new ArrayList<>(List.of(new HashMap<>(Map.of("a", List.of(1)))))));
        add("an own list", () -> filled(new Shop.Names(), names -> names.add("x")));
        add("a list of 10000 elements", () -> new ArrayList<>(Collections.nCopies(10_000, "x")));
    }

    private void addWrappedCollections() {
        add("List.of", List::of);
        add("List.of one", () -> List.of("a"));
        add("List.of many", () -> List.of("a", "b", "c", "d"));
        add(
                "a list of a stream with null",
                () -> Arrays.asList("a", null).stream().toList());
        add("Set.of", Set::of);
        add("Set.of two", () -> Set.of("a", "b"));
        add("Set.of many", () -> Set.of("a", "b", "c", "d"));
        add("Arrays.asList", () -> Arrays.asList("a", null));
        add("Collections.emptyList", Collections::emptyList);
        add("Collections.emptySet", Collections::emptySet);
        add("Collections.emptyMap", Collections::emptyMap);
        add("Collections.emptySortedSet", Collections::emptySortedSet);
        add("Collections.singletonList", () -> Collections.singletonList("a"));
        add("Collections.singleton", () -> Collections.singleton(null));
        add("Collections.singletonMap", () -> Collections.singletonMap("a", 1));
        add("Collections.nCopies", () -> Collections.nCopies(1_000_000, "a"));
        add("Collections.unmodifiableList", () -> Collections.unmodifiableList(new LinkedList<>(List.of(1))));
        add("Collections.unmodifiableSet", () -> Collections.unmodifiableSet(new HashSet<>(List.of(1))));
        add("Collections.unmodifiableMap", () -> Collections.unmodifiableMap(new HashMap<>(Map.of(1, 2))));
        add(
                "Collections.unmodifiableCollection",
                () -> Collections.unmodifiableCollection(new ArrayList<>(List.of(1))));
        add("Collections.unmodifiableSortedMap", () -> Collections.unmodifiableSortedMap(new TreeMap<>(Map.of(1, 2))));
        add("Collections.synchronizedList", () -> Collections.synchronizedList(new ArrayList<>(List.of(1))));
        add("Collections.synchronizedMap", () -> Collections.synchronizedMap(new HashMap<>(Map.of(1, 2))));
        add("Collections.synchronizedSet", () -> Collections.synchronizedSet(new HashSet<>(List.of(1))));
        add("Collections.checkedList", () -> Collections.checkedList(new ArrayList<>(List.of("a")), String.class));
    }

    private void addMaps() {
        add("a hash map", () -> of(new HashMap<>(), "a", 1, null, null));
        add("a linked hash map", () -> of(new LinkedHashMap<>(), "z", 1, "a", 2, null, null));
        add("a linked hash map in access order", () -> {
            Map<Object, Object> map = of(new LinkedHashMap<>(16, 0.75f, true), "a", 1, "b", 2, "c", 3);
            map.get("a");
            return map;
        });
        add("a tree map", () -> of(new TreeMap<>(), "z", 1, "a", null));
        add("a tree map with a comparator", () -> filled(new TreeMap<>(new Shop.Backwards()), m -> m.put("a", 1)));
        add(
                "a tree map in reverse order",
                () -> filled(new TreeMap<>(Comparator.<String>reverseOrder()), m -> m.putAll(Map.of("a", 1, "b", 2))));
        add(
                "a tree map that ignores case",
                () -> filled(new TreeMap<>(String.CASE_INSENSITIVE_ORDER), m -> m.put("a", 1)));
        add("a hash table", () -> of(new Hashtable<>(), "a", 1));
        add("a concurrent hash map", () -> of(new ConcurrentHashMap<>(), "a", 1));
        add("a concurrent sorted map", () -> of(new ConcurrentSkipListMap<>(), "a", 1));
        add("an identity hash map", () -> of(new IdentityHashMap<>(), "a", 1));
        add("a map by enum", () -> new EnumMap<>(Map.of(Shop.Size.LARGE, "x")));
        add("an empty map by enum", () -> new EnumMap<>(Shop.Size.class));
        add("Map.of", Map::of);
        add("Map.of one", () -> Map.of("a", 1));
        add("Map.of many", () -> Map.of("a", 1, "b", 2, "c", 3));
        add("Map.entry", () -> new AbstractMap.SimpleImmutableEntry<>("a", null));
        add("a map entry that can be set", () -> new AbstractMap.SimpleEntry<>("a", 1));
        add("properties", () -> filled(new Properties(), p -> p.setProperty("a", "b")));
        add(
                "properties with defaults",
                () -> filled(
                        new Properties(filled(new Properties(), p -> p.setProperty("d", "e"))),
                        p -> p.setProperty("a", "b")));
        add("an own map", () -> filled(new Shop.Prices(), prices -> prices.put("x", 1)));
        add("a map with keys of the application", () -> new HashMap<>(Map.of(new Shop.Key("a"), 1)));
        add("a map with enum keys", () -> new HashMap<>(Map.of(Shop.Size.SMALL, 1, Shop.Size.LARGE, 2)));
    }

    private void addOtherTypesOfTheJdk() {
        add("a locale", () -> Locale.GERMANY);
        add("the root locale", () -> Locale.ROOT);
        add("a locale that is no language tag", () -> new Locale("de", "DE", "not a tag"));
        add("a URI", () -> URI.create("http://a/b?c#d"));
        add("a URL", () -> new URL("http://localhost/b?c#d"));
        add("an address", () -> InetAddress.getByAddress("h", new byte[] {127, 0, 0, 1}));
        add("a pattern", () -> Pattern.compile("a.*", Pattern.DOTALL));
        add("a class", () -> Shop.Cart.class);
        add("a primitive class", () -> int.class);
        add("an array class", () -> Shop.Cart[][].class);
        add("a constant of the JDK", () -> TimeUnit.DAYS);
        add("a rounding mode", () -> RoundingMode.DOWN);
        add("a decimal format", () -> new DecimalFormat("0.00"));
        add(
                "an exception",
                () -> filled(
                        new IllegalStateException("m", new RuntimeException()), e -> e.addSuppressed(new Error("s"))));
        add(
                "an exception of the application",
                () -> new Shop.OutOfStock("m", new Shop.OutOfStock("n", new Error(), List.of()), List.of("x", 1)));
    }

    private void addClassesOfTheApplication() {
        add("all primitive fields", Shop.AllPrimitives::new);
        add("a class with readObject", () -> new Shop.Hooked("x"));
        add("a class with writeObject", () -> new Shop.Secretive("s", with(new ArrayList<>(), "x", null)));
        add("a class with a serialization proxy", () -> new Shop.Proxied(List.of(1)));
        add("a singleton with readResolve", () -> Shop.Singleton.INSTANCE);
        add("an externalizable class", () -> new Shop.External(new ArrayList<>(List.of("x"))));
        add("a class with serialPersistentFields", Shop.OldStyle::new);
        add("a class whose constructor throws", () -> Shop.NoEntry.named("x"));
        add("a record", () -> new Shop.Address("a", 1, new Shop.Address("b", 2, null)));
        add("a record with writeReplace", () -> new Shop.Temperature(20));
        add("a sealed hierarchy", () -> with(new ArrayList<>(), new Shop.Cash(5), new Shop.Card()));
        add("an enum constant", () -> Shop.Size.SMALL);
        add("an enum constant with a body", () -> Shop.Size.LARGE);
        add("a class with a superclass that is not serializable", Shop.Derived::new);
        add("an inner class", () -> new Shop.Outer().inner());
        add("an anonymous class", () -> new Shop.Outer().anonymous(7));
        add("a local class", () -> new Shop.Outer().local("x"));
    }

    private void addGraphs() {
        add(
                "parent and children",
                () -> filled(
                        new Shop.Cart(),
                        cart -> cart.favourite = filled(cart, c -> c.add("a")).add("b")));
        add("a list that contains itself", () -> {
            List<Object> list = new ArrayList<>();
            list.add(list);
            return list;
        });
        add("an array that contains itself", () -> {
            Object[] array = new Object[1];
            array[0] = array;
            return array;
        });
        add("a map that contains itself", () -> {
            Map<Object, Object> map = new HashMap<>();
            map.put("me", map);
            return map;
        });
        add("Arrays.asList that contains itself", () -> {
            List<Object> list = Arrays.asList(null, 1);
            list.set(0, list);
            return list;
        });
        add("a ring", () -> {
            Shop.Node last = new Shop.Node("last", null);
            last.next = new Shop.Node("first", last);
            return last;
        });
        add("one object twice", () -> {
            Date shared = new Date(5);
            return with(new ArrayList<>(), shared, shared, new Date(5));
        });
        add("one object inside and outside of hooks", () -> {
            List<Object> shared = with(new ArrayList<>(), "x");
            return with(new ArrayList<>(), shared, new Shop.Hooked(shared), new Shop.Hooked(shared));
        });
        add("one object with hooks in two places", () -> {
            Shop.Hooked shared = new Shop.Hooked("x");
            return with(
                    new ArrayList<>(),
                    new Shop.Hooked(shared),
                    shared,
                    Collections.unmodifiableList(with(new ArrayList<>(), shared)));
        });
        add("one synchronized list in two objects with hooks, and outside of them", () -> {
            List<Object> shared = Collections.synchronizedList(new ArrayList<>());
            return with(new ArrayList<>(), new Shop.Hooked(shared), new Shop.Hooked(shared), shared);
        });
        add("one object with a serialization proxy in two objects with hooks, and outside of them", () -> {
            Shop.Proxied shared = new Shop.Proxied(new Date(5));
            return with(new ArrayList<>(), shared, new Shop.Hooked(shared), new Shop.Hooked(shared));
        });
        add("an object with hooks inside of one that is not written yet", () -> {
            Shop.Secretive outer = new Shop.Secretive("s", new ArrayList<>());
            outer.parts.add(new Shop.Hooked(outer));
            return with(new ArrayList<>(), outer, new Shop.Hooked(outer));
        });
        add("children with hooks that know their parent", () -> {
            List<Object> parent = new ArrayList<>();
            return with(parent, new Shop.Hooked(parent), new Shop.Hooked(parent));
        });
        add("a ring through hooks", () -> {
            List<Object> list = new ArrayList<>();
            Shop.Hooked hooked = new Shop.Hooked(list);
            list.add(hooked);
            return hooked;
        });
        add("a ring through an unmodifiable list", () -> {
            List<Object> list = new ArrayList<>();
            List<Object> view = Collections.unmodifiableList(list);
            list.add(new Shop.Node("x", view));
            return view;
        });
        add("a synchronized list with children that know it", () -> {
            List<Object> list = Collections.synchronizedList(new ArrayList<>());
            list.add(new Shop.Node(1, list));
            return new Shop.Node(list, null);
        });
        add("an exception that knows itself", () -> {
            List<Object> details = new ArrayList<>();
            Shop.OutOfStock failure = new Shop.OutOfStock("m", new Error(), details);
            details.add(failure);
            return failure;
        });
    }
}
