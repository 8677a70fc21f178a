package dev.holdfast.fallback;

import dev.holdfast.store.SessionStore;
import dev.holdfast.store.memory.MemoryContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

/** As long as all is well, it is a store like any other. */
class JournalingSessionStoreTest extends MemoryContract {

    private final JournalingSessionStore guarded = new JournalingSessionStore(
            new GuardedSessionStore(memory, "shop", "in memory", new BreakerOptions(50, 20, Duration.ofSeconds(1))),
            "shop",
            new JournalOptions(1 << 20));

    @AfterEach
    void stop() {
        guarded.close();
    }

    @Override
    protected SessionStore newStore() {
        return guarded;
    }
}
