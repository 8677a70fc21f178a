package dev.holdfast.fallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.holdfast.model.Delta;
import dev.holdfast.model.NewSession;
import dev.holdfast.model.SessionId;
import dev.holdfast.store.DueSessions.DueSession;
import dev.holdfast.store.FailureDomains;
import dev.holdfast.store.Known;
import dev.holdfast.store.LockRequest;
import dev.holdfast.store.RequestBudget;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.StoreException.Reason;
import dev.holdfast.store.memory.MemorySessionStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A store of two parts, either of which may stop to answer. */
class OutageTest {

    private static final SessionId IN_0 = new SessionId("0000000000000000");
    private static final SessionId IN_1 = new SessionId("1111111111111111");

    private static final Duration PATIENCE = Duration.ofMillis(300);

    private final MemorySessionStore memory = new MemorySessionStore(InstantSource.system());
    private final Set<Integer> down = ConcurrentHashMap.newKeySet();
    private final Set<Integer> hanging = ConcurrentHashMap.newKeySet();
    private final CountDownLatch probesHang = new CountDownLatch(1);
    private final CountDownLatch hangsUntil = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicReference<Duration> allowed = new AtomicReference<>();
    private volatile Reason reason = Reason.CONNECT;
    private final GuardedSessionStore guarded = new GuardedSessionStore(
            failing(),
            "shop",
            "redis://test",
            new BreakerOptions(50, 20, Duration.ofMillis(50)).withProbePatience(PATIENCE));

    @AfterEach
    void stop() {
        hangsUntil.countDown();
        guarded.close();
    }

    /** Throws for sessions of parts that are down; the due sessions and locks are those of the memory. */
    private SessionStore failing() {
        return (SessionStore) Proxy.newProxyInstance(
                SessionStore.class.getClassLoader(),
                new Class<?>[] {SessionStore.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("failureDomains")) {
                        return new TwoDomains();
                    }
                    if (method.getName().equals("load")) {
                        ask(((SessionId) arguments[0]).value().charAt(0) - '0');
                    }
                    try {
                        return method.invoke(memory, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private void ask(int domain) {
        asked.incrementAndGet();
        if (down.contains(domain)) {
            throw new StoreException(reason, "down by intent");
        }
    }

    private final class TwoDomains implements FailureDomains {
        @Override
        public int count() {
            return 2;
        }

        @Override
        public int of(SessionId id) {
            return id.value().charAt(0) - '0';
        }

        @Override
        public int ofPartition(int partition) {
            return partition;
        }

        @Override
        public void probe(int domain) {
            allowed.set(RequestBudget.limit(Duration.ofMinutes(1)));
            if (hanging.contains(domain)) {
                hang();
            }
            if (down.contains(domain)) {
                throw new StoreException(reason, "still down");
            }
        }
    }

    /** As a probe of a dead server does, until its time-out. */
    private void hang() {
        probesHang.countDown();
        try {
            hangsUntil.await();
        } catch (InterruptedException stopped) {
            throw new StoreException(Reason.INTERRUPTED, "stopped");
        }
    }

    private void load(SessionId id) {
        guarded.load(id, Known.NOTHING, false);
    }

    private StoreException failureOf(SessionId id) {
        return catchThrowableOfType(StoreException.class, () -> load(id));
    }

    private void breakPart(int domain, SessionId id) {
        down.add(domain);
        for (int i = 0; i < 5; i++) {
            assertThat(failureOf(id).reason()).isEqualTo(reason);
        }
    }

    @Test
    void a_probe_takes_no_longer_than_it_may() {
        breakPart(0, IN_0);
        await().until(() -> allowed.get() != null);
        assertThat(allowed.get()).isPositive().isLessThanOrEqualTo(PATIENCE);
    }

    @Test
    void it_is_not_asked_any_more_after_some_failures() {
        breakPart(0, IN_0);
        asked.set(0);
        StoreException refused = failureOf(IN_0);

        assertThat(refused.reason()).isEqualTo(Reason.NOT_ASKED);
        assertThat(refused).hasMessageContaining("HF-601").hasMessageContaining("down by intent");
        assertThat(asked).hasValue(0);
    }

    @Test
    void all_that_a_store_can_be_asked_is_refused() {
        breakPart(0, IN_0);
        LockRequest lock = new LockRequest("0123456789abcdef", Duration.ofSeconds(10));
        NewSession session = new NewSession(IN_0, 1, 1, 60, Map.of());
        DueSession due = new DueSession(0, IN_0);

        for (Runnable call : new Runnable[] {
            () -> guarded.create(session),
            () -> guarded.commit(IN_0, Known.of(1, 1), Delta.nothing(), 1),
            () -> guarded.commitLeaving(IN_0, Known.of(1, 1), Delta.nothing(), 1),
            () -> guarded.rename(IN_0, 1, IN_0),
            () -> guarded.remove(IN_0, 1),
            () -> guarded.supersede(IN_0, 1, 1, IN_0),
            () -> guarded.keep(IN_0, 1),
            () -> guarded.locks().load(IN_0, Known.NOTHING, false, lock),
            () -> guarded.locks().create(session, lock),
            () -> guarded.locks().commit(IN_0, Known.of(1, 1), Delta.nothing(), 1, lock.owner(), true),
            () -> guarded.locks().unlock(IN_0, 1, lock.owner()),
            () -> guarded.locks().renew(IN_0, 1, lock, 1, ""),
            () -> guarded.due().claim(0, 1, Duration.ofSeconds(1)),
            () -> guarded.due().take(due, 1, Duration.ofSeconds(1)),
            () -> guarded.due().finish(due, 1)
        }) {
            assertThat(catchThrowableOfType(StoreException.class, call::run).reason())
                    .isEqualTo(Reason.NOT_ASKED);
        }
    }

    @Test
    void the_other_part_goes_on() {
        breakPart(0, IN_0);

        assertThatNoException().isThrownBy(() -> load(IN_1));
        assertThatNoException().isThrownBy(() -> guarded.due().claim(1, 1, Duration.ofSeconds(1)));
    }

    @Test
    void it_is_asked_again_when_a_probe_has_been_answered() {
        breakPart(0, IN_0);
        breakPart(1, IN_1);
        down.remove(0);

        await().until(() -> failureOf(IN_0) == null);
        assertThat(failureOf(IN_1).reason()).isEqualTo(Reason.NOT_ASKED);
        down.remove(1);
        await().until(() -> failureOf(IN_1) == null);
    }

    @Test
    void a_part_that_is_back_need_not_wait_for_the_probe_of_another_one() throws InterruptedException {
        hanging.add(0);
        breakPart(0, IN_0);
        probesHang.await();
        breakPart(1, IN_1);
        down.remove(1);

        await().until(() -> failureOf(IN_1) == null);
        assertThat(failureOf(IN_0).reason()).isEqualTo(Reason.NOT_ASKED);
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"TIMEOUT", "CONNECT", "AUTH", "ACL", "READONLY", "OOM", "LOADING", "CLUSTERDOWN", "OTHER"})
    void a_server_that_refuses_to_work_is_as_good_as_a_dead_one(Reason why) {
        reason = why;
        breakPart(0, IN_0);
        assertThat(failureOf(IN_0).reason()).isEqualTo(Reason.NOT_ASKED);
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"SCRIPT", "INTERRUPTED", "INCOMPATIBLE"})
    void trouble_with_one_session_or_thread_is_no_outage(Reason why) {
        reason = why;
        breakPart(0, IN_0);
        assertThat(failureOf(IN_0).reason()).isEqualTo(why);
    }

    @Test
    void its_threads_end_with_it() {
        breakPart(0, IN_0);
        guarded.close();
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("holdfast-probe shop") && thread.isAlive()));
    }
}
