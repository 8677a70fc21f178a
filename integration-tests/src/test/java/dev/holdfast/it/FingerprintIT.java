package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.RedisServer;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.Session;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.catalina.Context;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.realm.GenericPrincipal;
import org.apache.catalina.realm.RealmBase;
import org.apache.catalina.valves.RemoteIpValve;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.apache.tomcat.websocket.server.WsSci;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * With {@code fingerprint}, a session belongs to the client that made it: somebody else who has its cookie does not get it.
 * The specification leaves this to containers; what a request without a session gets is that of Servlet 6.0, chapter 7.
 */
class FingerprintIT {

    private static final String FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
    private static final String UPDATED = "Mozilla/5.0 (X11; Linux x86_64; rv:129.0) Gecko/20100101 Firefox/129.0";
    private static final String CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120.0.0.0 Safari/537.36";
    private static final String HOME = "203.0.113.7";
    private static final String ELSEWHERE = "198.51.100.9";

    /** What a proxy tells of a client. */
    private record Sender(String address, String userAgent) {

        static final Sender OWNER = new Sender(HOME, FIREFOX);
        static final Sender STRANGER = new Sender(ELSEWHERE, FIREFOX);

        HttpResponse<String> response(Browser browser, TomcatNode node, String path) {
            return browser.responseTo(node, path, "X-Forwarded-For", address, "User-Agent", userAgent);
        }

        String get(Browser browser, TomcatNode node, String path) {
            HttpResponse<String> response = response(browser, node, path);
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return response.body();
        }
    }

    private static String found(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        return (session == null ? "no session" : String.valueOf(session.getAttribute("value")))
                + (request.isRequestedSessionIdValid() ? ", valid" : ", not valid");
    }

    private static Application application() {
        return new Application()
                .on("/nothing", (request, response) -> response.getWriter().print("nothing"))
                .on("/set", (request, response) -> {
                    request.getSession().setAttribute("value", request.getParameter("v"));
                    response.getWriter().print("set");
                })
                .on("/get", (request, response) -> response.getWriter().print(found(request)))
                .on("/rename", (request, response) -> response.getWriter().print(request.changeSessionId()))
                .on("/end", (request, response) -> request.getSession(false).invalidate())
                .on("/fail", (request, response) -> response.sendError(404))
                .on("/error-page", (request, response) -> response.getWriter().print("error page, " + found(request)))
                .on(
                        "/forward",
                        (request, response) ->
                                request.getRequestDispatcher("/get").forward(request, response))
                .on(
                        "/include",
                        (request, response) ->
                                request.getRequestDispatcher("/get").include(request, response))
                .on(
                        "/cross",
                        (request, response) -> request.getServletContext()
                                .getContext("/other")
                                .getRequestDispatcher("/get")
                                .forward(request, response))
                .on("/dispatch", (request, response) -> request.startAsync().dispatch("/get"))
                .on("/thread", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    async.start(() -> {
                        try {
                            async.getResponse().getWriter().print(found((HttpServletRequest) async.getRequest()));
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        } finally {
                            async.complete();
                        }
                    });
                })
                .on("/listener", (request, response) -> response.getWriter().print(request.getAttribute("found")))
                .on("/login", (request, response) -> {
                    request.getSession();
                    request.login("alice", "secret");
                    response.getWriter().print(request.getRemoteUser());
                })
                .on("/who", (request, response) -> response.getWriter().print(request.getRemoteUser()));
    }

    /** Looks for the session before any valve of the application, and after all of them. */
    public static final class EarlyListener implements ServletRequestListener {
        @Override
        public void requestInitialized(ServletRequestEvent event) {
            HttpServletRequest request = (HttpServletRequest) event.getServletRequest();
            if (request.getRequestURI().endsWith("/listener")) {
                request.setAttribute("found", found(request));
            }
        }
    }

    private static final class OneUser extends RealmBase {
        @Override
        protected String getPassword(String username) {
            return "secret";
        }

        @Override
        protected GenericPrincipal getPrincipal(String username) {
            return new GenericPrincipal(username, List.of());
        }
    }

    private static TomcatNode.Builder behindProxy(TomcatNode.Builder node) {
        return node.onTomcat(tomcat -> {
                    tomcat.getEngine().setRealm(new OneUser());
                    tomcat.getHost().getPipeline().addValve(new RemoteIpValve());
                })
                .onContext(context -> {
                    context.addApplicationListener(EarlyListener.class.getName());
                    context.setCrossContext(true);
                    ErrorPage page = new ErrorPage();
                    page.setErrorCode(404);
                    page.setLocation("/error-page");
                    context.addErrorPage(page);
                });
    }

    private static TwoNodes nodes(String fingerprint) {
        return nodes(fingerprint, node -> node);
    }

    private static TwoNodes nodes(String fingerprint, UnaryOperator<TomcatNode.Builder> more) {
        return TwoNodes.with(node -> more.apply(behindProxy(node)
                .setting("fingerprint", fingerprint)
                .application("", application())
                .application("/other", application())));
    }

    private static Browser userWithSession(TomcatNode node) {
        Browser user = new Browser();
        Sender.OWNER.get(user, node, "/set?v=mine");
        return user;
    }

    private static String recordOf(TwoNodes nodes, Browser user) {
        return nodes.redis.keys("*:s:" + user.sessionId()).first();
    }

    @Test
    void the_client_that_made_a_session_gets_it_on_every_node_also_from_a_neighbouring_address_and_after_an_update() {
        try (TwoNodes nodes = nodes("enforce")) {
            Browser user = userWithSession(nodes.a);
            for (TomcatNode node : List.of(nodes.a, nodes.b)) {
                assertThat(Sender.OWNER.get(user, node, "/get")).isEqualTo("mine, valid");
                assertThat(new Sender("203.0.113.250", UPDATED).get(user, node, "/get"))
                        .isEqualTo("mine, valid");
            }
            assertThat(nodes.a.manager().getFingerprintMismatches()).isZero();
            assertThat(nodes.b.manager().getFingerprintMismatches()).isZero();
        }
    }

    /** What a node knows of a session before it asks Redis is enough to tell a stranger, and must be used for nothing else. */
    @ParameterizedTest
    @ValueSource(strings = {"log", "enforce"})
    void each_node_shows_what_the_other_one_has_just_written(String mode) {
        try (TwoNodes nodes = nodes(mode)) {
            Browser user = userWithSession(nodes.a);
            for (int round = 0; round < 5; round++) {
                assertThat(Sender.OWNER.get(user, nodes.a, "/set?v=a" + round)).isEqualTo("set");
                assertThat(Sender.OWNER.get(user, nodes.b, "/get")).isEqualTo("a" + round + ", valid");
                assertThat(Sender.OWNER.get(user, nodes.b, "/set?v=b" + round)).isEqualTo("set");
                assertThat(Sender.OWNER.get(user, nodes.a, "/get")).isEqualTo("b" + round + ", valid");
            }
        }
    }

    @Test
    void a_stranger_with_the_cookie_does_not_get_the_session_and_its_owner_keeps_it() throws JMException {
        try (TwoNodes nodes = nodes("enforce");
                LogRecords log = new LogRecords()) {
            Browser user = userWithSession(nodes.a);
            for (TomcatNode node : List.of(nodes.a, nodes.b)) {
                for (Sender stranger : List.of(Sender.STRANGER, new Sender(HOME, CHROME), new Sender(HOME, "-"))) {
                    HttpResponse<String> response = stranger.response(user.twin(), node, "/get");
                    assertThat(response.body()).isEqualTo("no session, not valid");
                    assertThat(Browser.sessionCookieOf(response)).isEmpty();
                }
                assertThat(Sender.OWNER.get(user, node, "/get")).isEqualTo("mine, valid");
                assertThat(node.manager().getFingerprintMismatches()).isEqualTo(3);
                assertThat(attribute(node, "fingerprintMismatches")).isEqualTo(3L);
            }
            assertThat(log.with("HF-251 Session " + user.sessionId().substring(0, 4) + "…, request from " + ELSEWHERE
                            + ": the address of the client is not what the session is bound to (1 requests since the"
                            + " start). It did not get the session"))
                    .hasSize(2);
            assertThat(log.with("HF-251")).as("once a minute").hasSize(2);
            // Below that are commands that Redisson writes down, if somebody asks it to.
            assertThat(log.with(user.sessionId())).allMatch(line -> line.level().intValue() < Level.INFO.intValue());
        }
    }

    private static Object attribute(TomcatNode node, String name) throws JMException {
        return ManagementFactory.getPlatformMBeanServer()
                .getAttribute(node.manager().getObjectName(), name);
    }

    @Test
    void a_stranger_who_makes_a_session_gets_one_of_his_own() {
        try (TwoNodes nodes = nodes("enforce")) {
            Browser user = userWithSession(nodes.a);
            Browser stranger = user.twin();
            Sender.STRANGER.get(stranger, nodes.a, "/set?v=his");

            assertThat(stranger.sessionId()).isNotEqualTo(user.sessionId());
            assertThat(Sender.STRANGER.get(stranger, nodes.b, "/get")).isEqualTo("his, valid");
            assertThat(Sender.OWNER.get(user, nodes.b, "/get")).isEqualTo("mine, valid");
            assertThat(Sender.OWNER.get(stranger.twin(), nodes.b, "/get")).isEqualTo("no session, not valid");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/forward", "/include", "/cross", "/dispatch", "/thread", "/listener"})
    void a_stranger_gets_it_on_no_way_through_the_application(String path) {
        try (TwoNodes nodes = nodes("enforce")) {
            Browser user = userWithSession(nodes.a);
            for (TomcatNode node : List.of(nodes.b, nodes.a)) {
                assertThat(Sender.STRANGER.get(user.twin(), node, path)).contains("no session, not valid");
                assertThat(Sender.OWNER.get(user.twin(), node, path))
                        .isEqualTo(path.equals("/cross") ? "no session, not valid" : "mine, valid");
                assertThat(Sender.STRANGER.get(user.twin(), node, path)).contains("no session, not valid");
            }
        }
    }

    @Test
    void nor_on_an_error_page() {
        try (TwoNodes nodes = nodes("enforce")) {
            Browser user = userWithSession(nodes.a);
            for (TomcatNode node : List.of(nodes.b, nodes.a)) {
                HttpResponse<String> ofStranger = Sender.STRANGER.response(user.twin(), node, "/fail");
                assertThat(ofStranger.statusCode()).isEqualTo(404);
                assertThat(ofStranger.body()).isEqualTo("error page, no session, not valid");
                assertThat(Sender.OWNER.response(user, node, "/fail").body()).isEqualTo("error page, mine, valid");
            }
        }
    }

    @Test
    void a_session_of_another_application_with_the_same_cookie_is_not_given_by_a_dispatch_either() {
        try (TwoNodes nodes = nodes("enforce", node -> node.onContext(context -> context.setSessionCookiePath("/")))) {
            Browser user = new Browser();
            Sender.OWNER.get(user, nodes.a, "/other/set?v=there");
            String id = user.sessionId();
            Sender.OWNER.get(user, nodes.a, "/set?v=here");
            assertThat(user.sessionId()).as("one id for both").isEqualTo(id);

            assertThat(Sender.OWNER.get(user, nodes.b, "/cross")).startsWith("there");
            assertThat(Sender.STRANGER.get(user.twin(), nodes.b, "/cross")).startsWith("no session");
        }
    }

    @Test
    void a_stranger_cannot_take_the_id_of_a_session_into_another_application() {
        try (TwoNodes nodes = nodes("enforce", node -> node.onContext(context -> context.setSessionCookiePath("/")))) {
            Browser user = userWithSession(nodes.a);
            Browser stranger = user.twin();
            Sender.STRANGER.get(stranger, nodes.a, "/other/set?v=his");
            assertThat(stranger.sessionId()).isNotEqualTo(user.sessionId());
            Sender.STRANGER.get(stranger.cookie(user.cookie()), nodes.b, "/set?v=his");
            assertThat(stranger.sessionId()).isNotEqualTo(user.sessionId());
            assertThat(Sender.OWNER.get(user, nodes.b, "/get")).isEqualTo("mine, valid");
            assertThat(Sender.OWNER.get(user, nodes.a, "/get")).isEqualTo("mine, valid");
        }
    }

    @Test
    void a_change_of_the_id_changes_nothing_of_it() {
        try (TwoNodes nodes = nodes("enforce")) {
            Browser user = userWithSession(nodes.a);
            String before = user.sessionId();
            Sender.OWNER.get(user, nodes.b, "/rename");
            assertThat(user.sessionId()).isNotEqualTo(before);
            for (TomcatNode node : List.of(nodes.a, nodes.b)) {
                assertThat(Sender.OWNER.get(user, node, "/get")).isEqualTo("mine, valid");
                assertThat(Sender.STRANGER.get(user.twin(), node, "/get")).isEqualTo("no session, not valid");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_stranger_is_not_logged_in(boolean shared) {
        try (TwoNodes nodes =
                nodes("enforce", node -> node.onManager(manager -> manager.setPersistAuthentication(shared)))) {
            Browser user = new Browser();
            assertThat(Sender.OWNER.get(user, nodes.a, "/login")).isEqualTo("alice");
            assertThat(Sender.STRANGER.get(user.twin(), nodes.a, "/who")).isEqualTo("null");
            assertThat(Sender.STRANGER.get(user.twin(), nodes.b, "/who")).isEqualTo("null");
            assertThat(Sender.OWNER.get(user, nodes.a, "/who")).isEqualTo("alice");
            assertThat(Sender.OWNER.get(user, nodes.b, "/who")).isEqualTo(shared ? "alice" : "null");
        }
    }

    @Test
    void with_log_everybody_gets_the_session_and_each_such_request_is_counted() {
        try (TwoNodes nodes = nodes("log");
                LogRecords log = new LogRecords()) {
            Browser user = userWithSession(nodes.a);
            assertThat(Sender.STRANGER.get(user, nodes.b, "/get")).isEqualTo("mine, valid");
            assertThat(Sender.STRANGER.get(user, nodes.b, "/get")).isEqualTo("mine, valid");
            assertThat(Sender.OWNER.get(user, nodes.b, "/get")).isEqualTo("mine, valid");

            assertThat(nodes.b.manager().getFingerprintMismatches()).isEqualTo(2);
            assertThat(log.with("HF-250"))
                    .singleElement()
                    .satisfies(line -> assertThat(line.text()).contains("It got the session"));
        }
    }

    @Test
    void off_binds_nothing_and_puts_no_valve_into_the_host() {
        try (TwoNodes nodes = nodes("off")) {
            Browser user = userWithSession(nodes.a);
            assertThat(Sender.STRANGER.get(user, nodes.b, "/get")).isEqualTo("mine, valid");
            assertThat(nodes.redis.texts("HKEYS", recordOf(nodes, user))).noneMatch(field -> field.contains("client"));
            assertThat(clientValves(nodes.a)).isZero();
            assertThat(nodes.a.manager().getFingerprintMismatches()).isZero();
        }
    }

    private static long clientValves(TomcatNode node) {
        return Stream.of(node.host().getPipeline().getValves())
                .filter(valve -> valve.getClass().getSimpleName().equals("ClientValve"))
                .count();
    }

    @Test
    void the_valve_of_the_host_is_one_for_all_applications_and_goes_with_the_last() {
        try (TwoNodes nodes = nodes("enforce")) {
            assertThat(clientValves(nodes.a)).isEqualTo(1);
            nodes.a.undeploy(nodes.a.context("/other"));
            assertThat(clientValves(nodes.a)).isEqualTo(1);
            nodes.a.undeploy(nodes.a.context(""));
            assertThat(clientValves(nodes.a)).isZero();
        }
    }

    @Test
    void a_session_from_before_is_bound_by_the_next_request() {
        try (RedisServer redis = RedisServer.start();
                TomcatNode before = builder(redis, "off").start();
                TomcatNode after = builder(redis, "enforce").start()) {
            Browser user = userWithSession(before);
            assertThat(Sender.OWNER.get(user, after, "/get")).isEqualTo("mine, valid");
            assertThat(Sender.STRANGER.get(user.twin(), after, "/get")).isEqualTo("no session, not valid");
            assertThat(Sender.STRANGER.get(user.twin(), before, "/get")).isEqualTo("mine, valid");
        }
    }

    private static TomcatNode.Builder builder(RedisServer redis, String fingerprint) {
        return behindProxy(TomcatNode.builder().redis(redis.uri()).setting("sweepInterval", "10m"))
                .setting("fingerprint", fingerprint)
                .application("", application());
    }

    @Test
    void a_session_keeps_the_prefix_lengths_it_was_bound_with() {
        try (RedisServer redis = RedisServer.start();
                TomcatNode wide = builder(redis, "enforce")
                        .setting("fingerprintPrefix", "16/32")
                        .start();
                TomcatNode narrow = builder(redis, "enforce")
                        .setting("fingerprintPrefix", "32/128")
                        .start();
                TomcatNode none = builder(redis, "enforce")
                        .setting("fingerprintPrefix", "0/0")
                        .start()) {
            Sender neighbour = new Sender("203.0.200.1", FIREFOX);
            Browser user = userWithSession(wide);
            for (TomcatNode node : List.of(wide, narrow, none)) {
                assertThat(neighbour.get(user, node, "/get")).isEqualTo("mine, valid");
                assertThat(Sender.STRANGER.get(user, node, "/get")).isEqualTo("no session, not valid");
            }
            Browser ofNarrow = userWithSession(narrow);
            assertThat(new Sender("203.0.113.8", FIREFOX).get(ofNarrow, wide, "/get"))
                    .isEqualTo("no session, not valid");
            Browser ofNone = userWithSession(none);
            assertThat(new Sender("2001:db8::1", UPDATED).get(ofNone, narrow, "/get"))
                    .isEqualTo("mine, valid");
        }
    }

    @Test
    void it_costs_no_round_trip() {
        try (TwoNodes nodes = nodes("enforce")) {
            Browser user = userWithSession(nodes.a);
            // From here on, Redis knows all scripts.
            Sender.OWNER.get(user, nodes.b, "/set?v=1");
            assertThat(callsOf(nodes, () -> userWithSession(nodes.a))).isEqualTo(1);
            assertThat(callsOf(nodes, () -> Sender.OWNER.get(user, nodes.b, "/get")))
                    .isEqualTo(1);
            assertThat(callsOf(nodes, () -> Sender.OWNER.get(user, nodes.b, "/set?v=2")))
                    .isEqualTo(2);
            assertThat(callsOf(nodes, () -> Sender.OWNER.get(user, nodes.b, "/nothing")))
                    .isZero();
            assertThat(callsOf(nodes, () -> Sender.STRANGER.get(user, nodes.a, "/get")))
                    .isEqualTo(1);
            assertThat(callsOf(nodes, () -> Sender.STRANGER.get(user, nodes.b, "/get")))
                    .isEqualTo(1);
        }
    }

    private static long callsOf(TwoNodes nodes, Runnable request) {
        nodes.redis.resetStats();
        request.run();
        return nodes.redis.calls("evalsha") + nodes.redis.calls("eval");
    }

    @Test
    void the_second_request_of_a_stranger_does_not_keep_the_session_alive() {
        try (TwoNodes nodes = nodes("enforce")) {
            Browser user = userWithSession(nodes.a);
            Sender.STRANGER.get(user.twin(), nodes.b, "/get");
            Map<String, String> before = dueTimes(nodes);
            Sender.STRANGER.get(user.twin(), nodes.b, "/get");
            Sender.STRANGER.get(user.twin(), nodes.a, "/get");
            assertThat(dueTimes(nodes)).isEqualTo(before);
            Sender.OWNER.get(user, nodes.b, "/get");
            assertThat(dueTimes(nodes)).isNotEqualTo(before);
        }
    }

    private static Map<String, String> dueTimes(TwoNodes nodes) {
        Map<String, String> times = new TreeMap<>();
        for (String key : nodes.redis.keys("*:due")) {
            times.put(key, String.valueOf(nodes.redis.texts("ZRANGE", key, "0", "-1", "WITHSCORES")));
        }
        return times;
    }

    @Test
    void a_stranger_does_not_wait_for_the_lock_that_the_owner_holds() throws InterruptedException {
        Gate gate = new Gate();
        Application application = application().on("/work", (request, response) -> {
            request.getSession();
            gate.pass();
        });
        try (TwoNodes nodes = TwoNodes.with(node -> behindProxy(node)
                .setting("fingerprint", "enforce")
                .setting("lock", "request")
                .application("", application))) {
            Browser user = userWithSession(nodes.a);
            Thread owner = new Thread(() -> Sender.OWNER.get(user.twin(), nodes.a, "/work"));
            owner.start();
            gate.awaitArrival();
            assertThat(Sender.STRANGER.get(user.twin(), nodes.a, "/get")).isEqualTo("no session, not valid");
            gate.open();
            owner.join();
        }
    }

    @Test
    void the_owner_does_not_wait_for_a_stranger_who_had_to_look() throws InterruptedException {
        Gate gate = new Gate();
        Application application = application().on("/stay", (request, response) -> {
            response.getWriter().print(found(request));
            gate.pass();
        });
        try (TwoNodes nodes = TwoNodes.with(node -> behindProxy(node)
                .setting("fingerprint", "enforce")
                .setting("lock", "request")
                .application("", application))) {
            Browser user = userWithSession(nodes.a);
            CompletableFuture<String> stranger =
                    CompletableFuture.supplyAsync(() -> Sender.STRANGER.get(user.twin(), nodes.b, "/stay"));
            gate.awaitArrival();
            assertThat(Sender.OWNER.get(user, nodes.a, "/get")).isEqualTo("mine, valid");
            assertThat(nodes.redis.keys("*:lock:*")).isEmpty();
            assertThat(stranger).isNotDone();
            gate.open();
            assertThat(stranger.join()).isEqualTo("no session, not valid");
        }
    }

    /** Servlet 6.0, section 2.3.3.3: the threads of an asynchronous request work with its request object. */
    @Test
    void a_thread_of_the_owner_gets_the_session_and_one_of_a_stranger_does_not_while_both_are_under_way()
            throws Exception {
        Gate owners = new Gate();
        Gate strangers = new Gate();
        Application application = application()
                .on("/owner", (request, response) -> answerLater(request.startAsync(), owners))
                .on("/stranger", (request, response) -> answerLater(request.startAsync(), strangers));
        try (TwoNodes nodes = TwoNodes.with(
                node -> behindProxy(node).setting("fingerprint", "enforce").application("", application))) {
            Browser user = userWithSession(nodes.a);
            CompletableFuture<String> owner =
                    CompletableFuture.supplyAsync(() -> Sender.OWNER.get(user.twin(), nodes.b, "/owner"));
            CompletableFuture<String> stranger =
                    CompletableFuture.supplyAsync(() -> Sender.STRANGER.get(user.twin(), nodes.b, "/stranger"));
            owners.awaitArrival();
            strangers.awaitArrival();
            assertThat(Sender.STRANGER.get(user.twin(), nodes.b, "/get")).isEqualTo("no session, not valid");
            owners.open();
            assertThat(owner.join()).isEqualTo("mine, valid");
            strangers.open();
            assertThat(stranger.join()).isEqualTo("no session, not valid");
        }
    }

    /** By a thread of the application, which has looked for no session before. */
    private static void answerLater(AsyncContext async, Gate gate) {
        new Thread(() -> {
                    try {
                        gate.pass();
                        async.getResponse().getWriter().print(found((HttpServletRequest) async.getRequest()));
                    } catch (IOException | InterruptedException e) {
                        throw new AssertionError(e);
                    } finally {
                        async.complete();
                    }
                })
                .start();
    }

    @Test
    void redis_holds_neither_the_address_nor_the_user_agent_as_text() {
        try (TwoNodes nodes = nodes("enforce")) {
            Browser user = userWithSession(nodes.a);
            List<String> content = nodes.redis.texts("HGETALL", recordOf(nodes, user));
            assertThat(content).anyMatch(field -> field.contains("\u0001client"));
            assertThat(content).noneMatch(text -> text.contains("203.0") || text.contains("Mozilla"));
        }
    }

    private static final String KEY = "k1:5Qm0zZ7oH1kq3hZ8yq1x3N4l0o6mJp0aWm2rV9cT7uE=";
    private static final String UNKNOWN_KEY = "k2:1vYQ3m7s8pZb2kXo9hJ6tR4w5nE0uC1dLxGfAaSgB8M=";
    private static final String WRONG_KEY = "k1:zzYQ3m7s8pZb2kXo9hJ6tR4w5nE0uC1dLxGfAaSgB8M=";

    private static TomcatNode.Builder withKey(RedisServer redis, String key) {
        TomcatNode.Builder node = builder(redis, "enforce").application("/other", application());
        return key.isEmpty() ? node : node.setting("encryptionKeys", key);
    }

    /** The last one has what it cannot read from a node that does not encrypt. */
    @ParameterizedTest
    @CsvSource({KEY + "," + UNKNOWN_KEY, KEY + "," + WRONG_KEY, "''," + KEY})
    void a_node_that_cannot_read_the_binding_gives_no_session_and_takes_none_away(String theirs, String its)
            throws JMException {
        try (RedisServer redis = RedisServer.start();
                LogRecords log = new LogRecords();
                TomcatNode able = withKey(redis, theirs).start();
                TomcatNode unable = withKey(redis, its).start()) {
            Browser user = userWithSession(able);
            String cookie = user.cookie();
            for (Sender sender : List.of(Sender.OWNER, Sender.STRANGER)) {
                assertThat(sender.get(user, unable, "/get")).isEqualTo("no session, not valid");
                assertThat(sender.get(user, unable, "/thread")).isEqualTo("no session, not valid");
                HttpResponse<String> creating = sender.response(user, unable, "/set?v=lost");
                assertThat(creating.statusCode()).isEqualTo(503);
                assertThat(Browser.sessionCookieOf(creating)).isEmpty();
            }
            assertThat(user.cookie()).isEqualTo(cookie);
            assertThat(redis.keys("*:s:*")).as("no session of nobody").hasSize(1);
            assertThat(Sender.OWNER.get(user, able, "/get")).isEqualTo("mine, valid");
            assertThat(Sender.STRANGER.get(user.twin(), able, "/get")).isEqualTo("no session, not valid");

            assertThat(attribute(unable, "fingerprintUnreadable")).isEqualTo(6L);
            assertThat(unable.manager().getFingerprintMismatches()).isZero();
            assertThat(log.with("what the session is bound to cannot be read"))
                    .as("once a minute")
                    .singleElement()
                    .satisfies(line -> assertThat(line.text())
                            .contains("HF-251", "503", "give this node all keys", "end the session"));
        }
    }

    @Test
    void who_is_not_given_a_session_for_that_keeps_its_cookie_also_when_another_application_makes_one() {
        try (RedisServer redis = RedisServer.start();
                TomcatNode able = withKey(redis, KEY)
                        .onContext(context -> context.setSessionCookiePath("/"))
                        .start();
                TomcatNode unable = withKey(redis, UNKNOWN_KEY)
                        .onContext(context -> context.setSessionCookiePath("/"))
                        .start()) {
            Browser user = userWithSession(able);
            assertThat(Sender.OWNER.response(user, unable, "/other/set?v=1").statusCode())
                    .isEqualTo(503);
            assertThat(Sender.OWNER.get(user, able, "/get")).isEqualTo("mine, valid");
        }
    }

    @Test
    void a_damaged_binding_is_left_alone_and_the_session_ends_in_time_or_by_an_operator() {
        try (TwoNodes nodes = nodes("enforce")) {
            Browser user = userWithSession(nodes.a);
            nodes.redis.command("HSET", recordOf(nodes, user), "a\u0001client", "123456garbage");
            assertThat(Sender.OWNER.get(user, nodes.b, "/get")).isEqualTo("no session, not valid");
            Map<String, String> due = dueTimes(nodes);
            assertThat(Sender.OWNER.response(user, nodes.b, "/set?v=2").statusCode())
                    .isEqualTo(503);
            assertThat(Sender.OWNER.get(user, nodes.b, "/get")).isEqualTo("no session, not valid");
            assertThat(dueTimes(nodes)).as("no use of the session").isEqualTo(due);
            assertThat(nodes.redis.text("HGET", recordOf(nodes, user), "a\u0001client"))
                    .isEqualTo("123456garbage");

            assertThat(nodes.b.manager().endSession(user.sessionId())).isTrue();
            assertThat(Sender.OWNER.get(user, nodes.b, "/set?v=new")).isEqualTo("set");
            assertThat(Sender.OWNER.get(user, nodes.a, "/get")).isEqualTo("new, valid");
        }
    }

    @Test
    void with_log_a_session_whose_binding_cannot_be_read_is_given_and_counted() {
        try (TwoNodes nodes = nodes("log")) {
            Browser user = userWithSession(nodes.a);
            nodes.redis.command("HSET", recordOf(nodes, user), "a\u0001client", "123456garbage");
            assertThat(Sender.OWNER.get(user, nodes.b, "/get")).isEqualTo("mine, valid");
            assertThat(nodes.b.manager().getFingerprintUnreadable()).isEqualTo(1);
            assertThat(nodes.b.manager().getFingerprintMismatches()).isZero();
        }
    }

    @Test
    void an_operator_sees_and_ends_every_session() throws Exception {
        try (TwoNodes nodes = nodes("enforce")) {
            Browser user = userWithSession(nodes.a);
            ObjectName bean = nodes.b.manager().getObjectName();
            Object ended = ManagementFactory.getPlatformMBeanServer()
                    .invoke(bean, "endSession", new Object[] {user.sessionId()}, new String[] {String.class.getName()});
            assertThat(ended).isEqualTo(true);
            assertThat(Sender.OWNER.get(user, nodes.a, "/get")).isEqualTo("no session, not valid");
        }
    }

    @Test
    void the_owner_stays_with_the_version_that_has_his_session_and_a_stranger_gets_nothing_there() {
        try (TwoNodes nodes = nodes("enforce")) {
            Browser user = new Browser();
            StandardContext first = nodes.a.version("/shop", "1", versionCalled("1"));
            nodes.a.host().addChild(first);
            Sender.OWNER.get(user, nodes.a, "/shop/set?v=mine");
            nodes.a.host().addChild(nodes.a.version("/shop", "2", versionCalled("2")));

            assertThat(Sender.OWNER.get(user, nodes.a, "/shop/get")).isEqualTo("1 mine, valid");
            assertThat(Sender.STRANGER.get(user.twin(), nodes.a, "/shop/get")).isEqualTo("1 no session, not valid");
            assertThat(Sender.OWNER.get(user, nodes.a, "/shop/get")).isEqualTo("1 mine, valid");
            assertThat(Sender.OWNER.get(new Browser(), nodes.a, "/shop/get")).isEqualTo("2 no session, not valid");
        }
    }

    private static Application versionCalled(String name) {
        return new Application()
                .on("/set", (request, response) -> {
                    request.getSession().setAttribute("value", request.getParameter("v"));
                    response.getWriter().print(name);
                })
                .on("/get", (request, response) -> response.getWriter().print(name + " " + found(request)));
    }

    /** Says which session its handshake had. */
    public static final class HandshakeEndpoint extends Endpoint {
        @Override
        public void onOpen(Session socket, EndpointConfig config) {
            Object found = config.getUserProperties().get("found");
            socket.addMessageHandler(String.class, message -> {
                try {
                    socket.getBasicRemote().sendText(message + found);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    /** Keeps the session of the handshake for the endpoint, as applications do. */
    public static final class SessionOfHandshake extends ServerEndpointConfig.Configurator {
        @Override
        public void modifyHandshake(ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
            HttpSession session = (HttpSession) request.getHttpSession();
            config.getUserProperties().put("found", session == null ? "no session" : session.getAttribute("value"));
        }
    }

    private static void addEndpoint(Context context) {
        context.addServletContainerInitializer(new WsSci(), null);
        context.addServletContainerInitializer(
                (classes, application) -> {
                    ServerContainer container =
                            (ServerContainer) application.getAttribute("jakarta.websocket.server.ServerContainer");
                    try {
                        container.addEndpoint(ServerEndpointConfig.Builder.create(HandshakeEndpoint.class, "/talk")
                                .configurator(new SessionOfHandshake())
                                .build());
                    } catch (DeploymentException e) {
                        throw new IllegalStateException(e);
                    }
                },
                null);
    }

    @Test
    void the_handshake_of_a_websocket_is_a_request_like_others() {
        try (TwoNodes nodes = nodes("enforce", node -> node.onContext(FingerprintIT::addEndpoint))) {
            // The client of the WebSocket comes from here, with a User-Agent of its own.
            Browser here = new Browser();
            here.get(nodes.a, "/set?v=mine");
            Browser elsewhere = userWithSession(nodes.a);
            for (TomcatNode node : List.of(nodes.a, nodes.b)) {
                try (Socket own = Socket.open(node, "/talk", here);
                        Socket foreign = Socket.open(node, "/talk", elsewhere)) {
                    assertThat(own.ask("found ")).isEqualTo("found mine");
                    assertThat(foreign.ask("found ")).isEqualTo("found no session");
                }
            }
        }
    }

    @Test
    void a_header_of_a_proxy_that_is_not_trusted_changes_nothing() {
        try (RedisServer redis = RedisServer.start();
                TomcatNode node = TomcatNode.builder()
                        .redis(redis.uri())
                        .setting("fingerprint", "enforce")
                        .onTomcat(tomcat -> {
                            RemoteIpValve valve = new RemoteIpValve();
                            valve.setInternalProxies("10\\.0\\.0\\.1");
                            tomcat.getHost().getPipeline().addValve(valve);
                        })
                        .application("", application())
                        .start()) {
            Browser user = userWithSession(node);
            assertThat(Sender.STRANGER.get(user, node, "/get"))
                    .as("all come from the same address")
                    .isEqualTo("mine, valid");
        }
    }

    @Test
    void a_remote_ip_valve_that_comes_too_late_is_told_about() {
        try (RedisServer redis = RedisServer.start();
                LogRecords log = new LogRecords();
                TomcatNode node = TomcatNode.builder()
                        .redis(redis.uri())
                        .setting("fingerprint", "enforce")
                        .onContext(FingerprintIT::addRemoteIpValve)
                        .application("", application())
                        .start()) {
            assertThat(node.isRunning()).isTrue();
            assertThat(log.with("HF-252 The RemoteIpValve stands in a <Context>"))
                    .hasSize(1);
        }
    }

    private static void addRemoteIpValve(Context context) {
        context.getPipeline().addValve(new RemoteIpValve());
    }
}
