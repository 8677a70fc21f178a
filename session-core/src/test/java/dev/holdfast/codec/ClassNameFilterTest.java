package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A class that the filter refuses is not even loaded, wherever in the bytes it is named. */
final class ClassNameFilterTest {

    private static final String EVIL = "com.example.Shop$Evil";
    private static final String MARK = "holdfast.test.initialised";
    private static final String ALL_BUT_EVIL = "(?!\\[*L?com\\.example\\.Shop\\$Evil).*";

    @TempDir
    Path folder;

    private ClassLoader writer;

    @BeforeEach
    void compile() throws IOException {
        writer = Compiler.webApplicationWith(folder, "com.example.Shop", """
                package com.example;
                import java.io.*;
                import java.util.*;
                public class Shop {
                    public static class Evil implements Serializable {
                        static { System.setProperty("holdfast.test.initialised", "yes"); }
                        public Runnable lambda() { return (Runnable & Serializable) () -> { }; }
                    }
                    public static class EvilHooked implements Serializable {
                        static { System.setProperty("holdfast.test.initialised", "yes"); }
                        private Object readResolve() { return this; }
                    }
                    public static class EvilException extends Exception {
                        static { System.setProperty("holdfast.test.initialised", "yes"); }
                    }
                    public enum EvilEnum { A }
                    public record EvilRecord(int number) implements Serializable { }
                    public interface EvilInterface { }
                    public static class Handler implements java.lang.reflect.InvocationHandler, Serializable {
                        public Object invoke(Object proxy, java.lang.reflect.Method method, Object[] arguments) {
                            return null;
                        }
                    }
                    public static class Holder implements Serializable {
                        public Object held;
                        public Holder(Object held) { this.held = held; }
                    }
                    public static class Hooked implements Serializable {
                        private Object held;
                        public Hooked(Object held) { this.held = held; }
                        private void writeObject(ObjectOutputStream out) throws IOException { out.defaultWriteObject(); }
                    }
                    public static class Careless implements Serializable {
                        private transient Object held;
                        public Careless(Object held) { this.held = held; }
                        private void writeObject(ObjectOutputStream out) throws IOException { out.writeObject(held); }
                        private void readObject(ObjectInputStream in) throws IOException {
                            try {
                                held = in.readObject();
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        }
                    }
                    public static class Plain implements Serializable {
                        public String text = "x";
                        public int number = 7;
                        public List<Object> list = new ArrayList<>(List.of(1, "y"));
                    }
                }
                """);
    }

    @AfterEach
    void forget() {
        System.clearProperty(MARK);
    }

    private Object make(String simpleName, Object... arguments) throws ReflectiveOperationException {
        return writer.loadClass("com.example.Shop$" + simpleName)
                .getConstructors()[0]
                .newInstance(arguments);
    }

    private Object evil() throws ReflectiveOperationException {
        return make("Evil");
    }

    private Class<?> type(String simpleName) throws ReflectiveOperationException {
        return writer.loadClass("com.example.Shop$" + simpleName);
    }

    private byte[] encode(Object value) {
        return new KryoAttributeCodec(writer).encode(value);
    }

    /** The web application on another node: the same classes, loaded anew, and a record of what is loaded. */
    private static final class Reader extends URLClassLoader {

        private final Set<String> loaded = ConcurrentHashMap.newKeySet();

        Reader(Path folder) throws IOException {
            super(new URL[] {folder.toUri().toURL()}, Reader.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            loaded.add(name);
            return super.loadClass(name, resolve);
        }
    }

    private static KryoAttributeCodec codec(ClassLoader loader, String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        return new KryoAttributeCodec(loader, name -> compiled.matcher(name).matches());
    }

    private void assertRefused(Object value, String pattern) throws IOException {
        byte[] bytes = encode(value);
        System.clearProperty(MARK);
        try (Reader reader = new Reader(folder)) {
            KryoAttributeCodec codec = codec(reader, pattern);
            assertThatExceptionOfType(RefusedClassException.class)
                    .as("%s", value)
                    .isThrownBy(() -> codec.decode(bytes))
                    .satisfies(refused -> assertThat(refused.className()).contains("com.example.Shop$Evil"))
                    .withMessageContaining("the filter of class names refuses ");
            assertThat(reader.loaded).noneMatch(name -> name.startsWith(EVIL));
            assertThat(System.getProperty(MARK)).isNull();
            // The bytes are as good as before.
            assertThat(new KryoAttributeCodec(reader).decode(bytes)).isNotNull();
        }
    }

    @Test
    void a_class_that_is_refused_is_not_loaded_wherever_it_stands() throws Exception {
        Map<Object, Object> map = new HashMap<>();
        map.put("key", evil());
        Map<Object, Object> mapByKey = new HashMap<>();
        mapByKey.put(make("EvilRecord", 1), "value");
        List<Object> values = List.of(
                evil(),
                new Object[] {evil()},
                new ArrayList<>(List.of(evil())),
                Arrays.asList(evil(), null),
                map,
                mapByKey,
                Optional.of(evil()),
                List.of("x", List.of(evil())),
                make("Holder", evil()),
                make("Holder", new ArrayList<>(List.of(make("Holder", evil())))),
                make("EvilRecord", 1),
                type("EvilEnum").getEnumConstants()[0],
                type("Evil"),
                make("Holder", type("EvilInterface")));
        for (Object value : values) {
            assertRefused(value, ALL_BUT_EVIL);
        }
    }

    @Test
    void an_array_of_it_is_refused_too_also_an_empty_one() throws Exception {
        for (Object array : List.of(
                java.lang.reflect.Array.newInstance(type("Evil"), 0),
                java.lang.reflect.Array.newInstance(type("Evil"), 2, 2),
                type("EvilEnum").getEnumConstants())) {
            assertRefused(array, ALL_BUT_EVIL);
            assertRefused(array, "\\[.*|java\\..*");
            assertRefused(make("Holder", array), "\\[.*|java\\..*|com\\.example\\.Shop\\$Holder");
        }
    }

    @Test
    void it_is_refused_in_boxes_of_java_serialization() throws Exception {
        Object proxy = java.lang.reflect.Proxy.newProxyInstance(
                writer, new Class<?>[] {type("EvilInterface")}, (java.lang.reflect.InvocationHandler) make("Handler"));
        Object lambda = type("Evil").getMethod("lambda").invoke(evil());
        for (Object value : List.of(
                make("EvilHooked"),
                make("EvilException"),
                make("Hooked", evil()),
                make("Hooked", new Object[] {make("EvilHooked")}),
                make("Careless", make("EvilHooked")),
                make("Holder", make("Hooked", make("EvilException"))),
                make("Holder", proxy),
                make("Holder", lambda))) {
            assertRefused(value, ALL_BUT_EVIL);
        }
    }

    @Test
    void it_is_refused_in_graphs_that_java_serialization_carries_as_a_whole() throws Exception {
        List<Object> parts = new ArrayList<>();
        Object hooked = make("Hooked", parts);
        parts.add(hooked);
        parts.add(evil());
        Object cyclic = make("Hooked", List.of(hooked));
        parts.add(cyclic);

        byte[] bytes = encode(cyclic);

        assertThat(Envelope.open(bytes).codec()).isEqualTo(Envelope.JAVA);
        assertRefused(cyclic, ALL_BUT_EVIL);
    }

    @Test
    void a_type_that_is_written_as_a_number_obeys_by_its_name() {
        for (Object value : List.of(
                1,
                1L,
                'c',
                true,
                1.5,
                "text",
                new Date(),
                Locale.ROOT,
                new ArrayList<>(),
                List.of(1, 2, 3),
                List.of(),
                Map.of(),
                Optional.empty(),
                new byte[1],
                new String[1],
                new Object[1],
                java.time.Instant.EPOCH,
                java.time.ZoneId.of("UTC"),
                java.util.TimeZone.getTimeZone("UTC"))) {
            byte[] bytes = encode(value);
            String name = value.getClass().getName();
            assertThat(codec(
                                    writer,
                                    Pattern.quote(name) + "|java\\.lang\\.Integer|java\\.util\\.Locale|sun\\.util\\..*")
                            .decode(bytes))
                    .as(name)
                    .isNotNull();
            assertThatExceptionOfType(RefusedClassException.class)
                    .as(name)
                    .isThrownBy(() -> codec(writer, "com\\.example\\..*").decode(bytes));
        }
    }

    @Test
    void a_string_is_asked_about_as_an_attribute_but_not_inside_of_one() throws Exception {
        String filter = "com\\.example\\.Shop\\$Plain|java\\.util\\.ArrayList|java\\.lang\\.Integer";
        byte[] plain = encode(make("Plain"));
        byte[] strings = encode(new ArrayList<>(List.of("a")));

        assertThat(codec(writer, filter).decode(plain)).isInstanceOf(type("Plain"));
        assertThat(codec(writer, filter).decode(strings)).isEqualTo(List.of("a"));
        assertThatExceptionOfType(RefusedClassException.class)
                .isThrownBy(() -> codec(writer, filter).decode(encode("a")))
                .satisfies(refused -> assertThat(refused.className()).isEqualTo("java.lang.String"));
    }

    @Test
    void what_is_made_without_bytes_is_not_asked_about() throws Exception {
        // For a class with a superclass that has no constructor for it, the codec itself names that superclass.
        byte[] bytes = encode(make("EvilException"));

        assertThat(codec(
                                writer,
                                "com\\.example\\..*|java\\.lang\\.(Exception|Throwable|StackTraceElement)|\\[Ljava\\.lang"
                                        + "\\..*|java\\.util\\.Collections\\$EmptyList")
                        .decode(bytes))
                .isInstanceOf(Exception.class);
    }

    @Test
    void the_message_names_the_class_and_the_way_to_it() throws Exception {
        byte[] bytes = encode(make("Holder", new ArrayList<>(List.of(evil()))));

        assertThatExceptionOfType(RefusedClassException.class)
                .isThrownBy(() -> codec(writer, ALL_BUT_EVIL).decode(bytes))
                .withMessage("the filter of class names refuses com.example.Shop$Evil, reached by"
                        + " com.example.Shop$Holder.held > java.util.ArrayList[]");
    }

    @Test
    void encoding_is_not_filtered() throws Exception {
        Stream.of(evil(), make("EvilHooked"), make("Hooked", evil()))
                .forEach(value ->
                        assertThat(codec(writer, "nothing").encode(value)).isEqualTo(encode(value)));
    }

    @Test
    void the_codec_for_the_container_asks_nobody() throws Exception {
        byte[] bytes = encode(evil());

        assertThat(codec(writer, ALL_BUT_EVIL).unfiltered().decode(bytes)).isInstanceOf(type("Evil"));
    }
}
