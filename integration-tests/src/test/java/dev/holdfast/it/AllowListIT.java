package dev.holdfast.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.holdfast.testkit.RedisServer;
import dev.holdfast.tomcat.RedisSessionManager;
import java.awt.Polygon;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Somebody who can write to Redis puts bytes into a session that name other classes than it should hold: a chain of objects
 * of a library that the application brings along, which runs code as soon as it is deserialized, and a harmless class of the
 * JDK that no session holds. None of the chain may run, and the rest of the session is as it was.
 */
class AllowListIT {

    private static final String SERVLET = "shop.Main";
    private static final String MARK = "holdfast.test.gadget";

    /** Envelope of format 1: a stream of Java serialization, no flags. */
    private static final byte[] JAVA_ENVELOPE = {0x12, 0};

    private static final int INSTANT_BYTES = 6;

    private static final String MAIN = """
            package shop;
            import jakarta.servlet.http.*;
            public class Main extends HttpServlet {
                protected void service(HttpServletRequest request, HttpServletResponse response) throws java.io.IOException {
                    HttpSession session = request.getSession();
                    if (request.getServletPath().equals("/fill")) {
                        session.setAttribute("name", "alice");
                        session.setAttribute("cart", new Cart());
                    }
                    for (String each : new java.util.TreeSet<>(java.util.Collections.list(session.getAttributeNames()))) {
                        Object value = session.getAttribute(each);
                        response.getWriter().println(each + "=" + (value == null ? null : value.getClass().getName()));
                    }
                }
            }
            class Cart implements java.io.Serializable { int pieces = 3; }
            """;

    /** An application of the attacker's own, which writes in the usual way what others are to read. */
    private static final String WRITER = """
            package attack;
            import jakarta.servlet.http.*;
            import java.util.*;
            public class Writer extends HttpServlet {
                protected void service(HttpServletRequest request, HttpServletResponse response) {
                    Object chain = new Attack().get();
                    request.getSession().setAttribute("evil", chain);
                    request.getSession().setAttribute("evil in a list", new ArrayList<>(List.of("x", chain)));
                    request.getSession().setAttribute("figure", new java.awt.Polygon());
                }
            }
            """;

    /** Commons Collections 3.2.1: the key of a map is asked for its hash code, which asks a lazy map, which runs the chain. */
    private static final String ATTACK = """
            package attack;
            import java.lang.reflect.Field;
            import java.util.*;
            import org.apache.commons.collections.Transformer;
            import org.apache.commons.collections.functors.*;
            import org.apache.commons.collections.keyvalue.TiedMapEntry;
            import org.apache.commons.collections.map.LazyMap;
            public class Attack implements java.util.function.Supplier<Object> {
                @SuppressWarnings({"unchecked", "rawtypes"})
                public Object get() {
                    Transformer harmful = new ChainedTransformer(new Transformer[] {
                        new ConstantTransformer(System.class),
                        new InvokerTransformer("getMethod", new Class<?>[] {String.class, Class[].class}, new Object[] {
                            "setProperty", new Class<?>[] {String.class, String.class}}),
                        new InvokerTransformer("invoke", new Class<?>[] {Object.class, Object[].class}, new Object[] {
                            null, new Object[] {"holdfast.test.gadget", "the chain ran"}})
                    });
                    Map lazy = LazyMap.decorate(new HashMap(), new ConstantTransformer("harmless"));
                    HashMap<Object, Object> map = new HashMap<>();
                    map.put(new TiedMapEntry(lazy, "key"), "value");
                    lazy.clear();
                    try {
                        Field factory = LazyMap.class.getDeclaredField("factory");
                        factory.setAccessible(true);
                        factory.set(lazy, harmful);
                    } catch (ReflectiveOperationException e) {
                        throw new IllegalStateException(e);
                    }
                    return map;
                }
            }
            """;

    private final RedisServer redis = RedisServer.start();
    private final LogRecords log = new LogRecords();
    private final Browser browser = new Browser();
    private CompiledApplication shop;
    private CompiledApplication attacker;
    private URLClassLoader ofAttacker;

    @BeforeEach
    void compile() throws IOException {
        shop = new CompiledApplication(Map.of(SERVLET, MAIN), gadgetLibrary());
        attacker = new CompiledApplication(Map.of("attack.Attack", ATTACK, "attack.Writer", WRITER), gadgetLibrary());
        ofAttacker = attacker.newClassLoader();
        System.clearProperty(MARK);
    }

    /** The jar that an application may well bring along. */
    private static Path gadgetLibrary() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("holdfast.test.gadgets")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("commons-collections-3.2.1"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @AfterEach
    void close() throws IOException {
        System.clearProperty(MARK);
        ofAttacker.close();
        attacker.close();
        shop.close();
        log.close();
        redis.close();
    }

    private TomcatNode node(String... settings) {
        TomcatNode node = TomcatNode.start(redis.uri(), new Application());
        node.deploy(
                "/shop",
                shop.path(),
                manager -> {
                    for (int i = 0; i < settings.length; i += 2) {
                        manager.setProperty(settings[i], settings[i + 1]);
                    }
                },
                SERVLET,
                "/fill",
                "/show");
        return node;
    }

    // ---- the attacker --------------------------------------------------------------------------------------------

    private Object chain() throws ReflectiveOperationException {
        Object chain = ((java.util.function.Supplier<?>)
                        ofAttacker.loadClass("attack.Attack").getConstructor().newInstance())
                .get();
        System.clearProperty(MARK);
        return chain;
    }

    private static byte[] javaStream(Object value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        return bytes.toByteArray();
    }

    private static byte[] concat(byte[] one, byte[] other) {
        byte[] both = new byte[one.length + other.length];
        System.arraycopy(one, 0, both, 0, one.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    private byte[] recordKey() {
        return redis.keys("*:s:" + browser.sessionId()).first().getBytes(UTF_8);
    }

    /** As an attribute of the session that the browser has. */
    private byte[] smuggle(String attribute, byte[] encoded) {
        byte[] value = concat(new byte[INSTANT_BYTES], encoded);
        redis.command("HSET".getBytes(UTF_8), recordKey(), ("a" + attribute).getBytes(UTF_8), value);
        return value;
    }

    private byte[] inRedis(String attribute) {
        return (byte[]) redis.command("HGET".getBytes(UTF_8), recordKey(), ("a" + attribute).getBytes(UTF_8));
    }

    /** What the attacker's application writes, by the name of the attribute. */
    private byte[] written(String attribute) {
        Browser itself = new Browser();
        try (TomcatNode node = TomcatNode.start(redis.uri(), new Application())) {
            node.deploy("/attack", attacker.path(), "attack.Writer", "/write");
            itself.get(node, "/attack/write");
        }
        System.clearProperty(MARK);
        byte[] key = redis.keys("*:s:" + itself.sessionId()).first().getBytes(UTF_8);
        byte[] value = (byte[]) redis.command("HGET".getBytes(UTF_8), key, ("a" + attribute).getBytes(UTF_8));
        return Arrays.copyOfRange(value, INSTANT_BYTES, value.length);
    }

    private Map<String, byte[]> chains() throws Exception {
        Map<String, byte[]> chains = new LinkedHashMap<>();
        chains.put("evil", written("evil"));
        chains.put("evil in a list", written("evil in a list"));
        chains.put("evil stream", concat(JAVA_ENVELOPE, javaStream(chain())));
        return chains;
    }

    private List<String> shown(TomcatNode node) {
        return browser.get(node, "/shop/show").lines().toList();
    }

    // ---- tests ---------------------------------------------------------------------------------------------------

    @Test
    void the_chain_does_run_where_nobody_asks_so_that_these_tests_prove_something() throws Exception {
        byte[] stream = javaStream(chain());
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(stream)) {
            @Override
            protected Class<?> resolveClass(ObjectStreamClass type) throws ClassNotFoundException {
                return Class.forName(type.getName(), false, ofAttacker);
            }
        }) {
            assertThatCode(in::readObject).doesNotThrowAnyException();
        }
        assertThat(System.getProperty(MARK)).isEqualTo("the chain ran");
    }

    @ParameterizedTest
    @CsvSource({"enforce,''", "audit,''", "enforce,**", "audit,org.apache.commons.collections.**"})
    void a_chain_in_redis_does_not_run_in_any_mode_whatever_is_allowed(String mode, String allowed) throws Exception {
        String[] settings = allowed.isEmpty()
                ? new String[] {"deserialization", mode}
                : new String[] {"deserialization", mode, "allowedClasses", allowed};
        try (TomcatNode a = node(settings);
                TomcatNode b = node(settings)) {
            browser.get(a, "/shop/fill");
            Map<String, byte[]> smuggled = new LinkedHashMap<>();
            chains().forEach((name, bytes) -> smuggled.put(name, smuggle(name, bytes)));

            for (int request = 0; request < 2; request++) {
                assertThat(shown(b))
                        .containsExactly(
                                "cart=shop.Cart",
                                "evil=null",
                                "evil in a list=null",
                                "evil stream=null",
                                "name=java.lang.String");
            }

            assertThat(System.getProperty(MARK)).isNull();
            assertThat(log.with("HF-222"))
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line.text())
                            .contains("org.apache.commons.collections", "No setting allows this class"));
            smuggled.forEach((name, bytes) -> assertThat(inRedis(name)).as(name).isEqualTo(bytes));
            assertThat(log.with("HF-309")).isEmpty();
        }
        assertThat(System.getProperty(MARK)).as("nor at the stop").isNull();
    }

    @Test
    void nor_does_it_run_when_the_session_ends_on_another_node() throws Exception {
        try (TomcatNode node = node()) {
            browser.get(node, "/shop/fill");
            chains().forEach(this::smuggle);
            try (TomcatNode other = node()) {
                RedisSessionManager manager =
                        (RedisSessionManager) ((Context) other.host().findChild("/shop")).getManager();
                assertThat(manager.endSession(browser.sessionId())).isTrue();
            }
            assertThat(redis.keys("*:s:" + browser.sessionId())).isEmpty();
            assertThat(System.getProperty(MARK)).isNull();
        }
    }

    @Test
    void a_class_that_is_not_allowed_is_told_with_the_line_to_paste_and_read_once_it_is_pasted() throws Exception {
        byte[] smuggled;
        try (TomcatNode a = node();
                TomcatNode b = node()) {
            browser.get(a, "/shop/fill");
            smuggled = smuggle("figure", written("figure"));

            assertThat(shown(b)).contains("figure=null", "cart=shop.Cart", "name=java.lang.String");
            assertThat(shown(b)).contains("figure=null");
            assertThat(log.with("HF-220"))
                    .singleElement()
                    .satisfies(line -> assertThat(line.text())
                            .contains("java.awt.Polygon is refused", "allowedClasses=\"java.awt.Polygon\""));
            assertThat(inRedis("figure")).isEqualTo(smuggled);
        }
        try (TomcatNode pasted = node("allowedClasses", "java.awt.Polygon")) {
            assertThat(shown(pasted)).contains("figure=java.awt.Polygon", "cart=shop.Cart");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void audit_reads_it_and_tells_what_enforce_would_refuse_with_the_line_to_paste(boolean asStream) throws Exception {
        try (TomcatNode a = node("deserialization", "audit");
                TomcatNode b = node("deserialization", "audit")) {
            browser.get(a, "/shop/fill");
            smuggle("figure", asStream ? concat(JAVA_ENVELOPE, javaStream(new Polygon())) : written("figure"));

            assertThat(shown(b)).contains("figure=java.awt.Polygon", "cart=shop.Cart");
            assertThat(shown(b)).contains("figure=java.awt.Polygon");
            assertThat(log.with("HF-221"))
                    .singleElement()
                    .satisfies(line -> assertThat(line.text())
                            .contains("java.awt.Polygon", "allowedClasses=\"java.awt.Polygon\""));
        }
    }

    @Test
    void the_strict_form_refuses_what_is_not_listed_of_the_application_too() throws Exception {
        try (TomcatNode a = node();
                TomcatNode strict = node("allowedClasses", "other.**;!**")) {
            browser.get(a, "/shop/fill");
            assertThat(shown(strict)).containsExactly("cart=null", "name=java.lang.String");
            assertThat(log.with("HF-220"))
                    .singleElement()
                    .satisfies(line -> assertThat(line.text()).contains("allowedClasses=\"shop.Cart\""));
        }
        try (TomcatNode pasted = node("allowedClasses", "shop.Cart;other.**;!**")) {
            assertThat(shown(pasted)).containsExactly("cart=shop.Cart", "name=java.lang.String");
        }
    }
}
