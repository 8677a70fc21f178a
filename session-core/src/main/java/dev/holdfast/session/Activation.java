package dev.holdfast.session;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The time between the decoding of an object and its use, in which it is told that it has come to this node. Others that
 * ask for it wait, but not for ever: the object may wait for a lock of the application whose holder is waiting here.
 */
final class Activation {

    private static final long MOST_WAIT_MILLIS = 1000;

    private final Thread teller = Thread.currentThread();
    private final CountDownLatch told = new CountDownLatch(1);

    void done() {
        told.countDown();
    }

    /** Returns at once on the thread that tells it: there it is the object itself that asks. */
    void await() {
        if (Thread.currentThread() == teller) {
            return;
        }
        try {
            var unused = told.await(MOST_WAIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
