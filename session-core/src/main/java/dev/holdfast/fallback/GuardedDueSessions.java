package dev.holdfast.fallback;

import dev.holdfast.store.DueSessions;
import java.time.Duration;
import java.util.List;

/** Due sessions of a store that is not asked while it does not answer. Thread-safe. */
final class GuardedDueSessions implements DueSessions {

    private final DueSessions due;
    private final GuardedCalls calls;

    GuardedDueSessions(DueSessions due, GuardedCalls calls) {
        this.due = due;
        this.calls = calls;
    }

    @Override
    public int partitions() {
        return due.partitions();
    }

    @Override
    public List<DueSession> claim(int partition, int limit, Duration lease) {
        return calls.forPartition("claim", partition, () -> due.claim(partition, limit, lease));
    }

    @Override
    public Taken take(DueSession session, long token, Duration lease) {
        return calls.forPartition("take", session.partition(), () -> due.take(session, token, lease));
    }

    @Override
    public boolean finish(DueSession session, long token) {
        return calls.forPartition("finish", session.partition(), () -> due.finish(session, token));
    }
}
