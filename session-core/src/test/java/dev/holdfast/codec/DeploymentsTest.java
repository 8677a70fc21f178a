package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two versions of an application at the same time: each reads what the other one writes, as far as it can. */
final class DeploymentsTest {

    private static final String NAME = "com.example.Thing";

    @TempDir
    Path folder;

    /** One version of the application: a class {@code Thing}, in which the others are nested. */
    private final class Version {

        private final ClassLoader loader;
        private final KryoAttributeCodec codec;

        Version(String name, String source, Map<String, String> aliases) throws IOException {
            loader = Compiler.webApplicationWith(Files.createTempDirectory(folder, "version"), name, source);
            codec = new KryoAttributeCodec(
                    loader,
                    CodecOptions.DEFAULTS
                            .withRules(ClassRules.of(loader, List.of(), true))
                            .withClassAliases(aliases));
        }

        Object make(String name) throws Exception {
            Constructor<?> constructor = loader.loadClass(name).getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        }

        byte[] written() throws Exception {
            return codec.encode(make(NAME));
        }
    }

    private Version version(String body) throws IOException {
        return new Version(NAME, "package com.example; import java.io.*; import java.util.*; " + body, Map.of());
    }

    private Version version(String body, Map<String, String> aliases) throws IOException {
        return new Version(NAME, "package com.example; import java.io.*; import java.util.*; " + body, aliases);
    }

    private static void assertEachReadsTheOther(Version old, String fromNew, Version young, String fromOld)
            throws Exception {
        assertThat(young.codec.decode(old.written())).hasToString(fromOld);
        assertThat(old.codec.decode(young.written())).hasToString(fromNew);
        // What the other has read and written again comes home.
        assertThat(young.codec.decode(old.codec.encode(old.codec.decode(young.written()))))
                .isNotNull();
    }

    @Test
    void a_field_that_was_added_has_no_value_there_and_is_passed_over_here() throws Exception {
        assertEachReadsTheOther(
                version(
                        "public class Thing implements Serializable { String a = \"a\"; int z = 1; public String toString() { return a + z; } }"),
                "a1",
                version(
                        "public class Thing implements Serializable { String a = \"a\"; List<Object> added = new ArrayList<>(List.of(1)); int b = 7; int z = 1; public String toString() { return a + added + b + z; } }"),
                "anull01");
    }

    @Test
    void fields_may_change_places_and_classes_of_the_hierarchy() throws Exception {
        assertEachReadsTheOther(
                version(
                        "public class Thing implements Serializable { String a = \"a\"; int z = 1; public String toString() { return a + z; } }"),
                "a1",
                version(
                        "public class Thing extends Parent { int z = 1; public String toString() { return z + a; } } class Parent implements Serializable { String a = \"a\"; }"),
                "1a");
    }

    @Test
    void a_superclass_may_be_inserted() throws Exception {
        assertEachReadsTheOther(
                version(
                        "public class Thing extends Root { String a = \"a\"; public String toString() { return a + r; } } class Root implements Serializable { int r = 1; }"),
                "a1",
                version(
                        "public class Thing extends Middle { String a = \"a\"; public String toString() { return a + m + r; } } class Middle extends Root { String m = \"m\"; } class Root implements Serializable { int r = 1; }"),
                "anull1");
    }

    @Test
    void a_number_may_become_wider() throws Exception {
        Version old = version("public class Thing implements Serializable { int n = 5; float f = 2; }");
        Version young = version(
                "public class Thing implements Serializable { long n; double f; public String toString() { return n + \" \" + f; } }");

        assertThat(young.codec.decode(old.written())).hasToString("5 2.0");
    }

    @Test
    void a_field_whose_type_no_longer_fits_makes_the_attribute_unreadable_and_says_where() throws Exception {
        Version old = version("public class Thing implements Serializable { Object when = \"today\"; }");
        Version young = version("public class Thing implements Serializable { Date when; }");
        byte[] bytes = old.written();

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> young.codec.decode(bytes))
                .withMessageContaining("Thing.when cannot hold a java.lang.String");
        assertThat(old.codec.decode(bytes)).isNotNull();
    }

    @Test
    void a_class_may_move_and_be_renamed_under_an_alias() throws Exception {
        Version old = version(
                "public class Thing implements Serializable { Object part = new Part(); Object[] parts = {new Part()};"
                        + " Object same = part; static class Part implements Serializable { int n = 5; } }");
        String young = "package com.example.model; import java.io.*; public class Thing implements Serializable { "
                + "public Object part; public Piece[] parts; public Object same; public static class Piece implements Serializable {"
                + " int n; public String toString() { return \"piece \" + n; } }"
                + " public String toString() { return part + \" \" + parts[0] + (part == same); } }";
        Version renamed = new Version(
                "com.example.model.Thing",
                young.replace("Piece[]", "Object[]"),
                Map.of(NAME, "com.example.model.Thing", NAME + "$Part", "com.example.model.Thing$Piece"));

        assertThat(renamed.codec.decode(old.written())).hasToString("piece 5 piece 5true");
        assertThatExceptionOfType(UnknownClassException.class)
                .isThrownBy(() -> new Version("com.example.model.Thing", young, Map.of()).codec.decode(old.written()));
    }

    @Test
    void an_alias_on_the_old_node_lets_it_read_the_new_name() throws Exception {
        Version old = version(
                "public class Thing implements Serializable { int n = 5; public String toString() { return \"thing \" + n; } }",
                Map.of("com.example.model.Item", NAME));
        Version young = new Version(
                "com.example.model.Item",
                "package com.example.model; public class Item implements java.io.Serializable { int n = 6; }",
                Map.of(NAME, "com.example.model.Item"));

        assertThat(old.codec.decode(young.codec.encode(young.make("com.example.model.Item"))))
                .hasToString("thing 6");
    }

    @Test
    void an_alias_holds_for_classes_with_hooks_arrays_enums_and_records_too() throws Exception {
        Version old = version(
                "public class Thing implements Serializable { Object[] all = {new Hooked(), new Hooked[] {new Hooked()}, Kind.B, new Rec(5), new Fault(\"m\"), Kind.class};"
                        + " static class Hooked implements Serializable { int n = 5; private void readObject(ObjectInputStream in) throws Exception { in.defaultReadObject(); } }"
                        + " enum Kind { A, B } record Rec(int n) implements Serializable {} static class Fault extends Exception { Fault(String m) { super(m); } } }");
        Version young = version(
                "public class Thing implements Serializable { Object[] all; public String toString() { return Arrays.deepToString(all); }"
                        + " static class Caught implements Serializable { int n; private void readObject(ObjectInputStream in) throws Exception { in.defaultReadObject(); } public String toString() { return \"caught \" + n; } }"
                        + " enum Sort { B, A } record Data(int n) implements Serializable {} static class Failure extends Exception { Failure(String m) { super(m); } } }",
                Map.of(
                        NAME + "$Hooked", NAME + "$Caught",
                        NAME + "$Kind", NAME + "$Sort",
                        NAME + "$Rec", NAME + "$Data",
                        NAME + "$Fault", NAME + "$Failure"));

        assertThat(young.codec.decode(old.written()))
                .hasToString(
                        "[caught 5, [caught 5], B, Data[n=5], com.example.Thing$Failure: m, class com.example.Thing$Sort]");
    }

    @Test
    void enum_constants_may_change_places_and_be_added() throws Exception {
        assertEachReadsTheOther(
                version(
                        "public class Thing implements Serializable { Object kind = Kind.B; Object map = new EnumMap<>(Map.of(Kind.A, 1)); public String toString() { return kind + \"\" + map; } enum Kind { A, B } }"),
                "B{A=1}",
                version(
                        "public class Thing implements Serializable { Object kind = Kind.B; Object map = new EnumMap<>(Map.of(Kind.A, 1)); public String toString() { return kind + \"\" + map; } enum Kind { B, C, A } }"),
                "B{A=1}");
    }

    @Test
    void an_enum_constant_that_is_gone_makes_the_attribute_unreadable_and_is_named() throws Exception {
        Version old =
                version("public class Thing implements Serializable { Object kind = Kind.B; enum Kind { A, B } }");
        Version young = version("public class Thing implements Serializable { Object kind; enum Kind { A } }");

        assertThatThrownBy(() -> young.codec.decode(old.written()))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("com.example.Thing.kind");
    }

    @Test
    void components_of_records_may_be_added_removed_and_change_places() throws Exception {
        assertEachReadsTheOther(
                version(
                        "public record Thing(String a, int b) implements Serializable { public Thing() { this(\"a\", 2); } }"),
                "Thing[a=x, b=0]",
                version(
                        "public record Thing(List<Object> c, String a) implements Serializable { public Thing() { this(new ArrayList<>(), \"x\"); } }"),
                "Thing[c=null, a=a]");
    }

    @Test
    void a_class_that_is_gone_inside_a_map_makes_that_attribute_unreadable_and_its_bytes_stay_good() throws Exception {
        Version old = version(
                "public class Thing implements Serializable { Map<String, Object> map = new HashMap<>(Map.of(\"k\", new Gone())); static class Gone implements Serializable { int n = 5; } }");
        Version young = version(
                "public class Thing implements Serializable { Map<String, Object> map; public String toString() { return \"\" + map; } }");
        byte[] bytes = old.written();
        byte[] before = bytes.clone();
        try (LogLines lines = LogLines.of(ClassReports.class)) {
            for (int i = 0; i < 3; i++) {
                assertThatExceptionOfType(UnknownClassException.class)
                        .isThrownBy(() -> young.codec.decode(bytes))
                        .withMessage("Cannot decode an attribute: class com.example.Thing$Gone is not known to the web"
                                + " application, reached by com.example.Thing.map > java.util.HashMap[]");
            }

            assertThat(lines.all())
                    .singleElement()
                    .asString()
                    .startsWith("HF-223 ")
                    .contains("Thing.map > java.util.HashMap[]");
        }
        assertThat(young.codec.counts().unreadable()).isEqualTo(3);
        assertThat(bytes).isEqualTo(before);
        assertThat(old.codec.decode(bytes)).isNotNull();
        assertThat(young.codec.decode(young.written())).hasToString("null");
    }

    @Test
    void a_field_may_go_together_with_its_class() throws Exception {
        Version old = version(
                "public class Thing implements Serializable {"
                        + " Object a = new Gone(null); Object b = new Gone[] {new Gone(null)}; Object c = Kind.X; Object d = new Rec(new Gone(null));"
                        + " Object e = new ArrayList<>(List.of(new Hooked(), \"x\")); Object f = new HashMap<>(Map.of(new Rec(1), new Hooked()));"
                        + " Object g = new Failure(); Object h = Gone.class; Object i = Collections.unmodifiableList(new ArrayList<>(List.of(new Gone(5), new Hooked()))); Object j = new EnumMap<>(Map.of(Kind.X, 1)); Object kept = \"kept\"; Object last = new StillHere(List.of(1));"
                        + " static class Gone implements Serializable { Object next; int n = 5; Gone(Object next) { this.next = next == null ? this : next; } }"
                        + " enum Kind { X } record Rec(Object part) implements Serializable {} static class Failure extends Exception {}"
                        + " static class Hooked implements Serializable { Object part = new Gone(null); private void readObject(ObjectInputStream in) throws Exception { in.defaultReadObject(); } }"
                        + " static class StillHere implements Serializable { Object part; StillHere(Object part) { this.part = part; } private void readObject(ObjectInputStream in) throws Exception { in.defaultReadObject(); } } }");
        Version young = version(
                "public class Thing implements Serializable { Object kept; Object last; public String toString() { return kept + \" \" + last; }"
                        + " static class StillHere implements Serializable { Object part; private void readObject(ObjectInputStream in) throws Exception { in.defaultReadObject(); } public String toString() { return \"\" + part; } } }");

        assertThat(young.codec.decode(old.written())).hasToString("kept [1]");
    }

    @Test
    void what_a_field_that_is_gone_shares_with_one_that_is_not_is_there_if_its_class_is() throws Exception {
        Version old = version(
                "public class Thing implements Serializable { List<Object> gone = new ArrayList<>(List.of(1)); List<Object> kept = gone; }");
        Version young = version(
                "public class Thing implements Serializable { List<Object> kept; public String toString() { return \"\" + kept; } }");

        assertThat(young.codec.decode(old.written())).hasToString("[1]");
    }

    @Test
    void what_a_field_that_is_gone_shares_with_one_that_is_not_is_never_half_of_it() throws Exception {
        Version old = version(
                "public class Thing implements Serializable { List<Object> gone = new ArrayList<>(List.of(1, new Gone())); List<Object> kept = gone; static class Gone implements Serializable {} }");
        Version young = version(
                "public class Thing implements Serializable { List<Object> kept; public String toString() { return \"\" + kept; } }");

        assertThatExceptionOfType(UnknownClassException.class).isThrownBy(() -> young.codec.decode(old.written()));
    }

    @Test
    void a_class_that_declares_no_version_may_get_methods_and_fields_also_with_hooks() throws Exception {
        assertEachReadsTheOther(
                version(
                        "public class Thing extends Exception { int n = 5; public String toString() { return \"\" + n; } }"),
                "7",
                version(
                        "public class Thing extends Exception { int n = 7; String added = \"a\"; public void method() {} public String toString() { return n + added; } }"),
                "5null");
    }

    @Test
    void a_class_that_declares_another_version_is_another_class_with_hooks() throws Exception {
        Version old =
                version("public class Thing extends Exception { private static final long serialVersionUID = 1; }");
        Version young =
                version("public class Thing extends Exception { private static final long serialVersionUID = 2; }");

        assertThatThrownBy(() -> young.codec.decode(old.written()))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("com.example.Thing");
    }

    @Test
    void a_collection_of_the_application_survives_a_new_field() throws Exception {
        assertEachReadsTheOther(
                version("public class Thing extends ArrayList<String> { public Thing() { add(\"x\"); } }"),
                "[x]",
                version(
                        "public class Thing extends ArrayList<String> { int added = 5; public Thing() { add(\"x\"); } public String toString() { return super.toString() + added; } }"),
                "[x]0");
    }

    @Test
    void the_format_that_is_written_can_be_pinned() {
        KryoAttributeCodec pinned = new KryoAttributeCodec(
                getClass().getClassLoader(), CodecOptions.DEFAULTS.withWriteFormat(CodecOptions.OLDEST_FORMAT));

        byte[] bytes = pinned.encode(new ArrayList<>(List.of(1)));

        assertThat((bytes[0] & 0xFF) >>> 4).isEqualTo(CodecOptions.OLDEST_FORMAT);
        assertThat(new KryoAttributeCodec(getClass().getClassLoader()).decode(bytes))
                .isEqualTo(List.of(1));
        assertThatThrownBy(() -> CodecOptions.DEFAULTS.withWriteFormat(CodecOptions.NEWEST_FORMAT + 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void siblings_of_an_attribute_that_cannot_be_read_can_be() throws Exception {
        Version old = version(
                "public class Thing implements Serializable { Object part = new Gone(); static class Gone implements Serializable {} }");
        Version young = version("public class Thing implements Serializable { Object part; }");
        Map<String, byte[]> session = new HashMap<>();
        session.put("broken", old.written());
        session.put("name", old.codec.encode("Ada"));

        assertThatThrownBy(() -> young.codec.decode(session.get("broken"))).isInstanceOf(CodecException.class);
        assertThat(young.codec.decode(session.get("name"))).isEqualTo("Ada");
    }
}
