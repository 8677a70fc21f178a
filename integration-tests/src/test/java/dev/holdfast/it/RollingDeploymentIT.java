package dev.holdfast.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.RedisServer;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Two nodes that run different versions of an application at the same time, as in the middle of a rolling deployment. Each
 * reads what the other one has written, as far as its classes allow; what it cannot read is left alone. Servlet 6.0, 7.7.2:
 * what a container does with attributes that it cannot carry is not said there, so nothing may be lost.
 */
class RollingDeploymentIT {

    private static final String SERVLET = "shop.Main";

    /** The same in both versions. A parameter names the attribute. */
    private static final String MAIN = """
            package shop;
            import jakarta.servlet.http.*;
            public class Main extends HttpServlet {
                protected void service(HttpServletRequest request, HttpServletResponse response) throws java.io.IOException {
                    String name = request.getParameter("name");
                    HttpSession session = request.getSession();
                    switch (request.getServletPath()) {
                        case "/fill" -> Model.all().forEach(session::setAttribute);
                        case "/set" -> session.setAttribute(name, Model.all().get(name));
                        case "/visit" -> {
                            Integer visits = (Integer) session.getAttribute("visits");
                            session.setAttribute("visits", visits == null ? 1 : visits + 1);
                        }
                        default -> { }
                    }
                    for (String each : java.util.Collections.list(session.getAttributeNames())) {
                        response.getWriter().println(each + "=" + session.getAttribute(each));
                    }
                }
            }
            """;

    private static final String OLD_MODEL = """
            package shop;
            import java.io.Serializable;
            import java.util.*;
            class Model {
                static Map<String, Object> all() {
                    Map<String, Object> all = new HashMap<>();
                    all.put("field", new Cart());
                    all.put("retyped", new Price());
                    all.put("enum", Kind.B);
                    all.put("moved", new Basket());
                    all.put("record", new Line("tea"));
                    all.put("gone", new Gone());
                    all.put("also gone", new Gone());
                    all.put("map", new HashMap<>(Map.of("tea", new ArrayList<>(List.of("green", new Gone())))));
                    all.put("visits", 7);
                    return all;
                }
            }
            class Cart implements Serializable { String article = "tea"; int pieces = 3;
                public String toString() { return pieces + " " + article; } }
            class Price implements Serializable { Object amount = "ten";
                public String toString() { return "price " + amount; } }
            enum Kind { A, B }
            class Basket implements Serializable { int size = 5;
                public String toString() { return "basket of " + size; } }
            record Line(String article) implements Serializable { }
            class Gone implements Serializable { int n = 1;
                public String toString() { return "gone " + n; } }
            """;

    private static final String NEW_MODEL = """
            package shop;
            import java.io.Serializable;
            import java.util.*;
            class Model {
                static Map<String, Object> all() {
                    Map<String, Object> all = new HashMap<>();
                    all.put("field", new Cart());
                    all.put("retyped", new Price());
                    all.put("enum", Kind.B);
                    all.put("added constant", Kind.C);
                    all.put("moved", new shop.model.Basket());
                    all.put("record", new Line(9, "tea"));
                    all.put("young", new Young());
                    all.put("map", new HashMap<>(Map.of("tea", new ArrayList<>(List.of("green", new Young())))));
                    all.put("visits", 7);
                    return all;
                }
            }
            class Cart implements Serializable { List<String> notes; String article = "new tea"; long weight = 12;
                public String toString() { return weight + " g " + article + " " + notes; } }
            class Price implements Serializable { Date amount = new Date(0);
                public String toString() { return "price " + amount; } }
            enum Kind { C, B, A }
            record Line(int pieces, String article) implements Serializable { }
            class Young implements Serializable { public String toString() { return "young"; } }
            """;

    private static final String NEW_BASKET = """
            package shop.model;
            public class Basket implements java.io.Serializable { int size = 6;
                public String toString() { return "new basket of " + size; } }
            """;

    private final RedisServer redis = RedisServer.start();
    private final CompiledApplication oldVersion =
            new CompiledApplication(Map.of(SERVLET, MAIN, "shop.Model", OLD_MODEL));
    private final CompiledApplication newVersion =
            new CompiledApplication(Map.of(SERVLET, MAIN, "shop.Model", NEW_MODEL, "shop.model.Basket", NEW_BASKET));
    private final LogRecords log = new LogRecords();
    private final Browser browser = new Browser();
    private TomcatNode oldNode;
    private TomcatNode newNode;

    @BeforeEach
    void deploy() {
        oldNode = start(oldVersion, "shop.model.Basket=shop.Basket");
        newNode = start(newVersion, "shop.Basket=shop.model.Basket");
    }

    private TomcatNode start(CompiledApplication version, String aliases) {
        TomcatNode node = TomcatNode.start(redis.uri(), new Application());
        node.deploy(
                "/shop",
                version.path(),
                manager -> manager.setProperty("classAliases", aliases),
                SERVLET,
                "/fill",
                "/set",
                "/visit",
                "/show");
        return node;
    }

    @AfterEach
    void stop() {
        oldNode.close();
        newNode.close();
        log.close();
        oldVersion.close();
        newVersion.close();
        redis.close();
    }

    private Map<String, String> shown(TomcatNode node) {
        return ask(node, "/show");
    }

    /** A request that is answered with 200, and what it says of the attributes. */
    private Map<String, String> ask(TomcatNode node, String path) {
        Map<String, String> values = new TreeMap<>();
        browser.get(node, "/shop" + path).lines().forEach(line -> {
            String[] parts = line.split("=", 2);
            values.put(parts[0], parts[1]);
        });
        return values;
    }

    private String inRedis(String attribute) {
        byte[] value = (byte[]) redis.command(
                "HGET".getBytes(UTF_8),
                redis.keys("*:s:" + browser.sessionId()).first().getBytes(UTF_8),
                ("a" + attribute).getBytes(UTF_8));
        return value == null ? null : new String(value, ISO_8859_1);
    }

    @Test
    void the_new_version_reads_what_the_old_one_wrote() {
        Map<String, String> written = ask(oldNode, "/fill");
        assertThat(written).hasSize(9).doesNotContainValue("null");

        assertThat(shown(newNode))
                .containsEntry("field", "0 g tea null")
                .containsEntry("enum", "B")
                .containsEntry("moved", "new basket of 5")
                .containsEntry("record", "Line[pieces=0, article=tea]")
                .containsEntry("visits", "7")
                .containsEntry("retyped", "null")
                .containsEntry("gone", "null")
                .containsEntry("also gone", "null")
                .containsEntry("map", "null");
    }

    @Test
    void the_old_version_reads_what_the_new_one_wrote() {
        Map<String, String> written = ask(newNode, "/fill");
        assertThat(written).hasSize(9).doesNotContainValue("null");

        assertThat(shown(oldNode))
                .containsEntry("field", "0 new tea")
                .containsEntry("retyped", "price " + new Date(0))
                .containsEntry("enum", "B")
                .containsEntry("moved", "basket of 6")
                .containsEntry("record", "Line[article=tea]")
                .containsEntry("visits", "7")
                .containsEntry("added constant", "null")
                .containsEntry("young", "null")
                .containsEntry("map", "null");
    }

    @Test
    void what_cannot_be_read_is_told_once_for_each_class_with_the_way_to_it() {
        ask(oldNode, "/fill");
        for (int request = 0; request < 3; request++) {
            shown(newNode);
        }
        assertThat(log.with("HF-223"))
                .singleElement()
                .satisfies(
                        line -> assertThat(line.text()).contains("shop.Gone", "classAliases=\"shop.Gone=new.Name\""));
        assertThat(log.with("HF-301"))
                .singleElement()
                .satisfies(line -> assertThat(line.text())
                        .contains("\"retyped\"", "shop.Price.amount cannot hold a java.lang.String"));

        ask(newNode, "/fill");
        for (int request = 0; request < 3; request++) {
            shown(oldNode);
        }
        assertThat(log.with("HF-223"))
                .hasSize(2)
                .last()
                .satisfies(line -> assertThat(line.text()).contains("shop.Young"));
        assertThat(log.with("HF-301"))
                .hasSize(2)
                .last()
                .satisfies(line -> assertThat(line.text()).contains("\"added constant\"", "shop.Kind"));
        assertThat(log.with("HF-309")).as("no unexpected error").isEmpty();
    }

    @Test
    void it_names_the_way_to_a_class_inside_a_map() {
        ask(oldNode, "/set?name=map");
        shown(newNode);
        assertThat(log.with("HF-223"))
                .singleElement()
                .satisfies(line -> assertThat(line.text())
                        .contains("shop.Gone", "reached by java.util.HashMap[] > java.util.ArrayList[]"));
    }

    @Test
    void it_stays_in_redis_untouched_while_the_new_version_works_with_the_rest_and_the_old_one_reads_it_still() {
        ask(oldNode, "/fill");
        List<String> unreadable = List.of("gone", "also gone", "map", "retyped");
        List<String> before = unreadable.stream().map(this::inRedis).toList();
        assertThat(before).doesNotContainNull();

        for (int visit = 8; visit < 12; visit++) {
            assertThat(ask(newNode, "/visit")).containsEntry("visits", String.valueOf(visit));
        }
        assertThat(ask(newNode, "/set?name=field")).containsEntry("field", "12 g new tea null");

        assertThat(unreadable.stream().map(this::inRedis).toList()).isEqualTo(before);
        assertThat(shown(oldNode))
                .containsEntry("visits", "11")
                .containsEntry("field", "0 new tea")
                .containsEntry("gone", "gone 1")
                .containsEntry("also gone", "gone 1")
                .containsEntry("map", "{tea=[green, gone 1]}")
                .containsEntry("retyped", "price ten");
    }

    @Test
    void the_same_the_other_way_round() {
        ask(newNode, "/fill");
        List<String> unreadable = List.of("young", "map", "added constant");
        List<String> before =
                new ArrayList<>(unreadable.stream().map(this::inRedis).toList());
        assertThat(before).doesNotContainNull();

        assertThat(ask(oldNode, "/visit")).containsEntry("visits", "8");

        assertThat(unreadable.stream().map(this::inRedis).toList()).isEqualTo(before);
        assertThat(shown(newNode))
                .containsEntry("visits", "8")
                .containsEntry("young", "young")
                .containsEntry("map", "{tea=[green, young]}")
                .containsEntry("added constant", "C");
    }

    @Test
    void only_who_sets_it_overwrites_it() {
        ask(oldNode, "/fill");
        assertThat(shown(newNode)).containsEntry("map", "null").containsEntry("retyped", "null");
        String gone = inRedis("gone");

        assertThat(ask(newNode, "/set?name=map")).containsEntry("map", "{tea=[green, young]}");

        assertThat(inRedis("gone")).isEqualTo(gone);
        assertThat(shown(oldNode)).containsEntry("map", "null").containsEntry("gone", "gone 1");
        assertThat(ask(oldNode, "/set?name=map")).containsEntry("map", "{tea=[green, gone 1]}");
        assertThat(shown(newNode)).containsEntry("map", "null");
    }

    /** A version that does not know a field would lose it. */
    @Test
    void what_is_only_read_is_not_written_again_by_another_version() {
        ask(oldNode, "/fill");
        List<String> read = List.of("field", "enum", "moved", "record");
        List<String> before = read.stream().map(this::inRedis).toList();

        ask(newNode, "/visit");
        ask(newNode, "/show");

        assertThat(read.stream().map(this::inRedis).toList()).isEqualTo(before);
        assertThat(shown(oldNode)).containsEntry("field", "3 tea");
    }
}
