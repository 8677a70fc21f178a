package dev.holdfast.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.tomcat.RedisSingleSignOn;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.lang.management.ManagementFactory;
import java.net.http.HttpResponse;
import java.security.Principal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import org.apache.catalina.Context;
import org.apache.catalina.Lifecycle;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.authenticator.AuthenticatorBase;
import org.apache.catalina.authenticator.BasicAuthenticator;
import org.apache.catalina.authenticator.FormAuthenticator;
import org.apache.catalina.realm.GenericPrincipal;
import org.apache.catalina.realm.RealmBase;
import org.apache.catalina.session.StandardManager;
import org.apache.tomcat.util.descriptor.web.LoginConfig;
import org.apache.tomcat.util.descriptor.web.SecurityCollection;
import org.apache.tomcat.util.descriptor.web.SecurityConstraint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One login for several applications on several nodes. The Servlet specification leaves it to containers (13.5.3 asks that
 * users need not log in to each application); what Tomcat's own valve does on one node is the measure.
 */
class SingleSignOnIT {

    static final String PASSWORD = "correct-horse-battery-staple";
    static final String COOKIE = "JSESSIONIDSSO";
    private static final Queue<String> EVENTS = new ConcurrentLinkedQueue<>();
    private static volatile Gate gate = new Gate();

    static Application application() {
        return new Application()
                .on("/nothing", (request, response) -> response.getWriter().print("nothing"))
                .on("/who", (request, response) -> response.getWriter().print(who(request)))
                .on("/login-page", (request, response) -> response.getWriter().print("please log in"))
                .on("/error-page", (request, response) -> response.getWriter().print("wrong"))
                .on("/session", (request, response) -> request.getSession())
                .on("/get", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    response.getWriter().print(session == null ? "no session" : session.getAttribute("value"));
                })
                .on("/login", (request, response) -> request.login(request.getParameter("user"), PASSWORD))
                .on("/logout", (request, response) -> request.logout())
                .on("/logout-and-login", (request, response) -> {
                    request.logout();
                    request.login(request.getParameter("user"), PASSWORD);
                })
                .on("/end", (request, response) -> request.getSession().invalidate())
                .on("/rename", (request, response) -> {
                    request.getSession(false);
                    request.changeSessionId();
                })
                .on(
                        "/interval",
                        (request, response) -> request.getSession(false)
                                .setMaxInactiveInterval(Integer.parseInt(request.getParameter("s"))))
                .on(
                        "/protected/who",
                        (request, response) -> response.getWriter().print(who(request)))
                .on("/protected/set", (request, response) -> {
                    request.getSession().setAttribute("value", request.getParameter("v"));
                })
                .on("/protected/get", (request, response) -> {
                    response.getWriter().print(request.getSession().getAttribute("value"));
                })
                .on("/slowly", (request, response) -> {
                    String before = who(request);
                    gate.pass();
                    request.authenticate(response);
                    request.getSession().setAttribute("value", "late");
                    response.getWriter().print(before);
                })
                .on("/logout-slowly", (request, response) -> {
                    gate.pass();
                    request.logout();
                    response.getWriter().print("logged out");
                })
                .on("/hold", (request, response) -> {
                    Object value = request.getSession(false).getAttribute("value");
                    gate.pass();
                    response.getWriter().print(value);
                })
                .on("/dispatch", (request, response) -> {
                    if (request.getAttribute("again") == null) {
                        request.setAttribute("again", true);
                        request.startAsync().dispatch();
                    } else {
                        request.logout();
                        response.getWriter().print(who(request));
                    }
                });
    }

    private static String who(HttpServletRequest request) {
        return request.getRemoteUser() + " " + request.isUserInRole("user") + " " + request.getAuthType();
    }

    // ---- two nodes with two applications -------------------------------------------------------------------------

    /** Everybody, with the same password, but those whose name begins with x. */
    private static final class Users extends RealmBase {

        @Override
        protected String getPassword(String username) {
            return username.startsWith("x") ? null : PASSWORD;
        }

        @Override
        protected Principal getPrincipal(String username) {
            return username.equals("dave")
                    ? new GenericPrincipal(username, List.of("user"), new NotSerializable(username))
                    : new GenericPrincipal(username, List.of("user"));
        }
    }

    private record NotSerializable(String getName) implements Principal {
        @Override
        public String getName() {
            return getName;
        }
    }

    private static final class Ends implements HttpSessionListener {
        @Override
        public void sessionDestroyed(HttpSessionEvent event) {
            HttpSession session = event.getSession();
            EVENTS.add(session.getServletContext().getContextPath() + " " + session.getAttribute("value"));
        }
    }

    static final UnaryOperator<TomcatNode.Builder> BOTH =
            node -> node.application("/shop", application()).application("/forum", application());

    private static TwoNodes nodes() {
        return nodes("FORM");
    }

    private static TwoNodes nodes(String method) {
        return nodes(method, BOTH, valve -> {});
    }

    private static TwoNodes nodes(
            String method, UnaryOperator<TomcatNode.Builder> customizer, Consumer<RedisSingleSignOn> onValve) {
        EVENTS.clear();
        gate = new Gate();
        return TwoNodes.with(node -> customizer.apply(withSignOn(node, method, onValve)));
    }

    static TomcatNode.Builder withSignOn(TomcatNode.Builder node, String method, Consumer<RedisSingleSignOn> onValve) {
        return node.setting("sweepInterval", "1s")
                .onTomcat(tomcat -> {
                    RedisSingleSignOn valve = new RedisSingleSignOn();
                    valve.setRedis(node.redisUri());
                    onValve.accept(valve);
                    tomcat.getHost().setRealm(new Users());
                    tomcat.getHost().getPipeline().addValve(valve);
                })
                .onContext(context -> secure(context, method));
    }

    private static void secure(Context context, String method) {
        context.setApplicationLifecycleListeners(new Object[] {new Ends()});
        AuthenticatorBase authenticator = method.equals("FORM") ? new FormAuthenticator() : new BasicAuthenticator();
        context.setLoginConfig(new LoginConfig(method, "test", "/login-page", "/error-page"));
        context.getPipeline().addValve(authenticator);
        SecurityCollection everything = new SecurityCollection();
        everything.addPatternDecoded("/protected/*");
        SecurityConstraint constraint = new SecurityConstraint();
        constraint.addCollection(everything);
        constraint.addAuthRole("user");
        context.addConstraint(constraint);
        context.addSecurityRole("user");
    }

    static Visitor loggedIn(TomcatNode node, String application, String user) {
        Visitor visitor = new Visitor();
        logIn(visitor, node, application, user);
        return visitor;
    }

    /** By form. */
    static void logIn(Visitor visitor, TomcatNode node, String application, String user) {
        assertThat(visitor.get(node, application + "/protected/who")).isEqualTo("please log in");
        HttpResponse<String> answer = visitor.post(
                node, application + "/protected/j_security_check", "j_username=" + user + "&j_password=" + PASSWORD);
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(visitor.get(node, application + "/protected/who")).isEqualTo(user + " true FORM");
    }

    static String basic(String user) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + PASSWORD).getBytes(UTF_8));
    }

    private static List<String> signOnsOf(TwoNodes nodes) {
        return List.copyOf(nodes.redis.keys("*:sso:*"));
    }

    private static List<String> sessionsOf(TwoNodes nodes) {
        return List.copyOf(nodes.redis.keys("*:s:*"));
    }

    // ---- one login -----------------------------------------------------------------------------------------------

    @Test
    void a_login_by_form_in_one_application_on_one_node_counts_in_the_other_on_the_other() {
        try (TwoNodes nodes = nodes()) {
            Visitor visitor = loggedIn(nodes.a, "/shop", "alice");

            assertThat(visitor.get(nodes.b, "/forum/protected/who")).isEqualTo("alice true FORM");
            assertThat(visitor.get(nodes.b, "/forum/who")).isEqualTo("alice true FORM");
            assertThat(visitor.get(nodes.b, "/shop/protected/who")).isEqualTo("alice true FORM");
            assertThat(visitor.get(nodes.a, "/forum/protected/who")).isEqualTo("alice true FORM");
            assertThat(new Visitor().get(nodes.b, "/forum/protected/who")).isEqualTo("please log in");
            assertThat(visitor.cookies(COOKIE)).singleElement().satisfies(cookie -> {
                assertThat(cookie.getPath()).isEqualTo("/");
                assertThat(cookie.isHttpOnly()).isTrue();
            });
        }
    }

    @Test
    void a_login_by_basic_counts_without_another_challenge() {
        try (TwoNodes nodes = nodes("BASIC")) {
            Visitor visitor = new Visitor();
            assertThat(visitor.response(nodes.a, "/shop/protected/who").statusCode())
                    .isEqualTo(401);
            visitor.response(nodes.a, "/shop/protected/who", "Authorization", basic("alice"));

            assertThat(visitor.get(nodes.b, "/forum/protected/who")).isEqualTo("alice true BASIC");
            assertThat(visitor.get(nodes.b, "/shop/protected/who")).isEqualTo("alice true BASIC");
        }
    }

    @Test
    void a_login_by_the_application_counts_too() {
        try (TwoNodes nodes = nodes()) {
            Visitor visitor = new Visitor();
            visitor.get(nodes.a, "/shop/login?user=alice");
            assertThat(visitor.get(nodes.b, "/forum/protected/who")).startsWith("alice true");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void it_works_with_and_without_persistent_logins(boolean persistent) {
        UnaryOperator<TomcatNode.Builder> logins =
                node -> BOTH.apply(node).onManager(manager -> manager.setPersistAuthentication(persistent));
        try (TwoNodes nodes = nodes("FORM", logins, valve -> {})) {
            Visitor visitor = loggedIn(nodes.a, "/shop", "alice");
            assertThat(visitor.get(nodes.b, "/forum/protected/who")).startsWith("alice");
            visitor.get(nodes.b, "/forum/protected/set?v=1");

            visitor.get(nodes.b, "/shop/logout");

            assertThat(visitor.get(nodes.a, "/forum/protected/who")).isEqualTo("please log in");
            assertThat(visitor.get(nodes.a, "/shop/protected/who")).isEqualTo("please log in");
        }
    }

    @Test
    void two_users_do_not_mix() {
        try (TwoNodes nodes = nodes()) {
            Visitor alice = loggedIn(nodes.a, "/shop", "alice");
            Visitor bob = loggedIn(nodes.b, "/forum", "bob");
            alice.get(nodes.b, "/forum/protected/set?v=alice");
            bob.get(nodes.a, "/shop/protected/set?v=bob");

            bob.get(nodes.a, "/forum/logout");

            assertThat(bob.get(nodes.b, "/shop/protected/who")).isEqualTo("please log in");
            assertThat(alice.get(nodes.a, "/forum/protected/get")).isEqualTo("alice");
            assertThat(alice.get(nodes.b, "/shop/protected/who")).startsWith("alice");
        }
    }

    @Test
    void the_node_of_the_login_may_die() {
        try (TwoNodes nodes = nodes()) {
            Visitor visitor = loggedIn(nodes.a, "/shop", "alice");
            nodes.a.close();
            assertThat(visitor.get(nodes.b, "/forum/protected/who")).startsWith("alice");
            assertThat(visitor.get(nodes.b, "/shop/protected/who")).startsWith("alice");
            visitor.get(nodes.b, "/shop/logout");
            assertThat(visitor.get(nodes.b, "/forum/protected/who")).isEqualTo("please log in");
        }
    }

    // ---- logout --------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({"/logout,true", "/logout,false", "/end,true", "/end,false"})
    void who_logs_out_or_ends_a_session_in_one_application_is_logged_out_of_all_on_all_nodes(String way, boolean onA) {
        try (TwoNodes nodes = nodes()) {
            Visitor visitor = loggedIn(nodes.a, "/shop", "alice");
            visitor.get(nodes.a, "/shop/protected/set?v=cart");
            visitor.get(nodes.b, "/forum/protected/set?v=draft");
            visitor.get(nodes.a, "/forum/protected/get");

            visitor.get(onA ? nodes.a : nodes.b, "/forum" + way);

            assertThat(EVENTS).containsExactlyInAnyOrder("/shop cart", "/forum draft");
            assertThat(signOnsOf(nodes)).isEmpty();
            assertThat(sessionsOf(nodes)).isEmpty();
            for (TomcatNode node : List.of(nodes.a, nodes.b)) {
                assertThat(visitor.get(node, "/shop/get")).isEqualTo("no session");
                assertThat(visitor.get(node, "/shop/who")).startsWith("null");
                assertThat(visitor.get(node, "/forum/get")).isEqualTo("no session");
            }
            assertThat(visitor.cookies(COOKIE)).as("Tomcat takes it back").isEmpty();
            assertThat(visitor.get(nodes.b, "/shop/protected/who")).isEqualTo("please log in");
        }
    }

    @Test
    void nothing_is_left_in_redis_after_a_logout() {
        try (TwoNodes nodes = nodes()) {
            Visitor visitor = loggedIn(nodes.a, "/shop", "alice");
            visitor.get(nodes.b, "/forum/protected/set?v=1");
            visitor.get(nodes.b, "/shop/logout");
            assertThat(nodes.redis.keys("*")).allMatch(key -> key.endsWith(":epoch") || key.contains(":moved:"));
        }
    }

    @Test
    void every_key_has_a_time_to_live() {
        try (TwoNodes nodes = nodes()) {
            loggedIn(nodes.a, "/shop", "alice");
            assertThat(nodes.redis.keys("*"))
                    .allSatisfy(key -> assertThat((Long) nodes.redis.command("PTTL", key))
                            .as(key)
                            .isPositive());
        }
    }

    @Test
    void a_request_that_was_under_way_elsewhere_brings_no_login_back() throws Exception {
        try (TwoNodes nodes = nodes()) {
            Visitor visitor = loggedIn(nodes.a, "/shop", "alice");
            CompletableFuture<HttpResponse<String>> late = visitor.async(nodes.b, "/forum/slowly");
            gate.awaitArrival();
            visitor.get(nodes.a, "/shop/logout");
            gate.open();

            assertThat(late.get(20, SECONDS).body())
                    .as("it finishes as it began")
                    .startsWith("alice");

            assertThat(signOnsOf(nodes)).isEmpty();
            assertThat(visitor.get(nodes.a, "/forum/get")).isEqualTo("no session");
            assertThat(visitor.get(nodes.b, "/forum/get")).isEqualTo("no session");
            assertThat(visitor.get(nodes.a, "/forum/protected/who")).isEqualTo("please log in");
            assertThat(sessionsOf(nodes)).as("that of the login page").hasSize(1);
        }
    }

    @Test
    void a_logout_does_not_wait_for_a_request_that_uses_another_session_exclusively() throws Exception {
        UnaryOperator<TomcatNode.Builder> locking = node -> BOTH.apply(node).setting("lock", "request");
        try (TwoNodes nodes = nodes("FORM", locking, valve -> {})) {
            Visitor visitor = loggedIn(nodes.a, "/shop", "alice");
            visitor.get(nodes.a, "/forum/protected/set?v=draft");
            CompletableFuture<HttpResponse<String>> holder = visitor.async(nodes.b, "/forum/hold");
            gate.awaitArrival();

            visitor.get(nodes.a, "/shop/logout");

            assertThat(holder).isNotDone();
            assertThat(EVENTS).contains("/forum draft");
            gate.open();
            assertThat(holder.get(20, SECONDS).body()).isEqualTo("draft");
            assertThat(visitor.get(nodes.b, "/forum/get")).isEqualTo("no session");
        }
    }

    @Test
    void each_step_of_a_login_by_form_may_go_to_another_node() {
        UnaryOperator<TomcatNode.Builder> persistent =
                node -> BOTH.apply(node).onManager(manager -> manager.setPersistAuthentication(true));
        try (TwoNodes nodes = nodes("FORM", persistent, valve -> {})) {
            Visitor visitor = new Visitor();
            visitor.get(nodes.a, "/shop/protected/who");
            visitor.post(nodes.b, "/shop/protected/j_security_check", "j_username=alice&j_password=" + PASSWORD);
            assertThat(visitor.get(nodes.a, "/shop/protected/who")).startsWith("alice");
            assertThat(visitor.get(nodes.b, "/forum/protected/who")).startsWith("alice");
            visitor.get(nodes.b, "/forum/logout");
            assertThat(visitor.get(nodes.a, "/shop/protected/who")).isEqualTo("please log in");
        }
    }

    @Test
    void after_a_logout_none_of_many_requests_under_way_brings_anything_back() {
        try (TwoNodes nodes = nodes()) {
            for (int round = 0; round < 10; round++) {
                Visitor visitor = loggedIn(nodes.a, "/shop", "alice");
                List<CompletableFuture<?>> underWay = new ArrayList<>();
                for (int request = 0; request < 6; request++) {
                    TomcatNode node = request % 2 == 0 ? nodes.a : nodes.b;
                    underWay.add(visitor.async(node, "/forum/protected/set?v=" + request));
                    underWay.add(visitor.async(node, "/shop/protected/get"));
                }
                TomcatNode node = round % 2 == 0 ? nodes.a : nodes.b;
                visitor.get(node, round % 3 == 0 ? "/shop/end" : "/shop/logout");
                underWay.forEach(CompletableFuture::join);

                assertThat(visitor.get(nodes.b, "/shop/who")).startsWith("null");
                assertThat(visitor.get(nodes.a, "/forum/who")).startsWith("null");
                assertThat(visitor.get(nodes.a, "/forum/protected/who")).isEqualTo("please log in");
                assertThat(signOnsOf(nodes)).isEmpty();
            }
        }
    }

    @Test
    void logouts_in_both_applications_on_both_nodes_at_once_hinder_nobody() {
        try (TwoNodes nodes = nodes()) {
            for (int round = 0; round < 10; round++) {
                EVENTS.clear();
                Visitor visitor = loggedIn(nodes.a, "/shop", "alice");
                visitor.get(nodes.b, "/forum/protected/set?v=1");
                List<CompletableFuture<HttpResponse<String>>> logouts = List.of(
                        visitor.async(nodes.a, "/shop/logout"),
                        visitor.async(nodes.b, "/forum/logout"),
                        visitor.async(nodes.a, "/forum/end"),
                        visitor.async(nodes.b, "/shop/end"));
                for (CompletableFuture<HttpResponse<String>> logout : logouts) {
                    assertThat(logout.join().statusCode()).isEqualTo(200);
                }
                assertThat(signOnsOf(nodes)).isEmpty();
                assertThat(visitor.get(nodes.a, "/forum/protected/who")).isEqualTo("please log in");
                assertThat(visitor.get(nodes.b, "/shop/protected/who")).isEqualTo("please log in");
                assertThat(EVENTS.stream().filter("/forum 1"::equals)).hasSize(1);
            }
        }
    }

    @Test
    void a_session_of_an_application_that_the_node_of_the_logout_does_not_run_counts_no_more() {
        EVENTS.clear();
        try (TwoNodes nodes = TwoNodes.with(
                node -> withSignOn(node, "FORM", valve -> {}).application("/shop", application()),
                node -> BOTH.apply(withSignOn(node, "FORM", valve -> {})))) {
            Visitor visitor = loggedIn(nodes.a, "/shop", "alice");
            visitor.get(nodes.b, "/forum/protected/set?v=draft");
            visitor.get(nodes.a, "/shop/logout");

            assertThat(visitor.get(nodes.b, "/forum/get")).isEqualTo("no session");
            assertThat(EVENTS).containsExactlyInAnyOrder("/shop null", "/forum draft");
            assertThat(sessionsOf(nodes)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nor_does_it_count_for_a_client_that_has_lost_the_cookie_of_the_sign_on(boolean persistent) {
        UnaryOperator<TomcatNode.Builder> logins =
                node -> node.onManager(manager -> manager.setPersistAuthentication(persistent));
        try (TwoNodes nodes = TwoNodes.with(
                node -> logins.apply(withSignOn(node, "FORM", valve -> {})).application("/shop", application()),
                node -> logins.apply(BOTH.apply(withSignOn(node, "FORM", valve -> {}))))) {
            Visitor visitor = loggedIn(nodes.a, "/shop", "alice");
            visitor.get(nodes.b, "/forum/protected/set?v=draft");
            Visitor other = loggedIn(nodes.b, "/forum", "bob");
            visitor.get(nodes.a, "/shop/logout");
            visitor.forget(COOKIE);
            other.forget(COOKIE);

            assertThat(visitor.get(nodes.b, "/forum/get")).isEqualTo("no session");
            assertThat(visitor.get(nodes.b, "/forum/protected/who")).isEqualTo("please log in");
            assertThat(other.get(nodes.b, "/forum/protected/who")).startsWith("bob");
        }
    }

    @Test
    void a_login_of_somebody_else_may_follow_in_the_same_request() {
        try (TwoNodes nodes = nodes()) {
            Visitor visitor = loggedIn(nodes.a, "/shop", "alice");
            visitor.get(nodes.b, "/forum/protected/set?v=of alice".replace(' ', '+'));
            visitor.get(nodes.b, "/shop/logout-and-login?user=bob");
            assertThat(visitor.get(nodes.a, "/forum/protected/who")).startsWith("bob");
            assertThat(visitor.get(nodes.a, "/forum/protected/get")).isEqualTo("null");
            assertThat(signOnsOf(nodes)).hasSize(1);

            Visitor stranger = new Visitor();
            stranger.get(nodes.b, "/shop/logout-and-login?user=carol");
            assertThat(stranger.get(nodes.a, "/forum/protected/who")).startsWith("carol");
        }
    }

    @Test
    void a_logout_of_nobody_leaves_nothing_behind() {
        try (TwoNodes nodes = nodes()) {
            Visitor visitor = new Visitor();
            visitor.get(nodes.a, "/shop/logout");
            assertThat(signOnsOf(nodes)).isEmpty();
            assertThat(visitor.get(nodes.b, "/forum/protected/who")).isEqualTo("please log in");
        }
    }

    @Test
    void a_logout_after_a_dispatch_counts_too() {
        try (TwoNodes nodes = nodes()) {
            Visitor visitor = loggedIn(nodes.a, "/shop", "alice");
            visitor.get(nodes.b, "/forum/protected/who");
            assertThat(visitor.get(nodes.b, "/forum/dispatch")).startsWith("null");
            assertThat(signOnsOf(nodes)).isEmpty();
            assertThat(visitor.get(nodes.a, "/shop/protected/who")).isEqualTo("please log in");
        }
    }

    // ---- the end by time -----------------------------------------------------------------------------------------

    @Test
    void a_session_whose_time_is_over_leaves_the_others_logged_in() {
        try (TwoNodes nodes = nodes()) {
            Visitor visitor = loggedIn(nodes.a, "/shop", "alice");
            visitor.get(nodes.b, "/forum/protected/set?v=draft");
            visitor.get(nodes.b, "/shop/interval?s=1");
            await().until(() -> EVENTS.contains("/shop null"));

            assertThat(visitor.get(nodes.a, "/forum/protected/get")).isEqualTo("draft");
            assertThat(visitor.get(nodes.b, "/shop/protected/who")).startsWith("alice");
            assertThat(EVENTS).containsExactly("/shop null");
        }
    }

    @Test
    void the_last_session_whose_time_is_over_ends_the_sign_on() {
        try (TwoNodes nodes = nodes()) {
            Visitor visitor = loggedIn(nodes.a, "/shop", "alice");
            visitor.get(nodes.b, "/forum/protected/who");
            visitor.get(nodes.b, "/forum/interval?s=1");
            visitor.get(nodes.b, "/shop/interval?s=1");
            await().until(() -> signOnsOf(nodes).isEmpty());

            assertThat(visitor.get(nodes.b, "/forum/protected/who")).isEqualTo("please log in");
            assertThat(visitor.get(nodes.a, "/shop/protected/who")).isEqualTo("please log in");
        }
    }

    @Test
    void a_node_that_has_never_seen_the_session_ends_the_sign_on_as_well() {
        try (TwoNodes nodes = nodes()) {
            Visitor visitor = loggedIn(nodes.a, "/shop", "alice");
            visitor.get(nodes.a, "/shop/rename");
            visitor.get(nodes.a, "/shop/interval?s=1");
            nodes.a.close();

            await().until(() -> signOnsOf(nodes).isEmpty());

            assertThat(EVENTS).containsExactly("/shop null");
            assertThat(visitor.get(nodes.b, "/forum/protected/who")).isEqualTo("please log in");
        }
    }

    @Test
    void a_session_that_gets_a_longer_interval_or_none_takes_its_sign_on_along() {
        try (TwoNodes nodes = nodes()) {
            Visitor visitor = loggedIn(nodes.a, "/shop", "alice");
            String key = signOnsOf(nodes).get(0);
            assertThat((Long) nodes.redis.command("TTL", key)).isBetween(5000L, 5400L);
            visitor.get(nodes.b, "/shop/interval?s=86400");
            assertThat((Long) nodes.redis.command("TTL", key)).isBetween(89_000L, 90_000L);
            visitor.get(nodes.b, "/shop/interval?s=-1");
            assertThat((Long) nodes.redis.command("TTL", key)).isEqualTo(-1L);
            visitor.get(nodes.a, "/shop/logout");
            assertThat(signOnsOf(nodes)).isEmpty();
        }
    }

    // ---- changes of ids ------------------------------------------------------------------------------------------

    @Test
    void a_session_with_a_new_id_still_belongs_to_its_sign_on() {
        try (TwoNodes nodes = nodes()) {
            Visitor visitor = loggedIn(nodes.a, "/shop", "alice");
            visitor.get(nodes.b, "/forum/protected/set?v=draft");
            visitor.get(nodes.a, "/forum/rename");
            visitor.get(nodes.b, "/shop/rename");
            String key = signOnsOf(nodes).get(0);
            assertThat((Long) nodes.redis.command("HLEN", key)).isEqualTo(6L);

            visitor.get(nodes.a, "/shop/logout");

            assertThat(EVENTS).containsExactlyInAnyOrder("/shop null", "/forum draft");
            assertThat(visitor.get(nodes.b, "/forum/get")).isEqualTo("no session");
        }
    }

    @Test
    void a_session_from_before_the_login_changes_its_id_and_belongs_to_the_sign_on() {
        try (TwoNodes nodes = nodes("BASIC")) {
            Visitor visitor = new Visitor();
            visitor.get(nodes.a, "/shop/session");
            String before = visitor.cookies("JSESSIONID").get(0).getValue();
            visitor.response(nodes.b, "/shop/protected/set?v=cart", "Authorization", basic("alice"));
            assertThat(visitor.cookies("JSESSIONID").get(0).getValue()).isNotEqualTo(before);
            assertThat(visitor.get(nodes.a, "/forum/protected/who")).startsWith("alice");
            visitor.get(nodes.a, "/forum/logout");
            assertThat(EVENTS).contains("/shop cart");
        }
    }

    // ---- cookies -------------------------------------------------------------------------------------------------

    @Test
    void a_cookie_that_is_malformed_or_unknown_counts_as_none_and_is_taken_back() {
        try (TwoNodes nodes = nodes()) {
            for (String value : List.of("short", "x".repeat(129), "0123456789ABCDEF*", "0123456789ABCDEF0123456789")) {
                Visitor visitor = new Visitor().cookie(COOKIE, value);
                HttpResponse<String> response = visitor.response(nodes.a, "/shop/who");
                assertThat(response.body()).startsWith("null");
                assertThat(response.headers().allValues("Set-Cookie"))
                        .singleElement()
                        .asString()
                        .contains(COOKIE + "=REMOVE", "1970", "HttpOnly");
                visitor.cookie(COOKIE, value);
                logIn(visitor, nodes.b, "/shop", "alice");
            }
        }
    }

    @Test
    void the_cookie_has_the_name_and_the_domain_that_are_set() {
        try (TwoNodes nodes = nodes("FORM", BOTH, valve -> {
            valve.setCookieName("ONE");
            valve.setCookieDomain("127.0.0.1");
        })) {
            Visitor visitor = loggedIn(nodes.a, "/shop", "alice");
            assertThat(visitor.cookies("ONE"))
                    .singleElement()
                    .satisfies(cookie -> assertThat(cookie.getDomain()).isEqualTo("127.0.0.1"));
            assertThat(visitor.get(nodes.b, "/forum/protected/who")).startsWith("alice");
        }
    }

    // ---- what it costs -------------------------------------------------------------------------------------------

    @Test
    void a_request_costs_nothing_more_without_the_cookie_and_one_call_more_with_it() {
        UnaryOperator<TomcatNode.Builder> quiet = node -> BOTH.apply(node).setting("sweepInterval", "10m");
        try (TwoNodes nodes = nodes("BASIC", quiet, valve -> {})) {
            Visitor visitor = new Visitor();
            visitor.response(nodes.a, "/shop/protected/set?v=1", "Authorization", basic("alice"));
            visitor.get(nodes.b, "/forum/protected/who");
            Visitor stranger = new Visitor();
            Visitor malformed = new Visitor();

            assertThat(callsOf(nodes, () -> stranger.get(nodes.a, "/shop/nothing")))
                    .isZero();
            assertThat(callsOf(nodes, () -> malformed.cookie(COOKIE, "short").get(nodes.a, "/shop/nothing")))
                    .isZero();
            assertThat(callsOf(nodes, () -> visitor.get(nodes.b, "/shop/nothing")))
                    .isEqualTo(1);
            assertThat(callsOf(nodes, () -> visitor.get(nodes.b, "/shop/get")))
                    .as("and one for the session")
                    .isEqualTo(2);
            assertThat(callsOf(nodes, () -> visitor.get(nodes.a, "/forum/protected/get")))
                    .isEqualTo(2);
            assertThat(callsOf(nodes, () -> visitor.get(nodes.a, "/forum/protected/set?v=2")))
                    .isEqualTo(3);
            visitor.forget(COOKIE);
            assertThat(callsOf(nodes, () -> visitor.get(nodes.a, "/forum/get")))
                    .as("a session of a sign-on, without its cookie")
                    .isEqualTo(2);
        }
    }

    /** In 20 rounds, for each of them; the first one may have to send a script as a text. */
    private static long callsOf(TwoNodes nodes, Runnable request) {
        request.run();
        long calls = Traffic.scriptCallsOf(nodes.redis, () -> {
            for (int round = 0; round < 20; round++) {
                request.run();
            }
        });
        assertThat(calls % 20).isZero();
        return calls / 20;
    }

    // ---- when Redis does not answer --------------------------------------------------------------------------------

    @Test
    void
            while_redis_does_not_answer_a_request_with_an_unknown_sign_on_gets_503_if_that_is_set_and_nobody_is_logged_out() {
        UnaryOperator<TomcatNode.Builder> impatient = node -> BOTH.apply(node).setting("operationTimeout", "200ms");
        try (TwoNodes nodes = nodes("FORM", impatient, valve -> {
                    valve.setProperty("operationTimeout", "200ms");
                    valve.setProperty("onUnknown", "503");
                });
                LogRecords log = new LogRecords()) {
            Visitor visitor = loggedIn(nodes.a, "/shop", "alice");
            nodes.redis.pause();
            try {
                for (String path : List.of("/shop/who", "/forum/protected/who", "/shop/logout", "/shop/end")) {
                    assertThat(visitor.response(nodes.b, path).statusCode())
                            .as(path)
                            .isEqualTo(503);
                }
                assertThat(new Visitor().get(nodes.b, "/shop/nothing")).isEqualTo("nothing");
                visitor.cookie("unused", "");
                assertThat(visitor.cookies(COOKIE)).hasSize(1);
                assertThat(visitor.get(nodes.a, "/shop/protected/who")).startsWith("alice");
            } finally {
                nodes.redis.resume();
            }
            await().untilAsserted(() -> assertThat(
                            visitor.response(nodes.b, "/forum/protected/who").body())
                    .startsWith("alice"));
            assertThat(visitor.get(nodes.a, "/shop/protected/who")).startsWith("alice");
            assertThat(log.with("HF-501")).hasSize(1);
        }
    }

    @Test
    void a_redis_that_hangs_is_soon_not_asked_for_sign_ons_any_more() {
        int requests = 100;
        // The calls of sweepers would be counted, too.
        UnaryOperator<TomcatNode.Builder> unswept = node -> BOTH.apply(node).setting("sweepInterval", "10m");
        try (TwoNodes nodes = nodes("FORM", unswept, valve -> {
                    valve.setProperty("operationTimeout", "200ms");
                    valve.setProperty("openInterval", "100ms");
                });
                LogRecords log = new LogRecords()) {
            Visitor visitor = loggedIn(nodes.a, "/shop", "alice");
            nodes.redis.resetStats();
            nodes.redis.pause();
            try {
                for (int request = 0; request < requests; request++) {
                    assertThat(visitor.response(nodes.a, "/shop/nothing").statusCode())
                            .isEqualTo(200);
                }
                assertThat(log.with("for single sign-on does not answer")).hasSize(1);
            } finally {
                nodes.redis.resume();
            }
            await().untilAsserted(() -> assertThat(
                            visitor.response(nodes.b, "/shop/protected/who").body())
                    .startsWith("alice"));
            assertThat(log.with("for single sign-on answers again")).hasSize(1);
            assertThat(nodes.redis.calls("evalsha"))
                    .as("what a stopped Redis was asked, and does when it goes on")
                    .isLessThan(requests / 2);
        }
    }

    // ---- start and stop ------------------------------------------------------------------------------------------

    private static RedisSingleSignOn valveOf(TomcatNode node) {
        return Arrays.stream(node.host().getPipeline().getValves())
                .filter(RedisSingleSignOn.class::isInstance)
                .map(RedisSingleSignOn.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private static long probesOfSignOns() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("holdfast-probe sign-on"))
                .count();
    }

    @Test
    void a_request_under_way_while_its_host_stops_can_log_out() throws Exception {
        try (TwoNodes nodes = nodes()) {
            Visitor visitor = loggedIn(nodes.a, "/shop", "alice");
            CompletableFuture<HttpResponse<String>> late = visitor.async(nodes.a, "/shop/logout-slowly");
            gate.awaitArrival();
            CompletableFuture<Void> stop = CompletableFuture.runAsync(() -> stop(nodes.a.host()));
            await().until(() -> valveOf(nodes.a).getState() == LifecycleState.STOPPED);
            gate.open();

            assertThat(late.get(20, SECONDS).body()).isEqualTo("logged out");
            stop.get(20, SECONDS);
            assertThat(signOnsOf(nodes)).isEmpty();
        }
    }

    /** Contexts that were made by a program have lost their servlets then, but a look at the sign-on comes before those. */
    @Test
    void a_host_may_stop_and_start_again_and_nothing_of_a_stop_is_left() throws Exception {
        try (TwoNodes nodes = nodes()) {
            Visitor visitor = loggedIn(nodes.b, "/shop", "alice");
            for (int round = 0; round < 2; round++) {
                assertThat(probesOfSignOns()).isEqualTo(2);
                nodes.a.host().stop();
                await().until(() -> probesOfSignOns() == 1);
                assertThat(nodes.a.host().findLifecycleListeners())
                        .noneMatch(listener -> listener.getClass().getName().startsWith("dev.holdfast"));
                nodes.a.host().start();
                assertThat(visitor.response(nodes.a, "/shop/who").statusCode()).isEqualTo(404);
            }
            assertThat(visitor.get(nodes.b, "/shop/protected/who")).isEqualTo("alice true FORM");
        }
    }

    @Test
    void a_valve_that_is_taken_out_while_its_host_runs_gives_its_connections_back_at_once() {
        try (TwoNodes nodes = nodes()) {
            assertThat(probesOfSignOns()).isEqualTo(2);
            nodes.a.host().getPipeline().removeValve(valveOf(nodes.a));
            await().until(() -> probesOfSignOns() == 1);
            assertThat(new Visitor().get(nodes.a, "/shop/nothing")).isEqualTo("nothing");
        }
    }

    private static void stop(Lifecycle stopped) {
        try {
            stopped.stop();
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void no_whole_id_is_logged() {
        try (LogRecords log = new LogRecords();
                TwoNodes nodes = nodes()) {
            Visitor visitor = loggedIn(nodes.a, "/shop", "alice");
            String id = visitor.cookies(COOKIE).get(0).getValue();
            visitor.get(nodes.b, "/forum/protected/who");
            visitor.get(nodes.b, "/forum/logout");
            visitor.cookie(COOKIE, id).get(nodes.b, "/forum/who");
            // On finer levels, libraries write what they send.
            assertThat(log.lines())
                    .filteredOn(line -> line.level().intValue() >= Level.INFO.intValue())
                    .extracting(LogRecords.Line::text)
                    .isNotEmpty()
                    .noneMatch(text -> text.contains(id) || text.contains(PASSWORD));
        }
    }

    // ---- reauthentication ----------------------------------------------------------------------------------------

    @Test
    void with_required_reauthentication_and_without_passwords_a_login_by_form_counts_once_and_the_log_says_so() {
        try (LogRecords log = new LogRecords();
                TwoNodes nodes = nodes("FORM", BOTH, valve -> valve.setRequireReauthentication(true))) {
            assertThat(log.with("HF-508")).hasSize(2);
            Visitor visitor = loggedIn(nodes.a, "/shop", "alice");
            assertThat(visitor.get(nodes.a, "/shop/protected/who")).isEqualTo("please log in");
            assertThat(visitor.get(nodes.b, "/forum/protected/who")).isEqualTo("please log in");
            assertThat(nodes.redis.texts("HVALS", signOnsOf(nodes).get(0))).doesNotContain(PASSWORD);
        }
    }

    @Test
    void with_required_reauthentication_basic_uses_the_header_that_browsers_send_by_themselves() {
        try (TwoNodes nodes = nodes("BASIC", BOTH, valve -> valve.setRequireReauthentication(true))) {
            Visitor visitor = new Visitor();
            visitor.response(nodes.a, "/shop/protected/who", "Authorization", basic("alice"));
            assertThat(visitor.response(nodes.b, "/forum/protected/who").statusCode())
                    .isEqualTo(401);
            assertThat(visitor.response(nodes.b, "/forum/protected/who", "Authorization", basic("alice"))
                            .body())
                    .startsWith("alice");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"FORM", "BASIC"})
    void with_required_reauthentication_and_passwords_the_realm_is_asked_and_the_user_is_not(String method) {
        try (TwoNodes nodes = nodes(method, BOTH, valve -> {
            valve.setRequireReauthentication(true);
            valve.setStorePassword(true);
        })) {
            Visitor visitor = new Visitor();
            if (method.equals("FORM")) {
                logIn(visitor, nodes.a, "/shop", "alice");
            } else {
                visitor.response(nodes.a, "/shop/protected/who", "Authorization", basic("alice"));
            }
            assertThat(visitor.get(nodes.b, "/forum/protected/who")).isEqualTo("alice true " + method);
            nodes.redis.text("HSET", signOnsOf(nodes).get(0), "w", "the password has changed");
            visitor.get(nodes.b, "/forum/interval?s=1");
            await().until(() -> EVENTS.contains("/forum null"));
            assertThat(visitor.response(nodes.b, "/forum/protected/who").body()).doesNotContain("alice");

            if (method.equals("FORM")) {
                logIn(visitor, nodes.b, "/forum", "alice");
            } else {
                visitor.response(nodes.b, "/forum/protected/who", "Authorization", basic("alice"));
            }
            assertThat(visitor.get(nodes.a, "/shop/protected/who"))
                    .as("with the password of the last login")
                    .startsWith("alice");
        }
    }

    // ---- principals that cannot travel ---------------------------------------------------------------------------

    @Test
    void a_principal_that_cannot_travel_counts_on_its_node_and_is_told_of_once() {
        try (TwoNodes nodes = nodes();
                LogRecords log = new LogRecords()) {
            Visitor visitor = loggedIn(nodes.a, "/shop", "dave");
            loggedIn(nodes.a, "/shop", "dave");
            assertThat(visitor.get(nodes.a, "/forum/protected/who")).startsWith("dave");
            assertThat(visitor.get(nodes.b, "/forum/who")).isEqualTo("null false null");
            assertThat(log.with("HF-503"))
                    .singleElement()
                    .satisfies(line -> assertThat(line.text()).contains("$NotSerializable"));

            logIn(visitor, nodes.b, "/forum", "dave");
            assertThat(visitor.get(nodes.b, "/shop/protected/who"))
                    .as("here instead")
                    .startsWith("dave");
            assertThat(visitor.cookies(COOKIE)).hasSize(1);
            assertThat(visitor.get(nodes.a, "/forum/who")).startsWith("null");

            visitor.get(nodes.a, "/shop/end");
            assertThat(visitor.get(nodes.b, "/forum/protected/who")).isEqualTo("please log in");
        }
    }

    @Test
    void a_principal_that_cannot_be_read_is_none_and_its_bytes_stay() {
        try (TwoNodes nodes = nodes();
                LogRecords log = new LogRecords()) {
            Visitor visitor = loggedIn(nodes.a, "/shop", "alice");
            String key = signOnsOf(nodes).get(0);
            nodes.redis.text("HSET", key, "p", "no principal");
            assertThat(visitor.get(nodes.b, "/forum/who")).startsWith("null");
            assertThat(visitor.get(nodes.b, "/forum/protected/who")).isEqualTo("please log in");
            assertThat(nodes.redis.text("HGET", key, "p")).isEqualTo("no principal");
            assertThat(log.with("HF-502")).hasSize(1);
        }
    }

    // ---- applications with other managers --------------------------------------------------------------------------

    @Test
    void an_application_with_tomcats_own_manager_takes_part_on_its_node() {
        UnaryOperator<TomcatNode.Builder> other = node -> BOTH.apply(node).onContext(context -> {
            if (context.getPath().equals("/forum")) {
                context.setManager(new StandardManager());
            }
        });
        try (TwoNodes nodes = nodes("FORM", other, valve -> {});
                LogRecords log = new LogRecords()) {
            Visitor visitor = loggedIn(nodes.a, "/shop", "alice");
            visitor.get(nodes.b, "/forum/protected/set?v=draft");
            assertThat(visitor.get(nodes.b, "/forum/protected/get")).isEqualTo("draft");
            assertThat(log.with("HF-505"))
                    .singleElement()
                    .satisfies(line -> assertThat(line.text()).contains("localhost/forum"));

            visitor.get(nodes.b, "/shop/logout");
            assertThat(visitor.get(nodes.b, "/forum/get")).isEqualTo("no session");
            assertThat(EVENTS).containsExactlyInAnyOrder("/shop null", "/forum draft");

            visitor = loggedIn(nodes.a, "/shop", "alice");
            visitor.get(nodes.b, "/forum/protected/who");
            visitor.get(nodes.b, "/forum/rename");
            visitor.get(nodes.b, "/forum/end");
            assertThat(visitor.get(nodes.a, "/shop/protected/who")).isEqualTo("please log in");
        }
    }

    @Test
    void nor_does_a_login_to_such_an_application_depend_on_redis() {
        UnaryOperator<TomcatNode.Builder> other =
                node -> BOTH.apply(node).setting("operationTimeout", "200ms").onContext(context -> {
                    if (context.getPath().equals("/forum")) {
                        context.setManager(new StandardManager());
                    }
                });
        try (TwoNodes nodes = nodes("BASIC", other, valve -> valve.setProperty("operationTimeout", "200ms"));
                LogRecords log = new LogRecords()) {
            nodes.redis.pause();
            try {
                HttpResponse<String> forum =
                        new Visitor().response(nodes.a, "/forum/protected/who", "Authorization", basic("alice"));
                assertThat(forum.body()).startsWith("alice");
                assertThat(new Visitor()
                                .response(nodes.a, "/shop/protected/who", "Authorization", basic("alice"))
                                .body())
                        .startsWith("alice");
            } finally {
                nodes.redis.resume();
            }
            assertThat(log.with("HF-504")).isEmpty();
        }
    }

    // ---- settings ------------------------------------------------------------------------------------------------

    @Test
    void wrong_settings_keep_the_server_from_starting_and_are_all_named() {
        assertThatThrownBy(() -> nodes("FORM", BOTH, valve -> {
                    valve.setProperty("operationTimeout", "soon");
                    valve.setProperty("keyPrefix", "two words");
                }))
                .rootCause()
                .isInstanceOf(LifecycleException.class)
                .hasMessageContainingAll(
                        "Single sign-on of localhost",
                        "HF-001",
                        "operationTimeout=\"soon\"",
                        "keyPrefix=\"two words\"");
    }

    @Test
    void a_setting_that_is_unknown_or_of_sessions_only_is_told_of() {
        try (LogRecords log = new LogRecords();
                TwoNodes nodes = nodes("FORM", BOTH, valve -> {
                    valve.setProperty("requireReauthentification", "true");
                    valve.setProperty("lock", "request");
                    valve.setProperty("maxLocalSessions", "1000");
                    valve.setProperty("journalMaxBytes", "2MiB");
                    valve.setProperty("onUnknown", "503");
                    valve.setProperty("requestBudget", "1s");
                    valve.setProperty("shutdownTimeout", "10s");
                    valve.setProperty("sweepLease", "30s");
                    valve.setProperty("failureRateThreshold", "60");
                    valve.setProperty("slidingWindowSize", "30");
                    valve.setProperty("openInterval", "2s");
                })) {
            assertThat(nodes.a.isRunning()).isTrue();
            assertThat(log.with("HF-002 requireReauthentification"))
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line.text()).contains("requireReauthentication"));
            for (String ofSessions : List.of("lock", "shutdownTimeout", "sweepLease")) {
                assertThat(log.with("HF-507 " + ofSessions + " ")).hasSize(2);
            }
            assertThat(log.with("HF-507")).as("the others have an effect").hasSize(2 * 3);
        }
    }

    @Test
    void hosts_with_different_names_of_sign_ons_do_not_share_them() {
        try (TwoNodes nodes = TwoNodes.with(
                node -> BOTH.apply(withSignOn(node, "FORM", valve -> valve.setProperty("applicationName", "one"))),
                node -> BOTH.apply(withSignOn(node, "FORM", valve -> valve.setProperty("applicationName", "two"))))) {
            Visitor visitor = loggedIn(nodes.a, "/shop", "alice");
            assertThat(visitor.get(nodes.b, "/forum/who")).startsWith("null");
            assertThat(signOnsOf(nodes)).singleElement().asString().startsWith("holdfast:sso:one:{");
        }
    }

    @Test
    void jmx_shows_nothing_of_the_settings() throws Exception {
        try (TwoNodes nodes = nodes()) {
            var valve = Arrays.stream(
                            nodes.a.context().getParent().getPipeline().getValves())
                    .filter(RedisSingleSignOn.class::isInstance)
                    .map(RedisSingleSignOn.class::cast)
                    .findFirst()
                    .orElseThrow();
            MBeanInfo info = ManagementFactory.getPlatformMBeanServer().getMBeanInfo(valve.getObjectName());
            assertThat(info.getAttributes())
                    .extracting(MBeanAttributeInfo::getName)
                    .contains("cookieName", "requireReauthentication")
                    .doesNotContain("redis", "storePassword");
            assertThat(info.getOperations()).isEmpty();
        }
    }
}
