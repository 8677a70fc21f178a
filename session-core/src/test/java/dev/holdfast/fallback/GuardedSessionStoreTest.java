package dev.holdfast.fallback;

import dev.holdfast.model.SessionId;
import dev.holdfast.store.SessionLocksContract;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.memory.MemorySessionStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;

/** As long as all is well, it is a store like any other. */
class GuardedSessionStoreTest extends SessionLocksContract {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final InstantSource clock = now::get;
    private final MemorySessionStore memory = new MemorySessionStore(clock);
    private final GuardedSessionStore guarded =
            new GuardedSessionStore(memory, "shop", "in memory", new BreakerOptions(50, 20, Duration.ofSeconds(1)));

    @AfterEach
    void stop() {
        guarded.close();
    }

    @Override
    protected SessionStore newStore() {
        return guarded;
    }

    @Override
    protected SessionStore sameStoreOnOtherNode() {
        return memory;
    }

    @Override
    protected long storeMillis() {
        return clock.millis();
    }

    @Override
    protected void awaitDue(SessionId due) {
        advance(Duration.ofSeconds(1));
    }

    @Override
    protected void awaitLater() {
        advance(Duration.ofMillis(20));
    }

    @Override
    protected void awaitEndOfLease() {
        advance(Duration.ofSeconds(1));
    }

    private void advance(Duration duration) {
        now.updateAndGet(instant -> instant.plus(duration));
    }

    @Override
    protected void loseEverything() {
        memory.loseEverything();
    }
}
