package dev.holdfast.expiry;

import dev.holdfast.store.DueSessions;
import dev.holdfast.store.DueSessions.DueSession;
import dev.holdfast.store.DueSessions.Taken;
import dev.holdfast.store.StoreException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends sessions whose time is over. Every node sweeps; a lease in the store sees to it that one session is ended by one
 * node. A node that dies between telling the listeners and finishing leaves a session that another node ends once more:
 * listeners hear of an end once, and in that one case twice.
 *
 * <p>The partitions are visited in random order, so that nodes that sweep at the same time do not follow each other.
 * Not thread-safe: one thread sweeps.
 */
public final class Sweeper {

    /** How many sessions are claimed at once: few enough to be ended well within the lease. */
    static final int BATCH = 50;

    private static final Logger log = LoggerFactory.getLogger(Sweeper.class);

    private final DueSessions due;
    private final EndOfSession end;
    private final Random random;
    private final Duration lease;
    private boolean failing;

    /**
     * @param due the sessions whose time is over
     * @param end tells the listeners of this node
     * @param random draws tokens and the order of partitions
     * @param lease how long this node may take to end a session, until another one takes it over; 1 second to 1 hour
     */
    public Sweeper(DueSessions due, EndOfSession end, Random random, Duration lease) {
        this.due = due;
        this.end = end;
        this.random = random;
        this.lease = lease;
    }

    /**
     * Ends what is due now. A store that does not answer ends the sweep; the next one goes on.
     *
     * @param goOn asked between sessions; false ends the sweep
     * @return how many sessions this node has ended
     */
    public int sweep(BooleanSupplier goOn) {
        int ended = 0;
        boolean failed = false;
        for (int partition : inRandomOrder()) {
            try {
                ended += sweep(partition, goOn);
            } catch (StoreException unanswered) {
                // Of a cluster, perhaps one part only. What is asked in vain too often, the breaker stops.
                failed = true;
                tellOnce(unanswered);
            }
        }
        failing = failed;
        return ended;
    }

    private int sweep(int partition, BooleanSupplier goOn) {
        int ended = 0;
        List<DueSession> claimed;
        do {
            if (!goOn.getAsBoolean()) {
                return ended;
            }
            claimed = due.claim(partition, BATCH, lease);
            for (DueSession session : claimed) {
                if (!goOn.getAsBoolean()) {
                    return ended;
                }
                ended += end(session) ? 1 : 0;
            }
        } while (claimed.size() == BATCH);
        return ended;
    }

    private boolean end(DueSession session) {
        long token = random.nextLong();
        if (!(due.take(session, token, lease) instanceof Taken.Mine mine)) {
            return false;
        }
        try {
            end.ended(mine);
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError thrown) {
            log.error(
                    "HF-401 A listener failed at the end of session {}; the session ends all the same",
                    mine.id(),
                    thrown);
        }
        return due.finish(session, token);
    }

    private List<Integer> inRandomOrder() {
        List<Integer> partitions = IntStream.range(0, due.partitions()).boxed().collect(Collectors.toList());
        Collections.shuffle(partitions, random);
        return partitions;
    }

    private void tellOnce(StoreException unanswered) {
        if (!failing) {
            failing = true;
            log.warn("HF-402 Sessions whose time is over are not ended for now: {}", unanswered.getMessage());
        }
    }

    /** Tells the listeners of an application that a session has ended. */
    @FunctionalInterface
    public interface EndOfSession {

        /**
         * Called once for each session that this node ends, while nobody else can change it.
         *
         * @param session what it holds
         */
        void ended(Taken.Mine session);
    }
}
