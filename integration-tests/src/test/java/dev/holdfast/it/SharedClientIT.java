package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.FreePorts;
import dev.holdfast.testkit.RedisServer;
import dev.holdfast.tomcat.RedisClient;
import dev.holdfast.tomcat.RedisSingleSignOn;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.stream.Collectors;
import javax.naming.NamingException;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.realm.GenericPrincipal;
import org.apache.catalina.realm.RealmBase;
import org.apache.tomcat.util.descriptor.web.ContextEnvironment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several web applications of one Tomcat share one Redis client: the first one opens it, and the last one closes it. */
class SharedClientIT {

    private static final String PASSWORD = "tell-nobody";
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

    private RedisServer redis;
    private LogRecords log;

    @BeforeEach
    void start() {
        redis = RedisServer.builder().password(PASSWORD).start();
        log = new LogRecords();
    }

    @AfterEach
    void stop() {
        log.close();
        redis.close();
        assertThat(log.lines()).isNotEmpty();
        assertThat(log.with(PASSWORD)).isEmpty();
    }

    private RedisResource resource() {
        return new RedisResource("redis://:" + PASSWORD + "@127.0.0.1:" + redis.port());
    }

    private static TomcatNode.Builder applications(TomcatNode.Builder node) {
        Application application = new Application()
                .on("/set", (request, response) -> request.getSession().setAttribute("value", "set"))
                .on(
                        "/get",
                        (request, response) ->
                                response.getWriter().print(request.getSession().getAttribute("value")));
        return node.application("/one", application).application("/two", application);
    }

    private TomcatNode startNode() {
        return applications(resource().node())
                .setting("client", RedisResource.NAME_FOR_APPLICATIONS)
                .setting("lock", "request")
                .start();
    }

    /** Without the one that asks. */
    private long connections() {
        return redis.text("CLIENT", "LIST")
                .lines()
                .filter(line -> !line.contains("cmd=client"))
                .count();
    }

    /** By their names, without the numbers that the next client counts on. */
    private static TreeMap<String, Long> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(thread -> thread.getName().replaceAll("[0-9]+", "0"))
                .filter(name -> name.startsWith("holdfast") || name.startsWith("redisson"))
                .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
    }

    private void assertWorks(TomcatNode node, String path) {
        Browser browser = new Browser();
        browser.get(node, path + "/set");
        assertThat(browser.get(node, path + "/get")).isEqualTo("set");
        assertThat(redis.keys("*" + browser.sessionId())).isNotEmpty();
    }

    private static RedisClient clientOf(TomcatNode node) throws NamingException {
        return (RedisClient) node.server().getGlobalNamingContext().lookup(RedisResource.NAME);
    }

    private void awaitNothingOpen() {
        await().atMost(LONGEST_CLOSE).untilAsserted(() -> {
            assertThat(threads()).isEmpty();
            assertThat(connections()).isZero();
        });
    }

    /** Anybody may log in. */
    private static final class Anybody extends RealmBase {

        @Override
        protected String getPassword(String username) {
            return PASSWORD;
        }

        @Override
        protected Principal getPrincipal(String username) {
            return new GenericPrincipal(username, List.of());
        }
    }

    // ---- sharing -------------------------------------------------------------------------------------------------

    @Test
    void single_sign_on_may_use_it_too() throws Exception {
        Application application = new Application()
                .on("/login", (request, response) -> request.login("alice", PASSWORD))
                .on("/who", (request, response) -> response.getWriter().print(request.getRemoteUser()));
        TomcatNode.Builder builder = resource()
                .node()
                .setting("client", RedisResource.NAME_FOR_APPLICATIONS)
                .onTomcat(tomcat -> {
                    RedisSingleSignOn valve = new RedisSingleSignOn();
                    valve.setProperty("client", RedisResource.NAME);
                    tomcat.getHost().setRealm(new Anybody());
                    tomcat.getHost().getPipeline().addValve(valve);
                })
                .application("/one", application)
                .application("/two", application);
        try (TomcatNode node = builder.start()) {
            assertThat(clientOf(node).getUsers()).isEqualTo(3);
            Visitor visitor = new Visitor();
            visitor.get(node, "/one/login");
            assertThat(visitor.get(node, "/two/who")).isEqualTo("alice");
        }
        awaitNothingOpen();
    }

    @Test
    void two_applications_share_connections_and_threads() throws Exception {
        try (TomcatNode node = startNode()) {
            assertThat(clientOf(node).getUsers()).isEqualTo(2);
            assertWorks(node, "/one");
            assertWorks(node, "/two");
            long ofBoth = connections();
            TreeMap<String, Long> threadsOfBoth = threads();

            node.context("/two").stop();
            assertWorks(node, "/one");

            assertThat(connections()).isEqualTo(ofBoth);
            assertThat(threadsOfBoth).containsEntry("redisson-timer-0-0", 1L);
            // Each application has threads of its own for its housekeeping, and one that waits for outages.
            threadsOfBoth.remove("holdfast-housekeeping localhost/two");
            threadsOfBoth.remove("holdfast-probe localhost/two");
            assertThat(threads()).isEqualTo(threadsOfBoth);
        }
        awaitNothingOpen();
    }

    @Test
    void their_sessions_stay_apart() {
        try (TomcatNode node = startNode()) {
            Browser browser = new Browser();
            browser.get(node, "/one/set");
            assertThat(redis.keys("holdfast:{localhost/one:*")).anyMatch(key -> key.endsWith(browser.sessionId()));
            assertThat(browser.get(node, "/two/get")).isEqualTo("null");
        }
    }

    @Test
    void the_first_stop_leaves_the_other_working_and_the_last_one_closes_all() throws Exception {
        try (TomcatNode node = startNode()) {
            node.context("/one").stop();
            assertWorks(node, "/two");
            assertThat(clientOf(node).getUsers()).isEqualTo(1);

            node.context("/two").stop();

            awaitNothingOpen();
            assertThat(clientOf(node).getUsers()).isZero();
        }
    }

    @Test
    void it_opens_again_for_an_application_that_is_deployed_later() {
        try (Directory directory = Directory.temporary();
                TomcatNode node = resource()
                        .node()
                        .setting("client", RedisResource.NAME_FOR_APPLICATIONS)
                        .start()) {
            WebApplication.deployShop(directory.path());
            awaitNothingOpen();
            Context first = deployShop(node, directory);
            Browser browser = new Browser();
            assertThat(browser.get(node, "/shop/add?article=tea")).isEqualTo("[1 tea]");
            node.undeploy(first);
            awaitNothingOpen();

            deployShop(node, directory);

            assertThat(browser.get(node, "/shop/add?article=tea")).isEqualTo("[2 tea]");
        }
        awaitNothingOpen();
    }

    private static Context deployShop(TomcatNode node, Directory directory) {
        return node.deploy("/shop", directory.path(), WebApplication.SHOP_SERVLET, WebApplication.SHOP_PATHS);
    }

    @Test
    void an_application_that_does_not_start_does_not_count() throws Exception {
        try (TomcatNode node = applications(resource().node())
                .setting("client", RedisResource.NAME_FOR_APPLICATIONS)
                .onContext(context -> {
                    if (context.getPath().equals("/two")) {
                        context.addApplicationListener("no.such.Listener");
                    }
                })
                .start()) {
            assertThat(node.context("/two").getState()).isNotEqualTo(LifecycleState.STARTED);
            assertThat(clientOf(node).getUsers()).isEqualTo(1);
            node.context("/one").stop();
            awaitNothingOpen();
        }
    }

    @Test
    void closing_the_resource_takes_it_from_no_application() throws Exception {
        try (TomcatNode node = applications(
                        resource().with("closeMethod", "close").node())
                .setting("client", RedisResource.NAME_FOR_APPLICATIONS)
                .start()) {
            RedisClient client = clientOf(node);
            node.server().getGlobalNamingResources().stop();
            client.close();
            client.close();

            assertWorks(node, "/one");
            assertWorks(node, "/two");
        }
        awaitNothingOpen();
    }

    @Test
    void a_global_name_needs_no_link() throws Exception {
        try (TomcatNode node = applications(resource().node())
                .setting("client", RedisResource.NAME)
                .start()) {
            assertWorks(node, "/one");
            assertWorks(node, "/two");
            assertThat(clientOf(node).getUsers()).isEqualTo(2);
        }
        assertThat(log.with("are kept in redis://:***@127.0.0.1:" + redis.port() + ", by the client redis/sessions"))
                .hasSize(2);
    }

    // ---- what can be wrong ---------------------------------------------------------------------------------------

    /** The one record that says why the first application does not run. */
    private String refusal(TomcatNode.Builder builder, String code) {
        try (TomcatNode node = applications(builder).start()) {
            for (String path : List.of("/one", "/two")) {
                Context context = node.context(path);
                assertThat(context.getState()).isNotEqualTo(LifecycleState.STARTED);
            }
            List<LogRecords.Line> lines = log.with(code).stream()
                    .filter(line -> line.text().contains("/one"))
                    .toList();
            assertThat(lines)
                    .singleElement()
                    .satisfies(line -> assertThat(line.text()).doesNotContain("Caused by"));
            assertThat(lines.get(0).level()).isEqualTo(Level.SEVERE);
            awaitNothingOpen();
            return lines.get(0).text();
        }
    }

    @Test
    void every_wrong_setting_of_the_resource_is_listed_at_once() {
        RedisResource wrong = new RedisResource("redis://:" + PASSWORD + "@127.0.0.1:" + redis.port() + "/x")
                .with("connectionPoolSize", "0")
                .with("connectTimeout", "5")
                .with("keyPrefx", "shop");

        assertThat(refusal(wrong.node().setting("client", RedisResource.NAME_FOR_APPLICATIONS), "HF-001"))
                .contains("Sessions of localhost/one cannot be kept in Redis")
                .contains("The Redis client java:comp/env/redis/sessions of this Tomcat is wrong")
                .contains("redis=\"redis://***@127.0.0.1:", "connectionPoolSize=\"0\"", "connectTimeout=\"5\"");
    }

    @Test
    void a_name_that_nothing_has_is_told_with_what_to_write() {
        assertThat(refusal(resource().node().setting("client", "java:comp/env/redis/session"), "HF-107"))
                .contains("There is no Redis client java:comp/env/redis/session: ")
                .contains("<Resource name=\"redis/session\"", "<ResourceLink name=\"redis/session\"")
                .contains("<GlobalNamingResources>", "conf/server.xml", "context.xml");
    }

    @Test
    void a_global_name_that_nothing_has_is_told_with_what_to_write() {
        assertThat(refusal(resource().node().setting("client", "redis/session"), "HF-107"))
                .contains("There is no Redis client redis/session: ")
                .doesNotContain("<ResourceLink");
    }

    @Test
    void a_server_without_names_is_told_of() {
        assertThat(refusal(TomcatNode.builder().setting("client", RedisResource.NAME), "HF-107"))
                .contains("There is no Redis client redis/sessions: this server has no global names");
    }

    @Test
    void a_resource_of_another_type_is_told_with_what_to_write() {
        TomcatNode.Builder node = resource().node().setting("client", "java:comp/env/limit");
        node.onContext(context -> {
            ContextEnvironment entry = new ContextEnvironment();
            entry.setName("limit");
            entry.setType("java.lang.Integer");
            entry.setValue("7");
            context.getNamingResources().addEnvironment(entry);
        });

        assertThat(refusal(node, "HF-108"))
                .contains("The resource java:comp/env/limit is not a Redis client of Holdfast but a java.lang.Integer")
                .contains("<Resource name=\"limit\" type=\"dev.holdfast.tomcat.RedisClient\"");
    }

    @Test
    void a_resource_that_nobody_could_share_is_refused() {
        RedisResource single = resource().with("singleton", "false");

        assertThat(refusal(single.node().setting("client", RedisResource.NAME), "HF-109"))
                .contains("singleton=\"false\"")
                .contains("Remove singleton");
    }

    @Test
    void a_client_beside_a_redis_is_one_too_many() {
        assertThat(refusal(
                        resource()
                                .node()
                                .setting("client", RedisResource.NAME_FOR_APPLICATIONS)
                                .redis("redis://127.0.0.1:" + redis.port()),
                        "HF-001"))
                .contains("redis and client are both given");
    }

    @Test
    void a_redis_that_is_not_there_is_told_by_each_application() {
        RedisResource nowhere = new RedisResource("redis://:" + PASSWORD + "@127.0.0.1:" + FreePorts.next());

        assertThat(refusal(
                        nowhere.node()
                                .setting("client", RedisResource.NAME_FOR_APPLICATIONS)
                                .setting("startup", "strict"),
                        "HF-202"))
                .contains("No connection to Redis redis://:***@127.0.0.1:");
    }

    @Test
    void a_setting_that_has_no_effect_there_is_warned_of_once() {
        RedisResource surplus = resource().with("keyPrefix", "shop");

        try (TomcatNode node = applications(surplus.node())
                .setting("client", RedisResource.NAME_FOR_APPLICATIONS)
                .start()) {
            assertWorks(node, "/one");
        }
        assertThat(log.with("HF-002"))
                .singleElement()
                .satisfies(line -> assertThat(line.text()).contains("keyPrefix is not a setting of a Redis client"));
    }
}
