package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WebApplicationClassesTest {

    private static final String NAME = "com.example.Thing";

    @TempDir
    Path folder;

    @Test
    void classes_that_only_the_web_application_knows_are_found() throws Exception {
        ClassLoader application = application("""
                package com.example;
                public class Thing implements java.io.Serializable {
                    public int number = 5;
                    public Inner inner = new Inner();
                    public Rec rec = new Rec("x");
                    public Kind kind = Kind.B;
                    public Thing[][] more = {{null}};
                    public class Inner { int z = 3; }
                    public record Rec(String text) implements java.io.Serializable {}
                    public enum Kind { A, B { } }
                    public interface Face { }
                    public Runnable lambda = (Runnable & java.io.Serializable) () -> { number++; };
                    public Object hooked = new Hooked();
                    public static class Hooked implements java.io.Serializable {
                        private Object readResolve() { return new Hooked(); }
                    }
                }
                """);
        AttributeCodec codec = new KryoAttributeCodec(application);
        Object original = make(application);

        Object copy = codec.decode(codec.encode(original));

        assertThat(copy.getClass()).isSameAs(original.getClass());
        for (String name : List.of("number", "inner", "rec", "kind", "more", "hooked")) {
            Field field = copy.getClass().getField(name);
            assertThat(Picture.of(field.get(copy))).isEqualTo(Picture.of(field.get(original)));
        }
        Field lambda = copy.getClass().getField("lambda");
        ((Runnable) lambda.get(copy)).run();
        assertThat(copy.getClass().getField("number").get(copy)).isEqualTo(6);
    }

    @Test
    void classes_of_the_web_application_are_found_inside_of_types_of_the_jdk() throws Exception {
        ClassLoader application = application("""
                package com.example;
                public enum Thing implements java.util.function.Supplier<String> {
                    A, B;
                    public String get() { return name(); }
                }
                """);
        Class<?> type = application.loadClass(NAME);
        Object constant = type.getEnumConstants()[1];
        AttributeCodec codec = new KryoAttributeCodec(application);

        List<Object> values = new ArrayList<>();
        values.add(type);
        values.add(Array.newInstance(type, 1, 2));
        values.add(Collections.unmodifiableList(new ArrayList<>(List.of(constant))));
        values.add(enumMap(type, constant));
        values.add(Proxy.newProxyInstance(
                application, new Class<?>[] {Shop.Greeter.class}, new Shop.GreetingHandler(constant)));

        List<?> copies = (List<?>) codec.decode(codec.encode(values));

        assertThat(copies.get(0)).isSameAs(type);
        assertThat(copies.get(1).getClass()).isSameAs(values.get(1).getClass());
        assertThat(copies.get(2)).isEqualTo(values.get(2));
        assertThat(copies.get(3)).isEqualTo(values.get(3));
        assertThat(((Shop.Greeter) copies.get(4)).greet()).isEqualTo("hello B");
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Object enumMap(Class<?> type, Object constant) {
        Map map = new EnumMap(type);
        map.put(constant, "x");
        return map;
    }

    @Test
    void a_class_that_is_gone_is_named() throws Exception {
        ClassLoader application = application("package com.example; public class Thing { int number = 5; }");
        byte[] bytes = new KryoAttributeCodec(application).encode(new ArrayList<>(List.of(make(application))));
        AttributeCodec other = new KryoAttributeCodec(getClass().getClassLoader());

        assertThatThrownBy(() -> other.decode(bytes))
                .isInstanceOf(CodecException.class)
                .hasMessage("Cannot decode an attribute: class com.example.Thing is not known to the web application,"
                        + " reached by java.util.ArrayList[]");
    }

    @Test
    void fields_may_come_and_go_and_change_places() throws Exception {
        byte[] bytes = encodedBy("""
                package com.example;
                public class Thing { String a = "a"; Object gone = new java.util.ArrayList<>(); int c = 3; Object d = gone; }
                """);

        assertThat(decodedBy(bytes, """
                package com.example;
                public class Thing {
                    Object d; long c; String b = "new"; String a;
                    public String toString() { return a + b + c + d; }
                }
                """)).hasToString("anew3[]");
    }

    @Test
    void components_of_records_may_come_and_go_and_change_places() throws Exception {
        byte[] bytes = encodedBy("""
                package com.example;
                public record Thing(String a, int b, Object c) { public Thing() { this("a", 2, 5L); } }
                """);

        assertThat(decodedBy(bytes, """
                package com.example;
                public record Thing(Object c, boolean d, String a, String e) { }
                """)).hasToString("Thing[c=5, d=false, a=a, e=null]");
    }

    @Test
    void constants_may_change_places() throws Exception {
        byte[] bytes = encodedBy("""
                package com.example;
                public class Thing { Object kind = Kind.B; enum Kind { A, B } }
                """);

        assertThat(decodedBy(bytes, """
                package com.example;
                public class Thing { Object kind; enum Kind { B, C, A } public String toString() { return "" + kind; } }
                """)).hasToString("B");
    }

    @Test
    void a_class_may_become_serializable_and_get_hooks() throws Exception {
        byte[] bytes = encodedBy("package com.example; public class Thing { String a = \"a\"; }");

        assertThat(decodedBy(bytes, """
                package com.example;
                public class Thing implements java.io.Serializable {
                    String a;
                    private Object writeReplace() { return "x"; }
                    public String toString() { return a; }
                }
                """)).hasToString("a");
    }

    @Test
    void a_field_may_move_to_a_superclass() throws Exception {
        byte[] bytes = encodedBy("package com.example; public class Thing { String a = \"a\"; }");

        assertThat(decodedBy(bytes, """
                package com.example;
                public class Thing extends Parent { public String toString() { return a; } }
                class Parent { String a; }
                """)).hasToString("a");
    }

    @Test
    void hooks_find_classes_of_the_web_application_where_its_threads_do_whoever_encodes() throws Exception {
        ClassLoader application = application("""
                package com.example;
                public class Thing implements java.io.Serializable {
                    private void writeObject(java.io.ObjectOutputStream out) throws Exception {
                        Thread.currentThread().getContextClassLoader().loadClass("com.example.Thing");
                        out.defaultWriteObject();
                    }
                    private void readObject(java.io.ObjectInputStream in) throws Exception {
                        Thread.currentThread().getContextClassLoader().loadClass("com.example.Thing");
                        in.defaultReadObject();
                    }
                }
                """);
        AttributeCodec codec = new KryoAttributeCodec(application);
        ClassLoader before = Thread.currentThread().getContextClassLoader();

        assertThat(codec.decode(codec.encode(make(application))).getClass().getName())
                .isEqualTo(NAME);

        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
    }

    private byte[] encodedBy(String source) throws Exception {
        ClassLoader application = application(source);
        return new KryoAttributeCodec(application).encode(make(application));
    }

    private Object decodedBy(byte[] bytes, String source) throws Exception {
        return new KryoAttributeCodec(application(source)).decode(bytes);
    }

    private ClassLoader application(String source) throws Exception {
        return Compiler.webApplicationWith(Files.createTempDirectory(folder, "classes"), NAME, source);
    }

    private static Object make(ClassLoader application) throws Exception {
        Constructor<?> constructor = application.loadClass(NAME).getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
    }
}
