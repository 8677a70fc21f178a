package dev.holdfast.it;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Where a request waits until the test lets it go on. */
final class Gate {

    private static final long MOST_WAIT_SECONDS = 20;

    private final CountDownLatch arrived = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);

    /** Called by a servlet: says that it is here, and waits. */
    void pass() throws InterruptedException {
        arrived.countDown();
        await(opened, "The test did not open the gate");
    }

    /** Called by the test: waits until the servlet is here. */
    void awaitArrival() throws InterruptedException {
        await(arrived, "No request arrived at the gate");
    }

    /** Called by the test: lets the servlet go on. */
    void open() {
        opened.countDown();
    }

    private static void await(CountDownLatch latch, String complaint) throws InterruptedException {
        if (!latch.await(MOST_WAIT_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(complaint);
        }
    }
}
