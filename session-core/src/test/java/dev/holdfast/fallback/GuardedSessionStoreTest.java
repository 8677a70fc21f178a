package dev.holdfast.fallback;

import dev.holdfast.store.SessionStore;
import dev.holdfast.store.memory.MemoryContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

/** As long as all is well, it is a store like any other. */
class GuardedSessionStoreTest extends MemoryContract {

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
}
