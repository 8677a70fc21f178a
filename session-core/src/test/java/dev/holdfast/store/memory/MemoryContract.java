package dev.holdfast.store.memory;

import dev.holdfast.model.SessionId;
import dev.holdfast.store.ListingContract;
import dev.holdfast.store.SessionStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** What stores do that keep their sessions in memory, or in a store that does. Time passes when a test says so. */
public abstract class MemoryContract extends ListingContract {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    protected final InstantSource clock = now::get;

    /** The other node works with it directly. */
    protected final MemorySessionStore memory = new MemorySessionStore(clock);

    @Override
    protected final SessionStore sameStoreOnOtherNode() {
        return memory;
    }

    @Override
    protected final long storeMillis() {
        return clock.millis();
    }

    @Override
    protected final void awaitDue(SessionId due) {
        advance(Duration.ofSeconds(1));
    }

    @Override
    protected final void awaitLater() {
        advance(Duration.ofMillis(20));
    }

    @Override
    protected final void awaitEndOfLease() {
        advance(Duration.ofSeconds(1));
    }

    protected final void advance(Duration duration) {
        now.updateAndGet(instant -> instant.plus(duration));
    }

    @Override
    protected final void loseEverything() {
        memory.loseEverything();
    }
}
