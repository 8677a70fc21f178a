package dev.holdfast.codec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
import java.util.Date;
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
import java.util.Set;
import java.util.SimpleTimeZone;
import java.util.Stack;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.Vector;
import java.util.WeakHashMap;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Golden values of which each is written in another form: one for each type that has a number, and the others. */
@SuppressWarnings({"JdkObsolete", "JavaUtilDate"}) // old types are what old applications store
final class GoldenForms {

    private static final Comparator<String> BACKWARDS = Comparator.reverseOrder();

    private GoldenForms() {}

    static void addTo(Map<String, Object> values) {
        addPrimitives(values);
        addArrays(values);
        addCollections(values);
        addMaps(values);
        addFixed(values);
        addValues(values);
        addTimes(values);
        addViews(values);
        addClasses(values);
        addCompressed(values);
    }

    private static void addPrimitives(Map<String, Object> values) {
        values.put("int", 1234);
        values.put("string", "text");
        values.put("string-of-one-character", "x");
        values.put("string-with-umlauts", "Gr\u00f6\u00dfe \uD83D\uDE00");
        values.put("float", 1.5f);
        values.put("boolean", true);
        values.put("byte", (byte) -3);
        values.put("char", '\u00df');
        values.put("short", (short) -4);
        values.put("long", -5_000_000_000L);
        values.put("double", 6.25);
    }

    private static void addArrays(Map<String, Object> values) {
        values.put("byte-array", new byte[] {1, -2});
        values.put("char-array", new char[] {'a', '\u00df'});
        values.put("short-array", new short[] {1, -1});
        values.put("int-array", new int[] {1, -1});
        values.put("long-array", new long[] {1, -1});
        values.put("float-array", new float[] {1, -1});
        values.put("double-array", new double[] {1, -1});
        values.put("boolean-array", new boolean[] {true, false});
        values.put("string-array", new String[] {"a", null});
        values.put("object-array", new Object[] {"a", null, 1});
        values.put("array-of-the-application", new Golden.Status[] {Golden.Status.OPEN, null});
    }

    private static void addCollections(Map<String, Object> values) {
        values.put("array-list", new ArrayList<>(Arrays.asList("a", null)));
        values.put("linked-list", new LinkedList<>(List.of("a", "b")));
        values.put("array-deque", new ArrayDeque<>(List.of("a", "b")));
        values.put("hash-set", new HashSet<>(List.of("a", "b")));
        values.put("linked-hash-set", new LinkedHashSet<>(List.of("a", "b")));
        values.put("vector", new Vector<>(List.of("a", "b")));
        values.put("stack", stack());
        values.put("copy-on-write-list", new CopyOnWriteArrayList<>(List.of("a", "b")));
        values.put("copy-on-write-set", new CopyOnWriteArraySet<>(List.of("a", "b")));
        values.put("concurrent-queue", new ConcurrentLinkedQueue<>(List.of("a", "b")));
        values.put("concurrent-deque", new ConcurrentLinkedDeque<>(List.of("a", "b")));
        values.put("tree-set", new TreeSet<>(List.of("a", "b")));
        values.put("skip-list-set", new ConcurrentSkipListSet<>(List.of("a", "b")));
        values.put("priority-queue", new PriorityQueue<>(List.of("a", "b")));
        values.put("copies", Collections.nCopies(3, "a"));
        values.put("blocking-queue", new LinkedBlockingQueue<>(List.of("a", "b")));
        values.put("blocking-deque", new LinkedBlockingDeque<>(List.of("a", "b")));
        values.put("priority-blocking-queue", new PriorityBlockingQueue<>(List.of("a", "b")));
        values.put("tree-set-with-comparator", new TreeSet<>(BACKWARDS));
    }

    private static void addMaps(Map<String, Object> values) {
        values.put("hash-map", new HashMap<>(Map.of("a", 1)));
        values.put("linked-hash-map", new LinkedHashMap<>(Map.of("a", 1)));
        values.put("linked-hash-map-by-access", byAccess());
        values.put("hashtable", new Hashtable<>(Map.of("a", 1)));
        values.put("concurrent-hash-map", new ConcurrentHashMap<>(Map.of("a", 1)));
        values.put("identity-hash-map", new IdentityHashMap<>(Map.of("a", 1)));
        values.put("tree-map", new TreeMap<>(Map.of("a", 1)));
        values.put("skip-list-map", new ConcurrentSkipListMap<>(Map.of("a", 1)));
        values.put("tree-map-with-comparator", new TreeMap<>(BACKWARDS));
    }

    private static void addFixed(Map<String, Object> values) {
        values.put("empty-list", Collections.emptyList());
        values.put("empty-set", Collections.emptySet());
        values.put("empty-map", Collections.emptyMap());
        values.put("list-of", List.of("a", "b", "c"));
        values.put("set-of", Set.of("a"));
        values.put("map-of", Map.of("a", 1));
        values.put("arrays-as-list", Arrays.asList("a", null));
        values.put("simple-entry", new AbstractMap.SimpleEntry<>("a", 1));
        values.put("simple-immutable-entry", new AbstractMap.SimpleImmutableEntry<>("a", 1));
        values.put("optional", Optional.of("a"));
        values.put("optional-empty", Optional.empty());
    }

    private static void addValues(Map<String, Object> values) {
        values.put("class", Golden.Order.class);
        values.put("class-of-primitive", int.class);
        values.put("big-integer", new BigInteger("12345678901234567890"));
        values.put("big-decimal", new BigDecimal("-12.50"));
        values.put("uuid", new UUID(1, 2));
        values.put("uri", URI.create("http://a/b"));
        values.put("currency", Currency.getInstance("EUR"));
        values.put("charset", StandardCharsets.UTF_8);
        values.put("optional-int", OptionalInt.of(1));
        values.put("optional-int-empty", OptionalInt.empty());
        values.put("optional-long", OptionalLong.of(1));
        values.put("optional-double", OptionalDouble.of(1.5));
        values.put("date", new Date(7));
        values.put("string-builder", new StringBuilder("a"));
        values.put("string-buffer", new StringBuffer("a"));
        values.put("atomic-integer", new AtomicInteger(1));
        values.put("atomic-long", new AtomicLong(1));
        values.put("atomic-boolean", new AtomicBoolean(true));
        values.put("atomic-reference", new AtomicReference<>("a"));
        values.put("bit-set", BitSet.valueOf(new long[] {5}));
        values.put("object", new Object());
        values.put("locale", Locale.GERMANY);
        values.put("locale-in-a-box", new Locale("de", "DE", "odd"));
        values.put("time-zone", TimeZone.getTimeZone("Europe/Berlin"));
        values.put("box", new SimpleTimeZone(3_600_000, "own"));
    }

    private static void addTimes(Map<String, Object> values) {
        values.put("instant", Instant.ofEpochSecond(5, 6));
        values.put("local-date", LocalDate.of(2024, 2, 29));
        values.put("local-time", LocalTime.of(12, 30, 1, 5));
        values.put("local-date-time", LocalDateTime.of(2024, 2, 29, 12, 30));
        values.put("duration", Duration.ofMillis(1500));
        values.put("period", Period.of(1, 2, 3));
        values.put("offset-date-time", OffsetDateTime.of(2024, 2, 29, 12, 30, 0, 0, ZoneOffset.ofHours(2)));
        values.put("zoned-date-time", ZonedDateTime.of(2023, 10, 29, 2, 30, 0, 0, ZoneId.of("Europe/Berlin")));
        values.put("zone-offset", ZoneOffset.ofHours(2));
        values.put("zone", ZoneId.of("America/New_York"));
        values.put("sql-timestamp", new java.sql.Timestamp(8));
        values.put("sql-date", new java.sql.Date(9));
        values.put("sql-time", new java.sql.Time(10));
    }

    private static void addViews(Map<String, Object> values) {
        values.put("part-of-array-list", new ArrayList<>(List.of("a", "b")).subList(0, 1));
        values.put("part-of-linked-list", new LinkedList<>(List.of("a", "b")).subList(0, 1));
        values.put("part-of-arrays-as-list", Arrays.asList("a", "b").subList(0, 1));
        values.put("part-of-list-of", List.of("a", "b", "c", "d").subList(0, 3));
        values.put("weak-hash-map", new WeakHashMap<>(Map.of("a", 1)));
        values.put("map-entry", Map.entry("a", 1));
        values.put("stream-to-list", Stream.of("a", null).toList());
    }

    private static void addClasses(Map<String, Object> values) {
        values.put("record", new Golden.Customer("Ada", 36));
        values.put("enum", Golden.Status.OPEN);
        values.put("enum-with-a-body", Golden.Status.PAID);
        List<Object> itself = new ArrayList<>();
        itself.add(itself);
        values.put("references", itself);
    }

    private static void addCompressed(Map<String, Object> values) {
        List<String> articles = new ArrayList<>();
        IntStream.range(0, 100).mapToObj(i -> "article number " + i).forEach(articles::add);
        values.put("compressed-list", articles);
        values.put("compressed-cycle-through-hooks", new Golden.Hooked(new ArrayList<>(articles)).closed());
    }

    private static Stack<String> stack() {
        Stack<String> stack = new Stack<>();
        stack.push("a");
        return stack;
    }

    private static Map<String, Integer> byAccess() {
        Map<String, Integer> map = new LinkedHashMap<>(4, 0.75f, true);
        map.put("a", 1);
        return map;
    }
}
