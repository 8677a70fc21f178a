package dev.holdfast.codec;

import java.awt.Color;
import java.awt.Point;
import java.beans.PropertyChangeSupport;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.KeyFactory;
import java.security.spec.RSAPublicKeySpec;
import java.sql.SQLException;
import java.text.ChoiceFormat;
import java.text.DateFormat;
import java.text.DateFormatSymbols;
import java.text.DecimalFormatSymbols;
import java.text.MessageFormat;
import java.text.NumberFormat;
import java.time.Clock;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.Month;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.chrono.HijrahDate;
import java.time.chrono.IsoChronology;
import java.time.chrono.JapaneseChronology;
import java.time.chrono.JapaneseDate;
import java.time.chrono.MinguoDate;
import java.time.chrono.ThaiBuddhistDate;
import java.time.temporal.ChronoUnit;
import java.time.temporal.ValueRange;
import java.time.temporal.WeekFields;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Calendar;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Date;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.EventObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.Vector;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import javax.naming.ldap.LdapName;
import javax.security.auth.Subject;
import javax.security.auth.x500.X500Principal;
import javax.sql.rowset.serial.SerialBlob;

/** Rarer objects of the JDK, beside those of {@link Cases}. */
@SuppressWarnings({"deprecation", "unchecked"})
final class JdkCases {

    private JdkCases() {}

    static Map<String, Supplier<Object>> values() {
        CaseList all = new CaseList();
        all.add(
                "every UTF-16 character",
                () -> IntStream.range(0, 0x10000)
                        .mapToObj(c -> String.valueOf((char) c))
                        .collect(Collectors.joining()));
        all.add("surrogates in the wrong order", () -> "\uDC00\uD800");
        all.add("a string of 8 MB", () -> "x".repeat(8 << 20));
        all.add("not a number", () -> Double.NaN);
        all.add("minus zero", () -> -0.0);
        all.add("a float that is not a number", () -> Float.NaN);
        all.add("the big integer zero", () -> BigInteger.ZERO);
        all.add("a big integer of 4000 bits", () -> BigInteger.ONE.shiftLeft(4000));
        all.add("a big decimal zero with a scale", () -> new BigDecimal("0.000"));
        all.add("a math context", () -> MathContext.DECIMAL64);
        all.add("an atomic long array", () -> new AtomicLongArray(new long[] {1, -1}));
        all.add("an atomic reference array", () -> new AtomicReferenceArray<>(new Object[] {"a", null, new Date(5)}));
        all.add("an atomic reference to nothing", AtomicReference::new);
        all.add("a double adder", () -> {
            DoubleAdder adder = new DoubleAdder();
            adder.add(0.5);
            return adder;
        });
        all.add("a random that has been used", () -> {
            Random random = new Random(7);
            random.nextGaussian();
            return random;
        });
        all.add("a Chinese locale with script", () -> Locale.forLanguageTag("zh-Hans-CN"));
        all.add("a locale with extensions", () -> Locale.forLanguageTag("th-TH-u-ca-buddhist-nu-thai-x-private"));
        all.add("the Japanese locale of old", () -> new Locale("ja", "JP", "JP"));
        all.add("an opaque URI", () -> URI.create("mailto:a@example.org"));
        all.add(
                "an IPv6 address",
                () -> Inet6Address.getByAddress(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6}));
        all.add("a socket address", () -> InetSocketAddress.createUnresolved("example.org", 80));
        all.add("a file", () -> new File("/tmp/a/../b"));
        all.add("a pattern with flags", () -> Pattern.compile("a(b)?", Pattern.CASE_INSENSITIVE | Pattern.COMMENTS));
        all.add("a lock", ReentrantLock::new);
        all.add("a fair lock", () -> new ReentrantLock(true));
        all.add("a read-write lock", () -> new ReentrantReadWriteLock(true));
        all.add("a stamped lock", StampedLock::new);
        all.add("a semaphore", () -> new Semaphore(3, true));
        all.add("an event", () -> new EventObject("source"));
        all.add("a level of logging", () -> Level.FINE);
        all.add("a property change support", () -> new PropertyChangeSupport("bean"));
        all.add("a point", () -> new Point(1, 2));
        all.add("a color", () -> new Color(1, 2, 3, 4));
        all.add("a secret key", () -> new SecretKeySpec(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, "AES"));
        all.add(
                "a public key",
                () -> KeyFactory.getInstance("RSA")
                        .generatePublic(
                                new RSAPublicKeySpec(BigInteger.ONE.shiftLeft(2047), BigInteger.valueOf(65537))));
        all.add("an X.500 principal", () -> new X500Principal("CN=Ada, O=Example"));
        all.add("a subject", () -> new Subject(false, Set.of(new X500Principal("CN=Ada")), Set.of(), Set.of()));
        all.add("an LDAP name", () -> new LdapName("CN=Ada,O=Example"));
        all.add("a BLOB in memory", () -> new SerialBlob(new byte[] {1, 2}));
        all.add("an object of the JDK in an array of its interface", () -> new Comparable<?>[] {1, "a", new Date(1)});
        return all.all();
    }

    static Map<String, Supplier<Object>> times() {
        CaseList all = new CaseList();
        all.add("the first instant", () -> Instant.MIN);
        all.add("the zone UTC", () -> ZoneId.of("UTC"));
        all.add("a zone with a prefix", () -> ZoneId.of("GMT+03:00"));
        all.add("midnight", () -> LocalTime.MIDNIGHT);
        all.add("the first date", () -> LocalDate.MIN);
        all.add("a month", () -> Month.MAY);
        all.add("a unit of time", () -> ChronoUnit.FOREVER);
        all.add("a range of values", () -> ValueRange.of(1, 2, 3, 4));
        all.add("fields of weeks", () -> WeekFields.of(DayOfWeek.SUNDAY, 3));
        all.add("a chronology", () -> IsoChronology.INSTANCE);
        all.add("a Hijrah date", () -> HijrahDate.of(1445, 1, 1));
        all.add("a Minguo date", () -> MinguoDate.of(112, 1, 1));
        all.add("a Thai date", () -> ThaiBuddhistDate.of(2567, 1, 1));
        all.add("a Japanese date and time", () -> JapaneseDate.of(2020, 1, 1).atTime(LocalTime.NOON));
        all.add("a period of a chronology", () -> JapaneseChronology.INSTANCE.period(1, 2, 3));
        all.add("a clock", Clock::systemUTC);
        all.add("a clock that stands", () -> Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
        all.add("a calendar of the Japanese", () -> {
            Calendar calendar = Calendar.getInstance(TimeZone.getTimeZone("UTC"), new Locale("ja", "JP", "JP"));
            calendar.setTimeInMillis(5);
            return calendar;
        });
        all.add("a format of dates", () -> DateFormat.getDateInstance(DateFormat.SHORT, Locale.GERMANY));
        all.add("symbols of dates", () -> DateFormatSymbols.getInstance(Locale.FRANCE));
        all.add("symbols of numbers", () -> DecimalFormatSymbols.getInstance(Locale.FRANCE));
        all.add("a format of money", () -> NumberFormat.getCurrencyInstance(Locale.US));
        all.add("a format of choices", () -> new ChoiceFormat("0#none|1#one|2#many"));
        all.add("a format of messages", () -> new MessageFormat("{0} of {1,number}", Locale.ROOT));
        return all.all();
    }

    static Map<String, Supplier<Object>> collections() {
        CaseList all = new CaseList();
        all.add("List.copyOf", () -> List.copyOf(new ArrayList<>(List.of("a", "b", "c"))));
        all.add("Set.copyOf", () -> Set.copyOf(new ArrayList<>(List.of("a", "b", "c"))));
        all.add("Map.copyOf", () -> Map.copyOf(new HashMap<>(Map.of("a", 1, "b", 2, "c", 3))));
        all.add("Stream.toList", () -> Stream.of("a", "b").toList());
        all.add("Arrays.asList of an array of strings", () -> Arrays.asList(new String[] {"a", "b"}));
        all.add(
                "Collectors.toUnmodifiableMap",
                () -> Stream.of(1, 2).collect(Collectors.toUnmodifiableMap(n -> n, String::valueOf)));
        all.add("Collections.unmodifiableSortedSet", () -> Collections.unmodifiableSortedSet(treeSet()));
        all.add("Collections.unmodifiableNavigableSet", () -> Collections.unmodifiableNavigableSet(treeSet()));
        all.add("Collections.unmodifiableNavigableMap", () -> Collections.unmodifiableNavigableMap(treeMap()));
        all.add(
                "an unmodifiable view of an unmodifiable view",
                () -> Collections.unmodifiableCollection(
                        Collections.unmodifiableCollection(new ArrayList<>(List.of(1)))));
        all.add("Collections.synchronizedCollection", () -> Collections.synchronizedCollection(list()));
        all.add("Collections.synchronizedSortedSet", () -> Collections.synchronizedSortedSet(treeSet()));
        all.add("Collections.synchronizedNavigableMap", () -> Collections.synchronizedNavigableMap(treeMap()));
        all.add("Collections.synchronizedSortedMap", () -> Collections.synchronizedSortedMap(treeMap()));
        all.add("Collections.checkedSet", () -> Collections.checkedSet(new HashSet<>(Set.of("a")), String.class));
        all.add(
                "Collections.checkedMap",
                () -> Collections.checkedMap(new HashMap<>(Map.of("a", 1)), String.class, Integer.class));
        all.add("Collections.checkedCollection", () -> Collections.checkedCollection(list(), Object.class));
        all.add(
                "Collections.checkedQueue",
                () -> Collections.checkedQueue(new LinkedList<>(List.of(1)), Integer.class));
        all.add(
                "Collections.checkedNavigableMap",
                () -> Collections.checkedNavigableMap(treeMap(), String.class, Integer.class));
        all.add("Collections.checkedSortedSet", () -> Collections.checkedSortedSet(treeSet(), String.class));
        all.add("Collections.emptySortedMap", Collections::emptySortedMap);
        all.add("Collections.emptyNavigableSet", Collections::emptyNavigableSet);
        all.add("Collections.asLifoQueue", () -> {
            var stack = Collections.asLifoQueue(new java.util.ArrayDeque<>());
            stack.add(1);
            stack.add(2);
            return stack;
        });
        all.add("Collections.reverseOrder", Collections::reverseOrder);
        all.add("a comparator turned around", () -> Collections.reverseOrder(new Shop.Backwards()));
        all.add("Comparator.nullsFirst", () -> Comparator.nullsFirst(Comparator.<String>naturalOrder()));
        all.add("String.CASE_INSENSITIVE_ORDER", () -> String.CASE_INSENSITIVE_ORDER);
        all.add("Collections.nCopies of nothing", () -> Collections.nCopies(0, "a"));
        all.add("a set of identities", () -> {
            Set<Object> set = Collections.newSetFromMap(new IdentityHashMap<>());
            set.add("a");
            return set;
        });
        all.add("the keys of a concurrent map with a value", () -> {
            Set<Object> set = new ConcurrentHashMap<Object, Object>(Map.of("b", 2)).keySet("x");
            set.add("a");
            return set;
        });
        all.add("a hash set that was made for many", () -> new HashSet<>(5000));
        all.add("a hash map of 10000 entries", () -> {
            Map<Object, Object> map = new HashMap<>();
            for (int i = 0; i < 10_000; i++) {
                map.put("key" + i, i);
            }
            return map;
        });
        all.add("a vector that grows by seven", () -> new Vector<>(3, 7));
        all.add("part of a tree map", () -> treeMap().subMap("a", true, "b", true));
        all.add("the head of a tree map", () -> treeMap().headMap("b"));
        all.add("a tree map upside down", () -> treeMap().descendingMap());
        all.add("part of a tree set", () -> treeSet().subSet("a", true, "b", true));
        all.add("a tree set upside down", () -> treeSet().descendingSet());
        all.add("part of a concurrent sorted map", () -> new ConcurrentSkipListMap<>(treeMap()).subMap("a", "b"));
        all.add("part of a concurrent sorted set", () -> new ConcurrentSkipListSet<>(treeSet()).headSet("b"));
        all.add("a tree set with nulls first", () -> {
            Set<Object> set = new TreeSet<>(Comparator.nullsFirst((Comparator<Object>) (Object) new Shop.Backwards()));
            set.add(null);
            set.add("a");
            return set;
        });
        all.add("a transfer queue", () -> new LinkedTransferQueue<>(List.of("a", "b")));
        all.add("a synchronous queue", () -> new SynchronousQueue<>(true));
        all.add("an enum set of many", () -> EnumSet.allOf(Character.UnicodeScript.class));
        all.add("an enum set of the JDK", () -> EnumSet.of(TimeUnit.DAYS));
        all.add("an enum map with nulls", () -> {
            Map<TimeUnit, Object> map = new EnumMap<>(TimeUnit.class);
            map.put(TimeUnit.DAYS, null);
            return map;
        });
        all.add(
                "a linked hash map of linked hash sets",
                () -> new LinkedHashMap<>(Map.of("a", new LinkedHashSet<>(List.of("z", "a")))));
        all.add("an immutable map as a key", () -> new HashMap<>(Map.of(Map.of("a", 1), List.of("b"))));
        all.add(
                "maps in maps in maps",
                () -> new HashMap<>(Map.of(
                        "a", new TreeMap<>(Map.of("b", new ConcurrentHashMap<>(Map.of("c", List.of(1))))))));
        all.add(
                "a list of 100000 strings",
                () -> IntStream.range(0, 100_000)
                        .mapToObj(Integer::toString)
                        .collect(Collectors.toCollection(ArrayList::new)));
        all.add("8 MB of bytes", () -> {
            byte[] bytes = new byte[8 << 20];
            new Random(1).nextBytes(bytes);
            return bytes;
        });
        all.add("8 MB of longs", () -> new Random(1).longs(1 << 20).toArray());
        all.add("200 arrays in arrays", () -> {
            Object array = "x";
            for (int i = 0; i < 200; i++) {
                array = new Object[] {array};
            }
            return array;
        });
        return all.all();
    }

    static Map<String, Supplier<Object>> throwables() {
        CaseList all = new CaseList();
        all.add("a checked exception", () -> new IOException("m", new UncheckedIOException(new IOException("n"))));
        all.add("an error without a stack trace", () -> {
            Error error = new AssertionError("m");
            error.setStackTrace(new StackTraceElement[0]);
            return error;
        });
        all.add("exceptions of a database in a chain", () -> {
            SQLException first = new SQLException("m", "42000", 7);
            first.setNextException(new SQLException("n"));
            return first;
        });
        all.add("a timeout", TimeoutException::new);
        all.add("two exceptions that suppress each other", () -> {
            Exception one = new Exception("one");
            Exception two = new Exception("two");
            one.addSuppressed(two);
            two.addSuppressed(one);
            return one;
        });
        all.add("a stack trace element", () -> new StackTraceElement("l", "m", "1", "a.B", "c", "B.java", 5));
        all.add("an exception in a map", () -> new HashMap<>(Map.of("failure", new IllegalArgumentException("m"))));
        return all.all();
    }

    /** What Java serialization refuses. */
    static Map<String, Supplier<Object>> notSerializable() {
        CaseList all = new CaseList();
        all.add("part of an array list", () -> new ArrayList<>(List.of("a", "b", "c")).subList(1, 3));
        all.add(
                "part of part of an array list",
                () -> new ArrayList<>(List.of("a", "b", "c")).subList(1, 3).subList(0, 1));
        all.add("part of a linked list", () -> new LinkedList<>(List.of("a", "b", "c")).subList(1, 3));
        all.add("part of List.of", () -> List.of("a", "b", "c").subList(1, 3));
        all.add("part of Arrays.asList", () -> Arrays.asList("a", "b", "c").subList(1, 3));
        all.add("a weak hash map", () -> new WeakHashMap<>(Map.of(Shop.Size.SMALL, 1)));
        all.add("an empty optional in a list", () -> new ArrayList<>(List.of(Optional.empty(), Optional.of(1))));
        all.add("Map.entry of two", () -> Map.entry("a", 1));
        all.add("an optional of an optional", () -> Optional.of(Optional.of("a")));
        return all.all();
    }

    private static Collection<Object> list() {
        return new ArrayList<>(List.of("a", "b"));
    }

    private static TreeSet<String> treeSet() {
        return new TreeSet<>(List.of("a", "b", "c"));
    }

    private static TreeMap<String, Integer> treeMap() {
        return new TreeMap<>(Map.of("a", 1, "b", 2, "c", 3));
    }
}
