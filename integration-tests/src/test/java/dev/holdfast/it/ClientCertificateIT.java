package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.tomcat.RedisSingleSignOn;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.apache.catalina.Context;
import org.apache.catalina.authenticator.BasicAuthenticator;
import org.apache.catalina.authenticator.SSLAuthenticator;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.realm.GenericPrincipal;
import org.apache.catalina.realm.RealmBase;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.valves.ValveBase;
import org.apache.tomcat.util.descriptor.web.LoginConfig;
import org.apache.tomcat.util.descriptor.web.SecurityCollection;
import org.apache.tomcat.util.descriptor.web.SecurityConstraint;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins by a certificate of the client (Servlet specification, 13.6.4), over TLS on two nodes. */
class ClientCertificateIT {

    private static final AtomicInteger CERTIFICATES_SEEN = new AtomicInteger();
    private static Directory directory;
    private static Certificates certificates;

    private static final Application APPLICATION = new Application()
            .on("/session", (request, response) -> request.getSession())
            .on("/logout", (request, response) -> request.logout())
            .on("/id", (request, response) -> {
                HttpSession session = request.getSession(false);
                response.getWriter().print(session == null ? "no session" : session.getId());
            })
            .on("/protected/who", (request, response) -> response.getWriter().print(who(request)))
            .on(
                    "/protected/set",
                    (request, response) -> request.getSession().setAttribute("value", request.getParameter("v")))
            .on(
                    "/protected/get",
                    (request, response) ->
                            response.getWriter().print(request.getSession().getAttribute("value")));

    private static String who(HttpServletRequest request) {
        return request.getRemoteUser() + " " + request.isUserInRole("user") + " " + request.getAuthType() + " "
                + request.isSecure();
    }

    @BeforeAll
    static void makeCertificates() {
        directory = Directory.temporary();
        certificates = new Certificates(directory.path())
                .key("server", "CN=server")
                .key("alice", "CN=alice, O=Holdfast")
                .key("bob", "CN=bob, O=Holdfast")
                .trust("clients", "alice", "bob")
                .trust("servers", "server");
    }

    @AfterAll
    static void deleteCertificates() {
        directory.close();
    }

    /** Knows every certificate that the connector trusts. */
    private static final class Users extends RealmBase {

        @Override
        public Principal authenticate(X509Certificate[] chain) {
            CERTIFICATES_SEEN.incrementAndGet();
            return getPrincipal(chain[0].getSubjectX500Principal().getName());
        }

        @Override
        protected String getPassword(String username) {
            return "not used";
        }

        @Override
        protected Principal getPrincipal(String username) {
            return new GenericPrincipal(username.replaceFirst("CN=(\\w+).*", "$1"), List.of("user"));
        }
    }

    private static TwoNodes nodes(boolean persistent, UnaryOperator<TomcatNode.Builder> customizer) {
        CERTIFICATES_SEEN.set(0);
        return TwoNodes.with(node -> customizer.apply(node.setting("sweepInterval", "10m")
                .onManager(manager -> manager.setPersistAuthentication(persistent))
                .onTomcat(ClientCertificateIT::speakTls)
                .onContext(context -> secure(
                        context,
                        context.getPath().equals("/forum") ? new BasicAuthenticator() : new SSLAuthenticator()))));
    }

    private static TwoNodes nodes(boolean persistent) {
        return nodes(persistent, node -> node.application("", APPLICATION));
    }

    private static void speakTls(Tomcat tomcat) {
        Connector connector = tomcat.getConnector();
        connector.setScheme("https");
        connector.setSecure(true);
        connector.setProperty("SSLEnabled", "true");
        SSLHostConfig tls = new SSLHostConfig();
        tls.setCertificateVerification("optional");
        tls.setTruststoreFile(certificates.file("clients").toString());
        tls.setTruststorePassword(Certificates.PASSWORD);
        tls.setTruststoreType("PKCS12");
        SSLHostConfigCertificate key = new SSLHostConfigCertificate(tls, SSLHostConfigCertificate.Type.RSA);
        key.setCertificateKeystoreFile(certificates.file("server").toString());
        key.setCertificateKeystorePassword(Certificates.PASSWORD);
        key.setCertificateKeystoreType("PKCS12");
        tls.addCertificate(key);
        connector.addSslHostConfig(tls);
        tomcat.getHost().setRealm(new Users());
    }

    private static void secure(Context context, ValveBase authenticator) {
        String method = authenticator instanceof SSLAuthenticator ? "CLIENT-CERT" : "BASIC";
        context.setLoginConfig(new LoginConfig(method, "test", null, null));
        context.getPipeline().addValve(authenticator);
        SecurityCollection everything = new SecurityCollection();
        everything.addPatternDecoded("/protected/*");
        SecurityConstraint constraint = new SecurityConstraint();
        constraint.addCollection(everything);
        constraint.addAuthRole("user");
        context.addConstraint(constraint);
        context.addSecurityRole("user");
    }

    /** A user with cookies, and with a certificate or without one. */
    private static final class User {

        private final CookieManager cookies;
        private final HttpClient client;

        private User(String key, CookieManager cookies) throws GeneralSecurityException, IOException {
            this.cookies = cookies;
            this.client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .sslContext(certificates.context(key, "servers"))
                    .cookieHandler(cookies)
                    .build();
        }

        /** @param key null for none */
        static User with(String key) throws GeneralSecurityException, IOException {
            return new User(key, new CookieManager(null, CookiePolicy.ACCEPT_ALL));
        }

        /** The same cookies in a client without a certificate. */
        User withoutCertificate() throws GeneralSecurityException, IOException {
            return new User(null, cookies);
        }

        HttpResponse<String> response(TomcatNode node, String path) throws IOException, InterruptedException {
            HttpRequest request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + node.port() + path))
                    .timeout(Duration.ofSeconds(30))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }

        String get(TomcatNode node, String path) throws IOException, InterruptedException {
            HttpResponse<String> response = response(node, path);
            assertThat(response.statusCode()).as(path).isEqualTo(200);
            return response.body();
        }

        HttpCookie cookie(String name) {
            return cookies.getCookieStore().getCookies().stream()
                    .filter(cookie -> cookie.getName().equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_certificate_logs_in_on_both_nodes_and_the_session_is_one(boolean persistent) throws Exception {
        try (TwoNodes nodes = nodes(persistent)) {
            User alice = User.with("alice");
            User bob = User.with("bob");
            alice.get(nodes.a, "/protected/set?v=of+alice");
            bob.get(nodes.b, "/protected/set?v=of+bob");

            assertThat(alice.get(nodes.b, "/protected/who")).isEqualTo("alice true CLIENT_CERT true");
            assertThat(alice.get(nodes.b, "/protected/get")).isEqualTo("of alice");
            assertThat(bob.get(nodes.a, "/protected/who")).isEqualTo("bob true CLIENT_CERT true");
            assertThat(bob.get(nodes.a, "/protected/get")).isEqualTo("of bob");
            assertThat(User.with(null).response(nodes.a, "/protected/who").statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void the_realm_is_asked_once_and_the_session_knows_the_user_on_both_nodes() throws Exception {
        try (TwoNodes nodes = nodes(true)) {
            User alice = User.with("alice");
            alice.get(nodes.a, "/session");
            alice.get(nodes.a, "/protected/who");
            assertThat(CERTIFICATES_SEEN).hasValue(1);

            assertThat(alice.get(nodes.b, "/protected/who")).startsWith("alice true CLIENT_CERT");
            assertThat(alice.withoutCertificate().get(nodes.b, "/protected/who"))
                    .as("as on one Tomcat: the session is logged in")
                    .startsWith("alice true CLIENT_CERT");
            assertThat(CERTIFICATES_SEEN).hasValue(1);
        }
    }

    @Test
    void the_id_changes_at_the_login_and_the_old_one_is_dead() throws Exception {
        try (TwoNodes nodes = nodes(true)) {
            User alice = User.with("alice");
            alice.get(nodes.a, "/session");
            String before = alice.get(nodes.b, "/id");

            alice.get(nodes.b, "/protected/who");

            String after = alice.get(nodes.a, "/id");
            assertThat(after).isNotEqualTo(before).isNotEqualTo("no session");
            assertThat(nodes.redis.keys("*:s:*")).singleElement().asString().endsWith(after);
            assertThat(alice.cookie("JSESSIONID").getSecure()).isTrue();
        }
    }

    @Test
    void a_logout_counts_on_both_nodes_until_the_certificate_logs_in_again() throws Exception {
        try (TwoNodes nodes = nodes(true)) {
            User alice = User.with("alice");
            alice.get(nodes.a, "/session");
            alice.get(nodes.a, "/protected/who");
            alice.get(nodes.b, "/logout");

            assertThat(alice.withoutCertificate()
                            .response(nodes.a, "/protected/who")
                            .statusCode())
                    .isEqualTo(401);
            assertThat(alice.get(nodes.a, "/protected/who")).startsWith("alice");
            assertThat(CERTIFICATES_SEEN).hasValue(2);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void with_single_sign_on_a_certificate_opens_an_application_that_asks_for_passwords(boolean persistent)
            throws Exception {
        UnaryOperator<TomcatNode.Builder> signOn = node -> node.application("", APPLICATION)
                .application("/forum", APPLICATION)
                .onTomcat(tomcat -> {
                    RedisSingleSignOn valve = new RedisSingleSignOn();
                    valve.setRedis(node.redisUri());
                    tomcat.getHost().getPipeline().addValve(valve);
                });
        try (TwoNodes nodes = nodes(persistent, signOn)) {
            User alice = User.with("alice");
            assertThat(alice.response(nodes.a, "/forum/protected/who").statusCode())
                    .isEqualTo(401);
            alice.get(nodes.a, "/protected/who");
            assertThat(alice.cookie("JSESSIONIDSSO").getSecure()).isTrue();
            assertThat(alice.get(nodes.b, "/forum/protected/who")).startsWith("alice true CLIENT_CERT");

            alice.get(nodes.b, "/forum/logout");

            assertThat(alice.response(nodes.a, "/forum/protected/who").statusCode())
                    .isEqualTo(401);
            assertThat(nodes.redis.keys("*:sso:*")).isEmpty();
        }
    }
}
