package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A download of Tomcat with the lines of {@code conf/server-redis-client.xml}, and two web applications. */
class SharedClientDistributionIT {

    /** Beside the module whose jar is tested. */
    private static final Path EXAMPLE = Path.of(System.getProperty("holdfast.test.jar"))
            .toAbsolutePath()
            .resolve("../../../conf/server-redis-client.xml")
            .normalize();

    /** Three applications, the manager among them, would have at least two each. */
    private static final int MOST_CONNECTIONS = 5;

    private static String element(String name) throws IOException {
        Matcher element = Pattern.compile("<" + name + "\\s[^>]*/>").matcher(Files.readString(EXAMPLE));
        assertThat(element.find()).as(name).isTrue();
        return element.group();
    }

    @Test
    void two_applications_of_a_download_share_the_client_of_its_server_xml() throws IOException {
        try (RedisServer redis = RedisServer.start();
                TomcatInstallation tomcat = new TomcatInstallation(element("ResourceLink") + element("Manager"))
                        .globalResource(element("Resource").replace("redis://localhost:6379", redis.uri()))) {
            WebApplication.deployShop(tomcat.webApplication("shop"));
            WebApplication.deployShop(tomcat.webApplication("other"));
            tomcat.start().awaitStart();
            Browser browser = new Browser();
            Operator operator = new Operator(tomcat);

            assertThat(browser.get(tomcat.url("/shop/add?article=tea"))).isEqualTo("[1 tea]");
            assertThat(new Browser().get(tomcat.url("/other/add?article=tea"))).isEqualTo("[1 tea]");
            assertThat(tomcat.catalinaLog())
                    .containsPattern("Sessions of localhost/shop are kept in redis://\\S*"
                            + Pattern.quote(redis.address() + ", by the client java:comp/env/redis/sessions"))
                    .contains("Sessions of localhost/other are kept in ");
            assertThat(redis.text("CLIENT", "LIST").lines().filter(line -> !line.contains("cmd=client")))
                    .hasSizeLessThanOrEqualTo(MOST_CONNECTIONS);

            assertThat(operator.get("/manager/text/stop?path=/other")).startsWith("OK");
            assertThat(operator.get("/manager/text/reload?path=/shop")).startsWith("OK");
            assertThat(browser.get(tomcat.url("/shop/add?article=tea"))).isEqualTo("[2 tea]");
            await().untilAsserted(() -> assertThat(operator.get("/manager/text/findleaks?statusLine=true"))
                    .startsWith("OK")
                    .doesNotContain("/shop", "/other"));

            tomcat.stop();
            assertThat(tomcat.console())
                    .contains("Destroying ProtocolHandler")
                    .doesNotContain("SEVERE", "memory leak", "failed to stop it");
        }
    }
}
