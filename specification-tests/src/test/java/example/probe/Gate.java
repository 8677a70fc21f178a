package example.probe;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Where a request waits until the test lets it go on. */
public final class Gate {

    private static final long MOST_WAIT_SECONDS = 20;
    private static final Map<String, Gate> GATES = new ConcurrentHashMap<>();

    private final CountDownLatch arrived = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);

    private Gate() {}

    /** The gate of this name, made when it is asked for first. */
    public static Gate named(String name) {
        return GATES.computeIfAbsent(name, absent -> new Gate());
    }

    /** Called by a request: says that it is here, and waits. */
    public void pass() throws InterruptedException {
        arrived.countDown();
        await(opened, "The test did not open the gate");
    }

    /** Called by the test: waits until the request is here. */
    public void awaitArrival() throws InterruptedException {
        await(arrived, "No request came to the gate");
    }

    /** Called by the test: lets the request go on. */
    public void open() {
        opened.countDown();
    }

    private static void await(CountDownLatch latch, String failure) throws InterruptedException {
        if (!latch.await(MOST_WAIT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError(failure);
        }
    }
}
