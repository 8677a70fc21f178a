package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Over TLS, a node talks only to a Redis whose certificate it trusts and that names the host which was asked for. */
class TlsIT {

    private static final String PASSWORD = "correct-horse-battery-staple";

    private static Directory directory;
    private static Certificates certificates;
    private static RedisServer redis;
    private static TlsTunnel tunnel;

    @BeforeAll
    static void start() throws GeneralSecurityException, IOException {
        directory = Directory.temporary();
        certificates = new Certificates(directory.path())
                .key("redis", "CN=redis")
                .key("other", "CN=other")
                .trust("trusts-redis", "redis")
                .trust("trusts-other", "other");
        redis = RedisServer.builder().password(PASSWORD).start();
        tunnel = new TlsTunnel(certificates.context("redis", "trusts-redis"), redis.port());
    }

    @AfterAll
    static void stop() {
        tunnel.close();
        redis.close();
        directory.close();
    }

    private static TomcatNode.Builder node() {
        return TomcatNode.builder()
                .setting("startup", "strict")
                .application("", new Application().on("/set", (request, response) -> {
                            request.getSession().setAttribute("value", "kept");
                            response.getWriter().print(request.getSession().getAttribute("value"));
                        }));
    }

    private static TomcatNode nodeWith(String trust, String host, String verification) {
        Path file = directory.path().resolve(trust + host + verification + ".yaml");
        try {
            Files.writeString(file, """
                    password: "%s"
                    sslTruststore: "%s"
                    sslTruststorePassword: "%s"
                    sslVerificationMode: "%s"
                    singleServerConfig:
                      address: "rediss://%s:%d"
                    """.formatted(
                            PASSWORD,
                            certificates.file(trust).toUri(),
                            Certificates.PASSWORD,
                            verification,
                            host,
                            tunnel.port()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return node().setting("redissonConfig", file.toString()).start();
    }

    @Test
    void a_redis_whose_certificate_is_trusted_and_names_the_host_keeps_sessions() {
        try (TomcatNode node = nodeWith("trusts-redis", "127.0.0.1", "STRICT")) {
            Browser browser = new Browser();
            assertThat(browser.get(node, "/set")).isEqualTo("kept");
            assertThat(redis.keys("*:s:" + browser.sessionId())).hasSize(1);
        }
    }

    @Test
    void one_whose_certificate_is_not_trusted_is_not_talked_to() {
        long before = tunnel.bytesToServer();
        try (TomcatNode node = nodeWith("trusts-other", "127.0.0.1", "STRICT")) {
            assertThat(node.isRunning()).isFalse();
        }
        assertThat(tunnel.bytesToServer()).as("no password was sent").isEqualTo(before);
    }

    @Test
    void one_whose_certificate_names_another_host_is_not_talked_to() {
        long before = tunnel.bytesToServer();
        try (TomcatNode node = nodeWith("trusts-redis", "localhost", "STRICT")) {
            assertThat(node.isRunning()).isFalse();
        }
        assertThat(tunnel.bytesToServer()).as("no password was sent").isEqualTo(before);
    }

    @Test
    void with_a_uri_the_certificates_count_that_the_jvm_trusts() {
        long before = tunnel.bytesToServer();
        try (TomcatNode node = node().redis("rediss://:" + PASSWORD + "@127.0.0.1:" + tunnel.port())
                .start()) {
            assertThat(node.isRunning()).isFalse();
        }
        assertThat(tunnel.bytesToServer()).as("no password was sent").isEqualTo(before);
    }
}
