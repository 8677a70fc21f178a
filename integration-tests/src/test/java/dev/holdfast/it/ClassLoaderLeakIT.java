package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.RedisServer;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.catalina.Context;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A web application that is undeployed leaves nothing of itself in the Tomcat that goes on. */
class ClassLoaderLeakIT {

    private static final String PATH = "/shop";
    private static final int REQUESTS_AT_ONCE = 16;

    private final Directory directory = Directory.temporary();
    private RedisServer redis;
    private TomcatNode node;

    @BeforeEach
    void start() {
        redis = RedisServer.start();
        node = TomcatNode.start(redis.uri(), new Application());
        WebApplication.deployShop(directory.path());
    }

    @AfterEach
    void stop() {
        node.close();
        redis.close();
        directory.close();
    }

    private Context deploy() {
        return node.deploy(PATH, directory.path(), WebApplication.SHOP_SERVLET, WebApplication.SHOP_PATHS);
    }

    /** Sessions with attributes of all kinds: made, changed in place, read by many threads, ended, and one that stays. */
    private Browser useShop() {
        Browser browser = new Browser();
        browser.get(node, PATH + "/fill");
        List<CompletableFuture<?>> requests = new ArrayList<>();
        for (int number = 0; number < REQUESTS_AT_ONCE; number++) {
            requests.add(browser.async(node, PATH + "/add?article=tea"));
            requests.add(browser.async(node, PATH + "/check"));
        }
        CompletableFuture.allOf(requests.toArray(CompletableFuture[]::new)).join();
        assertThat(browser.get(node, PATH + "/check")).isEqualTo("{}");
        Browser other = new Browser();
        other.get(node, PATH + "/add?article=tea");
        other.get(node, PATH + "/end");
        return browser;
    }

    @Test
    void the_class_loader_of_an_undeployed_application_is_collected() {
        WeakReference<ClassLoader> loader = deployUseAndUndeploy();

        await().atMost(Duration.ofSeconds(20)).until(() -> {
            System.gc();
            return loader.get() == null;
        });
    }

    /** In a method of its own, so that no variable of the test refers to the application. */
    private WeakReference<ClassLoader> deployUseAndUndeploy() {
        Context context = deploy();
        WeakReference<ClassLoader> loader =
                new WeakReference<>(context.getLoader().getClassLoader());
        useShop();
        node.undeploy(context);
        return loader;
    }

    @Test
    void a_session_is_read_by_the_next_deployment_with_its_own_classes() {
        Context first = deploy();
        Browser browser = useShop();
        node.undeploy(first);

        Context second = deploy();

        assertThat(browser.get(node, PATH + "/check")).isEqualTo("{}");
        assertThat(browser.get(node, PATH + "/show")).endsWith(" tea]");
        node.undeploy(second);
    }

    @Test
    void no_thread_of_ours_belongs_to_the_application() {
        Context context = deploy();
        useShop();

        ClassLoader loader = context.getLoader().getClassLoader();
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getContextClassLoader() == loader)
                .isEmpty();
        node.undeploy(context);
    }

    @Test
    void all_threads_of_an_application_end_with_it() {
        Set<Thread> before = threadsOfRedisson();
        Context context = deploy();
        useShop();
        assertThat(threadsOfRedisson().size()).isGreaterThan(before.size());

        node.undeploy(context);

        await().atMost(Duration.ofSeconds(2))
                .untilAsserted(() -> assertThat(threadsOfRedisson()).isSubsetOf(before));
    }

    private static Set<Thread> threadsOfRedisson() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("redisson"))
                .collect(Collectors.toSet());
    }
}
