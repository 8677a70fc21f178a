package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.holdfast.codec.AttributeCodec;
import dev.holdfast.codec.CodecOptions;
import dev.holdfast.codec.KryoAttributeCodec;
import dev.holdfast.model.SessionId;
import dev.holdfast.store.Deadline;
import dev.holdfast.store.Known;
import dev.holdfast.store.Loaded;
import dev.holdfast.store.memory.MemorySessionStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is too large is told, or stays on its node; and what is compressed is found changed only if it has changed. */
class SizeLimitsTest {

    private static final SessionId ID = new SessionId("0123456789ABCDEF");
    private static final int MOST = 10_000;

    private final AtomicLong nanos = new AtomicLong();
    private final MemorySessionStore memory = new MemorySessionStore(InstantSource.system());
    private final ProbedStore store = new ProbedStore(memory);
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger logger = Logger.getLogger("dev.holdfast.session");
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            lines.add(new java.util.logging.SimpleFormatter().formatMessage(line));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        logger.addHandler(handler);
    }

    @AfterEach
    void stopListening() {
        logger.removeHandler(handler);
    }

    private SessionRepository node(SizeLimits limits, int compressionThreshold) {
        return node(limits, compressionThreshold, CopyLifecycle.NONE);
    }

    private SessionRepository node(SizeLimits limits, int compressionThreshold, CopyLifecycle lifecycle) {
        AttributeCodec codec = new KryoAttributeCodec(
                SizeLimitsTest.class.getClassLoader(),
                CodecOptions.DEFAULTS.withCompressionThreshold(compressionThreshold));
        return new SessionRepository(
                store,
                codec,
                (name, value) -> true,
                limits,
                InstantSource.system(),
                nanos::get,
                new LockOptions(Duration.ZERO, Duration.ofSeconds(30), false),
                OutageOptions.STRICT,
                lifecycle);
    }

    private SessionRepository node(SizeLimits limits) {
        return node(limits, 0);
    }

    private static void request(SessionRepository node, Consumer<LiveSession> application) {
        Requests.request(node, () -> {
            LiveSession session = node.find(ID).orElseGet(() -> node.create(ID, 60));
            application.accept(session);
            return session;
        });
    }

    private static void set(SessionRepository node, String name, Object value) {
        request(node, session -> session.attributes().put(name, value));
    }

    private static Object get(SessionRepository node, String name) {
        Object[] found = new Object[1];
        request(node, session -> found[0] = session.attributes().get(name));
        return found[0];
    }

    /** What the store holds: names and sizes. */
    private Map<String, Integer> stored() {
        Map<String, Integer> sizes = new TreeMap<>();
        Loaded loaded = memory.load(ID, Known.NOTHING, false);
        if (loaded instanceof Loaded.Everything whole) {
            whole.attributes().forEach((name, bytes) -> sizes.put(name, bytes.length));
        }
        return sizes;
    }

    private static byte[] noise(int length) {
        byte[] noise = new byte[length];
        new Random(length).nextBytes(noise);
        return noise;
    }

    private List<String> lines(String code) {
        return lines.stream().filter(line -> line.startsWith(code)).toList();
    }

    // ---- one attribute -------------------------------------------------------------------------------------------

    @Test
    void an_attribute_that_is_too_large_is_stored_and_told_of_once_a_minute() {
        SessionRepository node = node(new SizeLimits(MOST, 0, false));
        for (int i = 0; i < 3; i++) {
            set(node, "large", noise(MOST + i));
        }
        assertThat(stored()).containsKey("large");
        assertThat(lines("HF-240"))
                .singleElement()
                .asString()
                .contains("\"large\"", "byte[]", "more than maxAttributeBytes, 10000");
        assertThat(node.oversizeAttributes()).isEqualTo(3);

        nanos.addAndGet(61_000_000_000L);
        set(node, "large", noise(MOST));
        assertThat(lines("HF-240")).hasSize(2).last().asString().contains("4 times");
        set(node, "large", new StringBuilder("x".repeat(MOST)));
        set(node, "other", noise(MOST));
        assertThat(lines("HF-240")).hasSize(4);
    }

    @Test
    void an_attribute_that_is_as_large_as_it_may_be_is_not_too_large() {
        SessionRepository node = node(new SizeLimits(MOST, 0, true));
        set(node, "measure", noise(1000));
        int overhead = stored().get("measure") - 1000;

        set(node, "fits", noise(MOST - overhead));
        set(node, "does not", noise(MOST - overhead + 1));

        assertThat(stored()).containsEntry("fits", MOST).doesNotContainKey("does not");
    }

    @Test
    void what_is_rejected_stays_here_others_see_none_and_its_siblings_travel() {
        SessionRepository a = node(new SizeLimits(MOST, 0, true));
        SessionRepository b = node(SizeLimits.NONE);
        set(a, "data", "small");
        assertThat(get(b, "data")).isEqualTo("small");

        request(a, session -> {
            session.attributes().put("data", noise(MOST));
            session.attributes().put("sibling", "travels");
        });

        assertThat(get(b, "data")).isNull();
        assertThat(get(b, "sibling")).isEqualTo("travels");
        assertThat(get(a, "data")).isEqualTo(noise(MOST));
        assertThat(stored()).containsOnlyKeys("sibling");
        assertThat(lines("HF-241")).singleElement().asString().contains("\"data\"", "byte[]", "is not stored");

        set(a, "data", "small again");
        assertThat(get(b, "data")).isEqualTo("small again");
    }

    @Test
    void what_is_rejected_in_a_new_session_leaves_the_rest_of_it() {
        SessionRepository a = node(new SizeLimits(MOST, 0, true));
        request(a, session -> {
            session.attributes().put("large", noise(MOST));
            session.attributes().put("small", "x");
        });

        assertThat(stored()).containsOnlyKeys("small");
        assertThat(a.find(ID).orElseThrow().hasLocalOnly()).isTrue();
    }

    @Test
    void an_object_that_grows_too_large_in_place_stays_here() {
        SessionRepository a = node(new SizeLimits(MOST, 0, true));
        SessionRepository b = node(SizeLimits.NONE);
        set(a, "list", new ArrayList<>(List.of("first")));

        request(a, session -> {
            @SuppressWarnings("unchecked")
            List<Object> list = (List<Object>) session.attributes().get("list");
            list.add(noise(MOST));
        });

        assertThat(get(b, "list")).isNull();
        assertThat(get(a, "list"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .hasSize(2);
        assertThat(lines("HF-241")).singleElement().asString().contains("\"list\"", "java.util.ArrayList");
    }

    @Test
    void what_grows_too_large_when_its_copy_leaves_stays_in_the_store_as_it_was() {
        SessionRepository node = node(new SizeLimits(MOST, 0, true), 0, new CopyLifecycle() {
            @Override
            public boolean isListener(Object value) {
                return value instanceof List<?>;
            }

            @Override
            @SuppressWarnings("unchecked")
            public void willPassivate(LiveSession copy, Map<String, Object> listeners, FailedListener failed) {
                listeners.values().forEach(list -> ((List<Object>) list).add(noise(MOST)));
            }
        });
        set(node, "list", new ArrayList<>(List.of("first")));

        node.departures().releaseAll(Deadline.in(Duration.ofSeconds(10)));

        assertThat(get(node(SizeLimits.NONE), "list")).isEqualTo(List.of("first"));
        assertThat(lines("HF-241")).singleElement().asString().contains("\"list\"", "java.util.ArrayList");
    }

    @Test
    void what_counts_is_what_the_store_holds_after_compression() {
        SessionRepository node = node(new SizeLimits(MOST, 0, true), 1024);

        set(node, "text", "x".repeat(10 * MOST));

        assertThat(stored().get("text")).isLessThan(MOST);
        assertThat(lines).isEmpty();
    }

    @Test
    void what_the_container_keeps_is_never_rejected() {
        SessionRepository node = node(new SizeLimits(MOST, MOST, true));

        request(node, session -> session.containerAttributes().put("principal", noise(2 * MOST)));

        assertThat(stored()).hasSize(1);
        assertThat(lines).isEmpty();
    }

    // ---- the session ---------------------------------------------------------------------------------------------

    @Test
    void attributes_that_make_a_session_too_large_stay_here_the_largest_ones() {
        SessionRepository a = node(new SizeLimits(0, MOST, true));

        request(a, session -> {
            session.attributes().put("half", noise(MOST / 2));
            session.attributes().put("third", noise(MOST / 3));
            session.attributes().put("fourth", noise(MOST / 4));
        });

        assertThat(stored()).containsOnlyKeys("third", "fourth");
        assertThat(lines("HF-243"))
                .singleElement()
                .asString()
                .contains("\"half\"", "byte[]", "more than maxSessionBytes, 10000");
        assertThat(a.oversizeSessions()).isEqualTo(1);
        assertThat(get(a, "half")).isNotNull();
    }

    @Test
    void what_other_nodes_have_stored_counts_once_it_is_known_here() {
        SessionRepository a = node(new SizeLimits(0, MOST, true));
        SessionRepository b = node(new SizeLimits(0, MOST, true));
        set(a, "of a", noise(MOST / 2));

        set(b, "of b", noise(MOST / 2));
        assertThat(stored()).containsOnlyKeys("of a");

        set(b, "of b", noise(MOST / 4));
        assertThat(stored()).containsOnlyKeys("of a", "of b");
    }

    @Test
    void what_takes_no_more_than_before_is_stored_also_in_a_session_that_is_too_large() {
        SessionRepository free = node(SizeLimits.NONE);
        set(free, "large", noise(2 * MOST));
        set(free, "other", noise(1000));
        SessionRepository node = node(new SizeLimits(0, MOST, true));

        set(node, "other", noise(999));
        set(node, "large", noise(2 * MOST - 1));
        set(node, "new", "x");

        assertThat(stored()).containsOnlyKeys("large", "other");
        assertThat(get(free, "other")).isEqualTo(noise(999));

        set(node, "large", noise(1000));
        set(node, "new", "y");
        assertThat(stored()).containsOnlyKeys("large", "new", "other");
    }

    @Test
    void a_session_that_is_too_large_is_told_of_once_a_minute_and_stored() {
        SessionRepository node = node(new SizeLimits(0, MOST, false));
        for (int i = 0; i < 3; i++) {
            set(node, "large", noise(MOST + i));
        }
        assertThat(stored()).containsKey("large");
        assertThat(lines("HF-242")).singleElement().asString().contains("\"large\"", "byte[]");
        assertThat(node.oversizeSessions()).isEqualTo(3);
    }

    @Test
    void limits_are_not_negative() {
        assertThatIllegalArgumentException().isThrownBy(() -> new SizeLimits(-1, 0, true));
        assertThatIllegalArgumentException().isThrownBy(() -> new SizeLimits(0, -1, true));
    }

    // ---- compression ---------------------------------------------------------------------------------------------

    private static List<Object> list(int length) {
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            list.add("article number " + i);
        }
        return list;
    }

    @Test
    void nodes_with_other_thresholds_share_sessions_and_who_only_reads_writes_nothing() {
        List<SessionRepository> nodes =
                Arrays.asList(node(SizeLimits.NONE, 1024), node(SizeLimits.NONE, 0), node(SizeLimits.NONE, 1 << 20));
        for (SessionRepository writer : nodes) {
            set(writer, "list", list(500));
            for (SessionRepository reader : nodes) {
                store.calls.clear();
                for (int i = 0; i < 3; i++) {
                    assertThat(get(reader, "list")).isEqualTo(list(500));
                }
                assertThat(store.calls).containsOnly("load");
            }
        }
    }

    @Test
    void a_change_inside_a_compressed_object_is_found_on_every_node() {
        List<SessionRepository> nodes = List.of(node(SizeLimits.NONE, 1024), node(SizeLimits.NONE, 0));
        set(nodes.get(0), "list", list(500));
        assertThat(stored().get("list")).isLessThan(4000);

        for (int round = 0; round < 6; round++) {
            int size = 500 + round;
            request(nodes.get(round % 2), session -> {
                @SuppressWarnings("unchecked")
                List<Object> list = (List<Object>) session.attributes().get("list");
                assertThat(list).hasSize(size);
                list.add("one more");
            });
        }
        assertThat(get(nodes.get(0), "list"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .hasSize(506);
    }
}
