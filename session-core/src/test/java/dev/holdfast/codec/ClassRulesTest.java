package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.esotericsoftware.kryo.io.Output;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.swing.text.StyleContext;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which classes bytes may name: the application's own, the usual ones of the JDK, and those that are listed. */
final class ClassRulesTest {

    private static final ClassLoader APPLICATION = ClassRulesTest.class.getClassLoader();

    @TempDir
    Path folder;

    private static KryoAttributeCodec codec(boolean enforced, String... patterns) {
        return new KryoAttributeCodec(
                APPLICATION, CodecOptions.DEFAULTS.withRules(ClassRules.of(APPLICATION, List.of(patterns), enforced)));
    }

    private static ClassRules.Answer answer(String className, String... patterns) {
        return ClassRules.of(APPLICATION, List.of(patterns), true).answer(className);
    }

    private static byte[] encode(Object value) {
        return new KryoAttributeCodec(APPLICATION).encode(value);
    }

    /** A stream of Java serialization as somebody else may have put it into Redis. */
    static byte[] javaStream(Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(Envelope.firstByte(1, Envelope.JAVA));
        bytes.write(Envelope.flags());
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        return bytes.toByteArray();
    }

    @TestFactory
    Stream<DynamicTest> the_whole_corpus_is_read_without_a_line_of_configuration() {
        KryoAttributeCodec enforcing = codec(true);
        return Stream.concat(CorpusTest.cases(Corpus.groups()), CorpusTest.cases(Corpus.beyondJava()))
                .map((Map.Entry<String, Supplier<Object>> entry) -> dynamicTest(
                        entry.getKey(),
                        () -> assertThat(enforcing.decode(
                                        enforcing.encode(entry.getValue().get())))
                                .isNotNull()));
    }

    @Test
    void a_class_of_the_jdk_that_is_not_usual_is_refused_until_it_is_listed() throws Exception {
        Object rare = new StyleContext.NamedStyle[0];
        byte[] array = encode(rare);
        byte[] inside = encode(new HashMap<>(Map.of("a", new ArrayList<>(List.of(rare)))));
        byte[] stream = javaStream(rare);

        for (byte[] bytes : List.of(array, inside, stream)) {
            assertThatExceptionOfType(DeniedClassException.class)
                    .isThrownBy(() -> codec(true).decode(bytes))
                    .withMessageContaining("javax.swing.text.StyleContext$NamedStyle is refused")
                    .satisfies(denied -> assertThat(denied.isDangerous()).isFalse())
                    .satisfies(denied ->
                            assertThat(denied.className()).isEqualTo("javax.swing.text.StyleContext$NamedStyle"));
            assertThat(codec(true, "javax.swing.text.*").decode(bytes)).isNotNull();
        }
        assertThatThrownBy(() -> codec(true).decode(inside)).hasMessageContaining("reached by java.util.HashMap[]");
    }

    @Test
    void audit_reads_it_and_counts() {
        KryoAttributeCodec auditing = codec(false);
        byte[] bytes = encode(new StyleContext.NamedStyle[0]);

        assertThat(auditing.decode(bytes)).isInstanceOf(StyleContext.NamedStyle[].class);

        assertThat(auditing.counts()).isEqualTo(new DecodingCounts(0, 0, 1));
    }

    @Test
    void what_is_refused_is_told_once_with_the_line_to_paste() {
        try (LogLines lines = LogLines.of(ClassReports.class)) {
            KryoAttributeCodec enforcing = codec(true);
            KryoAttributeCodec auditing = codec(false);
            byte[] bytes = encode(new StyleContext.NamedStyle[0]);
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> enforcing.decode(bytes)).isInstanceOf(DeniedClassException.class);
                auditing.decode(bytes);
            }
            auditing.decode(encode(new javax.swing.text.StyleContext[0]));

            assertThat(lines.all()).hasSize(3);
            assertThat(lines.all().get(0))
                    .startsWith("HF-220 ")
                    .contains("allowedClasses=\"javax.swing.text.StyleContext$NamedStyle\"");
            assertThat(lines.all().get(1)).startsWith("HF-221 ");
            assertThat(lines.all().get(2))
                    .contains(
                            "allowedClasses=\"javax.swing.text.StyleContext;javax.swing.text.StyleContext$NamedStyle\"");
            assertThat(enforcing.counts().refused()).isEqualTo(3);
        }
    }

    /** Whoever writes to the store chooses the names. */
    @Test
    void a_name_forges_no_line_of_the_log_and_does_not_fill_it() {
        try (LogLines lines = LogLines.of(ClassReports.class)) {
            byte[] bytes = encode(new StyleContext.NamedStyle[0]);
            String name = StyleContext.NamedStyle[].class.getName();
            for (String forged : List.of("com.shop.Cart\nINFO all is well\u2028", "a".repeat(100_000))) {
                assertThatThrownBy(() -> codec(true).decode(withAnotherName(bytes, name, forged)))
                        .isInstanceOf(CodecException.class)
                        .message()
                        .hasSizeLessThan(2000)
                        .doesNotContain("\n", "\u2028");
            }
            assertThat(lines.all())
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(line).hasSizeLessThan(3000).doesNotContain("\n", "\u2028"));
        }
    }

    private static byte[] withAnotherName(byte[] bytes, String from, String to) {
        String all = new String(bytes, StandardCharsets.ISO_8859_1);
        String other = all.replace(written(from), written(to));
        assertThat(other).isNotEqualTo(all);
        return other.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String written(String name) {
        Output output = new Output(64, -1);
        output.writeString(name);
        return new String(output.toBytes(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void the_first_pattern_that_matches_counts_also_against_what_is_allowed_unlisted() {
        assertThat(answer("dev.holdfast.codec.Shop$Cart")).isEqualTo(ClassRules.Answer.ALLOWED);
        assertThat(answer("dev.holdfast.codec.Shop$Cart", "!dev.holdfast.codec.Shop$Cart", "dev.holdfast.**"))
                .isEqualTo(ClassRules.Answer.REFUSED);
        assertThat(answer("com.google.common.collect.ImmutableList", "dev.holdfast.**", "!**"))
                .isEqualTo(ClassRules.Answer.REFUSED);
        assertThat(answer("dev.holdfast.codec.Shop$Cart", "dev.holdfast.**", "!**"))
                .isEqualTo(ClassRules.Answer.ALLOWED);
        assertThat(answer("java.util.ArrayList", "dev.holdfast.**", "!**")).isEqualTo(ClassRules.Answer.ALLOWED);
        assertThat(answer("java.net.URL", "!java.net.URL")).isEqualTo(ClassRules.Answer.REFUSED);
        assertThat(answer("com.shop.Cart", "com.shop.Ca*", "!**")).isEqualTo(ClassRules.Answer.ALLOWED);
        assertThat(answer("com.shop.below.Cart", "com.shop.*", "!**")).isEqualTo(ClassRules.Answer.REFUSED);
        assertThat(answer("com.shop.below.Cart", "com.shop.**", "!**")).isEqualTo(ClassRules.Answer.ALLOWED);
        assertThat(answer("com.shopping.Cart", "com.shop.**", "!**")).isEqualTo(ClassRules.Answer.REFUSED);
    }

    @Test
    void no_pattern_allows_what_is_known_from_attacks() {
        assertThat(answer("org.apache.commons.collections.functors.InvokerTransformer", "**"))
                .isEqualTo(ClassRules.Answer.DANGEROUS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.apache.catalina.core.StandardContext",
                "org.apache.el.lang.FunctionMapperImpl",
                "dev.holdfast.codec.KryoAttributeCodec",
                "dev.holdfast.shaded.io.netty.buffer.ByteBuf",
                "java.lang.ClassLoader",
                "java.lang.System",
                "java.lang.reflect.Method",
                "jdk.internal.misc.Unsafe",
                "javax.swing.JFrame",
                "java.net.URLClassLoader"
            })
    void classes_of_the_container_and_the_rest_of_the_jdk_are_refused(String className) {
        assertThat(answer(className)).isEqualTo(ClassRules.Answer.REFUSED);
    }

    @Test
    void what_the_container_keeps_itself_may_be_of_its_classes() {
        assertThat(ClassRules.of(APPLICATION, List.of(), true)
                        .forContainer()
                        .answer("org.apache.catalina.realm.GenericPrincipal"))
                .isEqualTo(ClassRules.Answer.ALLOWED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "..",
                "../../etc/passwd",
                "com/shop/Cart",
                "http://example.org/Evil",
                "com..Cart",
                ".Cart",
                "a\u0000b",
                "C:\\Evil",
                "[Lcom.shop.Cart;"
            })
    void what_is_no_name_of_a_class_is_not_looked_for(String name) {
        assertThat(answer(name)).isEqualTo(ClassRules.Answer.REFUSED);
    }

    @Test
    void a_class_that_nobody_knows_is_told_apart_from_one_that_is_refused() throws Exception {
        ClassLoader other = Compiler.webApplicationWith(
                folder,
                "com.example.Gone",
                "package com.example; public class Gone implements java.io.Serializable {}");
        byte[] bytes = new KryoAttributeCodec(other)
                .encode(other.loadClass("com.example.Gone").getConstructor().newInstance());

        assertThatExceptionOfType(UnknownClassException.class)
                .isThrownBy(() -> codec(true).decode(bytes))
                .satisfies(gone -> assertThat(gone.className()).isEqualTo("com.example.Gone"));
    }
}
