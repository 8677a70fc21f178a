package dev.holdfast.codec;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Currency;
import java.util.Date;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Values whose bytes stand in {@code src/test/resources/format-v1}. Neither the values nor their classes may ever change:
 * what a released version wrote must be decoded forever. New values are added, with the bytes that {@link #main} prints.
 */
final class Golden {

    private static final String FOLDER = "format-v1/";

    /** Its bytes differ between versions of the JDK; each reads those of the other. */
    static final String WRITTEN_BY_THE_JDK = "written-by-the-jdk";

    private Golden() {}

    static Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("primitives", new Object[] {1, -2L, true, 'c', (byte) 3, (short) 4, 5f, 6d, null});
        values.put("strings", List.of("", "a", "hello", "Größe", "\uD83D\uDE00", "x".repeat(100)));
        values.put("primitive-arrays", new Object[] {
            new byte[] {1, 2},
            new char[] {'a', 'ß'},
            new short[] {1, -1},
            new int[] {1, -1},
            new long[] {1, -1},
            new float[] {1, -1},
            new double[] {1, -1},
            new boolean[] {true, false},
            new String[] {"a", null},
            new Order[][] {{null}, {}}
        });
        values.put("numbers", List.of(new BigInteger("12345678901234567890"), new BigDecimal("-12.50")));
        values.put(
                "names",
                List.of(
                        new UUID(1, 2),
                        URI.create("http://a/b"),
                        Currency.getInstance("EUR"),
                        StandardCharsets.UTF_8,
                        Locale.GERMANY,
                        TimeZone.getTimeZone("Europe/Berlin"),
                        Order.class,
                        int[].class));
        values.put(
                "times",
                List.of(
                        Instant.ofEpochSecond(5, 6),
                        LocalDateTime.of(2024, 2, 29, 12, 30),
                        LocalDateTime.of(2024, 2, 29, 12, 30).toLocalDate(),
                        LocalDateTime.of(2024, 2, 29, 12, 30).toLocalTime(),
                        LocalDateTime.of(2024, 2, 29, 12, 30).atOffset(ZoneOffset.ofHours(2)),
                        ZonedDateTime.of(2023, 10, 29, 2, 30, 0, 0, ZoneId.of("Europe/Berlin"))
                                .withLaterOffsetAtOverlap(),
                        Duration.ofMillis(1500),
                        Period.of(1, 2, 3),
                        ZoneId.of("America/New_York"),
                        new Date(7),
                        new java.sql.Timestamp(8),
                        new java.sql.Date(9),
                        new java.sql.Time(10)));
        values.put(
                "collections",
                List.of(
                        new ArrayList<>(Arrays.asList("a", null, 1)),
                        new ArrayDeque<>(List.of(1)),
                        new LinkedHashSet<>(List.of("z", "a")),
                        new CopyOnWriteArrayList<>(List.of(1)),
                        Arrays.asList(1, null),
                        Collections.emptyList(),
                        Collections.nCopies(3, "x")));
        values.put(
                "maps",
                List.of(
                        new HashMap<>(Map.of("a", 1)),
                        new LinkedHashMap<>(Map.of("a", 1)),
                        new TreeMap<>(Map.of("a", 1, "b", 2)),
                        new ConcurrentHashMap<>(Map.of("a", 1)),
                        Map.of("a", 1),
                        Collections.emptyMap()));
        values.put("holders", List.of(new AtomicInteger(1), new AtomicReference<>("x"), Optional.of("y")));
        values.put("order", order());
        GoldenForms.addTo(values);
        values.put("cycle-through-hooks", new Hooked(new ArrayList<>()).closed());
        values.put("exception", exception());
        values.put(
                WRITTEN_BY_THE_JDK,
                List.of(
                        Collections.unmodifiableList(new ArrayList<>(List.of(1))),
                        Collections.synchronizedList(new ArrayList<>(List.of(1))),
                        new TreeMap<>(Map.of(1, 2)).descendingMap()));
        return values;
    }

    private static Order order() {
        Order order = new Order(new Customer("Ada", 36), Status.PAID);
        order.lines.add(new Line(order, "book", 2));
        order.lines.add(new Line(order, "pen", 10));
        order.first = order.lines.get(0);
        order.hooked = new Hooked(order.lines);
        return order;
    }

    private static Exception exception() {
        Exception exception = new IllegalStateException("message", new RuntimeException("cause"));
        exception.setStackTrace(new StackTraceElement[] {new StackTraceElement("a.B", "c", "B.java", 5)});
        Throwable cause = exception.getCause();
        if (cause != null) {
            cause.setStackTrace(new StackTraceElement[0]);
        }
        return exception;
    }

    static final class Order {
        final Customer customer;
        final List<Line> lines = new ArrayList<>();
        Status status;

        @Nullable
        Line first;

        @Nullable
        Hooked hooked;

        TimeUnit unit = TimeUnit.DAYS;
        int number = 4711;
        double total = 12.5;

        Order(Customer customer, Status status) {
            this.customer = customer;
            this.status = status;
        }
    }

    record Customer(String name, int age) {}

    static final class Line implements Serializable {
        private static final long serialVersionUID = 1;
        final Object order;
        final String product;
        final int pieces;

        Line(Order order, String product, int pieces) {
            this.order = order;
            this.product = product;
            this.pieces = pieces;
        }
    }

    enum Status {
        OPEN,
        PAID {}
    }

    static final class Hooked implements Serializable {
        private static final long serialVersionUID = 1;
        final List<?> part;

        Hooked(List<?> part) {
            this.part = part;
        }

        @SuppressWarnings("unchecked")
        Hooked closed() {
            ((List<Object>) part).add(this);
            return this;
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
        }
    }

    /** Whether the bytes of a case are compressed. */
    static boolean isCompressed(String name) {
        return name.startsWith("compressed-");
    }

    /** The names of all files. */
    static Set<String> files() {
        URL folder = Golden.class.getClassLoader().getResource(FOLDER);
        if (folder == null) {
            throw new AssertionError("There are no golden bytes");
        }
        try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
            return files.map(file -> file.getFileName().toString().replaceFirst("\\.hex$", ""))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException | URISyntaxException failure) {
            throw new AssertionError(failure);
        }
    }

    /** The bytes that were written once. */
    static byte[] bytesOf(String name) {
        try (var in = Golden.class.getClassLoader().getResourceAsStream(FOLDER + name + ".hex")) {
            if (in == null) {
                throw new AssertionError("No golden bytes of " + name);
            }
            String hex = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Writes the files that are missing into the folder of the first argument. It never replaces one. */
    public static void main(String[] arguments) throws IOException {
        AttributeCodec codec = new KryoAttributeCodec(
                Golden.class.getClassLoader(), CodecOptions.DEFAULTS.withCompressionThreshold(1024));
        for (Map.Entry<String, Object> entry : values().entrySet()) {
            Path file = Path.of(arguments[0], entry.getKey() + ".hex");
            if (!Files.exists(file)) {
                byte[] encoded = codec.encode(entry.getValue());
                byte[] bytes = isCompressed(entry.getKey()) ? codec.pack(encoded) : encoded;
                Files.writeString(file, lines(HexFormat.of().formatHex(bytes)));
            }
        }
    }

    private static String lines(String hex) {
        return hex.replaceAll("(.{96})", "$1\n").strip() + "\n";
    }
}
