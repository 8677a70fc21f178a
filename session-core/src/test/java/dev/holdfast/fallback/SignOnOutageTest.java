package dev.holdfast.fallback;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.holdfast.model.SessionId;
import dev.holdfast.model.SignOnId;
import dev.holdfast.model.SignOnMember;
import dev.holdfast.store.SignOnStore;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.StoreException.Reason;
import dev.holdfast.store.StoredSignOn;
import dev.holdfast.store.memory.MemorySignOnStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A store of single sign-ons that may stop to answer. */
class SignOnOutageTest {

    private static final SignOnId ID = new SignOnId("0123456789ABCDEF");
    private static final SignOnMember SHOP = new SignOnMember("localhost/shop", new SessionId("0000000000000000"));
    private static final StoredSignOn ALICE = new StoredSignOn("alice".getBytes(UTF_8), null, "FORM", "alice", null);

    private final MemorySignOnStore memory = new MemorySignOnStore(InstantSource.system(), Duration.ofMinutes(30));
    private final AtomicInteger asked = new AtomicInteger();
    private volatile boolean down;
    private volatile boolean readOnly;
    private final GuardedSignOnStore guarded = new GuardedSignOnStore(
            failing(), "localhost", "redis://test", new BreakerOptions(50, 20, Duration.ofMillis(50)));

    @AfterEach
    void stop() {
        guarded.close();
    }

    private SignOnStore failing() {
        return (SignOnStore) Proxy.newProxyInstance(
                SignOnStore.class.getClassLoader(), new Class<?>[] {SignOnStore.class}, (proxy, method, arguments) -> {
                    boolean reads = method.getName().equals("look");
                    if (!method.getName().equals("close")) {
                        asked.incrementAndGet();
                        if (down || (readOnly && !reads)) {
                            throw new StoreException(Reason.CONNECT, "down by intent");
                        }
                    }
                    try {
                        return method.invoke(memory, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private StoreException failureOf(Runnable call) {
        return catchThrowableOfType(StoreException.class, call::run);
    }

    private void giveUpBy(Runnable call) {
        for (int i = 0; i < 5; i++) {
            assertThat(failureOf(call).reason()).isEqualTo(Reason.CONNECT);
        }
    }

    @Test
    void all_that_it_can_be_asked_is_refused_after_some_failures() {
        down = true;
        giveUpBy(() -> guarded.look(ID));

        for (Runnable call : new Runnable[] {
            () -> guarded.begin(ID, ALICE, SHOP, 60),
            () -> guarded.look(ID),
            () -> guarded.update(ID, ALICE),
            () -> guarded.join(ID, SHOP, 60),
            () -> guarded.move(ID, SHOP, SHOP, 60),
            () -> guarded.leave(ID, SHOP),
            () -> guarded.end(ID)
        }) {
            StoreException refused = failureOf(call);
            assertThat(refused.reason()).isEqualTo(Reason.NOT_ASKED);
            assertThat(refused).hasMessageContaining("HF-601").hasMessageContaining("down by intent");
        }
    }

    @Test
    void it_is_asked_again_when_a_probe_has_been_answered_and_nothing_is_lost() {
        guarded.begin(ID, ALICE, SHOP, 60);
        down = true;
        giveUpBy(() -> guarded.look(ID));
        down = false;

        await().until(() -> failureOf(() -> guarded.look(ID)) == null);
        assertThat(guarded.look(ID)).isPresent();
    }

    @Test
    void an_answer_to_a_read_is_not_enough() {
        readOnly = true;
        giveUpBy(() -> guarded.leave(ID, SHOP));
        int before = asked.get();
        await().until(() -> asked.get() >= before + 3);

        assertThat(failureOf(() -> guarded.look(ID)).reason()).isEqualTo(Reason.NOT_ASKED);
    }

    @Test
    void its_thread_ends_with_it() {
        assertThat(isThere("holdfast-probe sign-on localhost")).isTrue();
        guarded.close();
        await().until(() -> !isThere("holdfast-probe sign-on localhost"));
    }

    private static boolean isThere(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals(name));
    }
}
