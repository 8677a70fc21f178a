package dev.holdfast.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Clients that use their sessions at a steady pace. Their times count from when a request should have begun, so that a
 * node that stands still makes all requests late that would have come meanwhile.
 */
final class Load implements AutoCloseable {

    private static final long PAUSE_NANOS = 10_000_000;

    private final List<Thread> threads = new ArrayList<>();
    private volatile Times times = new Times();
    private volatile boolean running = true;
    private volatile @Nullable RuntimeException failure;

    /**
     * Starts clients, each of which stays with one node, because sessions of Tomcat's own manager do.
     *
     * @param clients how many; each sends 100 requests a second
     */
    Load(List<Node> nodes, int clients) {
        for (int client = 0; client < clients; client++) {
            Node node = nodes.get(client % nodes.size());
            Thread thread = new Thread(() -> run(node), "client " + client);
            thread.start();
            threads.add(thread);
        }
    }

    private void run(Node node) {
        try {
            String cookie = node.newSession();
            long due = System.nanoTime();
            while (running) {
                node.read(cookie);
                times.add(System.nanoTime() - due);
                due += PAUSE_NANOS;
                LockSupport.parkNanos(Math.max(0, due - System.nanoTime()));
            }
        } catch (RuntimeException failed) {
            failure = failed;
        }
    }

    /** What was measured since the last call. For one thread. */
    Times take() {
        RuntimeException failed = failure;
        if (failed != null) {
            throw new IllegalStateException("A request failed", failed);
        }
        Times taken = times;
        times = new Times();
        return taken;
    }

    @Override
    public void close() {
        running = false;
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Durations of requests. Thread-safe. */
    static final class Times {

        private long[] nanos = new long[1024];
        private int count;

        synchronized void add(long duration) {
            if (count == nanos.length) {
                nanos = Arrays.copyOf(nanos, count * 2);
            }
            nanos[count++] = duration;
        }

        synchronized int count() {
            return count;
        }

        /**
         * The duration that a share of the requests did not exceed.
         *
         * @param share 0 to 1
         * @return milliseconds
         */
        synchronized double millis(double share) {
            if (count == 0) {
                throw new IllegalStateException("Nothing was measured");
            }
            long[] sorted = Arrays.copyOf(nanos, count);
            Arrays.sort(sorted);
            return sorted[(int) Math.min(count - 1L, Math.round(share * count))] / 1e6;
        }
    }
}
