package dev.holdfast.it;

import dev.holdfast.testkit.FaultyProxy;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Networks that lose a reply every now and then, and the connection with it. What was asked has been done. */
final class LostReplies implements AutoCloseable {

    private static final int INTERVAL_MILLIS = 200;

    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1);
    private final List<FaultyProxy> networks;

    LostReplies(List<FaultyProxy> networks) {
        this.networks = networks;
    }

    void start() {
        var unused = thread.scheduleWithFixedDelay(
                () -> networks.forEach(FaultyProxy::loseNextReply), 0, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        thread.shutdownNow();
        networks.forEach(FaultyProxy::heal);
    }
}
