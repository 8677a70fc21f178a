package dev.holdfast.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.store.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.redisson.config.Config;

class DriverThreadsTest {

    /** Code of a web application that is on the stack when a thread is begun. */
    public static final class Application implements BiConsumer<Executor, Runnable> {

        @Override
        public void accept(Executor executor, Runnable task) {
            executor.execute(task);
        }
    }

    @Test
    void a_thread_that_goes_on_keeps_nothing_of_the_application_that_began_it() throws Exception {
        Config config = new Config();
        CountDownLatch end = new CountDownLatch(1);
        DriverThreads threads = DriverThreads.install(config);
        try {
            WeakReference<ClassLoader> loader = beginFromApplication(config.getExecutor(), end);
            WeakReference<ClassLoader> loaderOfIo = beginFromApplication(config.getNettyExecutor(), end);

            await().untilAsserted(() -> {
                System.gc();
                assertThat(loader.get()).isNull();
                assertThat(loaderOfIo.get()).isNull();
            });
        } finally {
            end.countDown();
            threads.close(Deadline.in(Duration.ofSeconds(2)));
        }
    }

    /** In a method of its own, so that no variable of the test refers to the application. */
    @SuppressWarnings("unchecked")
    private static WeakReference<ClassLoader> beginFromApplication(Executor executor, CountDownLatch end)
            throws Exception {
        ClassLoader loader = new ApplicationLoader();
        BiConsumer<Executor, Runnable> application = (BiConsumer<Executor, Runnable>)
                loader.loadClass(Application.class.getName()).getConstructor().newInstance();
        CountDownLatch begun = new CountDownLatch(1);
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        current.setContextClassLoader(loader);
        try {
            application.accept(executor, () -> {
                begun.countDown();
                awaitUninterrupted(end);
            });
        } finally {
            current.setContextClassLoader(before);
        }
        begun.await();
        return new WeakReference<>(loader);
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Loads the one class anew. */
    private static final class ApplicationLoader extends ClassLoader {

        ApplicationLoader() {
            super(DriverThreadsTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(Application.class.getName())) {
                return super.loadClass(name, resolve);
            }
            try (InputStream bytes = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] all = bytes.readAllBytes();
                return defineClass(name, all, 0, all.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
