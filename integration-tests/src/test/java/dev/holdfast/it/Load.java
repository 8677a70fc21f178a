package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.FaultyProxy;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import java.util.stream.IntStream;

/**
 * A steady load of reads, writes, creations, logouts and changes of id on two nodes. Half of the users are at home on
 * each; they go to either as long as they may, see {@link LoadUser}.
 */
final class Load implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Load.class.getName());
    private static final int USERS = 8;
    private static final int PAUSE_MILLIS = 20;
    private static final int SAMPLE_MILLIS = 50;

    /** Threads that come with the load itself, with the replay of two nodes, and with connections made anew. */
    private static final int FURTHER_THREADS = 40;

    private final ThreadMXBean jvm = ManagementFactory.getThreadMXBean();
    private final ScheduledThreadPoolExecutor threads = new ScheduledThreadPoolExecutor(USERS + 1);
    private final Latencies latencies = new Latencies();
    private final AtomicInteger mostThreads = new AtomicInteger();
    private final List<LoadUser> users;
    private int threadsBefore;

    /** Starts it. */
    Load(TwoNodes nodes) {
        this(nodes.a, nodes.b);
    }

    /** Starts it. */
    Load(Target a, Target b) {
        users = IntStream.range(0, USERS)
                .mapToObj(number ->
                        number % 2 == 0 ? new LoadUser(number, a, b, latencies) : new LoadUser(number, b, a, latencies))
                .toList();
        users.forEach(user -> every(PAUSE_MILLIS, user::step));
    }

    private int threadCount() {
        return jvm.getThreadCount() - FaultyProxy.threads();
    }

    private void every(int millis, Runnable task) {
        var unused = threads.scheduleWithFixedDelay(task, millis, millis, TimeUnit.MILLISECONDS);
    }

    /** Returns when it has run for this time. */
    void runFor(Duration time) {
        await().pollDelay(time).atMost(time.plusSeconds(10)).until(() -> true);
    }

    /** From now on each user stays on a node, which knows the session: Redis may go. */
    void stayAtHome() {
        users.forEach(LoadUser::stayAtHome);
        requireRight();
        threadsBefore = threadCount();
        every(SAMPLE_MILLIS, () -> mostThreads.accumulateAndGet(threadCount(), Math::max));
        latencies.enter(Latencies.Phase.FAULT);
    }

    /** What was done meanwhile is soon on the other node, while the load goes on. */
    Duration awaitKnownElsewhere(Duration longest) {
        latencies.enter(Latencies.Phase.RETURN);
        long begun = System.nanoTime();
        await().atMost(longest)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(users)
                        .allSatisfy(
                                user -> assertThat(user.differenceElsewhere()).isEmpty()));
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    void goAnywhere() {
        latencies.enter(Latencies.Phase.AFTER);
        users.forEach(LoadUser::goAnywhere);
    }

    /** Every answer so far was the right one, in time, and without more threads than usual. */
    void requireRight() {
        assertThat(users.stream().map(LoadUser::violation).flatMap(Optional::stream))
                .isEmpty();
        assertThat(mostThreads.get() - threadsBefore).as("further threads").isLessThan(FURTHER_THREADS);
    }

    List<LoadUser> usersAtHomeOn(Target node) {
        return users.stream().filter(user -> user.isAtHomeOn(node)).toList();
    }

    /** Tells what was measured. */
    void report(String what, Duration recovery) {
        LOG.info(() -> "LOAD " + what + ": " + latencies + "threads " + threadsBefore + " to " + mostThreads
                + "; all known elsewhere " + recovery.toMillis() + " ms after the end of the fault");
    }

    /** Ends it when the requests under way are answered. A second call does nothing. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            assertThat(threads.awaitTermination(40, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
