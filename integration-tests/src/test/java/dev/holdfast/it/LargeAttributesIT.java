package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpSession;
import java.lang.management.ManagementFactory;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.logging.Level;
import javax.management.JMException;
import org.junit.jupiter.api.Test;

/** Large attributes: compressed in Redis, and told of or refused beyond a limit. Redis is asked what it holds. */
class LargeAttributesIT {

    /** The instant of the write, and the first byte of the envelope. */
    private static final int FLAGS_AT = 7;

    private static final Application APPLICATION = new Application()
            .on("/articles", (request, response) -> {
                List<String> articles = new ArrayList<>();
                for (int i = 0; i < Integer.parseInt(request.getParameter("n")); i++) {
                    articles.add("article number " + i);
                }
                request.getSession().setAttribute("articles", articles);
            })
            .on("/noise", (request, response) -> {
                byte[] noise = new byte[Integer.parseInt(request.getParameter("n"))];
                new Random(noise.length).nextBytes(noise);
                HttpSession session = request.getSession();
                session.setAttribute(request.getParameter("name"), noise);
                session.setAttribute("sibling", "of " + noise.length);
                response.getWriter().print("done");
            })
            .on("/add", (request, response) -> {
                @SuppressWarnings("unchecked")
                List<String> articles = (List<String>) request.getSession().getAttribute("articles");
                articles.add("one more");
            })
            .on("/size", (request, response) -> {
                HttpSession session = request.getSession();
                List<?> articles = (List<?>) session.getAttribute("articles");
                response.getWriter().print(articles == null ? "none" : articles.size());
            })
            .on("/lengths", (request, response) -> {
                HttpSession session = request.getSession();
                byte[] noise = (byte[]) session.getAttribute(request.getParameter("name"));
                response.getWriter()
                        .print((noise == null ? "none" : noise.length) + ", sibling "
                                + session.getAttribute("sibling"));
            });

    private static TwoNodes nodes(String... settings) {
        return TwoNodes.with(node -> {
            node.application("", APPLICATION);
            for (int i = 0; i < settings.length; i += 2) {
                node.setting(settings[i], settings[i + 1]);
            }
            return node;
        });
    }

    private static byte[] stored(TwoNodes nodes, Browser browser, String name) {
        String key = nodes.redis.keys("*:s:" + browser.sessionId()).first();
        byte[] value = (byte[]) nodes.redis.command(bytes("HGET"), bytes(key), bytes("a" + name));
        return value == null ? new byte[0] : value;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String errors(TomcatNode node) {
        try {
            return (String) ManagementFactory.getPlatformMBeanServer()
                    .getAttribute(node.manager().getObjectName(), "storeErrors");
        } catch (JMException failure) {
            throw new AssertionError(failure);
        }
    }

    // ---- compression ---------------------------------------------------------------------------------------------

    @Test
    void a_large_attribute_is_compressed_in_redis_and_read_on_the_other_node() {
        try (TwoNodes nodes = nodes()) {
            Browser browser = new Browser();
            browser.get(nodes.a, "/articles?n=2000");

            byte[] value = stored(nodes, browser, "articles");
            assertThat(value.length).isBetween(1000, 16_000);
            assertThat(value[FLAGS_AT]).isEqualTo((byte) 1);
            assertThat(browser.get(nodes.b, "/size")).isEqualTo("2000");
            browser.get(nodes.b, "/add");
            assertThat(browser.get(nodes.a, "/size")).isEqualTo("2001");
            assertThat(stored(nodes, browser, "articles")[FLAGS_AT]).isEqualTo((byte) 1);

            browser.get(nodes.a, "/articles?n=3");
            assertThat(stored(nodes, browser, "articles")[FLAGS_AT]).isEqualTo((byte) 0);
            assertThat(browser.get(nodes.b, "/size")).isEqualTo("3");
        }
    }

    @Test
    void nodes_with_other_thresholds_read_and_change_what_the_others_wrote_and_who_only_reads_writes_nothing() {
        try (TwoNodes nodes = TwoNodes.with(
                node -> node.application("", APPLICATION).setting("compressionThreshold", "1KiB"),
                node -> node.application("", APPLICATION).setting("compressionThreshold", "off"))) {
            Browser browser = new Browser();
            browser.get(nodes.a, "/articles?n=1000");
            for (int round = 0; round < 4; round++) {
                TomcatNode writer = round % 2 == 0 ? nodes.b : nodes.a;
                browser.get(writer, "/add");
                byte[] written = stored(nodes, browser, "articles");
                assertThat(written[FLAGS_AT]).isEqualTo((byte) (round % 2));
                for (TomcatNode reader : List.of(nodes.a, nodes.b)) {
                    assertThat(browser.get(reader, "/size")).isEqualTo(Integer.toString(1001 + round));
                }
                assertThat(stored(nodes, browser, "articles")).isEqualTo(written);
            }
        }
    }

    @Test
    void compressed_bytes_that_were_tampered_with_give_no_attribute_and_no_500_and_stay_in_redis() {
        try (TwoNodes nodes = nodes();
                LogRecords log = new LogRecords()) {
            Browser browser = new Browser();
            browser.get(nodes.a, "/articles?n=2000");
            browser.get(nodes.a, "/noise?name=other&n=10");
            byte[] bomb = stored(nodes, browser, "articles");
            // The length, four bytes after the flags: two billion.
            bomb[FLAGS_AT + 1] = 0x77;
            String key = nodes.redis.keys("*:s:" + browser.sessionId()).first();
            nodes.redis.command(bytes("HSET"), bytes(key), bytes("aarticles"), bomb);

            HttpResponse<String> response = browser.response(nodes.b, "/size");

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("none");
            assertThat(browser.get(nodes.b, "/lengths?name=other")).isEqualTo("10, sibling of 10");
            assertThat(stored(nodes, browser, "articles")).isEqualTo(bomb);
            assertThat(log.with("HF-301"))
                    .singleElement()
                    .satisfies(line ->
                            assertThat(line.text()).contains("\"articles\"", "compressed bytes", "cannot stand for"));
        }
    }

    // ---- limits --------------------------------------------------------------------------------------------------

    @Test
    void what_is_too_large_is_stored_and_told_of_once_and_counted() {
        try (TwoNodes nodes = nodes("maxAttributeBytes", "16KiB", "maxSessionBytes", "64KiB");
                LogRecords log = new LogRecords()) {
            Browser browser = new Browser();
            for (int round = 0; round < 3; round++) {
                browser.get(nodes.a, "/noise?name=large&n=" + (20_000 + round));
                assertThat(browser.get(nodes.b, "/lengths?name=large"))
                        .isEqualTo(20_000 + round + ", sibling of " + (20_000 + round));
            }
            assertThat(log.with("HF-240")).singleElement().satisfies(line -> {
                assertThat(line.level()).isEqualTo(Level.WARNING);
                assertThat(line.text())
                        .contains("\"large\"", "byte[]", "maxAttributeBytes, 16384")
                        .doesNotContain(browser.sessionId());
            });
            assertThat(errors(nodes.a)).isEqualTo("encode/oversize=3");
            assertThat(errors(nodes.b)).isEmpty();

            browser.get(nodes.b, "/noise?name=larger&n=50000");
            assertThat(log.with("HF-242"))
                    .singleElement()
                    .satisfies(
                            line -> assertThat(line.text()).contains("\"larger\"", "byte[]", "maxSessionBytes, 65536"));
            assertThat(errors(nodes.b)).contains("commit/oversize=1", "encode/oversize=1");
            assertThat(browser.get(nodes.a, "/lengths?name=larger")).startsWith("50000");
        }
    }

    @Test
    void what_is_rejected_stays_on_its_node_with_an_error_and_a_response_as_ever() {
        try (TwoNodes nodes = nodes("maxAttributeBytes", "16KiB", "onOversize", "reject");
                LogRecords log = new LogRecords()) {
            Browser browser = new Browser();
            browser.get(nodes.a, "/noise?name=data&n=100");
            assertThat(browser.get(nodes.b, "/lengths?name=data")).startsWith("100");

            HttpResponse<String> response = browser.response(nodes.a, "/noise?name=data&n=20000");

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("done");
            // Rather none than the one from before.
            assertThat(browser.get(nodes.b, "/lengths?name=data")).isEqualTo("none, sibling of 20000");
            assertThat(browser.get(nodes.a, "/lengths?name=data")).isEqualTo("20000, sibling of 20000");
            assertThat(stored(nodes, browser, "data")).isEmpty();
            assertThat(log.with("HF-241")).singleElement().satisfies(line -> {
                assertThat(line.level()).isEqualTo(Level.SEVERE);
                assertThat(line.text())
                        .contains("\"data\"", "byte[]", "2000", "maxAttributeBytes, 16384", "is not stored")
                        .doesNotContain(browser.sessionId());
            });
            assertThat(errors(nodes.a)).isEqualTo("encode/oversize=1");

            browser.get(nodes.a, "/noise?name=data&n=200");
            assertThat(browser.get(nodes.b, "/lengths?name=data")).startsWith("200");
        }
    }

    @Test
    void what_makes_a_session_too_large_stays_on_its_node() {
        try (TwoNodes nodes = nodes("maxSessionBytes", "64KiB", "onOversize", "reject");
                LogRecords log = new LogRecords()) {
            Browser browser = new Browser();
            browser.get(nodes.a, "/noise?name=first&n=40000");
            browser.get(nodes.b, "/noise?name=second&n=40000");

            assertThat(browser.get(nodes.a, "/lengths?name=second")).isEqualTo("none, sibling of 40000");
            assertThat(browser.get(nodes.b, "/lengths?name=second")).startsWith("40000");
            assertThat(browser.get(nodes.b, "/lengths?name=first")).startsWith("40000");
            assertThat(log.with("HF-243"))
                    .singleElement()
                    .satisfies(line -> assertThat(line.text())
                            .contains("\"second\"", "byte[]", "maxSessionBytes, 65536", "is not stored"));
            assertThat(errors(nodes.b)).isEqualTo("commit/oversize=1");

            browser.get(nodes.b, "/noise?name=first&n=10000");
            browser.get(nodes.b, "/noise?name=second&n=40000");
            assertThat(browser.get(nodes.a, "/lengths?name=second")).startsWith("40000");
        }
    }
}
