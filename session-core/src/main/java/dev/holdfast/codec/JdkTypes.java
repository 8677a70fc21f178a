package dev.holdfast.codec;

import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.Charset;
import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
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
import java.util.Stack;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Common types of the JDK and the numbers that stand for them in the bytes.
 *
 * <p>The numbers are part of the format: a number is never changed and never given to another type, and new types get
 * new numbers. Numbers below 10 belong to Kryo's own list of primitives and strings. Only exact classes match: a subclass
 * may hold more.
 */
@SuppressWarnings({"JdkObsolete", "JavaUtilDate"}) // old types are what old applications store
final class JdkTypes {

    /** Stands for all objects in boxes: the box itself says what is in it. */
    static final int BOX = 9;

    private final List<Registration> registrations = new ArrayList<>();
    private final Map<Class<?>, Registration> aliases = new HashMap<>();

    JdkTypes(ClassLookup classes) {
        BoxSerializer box = new BoxSerializer(classes);
        add(BOX, BoxedObject.class, box);
        addArrays();
        addCollections();
        addSortedCollections();
        addMaps();
        addImmutableCollections();
        addValues(classes);
        addMutableValues();
        addTextValues(box);
        new TimeTypes(this).addAll();
        new SqlTypes(this).addAll();
    }

    /** Whether a class comes with the JDK: its fields are closed to reflection. */
    static boolean isOfTheJdk(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return loader == null || loader == ClassLoader.getPlatformClassLoader();
    }

    /** The types, each with its number. */
    List<Registration> registrations() {
        return registrations;
    }

    /** Hidden classes of the JDK that are written as one of the types. */
    Map<Class<?>, Registration> aliases() {
        return aliases;
    }

    <T> Registration add(int number, Class<T> type, Serializer<? super T> serializer) {
        Registration registration = new Registration(type, serializer, number);
        registrations.add(registration);
        return registration;
    }

    <T> Registration addValue(int number, Class<T> type, BiConsumer<Output, T> writer, Function<Input, T> reader) {
        return add(number, type, new ValueSerializer<>(writer, reader));
    }

    void addAlias(Class<?> type, Registration registration) {
        aliases.put(type, registration);
    }

    private void addArrays() {
        addValue(10, byte[].class, (out, a) -> length(out, a.length).writeBytes(a), in -> in.readBytes(length(in)));
        addValue(
                11,
                char[].class,
                (out, a) -> length(out, a.length).writeChars(a, 0, a.length),
                in -> in.readChars(length(in)));
        addValue(
                12,
                short[].class,
                (out, a) -> length(out, a.length).writeShorts(a, 0, a.length),
                in -> in.readShorts(length(in)));
        addValue(
                13,
                int[].class,
                (out, a) -> length(out, a.length).writeInts(a, 0, a.length),
                in -> in.readInts(length(in)));
        addValue(
                14,
                long[].class,
                (out, a) -> length(out, a.length).writeLongs(a, 0, a.length),
                in -> in.readLongs(length(in)));
        addValue(
                15,
                float[].class,
                (out, a) -> length(out, a.length).writeFloats(a, 0, a.length),
                in -> in.readFloats(length(in)));
        addValue(
                16,
                double[].class,
                (out, a) -> length(out, a.length).writeDoubles(a, 0, a.length),
                in -> in.readDoubles(length(in)));
        addValue(
                17,
                boolean[].class,
                (out, a) -> length(out, a.length).writeBooleans(a, 0, a.length),
                in -> in.readBooleans(length(in)));
        add(18, String[].class, new ArraySerializer(String.class));
        add(19, Object[].class, new ArraySerializer(Object.class));
    }

    private static Output length(Output output, int length) {
        output.writeVarInt(length, true);
        return output;
    }

    private static int length(Input input) {
        return input.readVarInt(true);
    }

    private void addCollections() {
        addCollection(20, ArrayList.class, ArrayList::new);
        addCollection(21, LinkedList.class, LinkedList::new);
        addCollection(22, ArrayDeque.class, ArrayDeque::new);
        addCollection(23, HashSet.class, HashSet::new);
        addCollection(24, LinkedHashSet.class, LinkedHashSet::new);
        addCollection(25, Vector.class, Vector::new);
        addCollection(26, Stack.class, Stack::new);
        addCollection(27, CopyOnWriteArrayList.class, CopyOnWriteArrayList::new);
        addCollection(28, CopyOnWriteArraySet.class, CopyOnWriteArraySet::new);
        addCollection(29, ConcurrentLinkedQueue.class, ConcurrentLinkedQueue::new);
        addCollection(30, ConcurrentLinkedDeque.class, ConcurrentLinkedDeque::new);
    }

    @SuppressWarnings("unchecked")
    private <T extends Collection<?>> void addCollection(int number, Class<T> type, Supplier<T> factory) {
        add(number, (Class<Collection<@Nullable Object>>) (Class<?>) type, new CollectionSerializer(factory));
    }

    @SuppressWarnings("unchecked")
    private void addSortedCollections() {
        add(
                31,
                (Class<TreeSet<@Nullable Object>>) (Class<?>) TreeSet.class,
                new SortedCollectionSerializer<>(TreeSet::comparator, TreeSet<@Nullable Object>::new));
        add(
                32,
                (Class<ConcurrentSkipListSet<@Nullable Object>>) (Class<?>) ConcurrentSkipListSet.class,
                new SortedCollectionSerializer<>(
                        ConcurrentSkipListSet::comparator, ConcurrentSkipListSet<@Nullable Object>::new));
        add(
                33,
                (Class<PriorityQueue<@Nullable Object>>) (Class<?>) PriorityQueue.class,
                new SortedCollectionSerializer<>(PriorityQueue::comparator, PriorityQueue<@Nullable Object>::new));
    }

    private void addMaps() {
        addMap(40, HashMap.class, new MapSerializer(HashMap::new));
        addMap(41, LinkedHashMap.class, new LinkedHashMapSerializer());
        addMap(42, Hashtable.class, new MapSerializer(Hashtable::new));
        addMap(43, ConcurrentHashMap.class, new MapSerializer(ConcurrentHashMap::new));
        addMap(44, IdentityHashMap.class, new MapSerializer(IdentityHashMap::new));
        addMap(45, TreeMap.class, new SortedMapSerializer(TreeMap::new));
        addMap(46, ConcurrentSkipListMap.class, new SortedMapSerializer(ConcurrentSkipListMap::new));
    }

    @SuppressWarnings("rawtypes")
    private void addMap(int number, Class<? extends Map> type, Serializer<?> serializer) {
        registrations.add(new Registration(type, serializer, number));
    }

    private void addImmutableCollections() {
        addSingle(50, Collections.emptyList());
        addSingle(51, Collections.emptySet());
        addSingle(52, Collections.emptyMap());
        addGroup(
                53,
                new LateSerializer<List<@Nullable Object>>(CollectionSerializer::snapshot, JdkTypes::listOf),
                List.of(1),
                List.of(),
                List.of(1, 2, 3));
        addGroup(
                54,
                new LateSerializer<Set<Object>>(CollectionSerializer::snapshot, JdkTypes::setOf),
                Set.of(1),
                Set.of());
        addGroup(
                55,
                new LateSerializer<Map<Object, Object>>(JdkTypes::entriesOf, JdkTypes::mapOf),
                Map.of(1, 1),
                Map.of());
        addGroup(56, new AsListSerializer(), Arrays.asList(1, 2));
        addGroup(
                57,
                new LateSerializer<Map.Entry<?, ?>>(
                        JdkTypes::keyAndValue, parts -> new AbstractMap.SimpleEntry<>(part(parts, 0), part(parts, 1))),
                new AbstractMap.SimpleEntry<>(1, 1));
        addGroup(
                58,
                new LateSerializer<Map.Entry<?, ?>>(
                        JdkTypes::keyAndValue,
                        parts -> new AbstractMap.SimpleImmutableEntry<>(part(parts, 0), part(parts, 1))),
                new AbstractMap.SimpleImmutableEntry<>(1, 1));
        addGroup(
                59,
                new LateSerializer<Optional<?>>(
                        optional -> Collections.singletonList(optional.orElse(null)),
                        parts -> Optional.ofNullable(part(parts, 0))),
                Optional.empty());
    }

    private void addSingle(int number, Object only) {
        registrations.add(
                new Registration(only.getClass(), new ValueSerializer<>((out, same) -> {}, in -> only), number));
    }

    /** Classes that only their factory knows; they share a number and a serializer. */
    private void addGroup(int number, Serializer<?> serializer, Object first, Object... others) {
        Registration registration = new Registration(first.getClass(), serializer, number);
        registrations.add(registration);
        for (Object other : others) {
            addAlias(other.getClass(), registration);
        }
    }

    private static List<@Nullable Object> listOf(@Nullable Object[] elements) {
        // Stream.toList gives a list of the same class, save that it may hold null.
        return Arrays.asList(elements).contains(null) ? Arrays.stream(elements).toList() : List.of(elements);
    }

    @SuppressWarnings("NullAway") // a null is damage, and Set.of says so
    private static Set<Object> setOf(@Nullable Object[] elements) {
        return Set.of(elements);
    }

    private static List<@Nullable Object> entriesOf(Map<Object, Object> map) {
        List<@Nullable Object> keysAndValues = new ArrayList<>();
        map.forEach((key, value) -> {
            keysAndValues.add(key);
            keysAndValues.add(value);
        });
        return keysAndValues;
    }

    @SuppressWarnings({"unchecked", "rawtypes", "NullAway"}) // a null is damage, and Map.entry says so
    private static Map<Object, Object> mapOf(@Nullable Object[] keysAndValues) {
        Map.Entry[] entries = new Map.Entry[keysAndValues.length / 2];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = Map.entry(keysAndValues[2 * i], keysAndValues[2 * i + 1]);
        }
        return Map.ofEntries(entries);
    }

    private static List<@Nullable Object> keyAndValue(Map.Entry<?, ?> entry) {
        return Arrays.asList(entry.getKey(), entry.getValue());
    }

    private static @Nullable Object part(@Nullable Object[] parts, int index) {
        if (index >= parts.length) {
            throw new GraphException("the bytes are damaged: a part is missing");
        }
        return parts[index];
    }

    private void addValues(ClassLookup classes) {
        registrations.add(new Registration(Class.class, new ClassSerializer(classes), 60));
        addValue(
                61,
                BigInteger.class,
                (out, number) -> writeBytes(out, number.toByteArray()),
                in -> new BigInteger(readBytes(in)));
        addValue(
                62,
                BigDecimal.class,
                (out, number) -> {
                    out.writeVarInt(number.scale(), false);
                    writeBytes(out, number.unscaledValue().toByteArray());
                },
                in -> {
                    int scale = in.readVarInt(false);
                    return new BigDecimal(new BigInteger(readBytes(in)), scale);
                });
        addValue(
                63,
                UUID.class,
                (out, id) -> {
                    out.writeLong(id.getMostSignificantBits());
                    out.writeLong(id.getLeastSignificantBits());
                },
                in -> new UUID(in.readLong(), in.readLong()));
        addValue(64, URI.class, (out, uri) -> out.writeString(uri.toString()), in -> URI.create(in.readString()));
        addValue(
                65,
                Currency.class,
                (out, currency) -> out.writeString(currency.getCurrencyCode()),
                in -> Currency.getInstance(in.readString()));
        addValue(
                66,
                Charset.class,
                (out, charset) -> out.writeString(charset.name()),
                in -> Charset.forName(in.readString()));
        addValue(67, OptionalInt.class, JdkTypes::writeOptionalInt, JdkTypes::readOptionalInt);
        addValue(68, OptionalLong.class, JdkTypes::writeOptionalLong, JdkTypes::readOptionalLong);
        addValue(69, OptionalDouble.class, JdkTypes::writeOptionalDouble, JdkTypes::readOptionalDouble);
    }

    private static void writeOptionalInt(Output output, OptionalInt optional) {
        output.writeBoolean(optional.isPresent());
        optional.ifPresent(number -> output.writeVarInt(number, false));
    }

    private static OptionalInt readOptionalInt(Input input) {
        return input.readBoolean() ? OptionalInt.of(input.readVarInt(false)) : OptionalInt.empty();
    }

    private static void writeOptionalLong(Output output, OptionalLong optional) {
        output.writeBoolean(optional.isPresent());
        optional.ifPresent(number -> output.writeVarLong(number, false));
    }

    private static OptionalLong readOptionalLong(Input input) {
        return input.readBoolean() ? OptionalLong.of(input.readVarLong(false)) : OptionalLong.empty();
    }

    private static void writeOptionalDouble(Output output, OptionalDouble optional) {
        output.writeBoolean(optional.isPresent());
        optional.ifPresent(output::writeDouble);
    }

    private static OptionalDouble readOptionalDouble(Input input) {
        return input.readBoolean() ? OptionalDouble.of(input.readDouble()) : OptionalDouble.empty();
    }

    private static void writeBytes(Output output, byte[] bytes) {
        length(output, bytes.length).writeBytes(bytes);
    }

    private static byte[] readBytes(Input input) {
        return input.readBytes(length(input));
    }

    private void addMutableValues() {
        addValue(70, Date.class, (out, date) -> out.writeLong(date.getTime()), in -> new Date(in.readLong()));
        addValue(
                71,
                StringBuilder.class,
                (out, text) -> out.writeString(text.toString()),
                in -> new StringBuilder(in.readString()));
        addValue(
                72,
                StringBuffer.class,
                (out, text) -> out.writeString(text.toString()),
                in -> new StringBuffer(in.readString()));
        addValue(
                73,
                AtomicInteger.class,
                (out, number) -> out.writeVarInt(number.get(), false),
                in -> new AtomicInteger(in.readVarInt(false)));
        addValue(
                74,
                AtomicLong.class,
                (out, number) -> out.writeVarLong(number.get(), false),
                in -> new AtomicLong(in.readVarLong(false)));
        addValue(
                75,
                AtomicBoolean.class,
                (out, flag) -> out.writeBoolean(flag.get()),
                in -> new AtomicBoolean(in.readBoolean()));
        addGroup(76, new AtomicReferenceSerializer(), new AtomicReference<>());
        addValue(
                77,
                BitSet.class,
                (out, bits) -> writeBytes(out, bits.toByteArray()),
                in -> BitSet.valueOf(readBytes(in)));
        addValue(78, Object.class, (out, plain) -> {}, in -> new Object());
    }

    /** Their serialized forms are long: a time zone brings the history of its clock changes with it. */
    private void addTextValues(BoxSerializer box) {
        add(
                110,
                Locale.class,
                new TextOrBoxSerializer<>(Locale.class, Locale::toLanguageTag, Locale::forLanguageTag, box));
        addGroup(
                111,
                new TextOrBoxSerializer<>(TimeZone.class, TimeZone::getID, TimeZone::getTimeZone, box),
                TimeZone.getTimeZone("UTC"));
    }

    /** The type that number {@link #BOX} is registered for; no object is of it. */
    private static final class BoxedObject {}
}
