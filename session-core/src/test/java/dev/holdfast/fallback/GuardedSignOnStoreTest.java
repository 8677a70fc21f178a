package dev.holdfast.fallback;

import dev.holdfast.store.SignOnStore;
import dev.holdfast.store.SignOnStoreContract;
import dev.holdfast.store.memory.MemorySignOnStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;

/** As long as all is well, it is a store like any other. */
class GuardedSignOnStoreTest extends SignOnStoreContract {

    private final InstantSource clock = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));
    private final MemorySignOnStore memory = new MemorySignOnStore(clock, Duration.ofSeconds(HALF_AN_HOUR));
    private final GuardedSignOnStore guarded =
            new GuardedSignOnStore(memory, "localhost", "in memory", new BreakerOptions(50, 20, Duration.ofSeconds(1)));

    @AfterEach
    void stop() {
        guarded.close();
    }

    @Override
    protected SignOnStore newStore() {
        return guarded;
    }

    @Override
    protected SignOnStore sameStoreOnOtherNode() {
        return memory;
    }

    @Override
    protected void loseData() {
        memory.loseData();
    }

    @Override
    protected OptionalInt secondsToLive() {
        return memory.secondsToLive(id);
    }
}
