package dev.holdfast.fallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.holdfast.model.SessionId;
import dev.holdfast.store.Deadline;
import dev.holdfast.store.Known;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.StoreException.Reason;
import dev.holdfast.store.memory.MemorySessionStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A store that is not there at the start, and comes later. */
class ConnectorTest {

    private static final SessionId ID = new SessionId("0000000000000000");

    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
    private final AtomicInteger discarded = new AtomicInteger();
    private final CountDownLatch gate = new CountDownLatch(1);
    private volatile boolean held;
    private volatile boolean alive;
    private volatile boolean deaf;
    private final Connector<SessionStore> connector = new Connector<>(
            new Connector.Names("late-shop", "redis://test", "Nobody minds."),
            this::open,
            store -> discarded.incrementAndGet(),
            this::reacts,
            new Random(),
            System::nanoTime);
    private final LateSessionStore late = new LateSessionStore(
            connector,
            new LateSessionStoreTest.OnePartition(),
            new LockRelay(),
            new EndRelay(),
            InstantSource.system());

    private SessionStore open() {
        if (held) {
            awaitGate();
        }
        RuntimeException thrown = failure.get();
        if (thrown != null) {
            throw thrown;
        }
        return new MemorySessionStore(InstantSource.system());
    }

    /** A slow node opens the store only after somebody has looked for a sign of life. */
    private boolean reacts(Duration patience) {
        if (alive) {
            gate.countDown();
        }
        return alive;
    }

    private void awaitGate() {
        try {
            gate.await();
        } catch (InterruptedException givenUp) {
            if (deaf) {
                awaitGate();
                return;
            }
            throw new StoreException(Reason.INTERRUPTED, "given up", givenUp);
        }
    }

    @AfterEach
    void stop() {
        late.close();
        await().until(() -> !isThere("holdfast-connect late-shop"));
    }

    private static boolean isThere(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals(name));
    }

    private void failWith(Reason reason) {
        failure.set(new StoreException(reason, "not there by intent"));
    }

    private GuardedSessionStore guarded() {
        return new GuardedSessionStore(
                late, "late-shop", "redis://test", new BreakerOptions(50, 20, Duration.ofSeconds(60)));
    }

    private static StoreException refusal(SessionStore store) {
        return catchThrowableOfType(StoreException.class, () -> store.load(ID, Known.NOTHING, false));
    }

    @Test
    void a_tolerant_start_goes_on_without_it_and_calls_are_refused_with_the_reason() {
        failWith(Reason.AUTH);
        connector.start(false);
        try (GuardedSessionStore guarded = guarded()) {
            StoreException refused = refusal(guarded);

            assertThat(refused.reason()).isEqualTo(Reason.NOT_ASKED);
            assertThat(refused).hasMessageContaining("HF-605").hasMessageContaining("not there by intent");
            assertThat(guarded.failureDomains().count()).isEqualTo(1);
            assertThat(guarded.colocated(ID, ID)).isTrue();
        }
    }

    @Test
    void it_is_asked_at_once_when_it_comes_without_waiting_for_a_probe() {
        failWith(Reason.CONNECT);
        connector.start(false);
        try (GuardedSessionStore guarded = guarded()) {
            assertThat(refusal(guarded)).isNotNull();
            failure.set(null);

            // A probe would come in a minute only.
            await().until(() -> refusal(guarded) == null);
        }
    }

    @Test
    void an_unanswered_attempt_does_not_hold_the_start_up() {
        held = true;
        connector.start(false);

        assertThat(refusal(late)).hasMessageContaining("HF-605").hasMessageContaining("not answered so far");
    }

    @Test
    void a_strict_start_is_refused_with_the_reason() {
        failWith(Reason.AUTH);
        StoreException refused = catchThrowableOfType(StoreException.class, () -> connector.start(true));

        assertThat(refused).isSameAs(failure.get());
    }

    @Test
    void what_can_never_be_worked_with_is_refused_also_by_a_tolerant_start() {
        failWith(Reason.INCOMPATIBLE);
        assertThat(catchThrowableOfType(StoreException.class, () -> connector.start(false)))
                .isSameAs(failure.get());
    }

    @Test
    void a_store_that_comes_when_nobody_wants_it_any_more_is_closed() {
        held = true;
        deaf = true;
        connector.start(false);
        connector.close(Deadline.in(Duration.ZERO));
        assertThat(isThere("holdfast-connect late-shop")).isTrue();
        gate.countDown();

        await().until(() -> !isThere("holdfast-connect late-shop"));
        assertThat(discarded).hasValue(1);
        assertThat(connector.storeOrNull()).isNull();
    }

    @Test
    void a_healthy_store_is_waited_for_by_a_node_that_is_slow() {
        held = true;
        alive = true;
        connector.start(false);

        assertThat(connector.storeOrNull()).isNotNull();
    }
}
