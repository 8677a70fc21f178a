package dev.holdfast.fallback;

import dev.holdfast.store.DueSessions;
import dev.holdfast.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Due sessions of a store that was away: for some seconds after it is back none is claimed. Sessions that were used
 * meanwhile look idle to the store, until the nodes have told it of their use. Thread-safe.
 */
final class PatientDueSessions implements DueSessions {

    /** Long enough for each node to find out that the store is back, and to tell it everything. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final DueSessions due;
    private final GuardedSessionStore store;
    private final Journal journal;

    /** When each failure domain was last known to be away; 0 for one that was not since the last claim. */
    private final AtomicLongArray awayNanos;

    private volatile long recoveries;

    PatientDueSessions(GuardedSessionStore store, Journal journal) {
        this.due = store.due();
        this.store = store;
        this.journal = journal;
        this.awayNanos = new AtomicLongArray(store.failureDomains().count());
    }

    @Override
    public int partitions() {
        return due.partitions();
    }

    @Override
    public List<DueSession> claim(int partition, int limit, Duration lease) {
        noteRecovery();
        int domain = store.failureDomains().ofPartition(partition);
        if (journal.hasAny(id -> store.failureDomains().of(id) == domain)) {
            isAway(domain);
        }
        long away = awayNanos.get(domain);
        if (away != 0 && System.nanoTime() - away < GRACE_NANOS) {
            return List.of();
        }
        try {
            List<DueSession> claimed = due.claim(partition, limit, lease);
            awayNanos.set(domain, 0);
            return claimed;
        } catch (StoreException unanswered) {
            if (unanswered.storeIsAway()) {
                isAway(domain);
            }
            throw unanswered;
        }
    }

    /** An outage may have come and gone between two sweeps. */
    private void noteRecovery() {
        long now = store.recoveries();
        if (now != recoveries) {
            recoveries = now;
            for (int domain = 0; domain < awayNanos.length(); domain++) {
                isAway(domain);
            }
        }
    }

    private void isAway(int domain) {
        awayNanos.set(domain, System.nanoTime() | 1);
    }

    @Override
    public Taken take(DueSession session, long token, Duration lease) {
        return due.take(session, token, lease);
    }

    @Override
    public boolean finish(DueSession session, long token) {
        return due.finish(session, token);
    }
}
