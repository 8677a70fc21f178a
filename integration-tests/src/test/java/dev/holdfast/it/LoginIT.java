package dev.holdfast.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.tomcat.RedisSessionManager;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import java.io.Serializable;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Principal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.catalina.Context;
import org.apache.catalina.Role;
import org.apache.catalina.User;
import org.apache.catalina.authenticator.AuthenticatorBase;
import org.apache.catalina.authenticator.BasicAuthenticator;
import org.apache.catalina.authenticator.DigestAuthenticator;
import org.apache.catalina.authenticator.FormAuthenticator;
import org.apache.catalina.realm.GenericPrincipal;
import org.apache.catalina.realm.RealmBase;
import org.apache.catalina.realm.UserDatabaseRealm;
import org.apache.catalina.users.MemoryUserDatabase;
import org.apache.tomcat.util.descriptor.web.LoginConfig;
import org.apache.tomcat.util.descriptor.web.SecurityCollection;
import org.apache.tomcat.util.descriptor.web.SecurityConstraint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With {@code persistAuthentication}, who is logged in on one node is logged in on all. Servlet 6.0, 13.6 and 13.3
 * ({@code login}, {@code logout}). */
class LoginIT {

    private static final String PASSWORD = "correct-horse-battery-staple";

    /** Kryo marks the last character of a text. */
    private static final String AS_STORED = PASSWORD.substring(0, PASSWORD.length() - 1);

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final Queue<String> EVENTS = new ConcurrentLinkedQueue<>();
    private static final Application APPLICATION = new Application()
            .on("/session", (request, response) -> {
                request.getSession();
                response.getWriter().print("session");
            })
            .on("/set", (request, response) -> {
                request.getSession().setAttribute("value", request.getParameter("v"));
            })
            .on("/get", (request, response) -> {
                HttpSession session = request.getSession(false);
                response.getWriter().print(session == null ? "no session" : session.getAttribute("value"));
            })
            .on("/login", (request, response) -> {
                request.login(request.getParameter("user"), PASSWORD);
                response.getWriter().print(who(request));
            })
            .on("/logout", (request, response) -> {
                request.logout();
                response.getWriter().print(who(request));
            })
            .on("/log-in-and-out", (request, response) -> {
                request.login("alice", PASSWORD);
                request.logout();
            })
            .on("/end", (request, response) -> request.getSession().invalidate())
            .on("/who", (request, response) -> response.getWriter().print(who(request)))
            .on("/id", (request, response) -> {
                HttpSession session = request.getSession(false);
                response.getWriter().print(session == null ? "no session" : session.getId());
            })
            .on("/identity", (request, response) -> {
                response.getWriter().print(System.identityHashCode(request.getUserPrincipal()));
            })
            .on("/names", (request, response) -> {
                HttpSession session = request.getSession();
                response.getWriter()
                        .print(Collections.list(session.getAttributeNames()) + " "
                                + session.getAttribute("\u0001principal"));
            })
            .on("/interval", (request, response) -> {
                response.getWriter().print(request.getSession(false).getMaxInactiveInterval());
            })
            .on("/login-page", (request, response) -> response.getWriter().print("please log in"))
            .on("/error-page", (request, response) -> response.getWriter().print("wrong"))
            .on("/protected/who", (request, response) -> response.getWriter().print(who(request)))
            .on("/protected/order", (request, response) -> {
                response.getWriter()
                        .print(request.getMethod() + " " + request.getParameter("article") + " for "
                                + request.getRemoteUser());
            })
            .on("/protected/body", (request, response) -> {
                String body = new String(request.getInputStream().readAllBytes(), UTF_8);
                response.getWriter().print(request.getContentType() + " " + body.hashCode() + " " + body.length());
            });

    /** Name, role and kind of the login, and the class that the application sees. */
    private static String who(HttpServletRequest request) {
        Principal principal = request.getUserPrincipal();
        return request.getRemoteUser() + " " + request.isUserInRole("user") + " " + request.isUserInRole("admin") + " "
                + request.getAuthType() + " "
                + (principal == null ? null : principal.getClass().getSimpleName());
    }

    // ---- who can log in ------------------------------------------------------------------------------------------

    /** What a realm may make of a user. */
    static final class Person implements Principal, Serializable {
        private static final long serialVersionUID = 1L;
        private final String name;

        Person(String name) {
            this.name = name;
        }

        @Override
        public String getName() {
            return name;
        }
    }

    /** Serializable by its word only. */
    static final class Liar implements Principal, Serializable {
        private static final long serialVersionUID = 1L;
        private final transient String name;

        @SuppressWarnings("unused")
        private final Thread thread = Thread.currentThread();

        Liar(String name) {
            this.name = name;
        }

        @Override
        public String getName() {
            return name;
        }
    }

    static final class NotSerializable implements Principal {
        private final String name;

        NotSerializable(String name) {
            this.name = name;
        }

        @Override
        public String getName() {
            return name;
        }
    }

    /** Everybody whose name it can make a principal of, with the same password. */
    private static final class Users extends RealmBase {

        @Override
        protected String getPassword(String username) {
            return PASSWORD;
        }

        @Override
        protected Principal getPrincipal(String username) {
            List<String> roles = List.of("user");
            return switch (username) {
                case "alice" -> new GenericPrincipal(username, roles);
                case "carol" ->
                    new GenericPrincipal(username, roles, new Person(username), null, null, Map.of("city", "Bern"));
                case "dave" -> new GenericPrincipal(username, roles, new NotSerializable(username));
                case "erin" -> new NotSerializable(username);
                case "frank" -> new Liar(username);
                case "bob" -> ofUserDatabase(username);
                default -> null;
            };
        }

        /** What {@code tomcat-users.xml} gives, in the server.xml that Tomcat comes with. */
        private static Principal ofUserDatabase(String username) {
            MemoryUserDatabase database = new MemoryUserDatabase();
            Role role = database.createRole("user", null);
            User user = database.createUser(username, PASSWORD, null);
            user.addRole(role);
            return new UserDatabaseRealm.UserDatabasePrincipal(user, database);
        }
    }

    private static final class Attributes implements HttpSessionAttributeListener {
        @Override
        public void attributeAdded(HttpSessionBindingEvent event) {
            EVENTS.add("added " + event.getName());
        }

        @Override
        public void attributeRemoved(HttpSessionBindingEvent event) {
            EVENTS.add("removed " + event.getName());
        }
    }

    private static TwoNodes nodes(AuthenticatorBase... authenticators) {
        return nodes(node -> node, authenticators);
    }

    private static TwoNodes nodes(UnaryOperator<TomcatNode.Builder> customizer, AuthenticatorBase... authenticators) {
        List<AuthenticatorBase> left = new ArrayList<>(List.of(authenticators));
        return TwoNodes.with(node -> customizer.apply(node.application("", APPLICATION)
                .setting("sweepInterval", "10m")
                .onManager(manager -> manager.setPersistAuthentication(true))
                .onContext(context -> secure(context, left.isEmpty() ? null : left.remove(0)))));
    }

    private static void secure(Context context, AuthenticatorBase authenticator) {
        context.setRealm(new Users());
        if (authenticator == null) {
            return;
        }
        String method = authenticator.getClass().getSimpleName().replace("Authenticator", "");
        context.setLoginConfig(new LoginConfig(method.toUpperCase(Locale.ROOT), "test", "/login-page", "/error-page"));
        context.getPipeline().addValve(authenticator);
        SecurityCollection everything = new SecurityCollection();
        everything.addPatternDecoded("/protected/*");
        SecurityConstraint constraint = new SecurityConstraint();
        constraint.addCollection(everything);
        constraint.addAuthRole("user");
        context.addConstraint(constraint);
        context.addSecurityRole("user");
    }

    private static Browser loggedIn(TwoNodes nodes, String user) {
        Browser browser = new Browser();
        browser.get(nodes.a, "/session");
        browser.get(nodes.a, "/login?user=" + user);
        return browser;
    }

    // ---- login and logout by the application ---------------------------------------------------------------------

    @Test
    void a_login_on_one_node_is_known_on_the_other() {
        try (TwoNodes nodes = nodes()) {
            Browser browser = loggedIn(nodes, "alice");

            assertThat(browser.get(nodes.b, "/who")).isEqualTo("alice true false NONE GenericPrincipal");
            assertThat(browser.get(nodes.a, "/who")).isEqualTo("alice true false NONE GenericPrincipal");
            assertThat(new Browser().get(nodes.b, "/who")).isEqualTo("null false false null null");
        }
    }

    @Test
    void a_login_outlives_the_node_where_it_was_made() {
        try (TwoNodes nodes = nodes()) {
            Browser browser = loggedIn(nodes, "alice");
            nodes.a.close();
            assertThat(browser.get(nodes.b, "/who")).startsWith("alice true");
        }
    }

    @Test
    void the_principal_of_a_realm_is_what_the_application_sees_everywhere() {
        try (TwoNodes nodes = nodes()) {
            assertThat(loggedIn(nodes, "carol").get(nodes.b, "/who")).isEqualTo("carol true false NONE Person");
        }
    }

    @Test
    void a_user_of_tomcat_users_xml_keeps_the_roles_of_the_login() {
        try (TwoNodes nodes = nodes()) {
            assertThat(loggedIn(nodes, "bob").get(nodes.b, "/who")).isEqualTo("bob true false NONE GenericPrincipal");
        }
    }

    @Test
    void a_node_makes_one_object_of_a_principal() {
        try (TwoNodes nodes = nodes()) {
            Browser browser = loggedIn(nodes, "carol");
            String identity = browser.get(nodes.b, "/identity");
            browser.get(nodes.a, "/set?v=1");
            assertThat(browser.get(nodes.b, "/identity")).isEqualTo(identity).isNotEqualTo("0");
        }
    }

    @Test
    void the_id_changes_at_the_login_and_the_old_one_is_dead_everywhere() {
        try (TwoNodes nodes = nodes()) {
            Browser browser = new Browser();
            browser.get(nodes.b, "/set?v=1");
            Browser thief = browser.twin();

            browser.get(nodes.a, "/login?user=alice");

            assertThat(browser.sessionId()).isNotEqualTo(thief.sessionId());
            assertThat(browser.get(nodes.b, "/who")).startsWith("alice");
            assertThat(browser.get(nodes.b, "/get")).isEqualTo("1");
            assertThat(thief.get(nodes.a, "/get")).isEqualTo("no session");
            assertThat(thief.get(nodes.b, "/get")).isEqualTo("no session");
            assertThat(thief.get(nodes.a, "/who")).startsWith("null");
        }
    }

    @Test
    void a_logout_on_one_node_is_seen_on_the_other_and_the_session_goes_on() {
        try (TwoNodes nodes = nodes()) {
            Browser browser = loggedIn(nodes, "alice");
            browser.get(nodes.a, "/set?v=1");

            browser.get(nodes.b, "/logout");

            assertThat(browser.get(nodes.a, "/who")).isEqualTo("null false false null null");
            assertThat(browser.get(nodes.b, "/who")).isEqualTo("null false false null null");
            assertThat(browser.get(nodes.a, "/get")).isEqualTo("1");
            assertThat(recordsOf(nodes)).doesNotContain("a\u0001", "alice");
        }
    }

    @Test
    void a_login_that_a_node_cannot_read_is_none_there_and_the_user_may_log_in_again() {
        try (TwoNodes nodes = nodes()) {
            Browser browser = loggedIn(nodes, "alice");
            browser.get(nodes.a, "/set?v=1");
            String key = nodes.redis.keys("*:s:*").first();
            nodes.redis.text("HSET", key, "a\u0001principal", "no principal");

            assertThat(browser.get(nodes.b, "/who")).startsWith("null");
            assertThat(browser.get(nodes.b, "/get")).isEqualTo("1");
            browser.get(nodes.b, "/set?v=2");
            assertThat(nodes.redis.text("HGET", key, "a\u0001principal")).isEqualTo("no principal");
            assertThat(browser.get(nodes.b, "/login?user=bob")).startsWith("bob");
            assertThat(browser.get(nodes.a, "/who")).startsWith("bob");
        }
    }

    @Test
    void a_login_and_a_logout_in_one_request_leave_nobody_logged_in() {
        try (TwoNodes nodes = nodes()) {
            Browser browser = new Browser();
            browser.get(nodes.a, "/session");
            browser.get(nodes.a, "/log-in-and-out");
            assertThat(browser.get(nodes.b, "/who")).startsWith("null");
        }
    }

    @Test
    void after_a_logout_no_request_that_was_under_way_on_any_node_brings_the_user_back() {
        try (TwoNodes nodes = nodes()) {
            for (int round = 0; round < 20; round++) {
                Browser browser = loggedIn(nodes, "alice");
                List<CompletableFuture<?>> underWay = new ArrayList<>();
                for (int request = 0; request < 6; request++) {
                    underWay.add(browser.twin().async(request % 2 == 0 ? nodes.a : nodes.b, "/set?v=" + request));
                    underWay.add(browser.twin().async(request % 2 == 0 ? nodes.b : nodes.a, "/who"));
                }
                browser.get(round % 2 == 0 ? nodes.a : nodes.b, "/logout");
                assertThat(browser.get(nodes.a, "/who")).startsWith("null");
                assertThat(browser.get(nodes.b, "/who")).startsWith("null");

                underWay.forEach(CompletableFuture::join);
                assertThat(browser.get(nodes.a, "/who")).startsWith("null");
                assertThat(browser.get(nodes.b, "/who")).startsWith("null");
                assertThat(recordsOf(nodes)).doesNotContain("alice");
                browser.get(nodes.a, "/end");
            }
        }
    }

    @Test
    void another_user_of_the_same_session_is_seen_by_both_nodes() {
        try (TwoNodes nodes = nodes()) {
            Browser browser = loggedIn(nodes, "alice");
            assertThat(browser.get(nodes.b, "/who")).startsWith("alice");
            browser.get(nodes.b, "/logout");
            browser.get(nodes.b, "/login?user=bob");
            assertThat(browser.get(nodes.a, "/who")).startsWith("bob");
        }
    }

    @Test
    void the_end_of_the_session_is_the_end_of_the_login() {
        try (TwoNodes nodes = nodes()) {
            Browser browser = loggedIn(nodes, "alice");
            browser.get(nodes.b, "/end");
            assertThat(browser.get(nodes.a, "/who")).startsWith("null");
            assertThat(recordsOf(nodes)).doesNotContain("alice");
        }
    }

    // ---- what the application sees, and what it costs -------------------------------------------------------------

    @Test
    void the_application_sees_no_attribute_of_the_container_and_no_listener_hears_of_it() {
        EVENTS.clear();
        try (TwoNodes nodes = nodes(node ->
                node.onContext(context -> context.setApplicationEventListeners(new Object[] {new Attributes()})))) {
            Browser browser = loggedIn(nodes, "alice");
            assertThat(browser.get(nodes.a, "/names")).isEqualTo("[] null");
            assertThat(browser.get(nodes.b, "/names")).isEqualTo("[] null");
            browser.get(nodes.b, "/end");
        }
        assertThat(EVENTS).isEmpty();
    }

    @Test
    void filters_on_attributes_do_not_hold_a_login_back() {
        Consumer<RedisSessionManager> filters = manager -> {
            manager.setSessionAttributeNameFilter("value");
            manager.setSessionAttributeValueClassNameFilter("java\\.lang\\.String");
        };
        try (TwoNodes nodes = nodes(node -> node.onManager(filters))) {
            assertThat(loggedIn(nodes, "carol").get(nodes.b, "/who")).startsWith("carol");
        }
    }

    @Test
    void a_request_of_a_user_who_is_logged_in_costs_one_call() {
        try (TwoNodes nodes = nodes(new FormAuthenticator(), new FormAuthenticator())) {
            Browser browser = loggedIn(nodes, "carol");
            browser.get(nodes.b, "/protected/who");
            nodes.redis.resetStats();
            for (int request = 0; request < 50; request++) {
                assertThat(browser.get(nodes.b, "/protected/who")).startsWith("carol");
                browser.get(nodes.a, "/who");
            }
            assertThat(nodes.redis.calls("evalsha")).isBetween(100L, 101L);
        }
    }

    @Test
    void a_request_that_uses_no_session_costs_one_call_if_it_comes_with_an_id_and_none_otherwise() {
        try (TwoNodes nodes = nodes()) {
            Browser browser = new Browser();
            browser.get(nodes.a, "/session");
            nodes.redis.resetStats();
            for (int request = 0; request < 50; request++) {
                browser.get(nodes.b, "/login-page");
                new Browser().get(nodes.b, "/login-page");
            }
            assertThat(nodes.redis.calls("evalsha")).isBetween(50L, 51L);
        }
    }

    // ---- login by form -------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({"true,,", "false,,", "true,a,b", "false,a,b"})
    void every_step_of_a_login_by_form_may_go_to_another_node(boolean beginOnA, String routeOfA, String routeOfB) {
        FormAuthenticator[] forms = {new FormAuthenticator(), new FormAuthenticator()};
        List<String> routes = new ArrayList<>();
        routes.add(routeOfA);
        routes.add(routeOfB);
        try (TwoNodes nodes = nodes(node -> node.route(routes.remove(0)), forms)) {
            TomcatNode one = beginOnA ? nodes.a : nodes.b;
            TomcatNode other = beginOnA ? nodes.b : nodes.a;
            Browser browser = new Browser();

            HttpResponse<String> asked = browser.post(one, "/protected/order", FORM, "article=42");
            assertThat(asked.body()).isEqualTo("please log in");
            assertThat(browser.get(other, "/interval")).isEqualTo("120");
            assertThat(logIn(browser, one, "alice", "guess").body()).isEqualTo("wrong");
            HttpResponse<String> accepted = logIn(browser, other, "alice", PASSWORD);
            assertThat(accepted.statusCode()).isEqualTo(303);
            assertThat(accepted.headers().firstValue("Location").orElseThrow()).endsWith("/protected/order");

            assertThat(browser.get(one, "/protected/order")).isEqualTo("POST 42 for alice");
            assertThat(browser.get(other, "/protected/who")).isEqualTo("alice true false FORM GenericPrincipal");
            assertThat(browser.get(one, "/protected/order")).isEqualTo("GET null for alice");
            assertThat(browser.get(other, "/interval")).isEqualTo("1800");
        }
    }

    @Test
    void the_body_of_a_saved_request_comes_whole_to_the_other_node() {
        try (TwoNodes nodes = nodes(new FormAuthenticator(), new FormAuthenticator())) {
            String body = "{\"text\":\"" + "\u00fc\u20ac\u0000".repeat(600) + "\"}";
            Browser browser = new Browser();
            browser.post(nodes.a, "/protected/body", "application/json", body);
            logIn(browser, nodes.b, "alice", PASSWORD);
            assertThat(browser.get(nodes.a, "/protected/body"))
                    .isEqualTo("application/json " + body.hashCode() + " " + body.length());
        }
    }

    @Test
    void the_id_changes_at_a_login_by_form_and_who_knew_the_one_before_is_not_logged_in() {
        try (TwoNodes nodes = nodes(new FormAuthenticator(), new FormAuthenticator())) {
            Browser browser = new Browser();
            browser.get(nodes.a, "/set?v=1");
            Browser thief = browser.twin();
            assertThat(browser.get(nodes.b, "/protected/who")).isEqualTo("please log in");
            Browser secondThief = browser.twin();
            logIn(browser, nodes.a, "alice", PASSWORD);

            assertThat(browser.get(nodes.b, "/protected/who")).startsWith("alice");
            for (Browser old : List.of(thief, secondThief)) {
                assertThat(old.sessionId()).isNotEqualTo(browser.sessionId());
                assertThat(old.twin().get(nodes.a, "/protected/who")).isEqualTo("please log in");
                assertThat(old.twin().get(nodes.b, "/protected/who")).isEqualTo("please log in");
                assertThat(old.twin().get(nodes.b, "/get")).isEqualTo("no session");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void no_password_is_in_redis_at_any_step(boolean cache) {
        FormAuthenticator[] forms = {new FormAuthenticator(), new FormAuthenticator()};
        for (FormAuthenticator form : forms) {
            form.setCache(cache);
        }
        try (TwoNodes nodes = nodes(forms)) {
            Browser browser = new Browser();
            browser.post(nodes.a, "/protected/order", FORM, "article=42");
            assertNoPassword(nodes);
            logIn(browser, nodes.a, "alice", PASSWORD);
            assertNoPassword(nodes);
            if (cache) {
                assertThat(recordsOf(nodes)).contains("alice");
            }
            assertThat(browser.get(nodes.a, "/protected/order")).isEqualTo("POST 42 for alice");
            assertNoPassword(nodes);
            browser.get(nodes.a, "/protected/who");
            assertNoPassword(nodes);
            assertThat(browser.get(nodes.b, "/protected/who")).startsWith(cache ? "alice" : "please log in");
        }
    }

    @Test
    void a_password_that_is_asked_to_be_kept_logs_in_on_each_node_without_a_cache() {
        FormAuthenticator[] forms = {new FormAuthenticator(), new FormAuthenticator()};
        for (FormAuthenticator form : forms) {
            form.setCache(false);
        }
        try (LogRecords log = new LogRecords();
                TwoNodes nodes = nodes(node -> node.onManager(manager -> manager.setPersistPasswords(true)), forms)) {
            Browser browser = new Browser();
            browser.get(nodes.a, "/protected/who");
            logIn(browser, nodes.b, "alice", PASSWORD);
            assertThat(browser.get(nodes.a, "/protected/who")).startsWith("alice");
            assertThat(browser.get(nodes.b, "/protected/who")).startsWith("alice");
            assertThat(recordsOf(nodes)).contains(AS_STORED);
            browser.get(nodes.b, "/logout");
            assertThat(browser.get(nodes.a, "/protected/who")).isEqualTo("please log in");
            assertNoPassword(nodes);
            assertThat(log.with("HF-110 persistPasswords is on")).hasSize(2);
        }
    }

    @Test
    void the_short_time_that_a_login_may_take_ends_with_it_also_if_the_page_was_asked_for_again_elsewhere() {
        try (TwoNodes nodes = nodes(new FormAuthenticator(), new FormAuthenticator())) {
            Browser browser = new Browser();
            browser.get(nodes.a, "/protected/who");
            browser.get(nodes.b, "/protected/who");
            assertThat(browser.get(nodes.a, "/interval")).isEqualTo("120");
            logIn(browser, nodes.a, "alice", PASSWORD);
            assertThat(browser.get(nodes.b, "/protected/who")).startsWith("alice");
            assertThat(browser.get(nodes.a, "/interval")).isEqualTo("1800");
        }
    }

    @Test
    void a_login_form_without_a_session_is_answered_as_by_tomcat_alone() {
        try (TwoNodes nodes = nodes(new FormAuthenticator(), new FormAuthenticator())) {
            assertThat(logIn(new Browser(), nodes.b, "alice", PASSWORD).statusCode())
                    .isEqualTo(408);
        }
    }

    private static HttpResponse<String> logIn(Browser browser, TomcatNode node, String user, String password) {
        return browser.post(node, "/j_security_check", FORM, "j_username=" + user + "&j_password=" + password);
    }

    private static void assertNoPassword(TwoNodes nodes) {
        assertThat(recordsOf(nodes)).isNotEmpty().doesNotContain(AS_STORED);
    }

    /** Names and values of everything in the records of sessions. */
    private static String recordsOf(TwoNodes nodes) {
        StringBuilder all = new StringBuilder();
        for (String key : nodes.redis.keys("*:s:*")) {
            all.append(String.join(" ", nodes.redis.texts("HGETALL", key)));
        }
        return all.toString();
    }

    // ---- login by header -----------------------------------------------------------------------------------------

    @Test
    void a_basic_login_is_remembered_by_the_session_on_both_nodes() {
        BasicAuthenticator[] basics = {new BasicAuthenticator(), new BasicAuthenticator()};
        String credentials = Base64.getEncoder().encodeToString(("alice:" + PASSWORD).getBytes(UTF_8));
        try (TwoNodes nodes = nodes(basics)) {
            Browser browser = new Browser();
            browser.get(nodes.a, "/session");
            assertThat(browser.response(nodes.a, "/protected/who").statusCode()).isEqualTo(401);
            assertThat(browser.responseTo(nodes.a, "/protected/who", "Authorization", "Basic " + credentials)
                            .body())
                    .startsWith("alice");

            assertThat(browser.get(nodes.b, "/protected/who")).isEqualTo("alice true false BASIC GenericPrincipal");
            assertThat(browser.get(nodes.a, "/protected/who")).isEqualTo("alice true false BASIC GenericPrincipal");
            assertNoPassword(nodes);
        }
    }

    /** Tomcat's own default is that every request of a DIGEST login authenticates itself, and each node challenges. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_digest_login_is_remembered_by_the_session_on_both_nodes_if_it_is_cached(boolean cache) throws Exception {
        DigestAuthenticator[] digests = {new DigestAuthenticator(), new DigestAuthenticator()};
        for (DigestAuthenticator digest : digests) {
            digest.setCache(cache);
        }
        try (TwoNodes nodes = nodes(digests)) {
            Browser browser = new Browser();
            browser.get(nodes.a, "/session");
            assertThat(logInByDigest(browser, nodes.a)).startsWith("alice true false DIGEST");

            if (cache) {
                assertThat(browser.get(nodes.b, "/protected/who")).startsWith("alice true false DIGEST");
            } else {
                assertThat(logInByDigest(browser, nodes.b)).startsWith("alice true false DIGEST");
            }
        }
    }

    private static String logInByDigest(Browser browser, TomcatNode node) throws NoSuchAlgorithmException {
        HttpResponse<String> challenged = browser.response(node, "/protected/who");
        assertThat(challenged.statusCode()).isEqualTo(401);
        String challenge = challenged.headers().allValues("WWW-Authenticate").stream()
                .filter(value -> !value.contains("SHA"))
                .findFirst()
                .orElseThrow();
        return browser.responseTo(node, "/protected/who", "Authorization", answerTo(challenge))
                .body();
    }

    private static String answerTo(String challenge) throws NoSuchAlgorithmException {
        String nonce = parameter(challenge, "nonce");
        String secret = md5("alice:" + parameter(challenge, "realm") + ":" + PASSWORD);
        String digest = md5(secret + ":" + nonce + ":00000001:client:auth:" + md5("GET:/protected/who"));
        return "Digest username=\"alice\", realm=\"" + parameter(challenge, "realm") + "\", nonce=\"" + nonce
                + "\", uri=\"/protected/who\", qop=auth, nc=00000001, cnonce=\"client\", response=\"" + digest
                + "\", opaque=\"" + parameter(challenge, "opaque") + "\"";
    }

    private static String parameter(String challenge, String name) {
        Matcher matcher = Pattern.compile(name + "=\"([^\"]*)\"").matcher(challenge);
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private static String md5(String text) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(UTF_8)));
    }

    // ---- principals that cannot travel ---------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({"dave,NotSerializable", "erin,NotSerializable", "frank,Liar"})
    void a_principal_that_cannot_travel_is_known_on_its_node_and_told_of_once(String user, String className) {
        try (TwoNodes nodes = nodes();
                Warnings warnings = new Warnings()) {
            Browser browser = loggedIn(nodes, user);
            assertThat(browser.get(nodes.a, "/who")).contains(className);
            assertThat(browser.get(nodes.b, "/who")).startsWith("null");
            assertThat(browser.get(nodes.a, "/who")).contains(className);
            loggedIn(nodes, user);

            assertThat(warnings.seen).singleElement().asString().contains("HF-105", "$" + className);
        }
    }

    @Test
    void a_user_whose_principal_cannot_travel_is_logged_in_where_the_last_login_was() {
        try (TwoNodes nodes = nodes()) {
            Browser browser = loggedIn(nodes, "dave");
            browser.get(nodes.b, "/login?user=dave");
            assertThat(browser.get(nodes.a, "/who")).startsWith("null");
            assertThat(browser.get(nodes.b, "/who")).startsWith("dave");
        }
    }

    @Test
    void a_logout_on_a_node_that_does_not_know_the_principal_counts() {
        try (TwoNodes nodes = nodes()) {
            Browser browser = loggedIn(nodes, "dave");
            browser.get(nodes.b, "/logout");
            assertThat(browser.get(nodes.a, "/who")).startsWith("null");
        }
    }

    @Test
    void the_login_of_somebody_else_ends_that_of_a_principal_that_cannot_travel() {
        try (TwoNodes nodes = nodes()) {
            for (String next : List.of("alice", "erin")) {
                Browser browser = loggedIn(nodes, "dave");
                browser.get(nodes.b, "/login?user=" + next);
                assertThat(browser.get(nodes.b, "/who")).startsWith(next.equals("erin") ? "erin" : "alice");
                assertThat(browser.get(nodes.a, "/who")).doesNotStartWith("dave");
            }
        }
    }

    @Test
    void a_login_by_form_with_a_principal_that_cannot_travel_works_on_one_node() {
        try (TwoNodes nodes = nodes(new FormAuthenticator(), new FormAuthenticator())) {
            Browser browser = new Browser();
            browser.post(nodes.a, "/protected/order", FORM, "article=42");
            logIn(browser, nodes.a, "dave", PASSWORD);
            assertThat(browser.get(nodes.a, "/protected/order")).isEqualTo("POST 42 for dave");
            assertThat(browser.get(nodes.b, "/protected/who")).isEqualTo("please log in");
        }
    }

    /** What the manager warns of. */
    private static final class Warnings extends Handler implements AutoCloseable {
        private final Logger logger = Logger.getLogger(RedisSessionManager.class.getName());
        private final Queue<String> seen = new ConcurrentLinkedQueue<>();

        Warnings() {
            logger.addHandler(this);
        }

        @Override
        public void publish(LogRecord logged) {
            if (String.valueOf(logged.getMessage()).startsWith("HF-")) {
                seen.add(logged.getMessage());
            }
        }

        @Override
        public void flush() {
            // Nothing is kept back.
        }

        @Override
        public void close() {
            logger.removeHandler(this);
        }
    }

    // ---- without persistAuthentication ---------------------------------------------------------------------------

    @Test
    void without_the_setting_a_login_stays_on_its_node_and_nothing_of_it_is_in_redis() {
        try (TwoNodes nodes = nodes(node -> node.onManager(manager -> manager.setPersistAuthentication(false)))) {
            Browser browser = loggedIn(nodes, "alice");
            browser.get(nodes.a, "/set?v=1");
            assertThat(browser.get(nodes.a, "/who")).startsWith("alice");
            assertThat(browser.get(nodes.b, "/who")).startsWith("null");
            assertThat(recordsOf(nodes)).contains("avalue").doesNotContain("alice", "principal", "authType");
        }
    }

    @Test
    void without_the_setting_a_login_by_form_leaves_nothing_in_redis() {
        FormAuthenticator[] forms = {new FormAuthenticator(), new FormAuthenticator()};
        try (TwoNodes nodes =
                nodes(node -> node.onManager(manager -> manager.setPersistAuthentication(false)), forms)) {
            Browser browser = new Browser();
            browser.post(nodes.a, "/protected/order", FORM, "article=42");
            assertThat(recordsOf(nodes)).doesNotContain("note:", "article");
            logIn(browser, nodes.a, "alice", PASSWORD);
            assertThat(browser.get(nodes.a, "/protected/order")).isEqualTo("POST 42 for alice");
            assertThat(recordsOf(nodes)).doesNotContain("alice", "principal", "authType");
            assertThat(browser.get(nodes.b, "/protected/who")).isEqualTo("please log in");
        }
    }
}
