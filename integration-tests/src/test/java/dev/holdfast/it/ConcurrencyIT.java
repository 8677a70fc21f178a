package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** P2: requests of one user at the same time, on two nodes and on one. Servlet 6.0, 7.7.1. */
class ConcurrencyIT {

    private static final int ROUNDS = 500;

    private static final Map<String, CountDownLatch> ENTERED = new ConcurrentHashMap<>();
    private static final Map<String, CountDownLatch> RELEASED = new ConcurrentHashMap<>();

    private static TwoNodes nodes;

    @BeforeAll
    static void start() {
        Application application = new Application()
                .on("/set", (request, response) -> {
                    request.getSession().setAttribute(request.getParameter("name"), request.getParameter("v"));
                })
                .on("/set-two", (request, response) -> {
                    request.getSession().setAttribute("one", request.getParameter("v"));
                    request.getSession().setAttribute("two", request.getParameter("v"));
                })
                .on("/get-two", (request, response) -> {
                    HttpSession session = request.getSession();
                    response.getWriter().print(session.getAttribute("one") + " " + session.getAttribute("two"));
                })
                .on("/all", (request, response) -> {
                    HttpSession session = request.getSession();
                    Map<String, Object> all = new TreeMap<>();
                    session.getAttributeNames()
                            .asIterator()
                            .forEachRemaining(name -> all.put(name, session.getAttribute(name)));
                    response.getWriter().print(all);
                })
                .on("/count", (request, response) -> {
                    HttpSession session = request.getSession();
                    synchronized (session) {
                        Integer count = (Integer) session.getAttribute("count");
                        session.setAttribute("count", count == null ? 1 : count + 1);
                    }
                })
                .on("/list", (request, response) -> request.getSession().setAttribute("list", new ArrayList<String>()))
                .on("/slow-read", (request, response) -> {
                    HttpSession session = request.getSession();
                    Object list = session.getAttribute("list");
                    Object one = session.getAttribute("one");
                    pause(request.getParameter("latch"));
                    response.getWriter().print(one + " " + session.getAttribute("two") + " " + list);
                })
                .on("/slow-write", (request, response) -> {
                    HttpSession session = request.getSession();
                    session.getAttribute("list");
                    session.setAttribute("slow", request.getParameter("v"));
                    pause(request.getParameter("latch"));
                })
                .on("/add", (request, response) -> {
                    list(request.getSession()).add(request.getParameter("v"));
                });
        nodes = TwoNodes.running(application);
    }

    @AfterAll
    static void stop() {
        nodes.close();
    }

    @SuppressWarnings("unchecked")
    private static List<String> list(HttpSession session) {
        return (List<String>) session.getAttribute("list");
    }

    private static void pause(String latch) throws InterruptedException {
        ENTERED.get(latch).countDown();
        assertThat(RELEASED.get(latch).await(20, TimeUnit.SECONDS)).isTrue();
    }

    private static void latch(String name) {
        ENTERED.put(name, new CountDownLatch(1));
        RELEASED.put(name, new CountDownLatch(1));
    }

    private static void awaitEntered(String latch) throws InterruptedException {
        assertThat(ENTERED.get(latch).await(20, TimeUnit.SECONDS)).isTrue();
    }

    private static void release(String latch) {
        RELEASED.get(latch).countDown();
    }

    @Test
    void two_nodes_that_write_different_attributes_at_the_same_moment_lose_nothing() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/set?name=a&v=start");
        for (int round = 0; round < ROUNDS; round++) {
            CompletableFuture<?> one = browser.async(nodes.a, "/set?name=a&v=" + round);
            CompletableFuture<?> other = browser.async(nodes.b, "/set?name=b&v=" + round);
            CompletableFuture.allOf(one, other).join();
            String expected = "{a=" + round + ", b=" + round + "}";
            assertThat(browser.get(nodes.a, "/all")).isEqualTo(expected);
            assertThat(browser.get(nodes.b, "/all")).isEqualTo(expected);
        }
    }

    @Test
    void eight_threads_on_one_node_lose_nothing() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/set?name=start&v=0");
        for (int round = 0; round < 40; round++) {
            List<CompletableFuture<?>> requests = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                requests.add(browser.async(nodes.a, "/set?name=t" + thread + "&v=" + round));
            }
            CompletableFuture.allOf(requests.toArray(CompletableFuture[]::new)).join();
            StringBuilder expected = new StringBuilder("{start=0");
            for (int thread = 0; thread < 8; thread++) {
                expected.append(", t").append(thread).append('=').append(round);
            }
            assertThat(browser.get(nodes.a, "/all")).isEqualTo(expected + "}");
            assertThat(browser.get(nodes.b, "/all")).isEqualTo(expected + "}");
        }
    }

    /** As in one JVM: the monitor is free before the commit, and the commits may come in another order. */
    @Test
    void a_counter_that_the_application_guards_by_the_monitor_of_the_session_counts_all_requests_of_a_node() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/count");
        for (int round = 0; round < ROUNDS / 8; round++) {
            List<CompletableFuture<?>> requests = new ArrayList<>();
            for (int number = 0; number < 8; number++) {
                requests.add(browser.async(nodes.a, "/count"));
            }
            CompletableFuture.allOf(requests.toArray(CompletableFuture[]::new)).join();
            String expected = "{count=" + (1 + (round + 1) * 8) + "}";
            assertThat(browser.get(nodes.b, "/all")).isEqualTo(expected);
            assertThat(browser.get(nodes.a, "/all")).isEqualTo(expected);
        }
    }

    @Test
    void two_attributes_set_in_one_request_are_seen_together() {
        Browser browser = new Browser();
        browser.get(nodes.a, "/set-two?v=0");
        for (int round = 1; round <= ROUNDS; round++) {
            CompletableFuture<?> writer = browser.async(nodes.a, "/set-two?v=" + round);
            for (TomcatNode node : List.of(nodes.b, nodes.b)) {
                String[] seen = browser.get(node, "/get-two").split(" ");
                assertThat(seen[0]).isEqualTo(seen[1]);
            }
            writer.join();
        }
    }

    @Test
    void a_running_request_does_not_see_half_of_what_another_request_of_its_node_has_loaded() throws Exception {
        Browser browser = new Browser();
        browser.get(nodes.a, "/set-two?v=old");
        latch("half");
        CompletableFuture<String> slow =
                browser.async(nodes.b, "/slow-read?latch=half").thenApply(r -> r.body());
        awaitEntered("half");
        browser.get(nodes.a, "/set-two?v=new");
        assertThat(browser.get(nodes.b, "/get-two")).isEqualTo("new new");
        release("half");
        assertThat(slow.join()).isEqualTo("old old null");
        assertThat(browser.get(nodes.b, "/get-two")).isEqualTo("new new");
    }

    @Test
    void a_slow_request_that_changed_nothing_undoes_nothing() throws Exception {
        Browser browser = new Browser();
        browser.get(nodes.a, "/list");
        browser.get(nodes.b, "/add?v=x");
        latch("slow");
        CompletableFuture<?> slow = browser.async(nodes.a, "/slow-read?latch=slow");
        awaitEntered("slow");
        browser.get(nodes.b, "/add?v=y");
        browser.get(nodes.b, "/set?name=one&v=1");
        assertThat(browser.get(nodes.a, "/all")).isEqualTo("{list=[x, y], one=1}");
        long writes = nodes.redis.calls("hset");
        release("slow");
        slow.join();
        assertThat(browser.get(nodes.b, "/all")).isEqualTo("{list=[x, y], one=1}");
        assertThat(browser.get(nodes.a, "/all")).isEqualTo("{list=[x, y], one=1}");
        // Loads write the time of last access with the same command, once each: two have run since the count.
        assertThat(nodes.redis.calls("hset") - writes).isEqualTo(2);
    }

    @Test
    void a_long_request_neither_hides_nor_undoes_what_the_other_node_writes() throws Exception {
        Browser browser = new Browser();
        browser.get(nodes.a, "/list");
        latch("long");
        CompletableFuture<?> slow = browser.async(nodes.a, "/slow-write?latch=long&v=held");
        awaitEntered("long");
        for (int round = 0; round < 10; round++) {
            browser.get(nodes.b, "/add?v=" + round);
            browser.get(nodes.b, "/set?name=one&v=" + round);
            assertThat(browser.get(nodes.a, "/get-two")).isEqualTo(round + " null");
        }
        release("long");
        slow.join();
        String expected = "{list=[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], one=9, slow=held}";
        assertThat(browser.get(nodes.a, "/all")).isEqualTo(expected);
        assertThat(browser.get(nodes.b, "/all")).isEqualTo(expected);
    }

    @Test
    void a_half_done_request_is_not_published_by_another_one_of_its_node() throws Exception {
        Browser browser = new Browser();
        browser.get(nodes.a, "/list");
        latch("publish");
        CompletableFuture<?> slow = browser.async(nodes.a, "/slow-write?latch=publish&v=half");
        awaitEntered("publish");
        browser.get(nodes.a, "/set?name=one&v=1");
        assertThat(browser.get(nodes.b, "/all")).isEqualTo("{list=[], one=1}");
        release("publish");
        slow.join();
        assertThat(browser.get(nodes.b, "/all")).isEqualTo("{list=[], one=1, slow=half}");
    }
}
