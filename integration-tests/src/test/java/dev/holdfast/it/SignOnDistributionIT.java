package dev.holdfast.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.RedisServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** Two downloads of Tomcat with the lines of {@code docs/single-sign-on.md}, and users of {@code tomcat-users.xml}. */
class SignOnDistributionIT {

    private static final String PASSWORD = "tell-nobody";

    private static final String WEB_XML = """
            <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
              <security-constraint>
                <web-resource-collection>
                  <web-resource-name>all</web-resource-name>
                  <url-pattern>/*</url-pattern>
                </web-resource-collection>
                <auth-constraint><role-name>manager-gui</role-name></auth-constraint>
              </security-constraint>
              <login-config><auth-method>BASIC</auth-method></login-config>
              <security-role><role-name>manager-gui</role-name></security-role>
            </web-app>
            """;

    private static TomcatInstallation installation(RedisServer redis) throws IOException {
        String uri = "redis://:${HOLDFAST_TEST_PASSWORD}@127.0.0.1:" + redis.port();
        TomcatInstallation installation = new TomcatInstallation(
                "<Manager className=\"dev.holdfast.tomcat.RedisSessionManager\" redis=\"" + uri + "\"/>");
        installation
                .variable("HOLDFAST_TEST_PASSWORD", PASSWORD)
                .hostValve("<Valve className=\"dev.holdfast.tomcat.RedisSingleSignOn\" redis=\"" + uri
                        + "\" cookieName=\"ONE\" operationTimeout=\"5s\" requestBudget=\"5s\"/>");
        for (String name : new String[] {"shop", "forum"}) {
            Path directory = installation.webApplication(name);
            Files.createDirectories(directory.resolve("WEB-INF"));
            Files.writeString(directory.resolve("WEB-INF/web.xml"), WEB_XML);
            Files.writeString(directory.resolve("page.txt"), name);
        }
        return installation.start();
    }

    @Test
    void one_login_opens_the_applications_of_two_downloads_and_tomcats_manager() throws IOException {
        try (RedisServer redis = RedisServer.builder().password(PASSWORD).start();
                TomcatInstallation a = installation(redis);
                TomcatInstallation b = installation(redis)) {
            a.awaitStart();
            b.awaitStart();
            Visitor operator = new Visitor();
            assertThat(operator.response(a.url("/shop/page.txt")).statusCode()).isEqualTo(401);
            String credentials = TomcatInstallation.OPERATOR + ":" + TomcatInstallation.OPERATOR_PASSWORD;
            String basic = "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8));
            operator.response(a.url("/shop/page.txt"), "Authorization", basic);
            assertThat(operator.cookies("ONE")).hasSize(1);

            HttpResponse<String> forum = operator.response(b.url("/forum/page.txt"));
            assertThat(forum.statusCode()).isEqualTo(200);
            assertThat(forum.body()).isEqualTo("forum");
            assertThat(operator.response(b.url("/manager/text/list")).body()).contains("/forum:running:");
            assertThat(new Visitor().response(b.url("/forum/page.txt")).statusCode())
                    .isEqualTo(401);

            assertThat(b.catalinaLog())
                    .contains("Single sign-on of localhost is kept in redis://:***@127.0.0.1:" + redis.port())
                    .contains("HF-505 The application localhost/manager")
                    .doesNotContain("HF-002");
            assertThat(a.allLogs() + b.allLogs()).doesNotContain(PASSWORD);
        }
    }
}
