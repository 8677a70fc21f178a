package dev.holdfast.fallback;

import dev.holdfast.model.SessionId;
import dev.holdfast.store.Partitioning;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.memory.MemoryContract;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;

/** When it is there, it is a store like any other. */
class LateSessionStoreTest extends MemoryContract {

    private final LockRelay relay = new LockRelay();
    private final EndRelay ends = new EndRelay();
    private final Connector<SessionStore> connector = new Connector<>(
            new Connector.Names("shop", "in memory", "Nobody minds."),
            this::open,
            SessionStore::close,
            patience -> true,
            new Random(),
            System::nanoTime);
    private final LateSessionStore late =
            new LateSessionStore(connector, new OnePartition(), relay, ends, InstantSource.system());

    private SessionStore open() {
        memory.locks().listen(relay);
        memory.listen(ends);
        return memory;
    }

    @AfterEach
    void stop() {
        late.close();
    }

    @Override
    protected SessionStore newStore() {
        // Here, and not before each test: the contract's own preparations come first.
        connector.start(true);
        return late;
    }

    /** As the memory has it. */
    static final class OnePartition implements Partitioning {

        @Override
        public int count() {
            return 1;
        }

        @Override
        public int of(SessionId id) {
            return 0;
        }

        @Override
        public boolean mayFailApart() {
            return false;
        }
    }
}
