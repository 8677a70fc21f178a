package dev.holdfast.session;

import static dev.holdfast.session.Requests.end;
import static dev.holdfast.session.Requests.in;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.model.SessionId;
import dev.holdfast.store.Known;
import dev.holdfast.store.LockRequest;
import dev.holdfast.store.SessionLocks;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.memory.MemorySessionStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests of one node that use their session one at a time, while the store comes and goes. Nobody waits here. */
class ExclusiveSessionsOutageTest {

    private static final SessionId ID = new SessionId("0123456789ABCDEF");
    private static final SessionId NEW_ID = new SessionId("FEDCBA9876543210");
    private static final Duration LEASE = Duration.ofSeconds(30);

    private final MemorySessionStore memory = new MemorySessionStore(InstantSource.system());
    private volatile boolean away;
    private final SessionRepository node = new SessionRepository(
            proxy(SessionStore.class, memory, proxy(SessionLocks.class, memory.locks(), null)),
            new SerializationCodec(),
            (name, value) -> true,
            InstantSource.system(),
            System::nanoTime,
            new LockOptions(Duration.ZERO, LEASE, false),
            OutageOptions.STRICT,
            CopyLifecycle.NONE);

    private <T> T proxy(Class<T> port, T delegate, SessionLocks locks) {
        return port.cast(Proxy.newProxyInstance(
                port.getClassLoader(), new Class<?>[] {port}, (self, method, values) -> {
                    if (method.getName().equals("locks")) {
                        return locks;
                    }
                    if (away && !method.getName().equals("nowMillis")) {
                        throw StoreException.notAsked("away by intent");
                    }
                    try {
                        return method.invoke(delegate, values);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                }));
    }

    @BeforeEach
    void createSession() {
        RequestScope scope = new RequestScope(node, true);
        in(scope, () -> node.create(ID, 3600).attributes().put("counter", 0));
        end(scope);
    }

    private RequestScope request() {
        return new RequestScope(node, true);
    }

    private LiveSession find(RequestScope scope) {
        return in(scope, () -> node.find(ID).orElseThrow());
    }

    private void put(RequestScope scope, int value) {
        in(scope, () -> node.find(ID).orElseThrow().attributes().put("counter", value));
    }

    private void assertRefused(RequestScope scope) {
        assertThatThrownBy(() -> find(scope)).isInstanceOf(SessionLockedException.class);
        scope.close();
    }

    private void assertFree() {
        RequestScope next = request();
        find(next);
        end(next);
    }

    /** What a stranger on another node finds. */
    private boolean isLockedInStore() {
        LockRequest stranger = LockRequest.ofNewOwner(LEASE);
        boolean locked =
                memory.locks().load(ID, Known.NOTHING, false, stranger) instanceof dev.holdfast.store.Loaded.Locked;
        if (!locked) {
            memory.locks().unlock(ID, created(), stranger.owner());
        }
        return locked;
    }

    private long created() {
        return ((dev.holdfast.store.Loaded.Everything) memory.load(ID, Known.NOTHING, false))
                .metadata()
                .createdMillis();
    }

    private Object stored() {
        return in(
                new RequestScope(node),
                () -> node.find(ID).orElseThrow().attributes().get("counter"));
    }

    @Test
    void while_the_store_is_away_one_request_of_this_node_has_the_session() {
        away = true;
        RequestScope first = request();
        find(first);
        assertRefused(request());
        find(first);
        RequestScope other = new RequestScope(node);
        find(other);
        other.close();
        end(first);
        assertFree();
    }

    @Test
    void who_has_the_lock_of_the_store_keeps_it_when_the_store_goes_away() {
        RequestScope first = request();
        find(first);
        away = true;
        assertRefused(request());
        end(first);
        assertFree();
    }

    @Test
    void who_has_the_lock_of_this_node_keeps_it_when_the_store_comes_back_and_no_lock_is_left() {
        away = true;
        RequestScope first = request();
        find(first);
        away = false;
        assertRefused(request());
        node.renewLocks();
        assertThat(isLockedInStore()).as("by who has given up").isFalse();
        put(first, 1);
        end(first);
        assertFree();
        assertThat(stored()).isEqualTo(1);
        assertThat(isLockedInStore()).isFalse();
    }

    @Test
    void a_lock_of_this_node_goes_along_with_a_change_of_id_and_with_a_request_that_breaks_off() {
        away = true;
        RequestScope first = request();
        LiveSession session = find(first);
        away = false;
        in(first, () -> node.rename(session, NEW_ID));
        away = true;
        RequestScope second = request();
        assertThatThrownBy(() -> in(second, () -> node.find(NEW_ID))).isInstanceOf(SessionLockedException.class);
        second.close();
        first.close();
        RequestScope third = request();
        assertThat(in(third, () -> node.find(NEW_ID))).isPresent();
        third.close();
    }

    @Test
    void a_session_that_nobody_here_knows_is_not_locked() {
        away = true;
        RequestScope first = request();
        assertThatThrownBy(() -> in(first, () -> node.find(NEW_ID))).isInstanceOf(StoreException.class);
        RequestScope second = request();
        assertThatThrownBy(() -> in(second, () -> node.find(NEW_ID)))
                .isInstanceOf(StoreException.class)
                .isNotInstanceOf(SessionLockedException.class);
        first.close();
        second.close();
    }

    @Test
    void who_has_the_lock_of_a_store_that_loses_its_data_takes_it_again_and_writes() {
        RequestScope first = request();
        find(first);
        memory.loseEverything();
        RequestScope reader = new RequestScope(node);
        find(reader);
        reader.close();
        assertThat(isLockedInStore()).isFalse();
        put(first, 1);
        first.commit();
        assertThat(isLockedInStore()).isTrue();
        assertRefused(request());
        end(first);
        assertThat(stored()).isEqualTo(1);
        assertThat(isLockedInStore()).isFalse();
    }

    @Test
    void who_puts_a_lost_session_back_has_it_exclusively() {
        memory.loseEverything();
        RequestScope first = request();
        find(first);
        assertThat(isLockedInStore()).isTrue();
        assertRefused(request());
        end(first);
        assertThat(isLockedInStore()).isFalse();
    }
}
