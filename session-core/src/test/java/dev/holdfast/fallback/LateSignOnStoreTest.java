package dev.holdfast.fallback;

import dev.holdfast.store.SignOnStore;
import dev.holdfast.store.SignOnStoreContract;
import dev.holdfast.store.memory.MemorySignOnStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** When it is there, it is a store like any other. */
class LateSignOnStoreTest extends SignOnStoreContract {

    private final InstantSource clock = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));
    private final MemorySignOnStore memory = new MemorySignOnStore(clock, Duration.ofSeconds(HALF_AN_HOUR));
    private final Connector<SignOnStore> connector = new Connector<>(
            new Connector.Names("sign-on localhost", "in memory", "Nobody minds."),
            () -> memory,
            SignOnStore::close,
            patience -> true,
            new Random(),
            System::nanoTime);
    private final LateSignOnStore late = new LateSignOnStore(connector);

    @BeforeEach
    void connect() {
        connector.start(true);
    }

    @AfterEach
    void stop() {
        late.close();
    }

    @Override
    protected SignOnStore newStore() {
        return late;
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
