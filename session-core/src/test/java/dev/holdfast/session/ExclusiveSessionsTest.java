package dev.holdfast.session;

import static dev.holdfast.session.Requests.end;
import static dev.holdfast.session.Requests.in;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.model.SessionId;
import dev.holdfast.store.Known;
import dev.holdfast.store.Loaded;
import dev.holdfast.store.LockRequest;
import dev.holdfast.store.SessionLocks;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.memory.MemorySessionStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes on one store, whose requests use their session one at a time. Time is the test's. */
class ExclusiveSessionsTest {

    private static final SessionId ID = new SessionId("0123456789ABCDEF");
    private static final SessionId NEW_ID = new SessionId("FEDCBA9876543210");
    private static final Duration LEASE = Duration.ofSeconds(30);

    private final AtomicLong nanos = new AtomicLong();
    private final MemorySessionStore memory =
            new MemorySessionStore(() -> Instant.ofEpochSecond(1_800_000_000, nanos.get()));
    private final List<String> calls = new ArrayList<>();
    private final AtomicBoolean losingAnswers = new AtomicBoolean();
    private final SessionStore store = probed();
    private final SessionRepository a = node(false);
    private final SessionRepository b = node(true);

    private SessionRepository node(boolean proceed) {
        return new SessionRepository(
                store,
                new SerializationCodec(),
                (name, value) -> true,
                () -> Instant.ofEpochSecond(1_800_000_000, nanos.get()),
                nanos::get,
                new LockOptions(Duration.ZERO, LEASE, proceed),
                OutageOptions.STRICT,
                CopyLifecycle.NONE);
    }

    /** Notes the calls, and loses answers of the locks if asked to. */
    private SessionStore probed() {
        SessionLocks locks = proxy(SessionLocks.class, memory.locks(), null);
        return proxy(SessionStore.class, memory, locks);
    }

    private <T> T proxy(Class<T> port, T delegate, SessionLocks locks) {
        return port.cast(Proxy.newProxyInstance(
                port.getClassLoader(), new Class<?>[] {port}, (self, method, values) -> {
                    if (method.getName().equals("locks")) {
                        return locks;
                    }
                    if (method.getName().equals("nowMillis")) {
                        // Asks nobody.
                        return method.invoke(delegate);
                    }
                    calls.add(port == SessionLocks.class ? "locked " + method.getName() : method.getName());
                    try {
                        Object answer = method.invoke(delegate, values);
                        if (port == SessionLocks.class && losingAnswers.get()) {
                            throw new StoreException(StoreException.Reason.TIMEOUT, "answer lost by intent");
                        }
                        return answer;
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                }));
    }

    @BeforeEach
    void createSession() {
        RequestScope scope = new RequestScope(a, true);
        in(scope, () -> a.create(ID, 3600).attributes().put("counter", 0));
        end(scope);
        assertThat(calls).as("a new session that nobody knows needs no lock").containsExactly("create");
        calls.clear();
    }

    private static LiveSession find(RequestScope scope, SessionRepository node) {
        return in(scope, () -> node.find(ID).orElseThrow());
    }

    private static void put(RequestScope scope, LiveSession session, int value) {
        in(scope, () -> session.attributes().put("counter", value));
    }

    private Object counter(SessionRepository node) {
        RequestScope scope = new RequestScope(node);
        try {
            return in(scope, () -> node.find(ID).orElseThrow().attributes().get("counter"));
        } finally {
            end(scope);
        }
    }

    private boolean isLocked() {
        LockRequest stranger = LockRequest.ofNewOwner(LEASE);
        boolean locked = memory.locks().load(ID, Known.NOTHING, false, stranger) instanceof Loaded.Locked;
        memory.locks().unlock(ID, 0, stranger.owner());
        return locked;
    }

    @Test
    void reading_and_writing_both_cost_two_calls() {
        RequestScope reading = new RequestScope(a, true);
        find(reading, a);
        end(reading);
        RequestScope writing = new RequestScope(a, true);
        put(writing, find(writing, a), 1);
        end(writing);
        assertThat(calls).containsExactly("locked load", "locked unlock", "locked load", "locked commit");
        assertThat(isLocked()).isFalse();
    }

    @Test
    void a_request_that_is_refused_asks_once() {
        RequestScope holding = new RequestScope(a, true);
        find(holding, a);
        RequestScope refused = new RequestScope(a, true);
        calls.clear();
        assertThatThrownBy(() -> find(refused, a)).isInstanceOf(SessionLockedException.class);
        assertThatThrownBy(() -> find(refused, a)).isInstanceOf(SessionLockedException.class);
        assertThat(calls).containsExactly("locked load");
        end(refused);
        assertThat(isLocked()).as("it is still the first one's").isTrue();
        end(holding);
        assertThat(isLocked()).isFalse();
    }

    @Test
    void a_request_that_may_proceed_writes_without_the_lock() {
        RequestScope holding = new RequestScope(a, true);
        find(holding, a);
        RequestScope proceeding = new RequestScope(b, true);
        put(proceeding, find(proceeding, b), 7);
        end(proceeding);
        assertThat(counter(a)).isEqualTo(7);
        assertThat(isLocked()).isTrue();
        end(holding);
    }

    @Test
    void a_lease_is_renewed_while_the_request_lives() {
        RequestScope holding = new RequestScope(a, true);
        LiveSession session = find(holding, a);
        for (int i = 0; i < 100; i++) {
            nanos.addAndGet(LEASE.toNanos() / 2);
            a.renewLocks();
        }
        assertThat(isLocked()).isTrue();
        put(holding, session, 1);
        end(holding);
        assertThat(counter(b)).isEqualTo(1);
    }

    @Test
    void a_node_that_stood_still_drops_what_its_request_has_changed() {
        RequestScope late = new RequestScope(a, true);
        LiveSession old = find(late, a);
        put(late, old, 1000);
        nanos.addAndGet(LEASE.toNanos());

        RequestScope next = new RequestScope(a, true);
        LiveSession fresh = find(next, a);
        assertThat(in(next, () -> fresh.attributes().get("counter"))).isEqualTo(0);
        put(next, fresh, 1);
        end(late);
        end(next);

        old.attributes().put("counter", 2000);
        a.settle(old);
        a.outsideUse().settleAll();
        assertThat(counter(a)).isEqualTo(1);
        assertThat(counter(b)).isEqualTo(1);
        assertThat(isLocked()).isFalse();
    }

    @Test
    void a_lock_whose_answer_was_lost_is_given_back() {
        losingAnswers.set(true);
        RequestScope unlucky = new RequestScope(a, true);
        assertThat(find(unlucky, a)).as("this node's copy counts").isNotNull();
        end(unlucky);
        assertThat(isLocked()).isTrue();
        losingAnswers.set(false);
        a.renewLocks();
        assertThat(isLocked()).isFalse();
    }

    @Test
    void a_lock_that_was_not_given_back_in_time_is_given_back_later() {
        RequestScope reading = new RequestScope(a, true);
        find(reading, a);
        losingAnswers.set(true);
        end(reading);
        losingAnswers.set(false);
        a.renewLocks();
        assertThat(isLocked()).isFalse();
    }

    @Test
    void a_request_that_broke_off_leaves_no_lock() {
        RequestScope broken = new RequestScope(a, true);
        put(broken, find(broken, a), 1);
        broken.finish();
        broken.close();
        assertThat(isLocked()).isFalse();
        assertThat(counter(b)).isEqualTo(1);
    }

    @Test
    void a_lock_goes_along_with_a_change_of_id() {
        RequestScope renaming = new RequestScope(a, true);
        LiveSession session = find(renaming, a);
        in(renaming, () -> a.rename(session, NEW_ID));
        LockRequest stranger = LockRequest.ofNewOwner(LEASE);
        assertThat(memory.locks().load(NEW_ID, Known.NOTHING, false, stranger)).isInstanceOf(Loaded.Locked.class);
        end(renaming);
        assertThat(memory.locks().load(NEW_ID, Known.NOTHING, false, stranger)).isInstanceOf(Loaded.Everything.class);
    }
}
