package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.RedisServer;
import dev.holdfast.tomcat.RedisSessionManager;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.catalina.Context;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A web application that is deployed and undeployed again and again, in a Tomcat where another one goes on: with locks and
 * with sweeps, in turns with connections of its own and with a client that the other one holds open.
 */
class RedeployIT {

    private static final String PATH = "/shop";
    private static final int ROUNDS = 50;
    private static final int ROUNDS_WITH_AN_END = 25;
    private static final int REQUESTS_AT_ONCE = 6;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Directory directory = Directory.temporary();
    private RedisServer redis;
    private TomcatNode node;
    private final Browser ofOther = new Browser();

    @BeforeEach
    void start() {
        redis = RedisServer.start();
        WebApplication.deployShop(directory.path());
        Application other = new Application().on("/count", (request, response) -> {
            Integer count = (Integer) request.getSession().getAttribute("count");
            request.getSession().setAttribute("count", count == null ? 1 : count + 1);
            response.getWriter().print(count);
        });
        node = new RedisResource(redis.uri())
                .with("connectionPoolSize", "1")
                .node()
                .setting("lock", "request")
                .setting("sweepInterval", "1s")
                .onContext(context -> {
                    if (context.getPath().isEmpty()) {
                        ((RedisSessionManager) context.getManager()).setProperty("client", RedisResource.NAME);
                    }
                })
                .application("", other)
                .start();
    }

    @AfterEach
    void stop() {
        node.close();
        redis.close();
        directory.close();
    }

    @Test
    void fifty_deployments_leave_no_thread_no_thread_local_no_connection_and_no_class_loader() {
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        // The first ones are those on whose requests threads and connections are begun that go on.
        loaders.add(deployUseAndUndeploy(0));
        loaders.add(deployUseAndUndeploy(1));
        awaitOneClient();
        SortedMap<String, Long> threadsBefore = threads();
        List<String> channelsBefore = redis.texts("PUBSUB", "CHANNELS");
        assertThat(threadsBefore).isNotEmpty();
        assertThat(channelsBefore).as("of locks and of ends").hasSize(2);

        for (int round = 0; round < ROUNDS; round++) {
            loaders.add(deployUseAndUndeploy(round));
            assertThat(ofOther.get(node, "/count")).isEqualTo(round == 0 ? "null" : String.valueOf(round));
        }

        awaitOneClient();
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(threads()).isEqualTo(threadsBefore);
            assertThat(redis.texts("PUBSUB", "CHANNELS")).isEqualTo(channelsBefore);
        });
        assertThat(threadLocalsOfOurs()).isEmpty();
        await().atMost(PATIENCE).untilAsserted(() -> {
            System.gc();
            assertThat(loaders).filteredOn(loader -> loader.get() != null).isEmpty();
        });

        node.close();
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(threads()).isEmpty();
            assertThat(connections()).isZero();
        });
    }

    /** In a method of its own, so that no variable of the test refers to the application. */
    private WeakReference<ClassLoader> deployUseAndUndeploy(int round) {
        boolean shared = round % 2 == 0;
        Context context = node.deploy(
                PATH,
                directory.path(),
                manager -> manager.setProperty(
                        shared ? "client" : "redis", shared ? RedisResource.NAME_FOR_APPLICATIONS : redis.uri()),
                WebApplication.SHOP_SERVLET,
                WebApplication.SHOP_PATHS);
        WeakReference<ClassLoader> loader =
                new WeakReference<>(context.getLoader().getClassLoader());
        useShop();
        if (round % ROUNDS_WITH_AN_END < 2) {
            letASessionEndByTime();
        }
        node.undeploy(context);
        return loader;
    }

    private void useShop() {
        Browser browser = new Browser();
        browser.get(node, PATH + "/fill");
        List<CompletableFuture<?>> requests = new ArrayList<>();
        for (int number = 0; number < REQUESTS_AT_ONCE; number++) {
            requests.add(browser.async(node, PATH + "/add?article=tea"));
            requests.add(browser.async(node, PATH + "/check"));
        }
        CompletableFuture.allOf(requests.toArray(CompletableFuture[]::new)).join();
        assertThat(browser.get(node, PATH + "/check")).isEqualTo("{}");
        assertThat(browser.get(node, PATH + "/show")).isEqualTo("[" + REQUESTS_AT_ONCE + " tea]");
        Browser other = new Browser();
        other.get(node, PATH + "/add?article=tea");
        other.get(node, PATH + "/end");
    }

    private void letASessionEndByTime() {
        Browser browser = new Browser();
        browser.get(node, PATH + "/add?article=tea");
        browser.get(node, PATH + "/brief");
        await().atMost(PATIENCE)
                .until(() -> redis.keys("*:s:" + browser.sessionId()).isEmpty());
    }

    // ---- what may be left ----------------------------------------------------------------------------------------

    /** The other application's: one for commands, one for the channel of the locks. */
    private void awaitOneClient() {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(connections()).isEqualTo(2));
    }

    private long connections() {
        return redis.text("CLIENT", "LIST")
                .lines()
                .filter(line -> !line.contains("cmd=client"))
                .count();
    }

    /** All but those of Tomcat, of the JVM and of the test, by their names without numbers. */
    private static SortedMap<String, Long> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(thread -> thread.getName().replaceAll("[0-9]+", "0"))
                .filter(name -> name.startsWith("holdfast")
                        || name.startsWith("redisson")
                        || name.startsWith("netty")
                        || name.startsWith("globalEventExecutor")
                        || name.startsWith("ObjectCleaner")
                        || name.startsWith("pool-")
                        || name.startsWith("Thread-"))
                .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
    }

    /** The thread-locals of our own classes that hold something, on whichever thread. */
    private static TreeSet<String> threadLocalsOfOurs() {
        TreeSet<String> found = new TreeSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            threadLocalsOf(thread).forEach((key, value) -> {
                String names = key.getClass().getName() + " "
                        + (value == null ? "" : value.getClass().getName());
                if (names.contains("dev.holdfast.") && !names.contains("dev.holdfast.shaded.")
                        || names.contains("example.")) {
                    found.add(thread.getName() + ": " + names);
                }
            });
        }
        return found;
    }

    private static Map<ThreadLocal<?>, Object> threadLocalsOf(Thread thread) {
        Map<ThreadLocal<?>, Object> found = new java.util.IdentityHashMap<>();
        try {
            Object map = field(Thread.class, "threadLocals").get(thread);
            if (map == null) {
                return found;
            }
            Object table = field(map.getClass(), "table").get(map);
            for (int i = 0; i < Array.getLength(table); i++) {
                Object entry = Array.get(table, i);
                if (entry instanceof Reference<?> reference && reference.get() instanceof ThreadLocal<?> key) {
                    found.put(key, field(entry.getClass(), "value").get(entry));
                }
            }
            return found;
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static Field field(Class<?> type, String name) throws NoSuchFieldException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }
}
