package dev.holdfast.store.redis;

import dev.holdfast.store.Deadline;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.ThreadPerTaskExecutor;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.redisson.config.Config;

/**
 * The threads of one Redisson client. They are begun on whichever thread needs them first, which may be one of a web
 * application, and must not inherit its class loader: it could then not be unloaded while they live. That goes for the
 * context class loader, and for the code that is on the stack at that moment, which a thread remembers up to Java 23.
 */
final class DriverThreads {

    private static final ClassLoader OURS = DriverThreads.class.getClassLoader();

    private final ExecutorService executor;

    private DriverThreads(ExecutorService executor) {
        this.executor = executor;
    }

    /** Makes a client of this configuration use threads of ours. */
    static DriverThreads install(Config config) {
        ExecutorService executor =
                Executors.newFixedThreadPool(Math.max(2, config.getThreads()), new Factory("holdfast-redis"));
        config.setExecutor(executor);
        config.setNettyExecutor(new ThreadPerTaskExecutor(new Factory("holdfast-redis-io")));
        return new DriverThreads(executor);
    }

    /** A thread for one task, not begun yet, that holds on to nothing either. */
    static Thread newThread(String name, Runnable task) {
        return new Factory(name).newThread(task);
    }

    /** Runs a step under our class loader, for threads that are begun at once. */
    @SuppressWarnings("removal") // as below
    static <T> T underOurClassLoader(Supplier<T> step) {
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        current.setContextClassLoader(OURS);
        try {
            return AccessController.doPrivileged((PrivilegedAction<T>) step::get);
        } finally {
            current.setContextClassLoader(before);
        }
    }

    /** Ends the threads that the client does not end itself. */
    void close(Deadline deadline) {
        executor.shutdownNow();
        try {
            executor.awaitTermination(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Factory extends DefaultThreadFactory {

        Factory(String name) {
            super(name, true);
        }

        @Override
        @SuppressWarnings("removal") // the one way to begin a thread without the code that is on the stack
        protected Thread newThread(Runnable task, String name) {
            return AccessController.doPrivileged((PrivilegedAction<Thread>) () -> {
                Thread thread = super.newThread(task, name);
                thread.setContextClassLoader(OURS);
                return thread;
            });
        }
    }
}
