package dev.holdfast.it;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
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
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.tomcat.websocket.server.WsSci;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A session that a WebSocket holds is used by no request: it is read fresh, written soon, and ends where it ends. Jakarta
 * WebSocket 2.1, 7.2 (association of a WebSocket with an HTTP session), and Jakarta Servlet 6.1, {@code
 * HttpSession.Accessor}.
 */
class WebSocketIT {

    private static final int ROUNDS = 50;
    private static final String TOMCAT = System.getProperty("holdfast.test.tomcat.version");
    private static final Application APPLICATION = new Application();
    private static final Map<String, Message> MESSAGES = new ConcurrentHashMap<>();
    private static final Queue<String> ENDS = new ConcurrentLinkedQueue<>();

    private static TwoNodes nodes;

    private Browser user;

    /** What a message does with the session of its handshake. */
    @FunctionalInterface
    private interface Message {
        Object in(HttpSession session) throws Exception;
    }

    @BeforeAll
    static void start() {
        APPLICATION
                .on("/start", (request, response) -> {
                    request.getSession().setAttribute("list", new ArrayList<>());
                    for (int i = 0; i < 50; i++) {
                        request.getSession().setAttribute("attribute" + i, new ArrayList<>(List.of(i)));
                    }
                })
                .on(
                        "/set",
                        (request, response) ->
                                request.getSession(false).setAttribute("value", request.getParameter("v")))
                .on("/get", (request, response) -> response.getWriter().print(read(request, "value")))
                .on("/socket-set", (request, response) -> response.getWriter().print(read(request, "socket")))
                .on("/list", (request, response) -> response.getWriter().print(read(request, "list")))
                .on("/remove", (request, response) -> request.getSession(false).removeAttribute("value"))
                .on(
                        "/last-access",
                        (request, response) -> response.getWriter()
                                .print(request.getSession(false).getLastAccessedTime()))
                .on("/idle-1s", (request, response) -> request.getSession(false).setMaxInactiveInterval(1))
                .on("/rename", (request, response) -> request.changeSessionId())
                .on("/end", (request, response) -> request.getSession(false).invalidate());
        MESSAGES.put("get", session -> session.getAttribute("value"));
        MESSAGES.put("remove", session -> {
            session.removeAttribute("value");
            return "removed";
        });
        MESSAGES.put(
                "names",
                session -> Collections.list(session.getAttributeNames()).size());
        MESSAGES.put("list", session -> session.getAttribute("list"));
        MESSAGES.put("add", session -> {
            list(session).add("added");
            return "added";
        });
        MESSAGES.put("set-between", session -> {
            List<Object> list = list(session);
            session.setAttribute("socket", "between");
            list.add("added");
            return "added";
        });
        MESSAGES.put("last-access", HttpSession::getLastAccessedTime);
        MESSAGES.put("created", HttpSession::getCreationTime);
        MESSAGES.put("interval", session -> {
            session.setMaxInactiveInterval(1234);
            return session.getMaxInactiveInterval();
        });
        MESSAGES.put("end", session -> {
            session.invalidate();
            return "ended";
        });
        MESSAGES.put("read-all", session -> {
            for (int i = 0; i < 50; i++) {
                assertThat(session.getAttribute("attribute" + i)).isEqualTo(List.of(i));
            }
            return "read";
        });
        nodes = running(node -> node);
    }

    private static TwoNodes running(UnaryOperator<TomcatNode.Builder> more) {
        // A look for sessions whose time is over calls a script for each partition: it would be counted, too.
        return TwoNodes.with(node -> more.apply(node.application("", APPLICATION)
                .setting("sweepInterval", "10m")
                .onContext(WebSocketIT::addEndpoint)));
    }

    private static void addEndpoint(Context context) {
        context.addServletContainerInitializer(new WsSci(), null);
        context.addServletContainerInitializer(
                (classes, application) -> {
                    ServerContainer container =
                            (ServerContainer) application.getAttribute("jakarta.websocket.server.ServerContainer");
                    try {
                        container.addEndpoint(ServerEndpointConfig.Builder.create(TalkEndpoint.class, "/talk")
                                .configurator(new SessionOfHandshake())
                                .build());
                    } catch (DeploymentException e) {
                        throw new IllegalStateException(e);
                    }
                    application.addListener(new HttpSessionListener() {
                        @Override
                        public void sessionDestroyed(HttpSessionEvent event) {
                            ENDS.add("ended with " + event.getSession().getAttribute("value"));
                        }
                    });
                },
                null);
    }

    /** Keeps the session for the endpoint, as applications do. */
    public static final class SessionOfHandshake extends ServerEndpointConfig.Configurator {
        @Override
        public void modifyHandshake(ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
            config.getUserProperties().put("session", request.getHttpSession());
        }
    }

    /** Answers each message with what it did in the session. */
    public static final class TalkEndpoint extends Endpoint {
        @Override
        public void onOpen(Session socket, EndpointConfig config) {
            HttpSession session = (HttpSession) config.getUserProperties().get("session");
            socket.addMessageHandler(String.class, message -> answer(socket, session, message));
        }

        private static void answer(Session socket, HttpSession session, String message) {
            String answer;
            try {
                answer = message.startsWith("set ")
                        ? set(session, message.substring(4))
                        : String.valueOf(MESSAGES.get(message).in(session));
            } catch (Exception thrown) {
                answer = thrown.getClass().getSimpleName();
            }
            try {
                socket.getBasicRemote().sendText(answer);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static String set(HttpSession session, String value) {
            session.setAttribute("socket", value);
            return "set";
        }
    }

    private static Object read(HttpServletRequest request, String name) {
        HttpSession session = request.getSession(false);
        return session == null ? "no session" : session.getAttribute(name);
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(HttpSession session) {
        return (List<Object>) session.getAttribute("list");
    }

    @AfterAll
    static void stop() {
        nodes.close();
    }

    @AfterEach
    void forget() {
        ENDS.clear();
    }

    private Socket socketOnA() {
        return socketOn(nodes.a);
    }

    private Socket socketOn(TomcatNode node) {
        user = new Browser();
        user.get(node, "/start");
        return Socket.open(node, "/talk", user);
    }

    // ---- reading and writing -------------------------------------------------------------------------------------

    @Test
    void a_message_sees_what_a_request_has_written_on_the_other_node() {
        try (Socket socket = socketOnA()) {
            for (int round = 0; round < ROUNDS; round++) {
                user.get(nodes.b, "/set?v=" + round);
                assertThat(socket.ask("get")).isEqualTo(Integer.toString(round));
            }
            user.get(nodes.b, "/remove");
            assertThat(socket.ask("get")).isEqualTo("null");
        }
    }

    @Test
    void a_request_on_any_node_sees_what_a_message_has_set_or_removed() {
        try (Socket socket = socketOnA()) {
            for (int round = 0; round < ROUNDS; round++) {
                socket.ask("set " + round);
                assertThat(user.get(round % 2 == 0 ? nodes.b : nodes.a, "/socket-set"))
                        .isEqualTo(Integer.toString(round));
            }
            user.get(nodes.b, "/set?v=1");
            socket.ask("remove");
            assertThat(user.get(nodes.b, "/get")).isEqualTo("null");
        }
    }

    @Test
    void what_a_message_has_changed_inside_an_object_is_soon_seen_on_the_other_node() {
        try (Socket socket = socketOnA()) {
            socket.ask("add");

            soon().until(() -> user.get(nodes.b, "/list").equals("[added]"));
            assertThat(socket.ask("list")).isEqualTo("[added]");
        }
    }

    @Test
    void what_a_message_has_changed_inside_an_object_after_it_has_set_something_else_is_seen_too() {
        try (Socket socket = socketOnA()) {
            socket.ask("set-between");

            soon().until(() -> user.get(nodes.b, "/list").equals("[added]"));
        }
    }

    @Test
    void a_message_may_take_its_time_between_reading_an_object_and_changing_it() throws Exception {
        Gate gate = new Gate();
        MESSAGES.put("add-slowly", session -> {
            List<Object> list = list(session);
            gate.pass();
            list.add("slowly");
            return "added";
        });
        try (Socket socket = socketOnA()) {
            socket.send("add-slowly");
            gate.awaitArrival();
            // By then the object has been looked at for the first time.
            await().pollDelay(Duration.ofMillis(600)).until(() -> true);
            gate.open();
            assertThat(socket.answer()).isEqualTo("added");

            await().atMost(Duration.ofSeconds(5))
                    .until(() -> user.get(nodes.b, "/list").equals("[slowly]"));
        }
    }

    @Test
    void sockets_of_one_session_on_both_nodes_lose_nothing() {
        user = new Browser();
        user.get(nodes.a, "/start");
        MESSAGES.put("count-a", session -> count(session, "a"));
        MESSAGES.put("count-b", session -> count(session, "b"));
        try (Socket onA = Socket.open(nodes.a, "/talk", user);
                Socket onB = Socket.open(nodes.b, "/talk", user)) {
            for (int round = 1; round <= ROUNDS; round++) {
                onA.send("count-a");
                onB.send("count-b");
                assertThat(onA.answer()).isEqualTo(Integer.toString(round));
                assertThat(onB.answer()).isEqualTo(Integer.toString(round));
            }
            MESSAGES.put("both", session -> session.getAttribute("a") + " " + session.getAttribute("b"));
            assertThat(onA.ask("both")).isEqualTo(ROUNDS + " " + ROUNDS);
            assertThat(onB.ask("both")).isEqualTo(ROUNDS + " " + ROUNDS);
        }
    }

    private static Integer count(HttpSession session, String name) {
        Integer counter = (Integer) session.getAttribute(name);
        int next = counter == null ? 1 : counter + 1;
        session.setAttribute(name, next);
        return next;
    }

    @Test
    void a_socket_beside_a_long_request_of_its_node_is_a_second_late_at_most() throws Exception {
        Gate gate = new Gate();
        APPLICATION.on("/long", (request, response) -> {
            request.getSession(false).getAttribute("value");
            gate.pass();
        });
        try (Socket socket = socketOnA()) {
            CompletableFuture<HttpResponse<String>> running = user.twin().async(nodes.a, "/long");
            gate.awaitArrival();

            user.get(nodes.b, "/set?v=new");
            await().atMost(Duration.ofSeconds(3)).until(() -> socket.ask("get").equals("new"));
            socket.ask("set late");
            socket.ask("add");
            await().atMost(Duration.ofSeconds(3))
                    .until(() -> user.get(nodes.b, "/socket-set").equals("late"));
            await().atMost(Duration.ofSeconds(3))
                    .until(() -> user.get(nodes.b, "/list").equals("[added]"));

            gate.open();
            assertThat(running.get(20, SECONDS).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void a_message_that_reads_many_attributes_costs_a_few_calls_and_not_one_for_each() {
        try (Socket socket = socketOnA()) {
            socket.ask("read-all");

            long calls = Traffic.scriptCallsOf(nodes.redis, () -> {
                for (int message = 0; message < 20; message++) {
                    assertThat(socket.ask("read-all")).isEqualTo("read");
                }
            });

            // 1000 attributes. One call for each message, and another one for each that takes longer than it should.
            assertThat(calls).isBetween(1L, 200L);
        }
    }

    @Test
    void a_socket_that_is_silent_costs_nothing() {
        try (Socket socket = socketOnA()) {
            socket.ask("read-all");
            Traffic before = Traffic.of(nodes.redis);
            await().pollDelay(Duration.ofMillis(700)).until(() -> true);

            assertThat(Traffic.of(nodes.redis).since(before).scriptCalls()).isZero();
        }
    }

    @Test
    void a_message_is_no_access_of_the_client() {
        try (Socket socket = socketOnA()) {
            String before = socket.ask("last-access");
            socket.ask("get");
            socket.ask("add");

            assertThat(socket.ask("last-access")).isEqualTo(before);
        }
    }

    @Test
    void a_message_sees_and_sets_the_interval() {
        try (Socket socket = socketOnA()) {
            assertThat(socket.ask("interval")).isEqualTo("1234");
            assertThat(Long.parseLong(socket.ask("created"))).isPositive();
            soon().until(() -> nodes.redis.keys("*:s:" + user.sessionId()).stream()
                    .mapToLong(key -> (Long) nodes.redis.command("PTTL", key))
                    .allMatch(millis -> millis < Duration.ofSeconds(1234 + 3601).toMillis()));
        }
    }

    @Test
    void a_session_that_is_used_exclusively_takes_what_a_message_sets_also_after_a_request_has_lost_its_lease()
            throws Exception {
        Gate gate = new Gate();
        APPLICATION.on("/slow", (request, response) -> {
            request.getSession(false).setAttribute("value", "refused");
            gate.pass();
        });
        try (TwoNodes locking = running(node -> node.setting("lock", "request"));
                Socket socket = socketOn(locking.a)) {
            for (int round = 0; round < 5; round++) {
                socket.ask("set " + round);
                assertThat(user.get(locking.b, "/socket-set")).isEqualTo(Integer.toString(round));
                user.get(locking.b, "/set?v=" + round);
                assertThat(socket.ask("get")).isEqualTo(Integer.toString(round));
            }

            CompletableFuture<HttpResponse<String>> slow = user.twin().async(locking.a, "/slow");
            gate.awaitArrival();
            locking.redis.command("DEL", locking.redis.keys("*:lock:*").first());
            user.get(locking.b, "/set?v=kept");
            gate.open();
            assertThat(slow.get(20, SECONDS).statusCode()).isEqualTo(200);

            await().until(() -> socket.ask("get").equals("kept"));
            socket.ask("set after");
            assertThat(user.get(locking.b, "/socket-set")).isEqualTo("after");
            assertThat(user.get(locking.a, "/socket-set")).isEqualTo("after");
            assertThat(locking.redis.keys("*:lock:*")).isEmpty();
        }
    }

    // ---- the end -------------------------------------------------------------------------------------------------

    @Test
    void a_session_that_was_ended_on_the_other_node_has_ended_for_its_socket_and_stays_so() {
        for (String first : List.of("get", "set late", "remove", "names", "last-access", "created", "end", "add")) {
            try (Socket socket = socketOnA()) {
                user.get(nodes.b, "/set?v=1");
                assertThat(socket.ask("get")).isEqualTo("1");
                user.get(nodes.b, "/end");

                assertThat(socket.ask(first)).isEqualTo("IllegalStateException");
                assertThat(socket.ask("set late")).isEqualTo("IllegalStateException");
                assertThat(socket.ask("get")).isEqualTo("IllegalStateException");
                assertThat(user.get(nodes.a, "/get")).isEqualTo("no session");
                assertThat(user.get(nodes.b, "/get")).isEqualTo("no session");
                assertThat(nodes.redis.keys("*" + user.sessionId() + "*")).isEmpty();
            }
        }
        assertThat(ENDS).hasSize(8).containsOnly("ended with 1");
    }

    @Test
    void a_session_that_a_message_ends_has_ended_everywhere_and_once() {
        try (Socket socket = socketOnA()) {
            user.get(nodes.b, "/set?v=1");

            assertThat(socket.ask("end")).isEqualTo("ended");

            assertThat(user.get(nodes.b, "/get")).isEqualTo("no session");
            assertThat(user.get(nodes.a, "/get")).isEqualTo("no session");
            assertThat(socket.ask("get")).isEqualTo("IllegalStateException");
            assertThat(socket.ask("end")).isEqualTo("IllegalStateException");
            assertThat(ENDS).containsExactly("ended with 1");
            assertThat(nodes.redis.keys("*" + user.sessionId() + "*")).isEmpty();
        }
    }

    @Test
    void a_session_whose_time_is_over_is_over_for_its_socket() {
        try (Socket socket = socketOnA()) {
            user.get(nodes.b, "/idle-1s");

            await().pollDelay(Duration.ofMillis(1100))
                    .until(() -> socket.ask("get").equals("IllegalStateException"));

            assertThat(socket.ask("set late")).isEqualTo("IllegalStateException");
            assertThat(user.get(nodes.a, "/get")).isEqualTo("no session");
        }
    }

    @Test
    void a_request_that_is_still_running_finishes_with_a_session_that_was_ended_elsewhere_and_so_does_its_worker()
            throws Exception {
        Gate gate = new Gate();
        APPLICATION.on("/work", (request, response) -> {
            HttpSession session = request.getSession(false);
            session.setAttribute("value", "before");
            var async = request.startAsync();
            async.start(() -> {
                try {
                    gate.pass();
                    async.getResponse().getWriter().print(session.getAttribute("value"));
                } catch (Exception thrown) {
                    throw new IllegalStateException(thrown);
                } finally {
                    async.complete();
                }
            });
        });
        user = new Browser();
        user.get(nodes.a, "/start");
        CompletableFuture<HttpResponse<String>> running = user.twin().async(nodes.a, "/work");
        gate.awaitArrival();
        user.get(nodes.b, "/end");
        await().pollDelay(Duration.ofMillis(1100)).until(() -> true);
        gate.open();

        assertThat(running.get(20, SECONDS).body()).isEqualTo("before");
        assertThat(user.get(nodes.a, "/get")).isEqualTo("no session");
        assertThat(user.get(nodes.b, "/get")).isEqualTo("no session");
    }

    // ---- ids and copies ------------------------------------------------------------------------------------------

    @Test
    void a_change_of_the_id_on_its_own_node_does_not_matter_to_a_socket() {
        try (Socket socket = socketOnA()) {
            user.get(nodes.a, "/rename");
            user.get(nodes.b, "/set?v=1");

            assertThat(socket.ask("get")).isEqualTo("1");
            socket.ask("set 2");
            assertThat(user.get(nodes.b, "/socket-set")).isEqualTo("2");
        }
    }

    @Test
    void a_change_of_the_id_on_the_other_node_ends_the_session_for_a_socket_and_for_nobody_else() {
        try (Socket socket = socketOnA()) {
            user.get(nodes.b, "/rename");

            assertThat(socket.ask("get")).isEqualTo("IllegalStateException");
            assertThat(socket.ask("set late")).isEqualTo("IllegalStateException");

            user.get(nodes.a, "/set?v=1");
            assertThat(user.get(nodes.b, "/get")).isEqualTo("1");
            assertThat(user.get(nodes.b, "/socket-set")).isEqualTo("null");
            try (Socket again = Socket.open(nodes.a, "/talk", user)) {
                assertThat(again.ask("get")).isEqualTo("1");
            }
        }
    }

    @Test
    void a_socket_keeps_its_session_when_the_node_has_dropped_its_copy() {
        try (TwoNodes forgetful = running(node -> node.setting("localIdleTimeout", "10s"));
                Socket socket = socketOn(forgetful.a)) {
            user.get(forgetful.b, "/set?v=1");
            await().atMost(Duration.ofSeconds(20))
                    .pollDelay(Duration.ofSeconds(10))
                    .until(() -> {
                        forgetful.a.manager().processExpires();
                        return forgetful.a.manager().getActiveSessions() == 0;
                    });

            assertThat(socket.ask("get")).isEqualTo("1");
            socket.ask("set 2");
            assertThat(user.get(forgetful.b, "/socket-set")).isEqualTo("2");
            // Its node makes another copy for requests. Both are kept up to date.
            assertThat(user.get(forgetful.a, "/socket-set")).isEqualTo("2");
            socket.ask("add");
            soon().until(() -> user.get(forgetful.a, "/list").equals("[added]"));
            user.get(forgetful.a, "/set?v=3");
            assertThat(socket.ask("get")).isEqualTo("3");
            user.get(forgetful.a, "/end");
            assertThat(socket.ask("get")).isEqualTo("IllegalStateException");
            assertThat(forgetful.redis.keys("*" + user.sessionId() + "*")).isEmpty();
        }
    }

    @Test
    void what_a_message_has_just_changed_is_written_when_the_node_stops() {
        try (TwoNodes stopping = running(node -> node)) {
            try (Socket socket = socketOn(stopping.a)) {
                socket.ask("add");
                stopping.a.close();
            } catch (AssertionError closedByTheNode) {
                assertThat(closedByTheNode).hasMessageContaining("Output closed");
            }
            assertThat(user.get(stopping.b, "/list")).isEqualTo("[added]");
        }
    }

    // ---- the accessor of Servlet 6.1 -----------------------------------------------------------------------------

    @Test
    void the_accessor_of_tomcat_11_is_a_fresh_look_and_an_access_and_ends_with_the_session_or_its_id()
            throws Exception {
        boolean hasAccessor = Stream.of(HttpSession.class.getMethods())
                .anyMatch(method -> method.getName().equals("getAccessor"));
        assertThat(hasAccessor).isEqualTo(TOMCAT.equals("11"));
        if (hasAccessor) {
            theAccessorIsAFreshLook();
            theAccessorEndsWithTheSessionOrItsId("/end");
            theAccessorEndsWithTheSessionOrItsId("/rename");
        }
    }

    private void theAccessorIsAFreshLook() throws Exception {
        Object accessor = accessorOfNewSession();
        for (int round = 0; round < ROUNDS; round++) {
            String value = Integer.toString(round);
            user.get(nodes.b, "/set?v=" + value);
            access(accessor, session -> {
                assertThat(session.getAttribute("value")).isEqualTo(value);
                session.setAttribute("socket", value);
                list(session).add(value);
            });
            assertThat(user.get(nodes.b, "/socket-set")).isEqualTo(value);
            assertThat(user.get(nodes.b, "/list")).endsWith(value + "]");
        }
        long before = System.currentTimeMillis();
        access(accessor, session -> {});
        assertThat(Long.parseLong(user.get(nodes.b, "/last-access"))).isGreaterThanOrEqualTo(before);
    }

    private void theAccessorEndsWithTheSessionOrItsId(String end) throws Exception {
        Object accessor = accessorOfNewSession();
        access(accessor, session -> session.setAttribute("value", "1"));
        String id = user.sessionId();

        user.get(nodes.b, end);

        List<String> uses = new ArrayList<>();
        assertThat(failureOf(accessor, session -> uses.add("used"))).isInstanceOf(IllegalStateException.class);
        assertThat(uses).isEmpty();
        assertThat(nodes.redis.keys("*:s:" + id)).isEmpty();
    }

    private Object accessorOfNewSession() throws Exception {
        AtomicReference<Object> accessor = new AtomicReference<>();
        APPLICATION.on("/accessor", (request, response) -> {
            Method getAccessor = HttpSession.class.getMethod("getAccessor");
            accessor.set(getAccessor.invoke(request.getSession(false)));
        });
        user = new Browser();
        user.get(nodes.a, "/start");
        user.get(nodes.a, "/accessor");
        return accessor.get();
    }

    private static void access(Object accessor, Consumer<HttpSession> use) throws Exception {
        Class<?> type = Class.forName("jakarta.servlet.http.HttpSession$Accessor");
        type.getMethod("access", Consumer.class).invoke(accessor, use);
    }

    private static Throwable failureOf(Object accessor, Consumer<HttpSession> use) throws Exception {
        try {
            access(accessor, use);
            return null;
        } catch (InvocationTargetException thrown) {
            return thrown.getCause();
        }
    }

    private static org.awaitility.core.ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(2));
    }
}
