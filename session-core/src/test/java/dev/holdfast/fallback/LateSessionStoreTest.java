package dev.holdfast.fallback;

import dev.holdfast.model.SessionId;
import dev.holdfast.store.Partitioning;
import dev.holdfast.store.SessionLocksContract;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.memory.MemorySessionStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;

/** When it is there, it is a store like any other. */
class LateSessionStoreTest extends SessionLocksContract {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final InstantSource clock = now::get;
    private final MemorySessionStore memory = new MemorySessionStore(clock);
    private final LockRelay relay = new LockRelay();
    private final Connector<SessionStore> connector = new Connector<>(
            new Connector.Names("shop", "in memory", "Nobody minds."),
            this::open,
            SessionStore::close,
            patience -> true,
            new Random(),
            System::nanoTime);
    private final LateSessionStore late = new LateSessionStore(connector, new OnePartition(), relay);

    private SessionStore open() {
        memory.locks().listen(relay);
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
