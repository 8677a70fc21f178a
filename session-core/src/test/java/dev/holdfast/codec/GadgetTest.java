package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.esotericsoftware.kryo.io.Output;
import com.mchange.v2.c3p0.WrapperConnectionPoolDataSource;
import java.io.IOException;
import java.io.Serializable;
import java.io.StringReader;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.management.BadAttributeValueExpException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.stream.StreamSource;
import org.apache.commons.beanutils.BeanComparator;
import org.apache.commons.collections.Transformer;
import org.apache.commons.collections.functors.ChainedTransformer;
import org.apache.commons.collections.functors.ConstantTransformer;
import org.apache.commons.collections.functors.InvokerTransformer;
import org.apache.commons.collections.keyvalue.TiedMapEntry;
import org.apache.commons.collections.map.LazyMap;
import org.apache.commons.collections4.comparators.TransformingComparator;
import org.codehaus.groovy.runtime.ConvertedClosure;
import org.codehaus.groovy.runtime.MethodClosure;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.ObjectFactory;

/**
 * Chains of objects that run code as soon as they are deserialized, built of the libraries that are known for them. None of
 * their classes may be loaded, whatever is allowed.
 */
@SuppressWarnings({"unchecked", "rawtypes"}) // as attackers write it
final class GadgetTest {

    private static final String MARK = "holdfast.test.gadget";

    @TempDir
    Path folder;

    @AfterEach
    void forget() {
        System.clearProperty(MARK);
    }

    /** A web application that brings the libraries along, and a record of what was asked of it. */
    private static final class Application extends URLClassLoader {

        private final Set<String> asked = ConcurrentHashMap.newKeySet();

        Application(URL... places) {
            super(places, GadgetTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            asked.add(name);
            return super.loadClass(name, resolve);
        }

        KryoAttributeCodec codec(boolean enforced, String... patterns) {
            return new KryoAttributeCodec(
                    this, CodecOptions.DEFAULTS.withRules(ClassRules.of(this, List.of(patterns), enforced)));
        }
    }

    /** Has a getter that does something. */
    public static final class Victim implements Serializable {
        private static final long serialVersionUID = 1;

        public int getHarm() {
            System.setProperty(MARK, "the getter ran");
            return 1;
        }
    }

    @SuppressWarnings("unused") // serialized, never called
    private record Quiet(String name) implements ObjectFactory<Object>, Serializable {
        @Override
        public Object getObject() {
            return name;
        }
    }

    private static Transformer harmful() {
        return new ChainedTransformer(new Transformer[] {
            new ConstantTransformer(System.class),
            new InvokerTransformer("getMethod", new Class<?>[] {String.class, Class[].class}, new Object[] {
                "setProperty", new Class<?>[] {String.class, String.class}
            }),
            new InvokerTransformer("invoke", new Class<?>[] {Object.class, Object[].class}, new Object[] {
                null, new Object[] {MARK, "the chain ran"}
            })
        });
    }

    private static void set(Object object, String name, Object value) throws ReflectiveOperationException {
        for (Class<?> level = object.getClass(); level != null; level = level.getSuperclass()) {
            for (Field field : level.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    field.setAccessible(true);
                    field.set(object, value);
                    return;
                }
            }
        }
        throw new NoSuchFieldException(name);
    }

    /** In a map, whose keys are asked for their hash code when it is read. */
    private static Object commonsCollections3() throws ReflectiveOperationException {
        Map<?, ?> lazy = LazyMap.decorate(new HashMap<>(), new ConstantTransformer("harmless"));
        TiedMapEntry entry = new TiedMapEntry(lazy, "key");
        HashMap<Object, Object> map = new HashMap<>();
        map.put(entry, "value");
        lazy.clear();
        set(lazy, "factory", harmful());
        return map;
    }

    /** In a queue, whose elements are compared when it is read. */
    private static Object commonsCollections4() throws ReflectiveOperationException {
        org.apache.commons.collections4.Transformer<Object, Object>[] steps =
                new org.apache.commons.collections4.Transformer[] {
                    new org.apache.commons.collections4.functors.ConstantTransformer<>(System.class),
                    new org.apache.commons.collections4.functors.InvokerTransformer<>(
                            "getMethod",
                            new Class<?>[] {String.class, Class[].class},
                            new Object[] {"setProperty", new Class<?>[] {String.class, String.class}}),
                    new org.apache.commons.collections4.functors.InvokerTransformer<>(
                            "invoke",
                            new Class<?>[] {Object.class, Object[].class},
                            new Object[] {null, new Object[] {MARK, "the chain ran"}})
                };
        return queue(new TransformingComparator<>(
                new org.apache.commons.collections4.functors.ChainedTransformer<>(steps),
                (Comparator<Object> & Serializable) (one, other) -> 0));
    }

    private static Object commonsBeanutils() throws ReflectiveOperationException {
        return queue(new BeanComparator("harm", (Comparator<Object> & Serializable) (one, other) -> 0));
    }

    /** Filled without asking the comparator. */
    private static Object queue(Comparator<?> comparator) throws ReflectiveOperationException {
        Switch<Object> later = new Switch<>();
        PriorityQueue<Object> queue = new PriorityQueue<>(2, later);
        queue.add(new Victim());
        queue.add(new Victim());
        later.then = (Comparator<Object>) comparator;
        return queue;
    }

    private static final class Switch<T> implements Comparator<T>, Serializable {
        private static final long serialVersionUID = 1;
        private Comparator<T> then = (Comparator<T> & Serializable) (one, other) -> 0;

        @Override
        public int compare(T one, T other) {
            return then.compare(one, other);
        }
    }

    private static Object groovy() {
        return Proxy.newProxyInstance(
                GadgetTest.class.getClassLoader(), new Class<?>[] {Comparator.class}, (InvocationHandler)
                        new ConvertedClosure(new MethodClosure("a", "concat"), "compare"));
    }

    private static Object spring() throws ReflectiveOperationException {
        Class<?> handler = Class.forName(
                "org.springframework.beans.factory.support.AutowireUtils$ObjectFactoryDelegatingInvocationHandler");
        Constructor<?> constructor = handler.getDeclaredConstructor(ObjectFactory.class);
        constructor.setAccessible(true);
        return Proxy.newProxyInstance(
                GadgetTest.class.getClassLoader(), new Class<?>[] {Supplier.class}, (InvocationHandler)
                        constructor.newInstance(new Quiet("x")));
    }

    private static Object c3p0() {
        return new WrapperConnectionPoolDataSource(false);
    }

    private static Object templates() throws Exception {
        return TransformerFactory.newDefaultInstance()
                .newTemplates(new StreamSource(new StringReader(
                        "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'/>")));
    }

    private static Object annotation() {
        return Victimised.class.getAnnotation(Deprecated.class);
    }

    @Deprecated
    private static final class Victimised {}

    private static Map<String, Callable<Object>> chains() {
        Map<String, Callable<Object>> chains = new LinkedHashMap<>();
        chains.put("Commons Collections 3.2.1", GadgetTest::commonsCollections3);
        chains.put("Commons Collections 4.0", GadgetTest::commonsCollections4);
        chains.put("Commons Beanutils", GadgetTest::commonsBeanutils);
        chains.put("Groovy", GadgetTest::groovy);
        chains.put("Spring Beans", GadgetTest::spring);
        chains.put("c3p0", GadgetTest::c3p0);
        chains.put("TemplatesImpl", GadgetTest::templates);
        chains.put("AnnotationInvocationHandler", GadgetTest::annotation);
        chains.put("BadAttributeValueExpException", () -> new BadAttributeValueExpException("x"));
        chains.put("Naming", () -> new javax.naming.Reference("java.lang.String"));
        return chains;
    }

    @TestFactory
    Stream<DynamicTest> nothing_of_it_is_loaded_in_any_mode_whatever_is_allowed_and_wherever_it_stands() {
        return chains().entrySet().stream()
                .map(chain -> dynamicTest(chain.getKey(), () -> {
                    Object gadget = chain.getValue().call();
                    List<byte[]> wraps = List.of(
                            new KryoAttributeCodec(getClass().getClassLoader()).encode(gadget),
                            ClassRulesTest.javaStream(gadget),
                            new KryoAttributeCodec(getClass().getClassLoader())
                                    .encode(new ArrayList<>(List.of("x", new Shop.Hooked(gadget)))));
                    System.clearProperty(MARK);
                    for (byte[] bytes : wraps) {
                        for (boolean enforced : List.of(true, false)) {
                            assertRefused(bytes, enforced);
                        }
                    }
                }));
    }

    private static void assertRefused(byte[] bytes, boolean enforced) throws IOException {
        try (Application application = new Application()) {
            KryoAttributeCodec codec = application.codec(enforced, "**");

            assertThatExceptionOfType(DeniedClassException.class)
                    .isThrownBy(() -> codec.decode(bytes))
                    .satisfies(denied -> assertThat(denied.isDangerous()).isTrue())
                    .satisfies(denied -> assertThat(application.asked).doesNotContain(denied.className()));
            assertThat(application.asked).noneMatch(name -> ClassLists.contains(ClassLists.DANGEROUS, name));
            assertThat(codec.counts().refused()).isEqualTo(1);
        }
        assertThat(System.getProperty(MARK)).isNull();
    }

    @TestFactory
    Stream<DynamicTest> without_rules_the_chains_do_run_so_that_they_prove_something() {
        return Stream.of("Commons Collections 3.2.1", "Commons Collections 4.0", "Commons Beanutils")
                .map(name -> dynamicTest(name, () -> {
                    byte[] bytes = ClassRulesTest.javaStream(chains().get(name).call());
                    System.clearProperty(MARK);
                    try {
                        new KryoAttributeCodec(getClass().getClassLoader()).decode(bytes);
                    } catch (CodecException afterwards) {
                        assertThat(afterwards).isNotInstanceOf(DeniedClassException.class);
                    }
                    assertThat(System.getProperty(MARK)).isNotNull();
                }));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.apache.commons.collections.functors.Evil",
                "com.mchange.Evil",
                "org.codehaus.groovy.runtime.Evil",
                "net.sf.json.Evil",
                "bsh.Evil"
            })
    void no_initialiser_constructor_or_hook_of_such_a_class_runs(String name) throws Exception {
        String packageName = name.substring(0, name.lastIndexOf('.'));
        ClassLoader writer = Compiler.webApplicationWith(folder, name, """
                package %s;
                public class Evil implements java.io.Serializable {
                    static { System.setProperty("holdfast.test.gadget", "initialiser"); }
                    public Evil() { System.setProperty("holdfast.test.gadget", "constructor"); }
                    public int field = 5;
                    private void readObject(java.io.ObjectInputStream in) throws Exception {
                        System.setProperty("holdfast.test.gadget", "hook");
                    }
                    public int hashCode() { System.setProperty("holdfast.test.gadget", "hash code"); return 1; }
                }
                """.formatted(packageName));
        Object evil = writer.loadClass(name).getConstructor().newInstance();
        byte[] stream = ClassRulesTest.javaStream(evil);
        byte[] box = new KryoAttributeCodec(writer).encode(new ArrayList<>(List.of(evil)));
        System.clearProperty(MARK);

        for (byte[] bytes : List.of(stream, box, byFields(name, Form.FIELDS), byFields(name, Form.ENUM), array(name))) {
            try (Application application = new Application(folder.toUri().toURL())) {
                assertThatExceptionOfType(DeniedClassException.class)
                        .isThrownBy(() -> application.codec(false, "**").decode(bytes))
                        .satisfies(denied -> assertThat(denied.className()).isEqualTo(name));
                assertThat(application.asked).doesNotContain(name);
                assertThat(System.getProperty(MARK)).isNull();
            }
        }
    }

    @Test
    void a_class_value_is_not_loaded_either() throws Exception {
        byte[] bytes = new KryoAttributeCodec(getClass().getClassLoader()).encode(InvokerTransformer.class);

        assertRefused(bytes, false);
    }

    @Test
    void the_container_is_no_exception() throws Exception {
        byte[] bytes = ClassRulesTest.javaStream(commonsCollections3());
        System.clearProperty(MARK);

        try (Application application = new Application()) {
            assertThatExceptionOfType(DeniedClassException.class)
                    .isThrownBy(() -> application.codec(true).unfiltered().decode(bytes));
        }
        assertThat(System.getProperty(MARK)).isNull();
    }

    private static byte[] byFields(String name, Form form) {
        Output out = new Output(64, -1);
        out.writeByte(Envelope.firstByte(1, Envelope.KRYO));
        out.writeByte(Envelope.flags());
        out.writeVarInt(1, true);
        out.writeVarInt(0, true);
        out.writeString(name);
        out.writeByte(form.code());
        out.writeVarInt(0, true);
        out.writeByte(1);
        return out.toBytes();
    }

    private static byte[] array(String name) {
        return byFields("[[L" + name + ";", Form.ARRAY);
    }
}
