package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.tomcat.RedisSessionManager;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attributes that cannot go to other nodes, or shall not. Jakarta Servlet 6.0, 7.7.2: in an application that is marked as
 * distributable, a container throws {@code IllegalArgumentException} for an object that it cannot move.
 */
class AttributeChecksIT {

    private static final Application APPLICATION = new Application();
    private static final Queue<String> EVENTS = new ConcurrentLinkedQueue<>();

    private static TwoNodes nodes;

    /** Neither serializable nor made of parts that could be anywhere else. */
    static class Plain implements HttpSessionBindingListener {
        final String text;
        final Thread worker = new Thread("never started");

        Plain(String text) {
            this.text = text;
        }

        @Override
        public void valueBound(HttpSessionBindingEvent event) {
            EVENTS.add("bound " + this);
        }

        @Override
        public void valueUnbound(HttpSessionBindingEvent event) {
            EVENTS.add("unbound " + this);
        }

        @Override
        public String toString() {
            return "plain " + text;
        }
    }

    /** Serializable by its word only. */
    static final class Throwing implements Serializable {
        private static final long serialVersionUID = 1L;

        private void writeObject(ObjectOutputStream out) throws IOException {
            throw new IllegalStateException("a secret of the value");
        }

        @Override
        public String toString() {
            return "throwing";
        }
    }

    /** What no codec can take to another node. */
    enum Immovable {
        WITH_A_THREAD("dev.holdfast.it.AttributeChecksIT$Plain", () -> new Plain("one")),
        IN_A_MAP("dev.holdfast.it.AttributeChecksIT$Plain", () -> new HashMap<>(Map.of("key", new Plain("one")))),
        IN_A_LIST_IN_A_MAP(
                "dev.holdfast.it.AttributeChecksIT$Plain",
                () -> new HashMap<>(Map.of("key", new ArrayList<>(List.of(new Plain("one")))))),
        THROWING("dev.holdfast.it.AttributeChecksIT$Throwing", Throwing::new),
        A_THREAD("java.lang.Thread", Thread::new),
        OF_THE_JDK("java.util.concurrent.CountDownLatch", () -> new CountDownLatch(1)),
        A_LAMBDA("dev.holdfast.it.AttributeChecksIT$Immovable$$Lambda", () -> (Runnable) () -> EVENTS.add("run"));

        private final String className;
        private final Supplier<Object> value;

        Immovable(String className, Supplier<Object> value) {
            this.className = className;
            this.value = value;
        }
    }

    @BeforeAll
    static void start() {
        APPLICATION
                .on(
                        "/set-one",
                        (request, response) -> request.getSession().setAttribute("one", request.getParameter("v")))
                .on(
                        "/set-two",
                        (request, response) -> request.getSession().setAttribute("two", request.getParameter("v")))
                .on("/remove", (request, response) -> request.getSession().removeAttribute("immovable"))
                .on("/names", (request, response) -> {
                    List<String> names = new ArrayList<>(
                            Collections.list(request.getSession().getAttributeNames()));
                    names.sort(null);
                    response.getWriter().print(names);
                })
                .on("/show", (request, response) -> {
                    HttpSession session = request.getSession();
                    response.getWriter()
                            .print(session.getAttribute("one") + " " + session.getAttribute("immovable") + " "
                                    + session.getAttribute("two"));
                })
                .on("/end", (request, response) -> request.getSession(false).invalidate());
        nodes = running(node -> node.onContext(context -> context.addServletContainerInitializer(
                (classes, application) -> application.addListener(new HttpSessionAttributeListener() {
                    @Override
                    public void attributeReplaced(HttpSessionBindingEvent event) {
                        if (event.getName().equals("hearing")) {
                            EVENTS.add("replaced");
                        }
                    }
                }),
                null)));
    }

    private static TwoNodes running(UnaryOperator<TomcatNode.Builder> more) {
        return TwoNodes.with(node -> more.apply(node.application("", APPLICATION)));
    }

    @AfterAll
    static void stop() {
        nodes.close();
    }

    @BeforeEach
    void forget() {
        EVENTS.clear();
    }

    private static Browser userWith(TwoNodes on, String name, Object value) {
        APPLICATION.on("/set-all", (request, response) -> {
            HttpSession session = request.getSession();
            session.setAttribute("one", "1");
            session.setAttribute(name, value);
            session.setAttribute("two", "2");
        });
        Browser browser = new Browser();
        browser.get(on.a, "/set-all");
        return browser;
    }

    // ---- <distributable/> ----------------------------------------------------------------------------------------

    @Test
    void a_distributable_application_may_not_set_what_is_not_serializable() {
        APPLICATION.on("/try", (request, response) -> {
            HttpSession session = request.getSession();
            session.setAttribute("one", "1");
            try {
                session.setAttribute("immovable", new Plain("one"));
                response.getWriter().print("set");
            } catch (IllegalArgumentException refused) {
                response.getWriter().print("refused " + session.getAttribute("immovable"));
            }
            session.setAttribute("two", new ArrayList<>(List.of("2")));
        });
        try (TwoNodes distributable = running(node -> node.onContext(context -> context.setDistributable(true)))) {
            Browser browser = new Browser();

            assertThat(browser.get(distributable.a, "/try")).isEqualTo("refused null");
            assertThat(browser.get(distributable.b, "/show")).isEqualTo("1 null [2]");
            assertThat(EVENTS).isEmpty();
        }
    }

    @Test
    void in_a_distributable_application_what_is_serializable_by_its_word_only_stays_here_without_a_500() {
        try (TwoNodes distributable = running(node -> node.onContext(context -> context.setDistributable(true)))) {
            Browser browser = userWith(distributable, "immovable", new HashMap<>(Map.of("key", new Thread("thread"))));

            assertThat(browser.get(distributable.a, "/show"))
                    .startsWith("1 {key=Thread")
                    .endsWith(" 2");
            assertThat(browser.get(distributable.b, "/show")).isEqualTo("1 null 2");
        }
    }

    /** What is not serializable in an application that asks for serializable attributes, if the operator allows it. */
    @Test
    void allowed_by_the_operator_a_class_that_forgot_serializable_travels_also_from_a_distributable_application() {
        APPLICATION
                .on("/forgotten", (request, response) -> {
                    HttpSession session = request.getSession();
                    session.setAttribute("one", new Simple());
                    session.setAttribute("immovable", new ArrayList<>(List.of(new Simple())));
                    session.setAttribute("two", new Nesting(new Simple()));
                })
                .on(
                        "/change",
                        (request, response) -> ((Nesting) request.getSession().getAttribute("two")).count++);
        try (TwoNodes allowing = distributable("true");
                LogRecords log = new LogRecords()) {
            Browser browser = new Browser();
            browser.get(allowing.a, "/forgotten");
            assertThat(browser.get(allowing.b, "/show")).isEqualTo("simple [simple] simple 0");

            browser.get(allowing.b, "/change");
            assertThat(browser.get(allowing.a, "/show")).isEqualTo("simple [simple] simple 1");
            assertThat(log.with("HF-3")).isEmpty();
        }
    }

    @Test
    void what_stands_for_something_outside_stays_refused_with_the_reason() {
        List<Object> values = List.of(
                new Thread("thread"),
                new CountDownLatch(1),
                Thread.currentThread().getContextClassLoader(),
                new java.io.StringReader("x"),
                (Runnable) () -> EVENTS.add("run"));
        APPLICATION.on("/try", (request, response) -> {
            HttpSession session = request.getSession();
            session.setAttribute("one", "1");
            try {
                session.setAttribute("immovable", values.get(Integer.parseInt(request.getParameter("n"))));
                response.getWriter().print("set");
            } catch (IllegalArgumentException refused) {
                response.getWriter().print(refused.getMessage() + session.getAttribute("immovable"));
            }
        });
        try (TwoNodes allowing = distributable("true")) {
            for (int n = 0; n < values.size(); n++) {
                Browser browser = new Browser();
                String className = values.get(n).getClass().getName().replaceFirst("\\$\\$Lambda.*", "");
                assertThat(browser.get(allowing.a, "/try?n=" + n))
                        .startsWith("HF-244 setAttribute: the attribute \"immovable\" cannot go to other nodes")
                        .contains(className)
                        .endsWith("null");
                assertThat(browser.get(allowing.b, "/show")).isEqualTo("1 null null");
            }
        }
    }

    @Test
    void a_class_that_forgot_serializable_is_refused_in_a_distributable_application_unless_the_operator_allows_it() {
        APPLICATION.on("/try", (request, response) -> {
            try {
                request.getSession().setAttribute("one", new Simple());
                response.getWriter().print("set");
            } catch (IllegalArgumentException refused) {
                response.getWriter().print("refused");
            }
        });
        try (TwoNodes refusing = distributable("false")) {
            assertThat(new Browser().get(refusing.a, "/try")).isEqualTo("refused");
        }
    }

    private static TwoNodes distributable(String allowNonSerializable) {
        return running(node -> node.setting("allowNonSerializable", allowNonSerializable)
                .onContext(context -> context.setDistributable(true)));
    }

    /** Not serializable, with a part that is not, and no constructor that takes nothing. */
    static final class Nesting {
        private final Simple part;
        private int count;

        Nesting(Simple part) {
            this.part = part;
        }

        @Override
        public String toString() {
            return part + " " + count;
        }
    }

    // ---- without <distributable/> --------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void what_cannot_move_stays_on_its_node_and_its_siblings_travel(Immovable kind) {
        Object value = kind.value.get();
        Browser browser = userWith(nodes, "immovable", value);

        for (int round = 0; round < 3; round++) {
            browser.get(nodes.b, "/set-two?v=" + round);
            assertThat(browser.get(nodes.a, "/show")).isEqualTo("1 " + value + " " + round);
            assertThat(browser.get(nodes.b, "/show")).isEqualTo("1 null " + round);
            assertThat(browser.get(nodes.b, "/names")).isEqualTo("[one, two]");
            assertThat(browser.get(nodes.a, "/names")).isEqualTo("[immovable, one, two]");
            browser.get(nodes.a, "/set-two?v=again");
            assertThat(browser.get(nodes.b, "/show")).isEqualTo("1 null again");
            assertThat(browser.get(nodes.a, "/show")).isEqualTo("1 " + value + " again");
        }
    }

    @ParameterizedTest
    @EnumSource
    void one_warning_names_attribute_and_class_and_no_value(Immovable kind) {
        String name = "immovable-" + kind;
        try (LogRecords log = new LogRecords()) {
            for (int round = 0; round < 3; round++) {
                Browser browser = userWith(nodes, name, kind.value.get());
                browser.get(nodes.a, "/set-two?v=2");
            }

            assertThat(log.with("HF-302")).singleElement().satisfies(line -> {
                assertThat(line.level()).isEqualTo(Level.WARNING);
                assertThat(line.text())
                        .contains("\"" + name + "\"", kind.className)
                        .doesNotContain("a secret");
            });
            assertThat(log.with("HF-304")).isEmpty();
        }
    }

    /** Not serializable, but made of parts that are. */
    static final class Simple {
        private final String text = "simple";

        @Override
        public String toString() {
            return text;
        }
    }

    @Test
    void a_class_that_is_not_serializable_travels_if_its_parts_can() {
        Browser browser = userWith(nodes, "immovable", new HashMap<>(Map.of("key", new Simple())));

        assertThat(browser.get(nodes.b, "/show")).isEqualTo("1 {key=simple} 2");
    }

    @Test
    void a_value_that_replaces_one_that_cannot_move_travels_and_the_other_way_round() {
        Browser browser = userWith(nodes, "immovable", "movable");
        assertThat(browser.get(nodes.b, "/show")).isEqualTo("1 movable 2");

        APPLICATION.on(
                "/set-plain",
                (request, response) -> request.getSession().setAttribute("immovable", new Thread("thread")));
        browser.get(nodes.a, "/set-plain");
        // Rather none than the one from before.
        assertThat(browser.get(nodes.b, "/show")).isEqualTo("1 null 2");

        APPLICATION.on(
                "/set-movable", (request, response) -> request.getSession().setAttribute("immovable", "again"));
        browser.get(nodes.a, "/set-movable");
        assertThat(browser.get(nodes.b, "/show")).isEqualTo("1 again 2");

        browser.get(nodes.a, "/set-plain");
        browser.get(nodes.b, "/set-movable");
        assertThat(browser.get(nodes.a, "/show")).isEqualTo("1 again 2");
    }

    @Test
    void an_object_that_becomes_immovable_while_it_is_in_the_session_stays_here() {
        APPLICATION.on("/spoil", (request, response) -> {
            @SuppressWarnings("unchecked")
            List<Object> list = (List<Object>) request.getSession().getAttribute("immovable");
            list.add(new Thread("thread"));
        });
        Browser browser = userWith(nodes, "immovable", new ArrayList<>(List.of("movable")));
        assertThat(browser.get(nodes.b, "/show")).isEqualTo("1 [movable] 2");

        browser.get(nodes.a, "/spoil");

        assertThat(browser.get(nodes.b, "/show")).isEqualTo("1 null 2");
        assertThat(browser.get(nodes.a, "/show"))
                .startsWith("1 [movable, Thread")
                .endsWith(" 2");
    }

    @Test
    void a_value_that_stays_here_hears_of_its_end_where_it_is() {
        Browser browser = userWith(nodes, "immovable", new Plain("removed"));
        browser.get(nodes.a, "/remove");
        assertThat(EVENTS).containsExactly("bound plain removed", "unbound plain removed");

        EVENTS.clear();
        browser = userWith(nodes, "immovable", new Plain("replaced"));
        APPLICATION.on("/replace", (request, response) -> request.getSession().setAttribute("immovable", "text"));
        browser.get(nodes.a, "/replace");
        assertThat(EVENTS).containsExactly("bound plain replaced", "unbound plain replaced");

        EVENTS.clear();
        browser = userWith(nodes, "immovable", new Plain("ended"));
        browser.get(nodes.a, "/end");
        assertThat(EVENTS).containsExactly("bound plain ended", "unbound plain ended");
    }

    // ---- unchanged values ----------------------------------------------------------------------------------------

    /** Serializable, and hears what happens to it. */
    static final class Hearing implements Serializable, HttpSessionBindingListener {
        private static final long serialVersionUID = 1L;

        @Override
        public void valueBound(HttpSessionBindingEvent event) {
            EVENTS.add("bound");
        }

        @Override
        public void valueUnbound(HttpSessionBindingEvent event) {
            EVENTS.add("unbound");
        }
    }

    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,true", "false,false"})
    void a_value_that_is_set_again_is_told_of_as_tomcat_is_told_to(boolean binding, boolean attribute) {
        APPLICATION
                .on("/hear", (request, response) -> request.getSession().setAttribute("hearing", new Hearing()))
                .on("/same", (request, response) -> {
                    HttpSession session = request.getSession();
                    session.setAttribute("hearing", session.getAttribute("hearing"));
                });
        forBothManagers(manager -> {
            manager.setNotifyBindingListenerOnUnchangedValue(binding);
            manager.setNotifyAttributeListenerOnUnchangedValue(attribute);
        });
        try {
            Browser browser = new Browser();
            browser.get(nodes.a, "/hear");
            List<String> expected = new ArrayList<>();
            if (binding) {
                expected.addAll(List.of("bound", "unbound"));
            }
            if (attribute) {
                expected.add("replaced");
            }
            // Also where the value was loaded and not set.
            for (TomcatNode node : List.of(nodes.a, nodes.b, nodes.a)) {
                EVENTS.clear();
                browser.get(node, "/same");
                assertThat(EVENTS).containsExactlyElementsOf(expected);
            }
            EVENTS.clear();
            browser.get(nodes.b, "/hear");
            assertThat(EVENTS).containsExactly("bound", "unbound", "replaced");
        } finally {
            forBothManagers(manager -> {
                manager.setNotifyBindingListenerOnUnchangedValue(false);
                manager.setNotifyAttributeListenerOnUnchangedValue(true);
            });
        }
    }

    private static void forBothManagers(Consumer<RedisSessionManager> change) {
        change.accept(nodes.a.manager());
        change.accept(nodes.b.manager());
    }

    // ---- filters on writing --------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"name", "class"})
    void what_a_filter_keeps_back_stays_on_its_node_and_its_siblings_travel(String filter) {
        forBothManagers(manager -> {
            manager.setSessionAttributeNameFilter(filter.equals("name") ? "one|two" : null);
            manager.setSessionAttributeValueClassNameFilter(filter.equals("class") ? "java\\.lang\\..*" : null);
        });
        try {
            Browser browser = userWith(nodes, "immovable", new ArrayList<>(List.of("kept")));

            assertThat(browser.get(nodes.b, "/show")).isEqualTo("1 null 2");
            browser.get(nodes.b, "/set-two?v=3");
            assertThat(browser.get(nodes.a, "/show")).isEqualTo("1 [kept] 3");
            HttpResponse<String> end = browser.response(nodes.b, "/end");
            assertThat(end.statusCode()).isEqualTo(200);
            assertThat(nodes.redis.keys("*" + browser.sessionId() + "*")).isEmpty();
        } finally {
            noFilters();
        }
    }

    @Test
    void what_a_filter_keeps_back_after_a_change_inside_it_was_never_written() {
        forBothManagers(manager -> manager.setSessionAttributeNameFilter("one|two"));
        try {
            APPLICATION.on("/grow", (request, response) -> {
                @SuppressWarnings("unchecked")
                List<Object> list = (List<Object>) request.getSession().getAttribute("immovable");
                list.add("more");
            });
            Browser browser = userWith(nodes, "immovable", new ArrayList<>(List.of("kept")));
            browser.get(nodes.a, "/grow");

            assertThat(browser.get(nodes.a, "/show")).isEqualTo("1 [kept, more] 2");
            assertThat(browser.get(nodes.b, "/show")).isEqualTo("1 null 2");
        } finally {
            noFilters();
        }
    }

    private static void noFilters() {
        forBothManagers(manager -> {
            manager.setSessionAttributeNameFilter(null);
            manager.setSessionAttributeValueClassNameFilter(null);
        });
    }
}
