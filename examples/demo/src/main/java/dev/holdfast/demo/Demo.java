package dev.holdfast.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Starts a Redis and two Tomcats that keep their sessions in it. All of it ends with this process, on Ctrl-C. */
public final class Demo {

    /** What has been started, the last one first. */
    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    private volatile boolean ending;

    private Demo() {}

    /** Runs until the process is told to end. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        // Tomcat and Redisson say a lot when they start. Here only what goes wrong is of interest.
        Logger.getLogger("").setLevel(Level.WARNING);
        Demo demo = new Demo();
        Runtime.getRuntime().addShutdownHook(new Thread(demo::end, "demo-end"));
        try {
            demo.start();
        } catch (IOException | RuntimeException e) {
            demo.closeAll();
            if (!demo.ending) {
                throw e;
            }
        }
        new CountDownLatch(1).await();
    }

    private synchronized void start() throws IOException {
        Path directory = Directory.temporary();
        started.push(() -> Directory.delete(directory));
        List<Integer> ports = Ports.freeFrom(8080, 8081, 16379);

        LocalRedis redis = LocalRedis.start(directory.resolve("redis"), ports.get(2));
        started.push(redis);
        TwoNodes nodes = new TwoNodes(directory, redis.uri(), ports.get(0), ports.get(1));
        started.push(nodes);
        nodes.start();

        System.out.printf("""

                Holdfast demo: one session, two Tomcats, one Redis.

                  Node A  %s
                  Node B  %s
                  Redis   %s (process %d)

                Open one of the two in a browser. Ctrl-C ends it.
                """, nodes.a().url("localhost"), nodes.b().url("localhost"), redis.uri(), redis.pid());
    }

    private void end() {
        // The terminal sends Ctrl-C to Redis, too: it may be gone before the nodes are, and that is no news now.
        ending = true;
        Logger.getLogger("").setLevel(Level.OFF);
        System.out.println("Ending the nodes and Redis.");
        closeAll();
        System.out.println("Everything has ended.");
    }

    private synchronized void closeAll() {
        while (!started.isEmpty()) {
            close(started.pop());
        }
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            System.err.println("Not ended well: " + e);
        }
    }
}
