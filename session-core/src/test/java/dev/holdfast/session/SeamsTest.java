package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.holdfast.model.SessionId;
import dev.holdfast.store.Deadline;
import dev.holdfast.store.SessionLocks;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.memory.MemorySessionStore;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** Where features meet: long use, threads of no request, locks, copies that leave, a store that does not answer. */
class SeamsTest {

    private static final SessionId ID = new SessionId("0123456789ABCDEF");
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicReference<BiConsumer<String, Object[]>> before = new AtomicReference<>((name, args) -> {});
    private final List<String> calls = new ArrayList<>();
    private final MemorySessionStore memory = new MemorySessionStore(InstantSource.system());
    private final SessionStore store = proxy(SessionStore.class, memory);

    private <T> T proxy(Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(
                SeamsTest.class.getClassLoader(), new Class<?>[] {type}, (self, method, given) -> {
                    Object[] args = given == null ? new Object[0] : given;
                    synchronized (calls) {
                        calls.add(method.getName());
                    }
                    before.get().accept(method.getName(), args);
                    try {
                        Object answer = method.invoke(target, args);
                        return answer instanceof SessionLocks locks ? proxy(SessionLocks.class, locks) : answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private SessionRepository node(AttributeFilter filter) {
        return new SessionRepository(
                store,
                new SerializationCodec(),
                filter,
                InstantSource.system(),
                nanos::get,
                new LockOptions(Duration.ZERO, Duration.ofSeconds(30), false),
                OutageOptions.STRICT,
                CopyLifecycle.NONE);
    }

    private static RequestScope begin(SessionRepository node, boolean exclusive) {
        RequestScope scope = new RequestScope(node, exclusive);
        scope.enter();
        return scope;
    }

    private static void end(RequestScope scope) {
        RequestScope.exit(null);
        scope.finish();
        scope.commitAndUnlock();
        scope.close();
    }

    private static SessionId id(int n) {
        return new SessionId(String.format("0123456789ABCD%02d", n));
    }

    private void create(SessionRepository node, SessionId id) {
        RequestScope scope = begin(node, false);
        node.create(id, 60).attributes().put("n", "0");
        end(scope);
    }

    private static void seconds(AtomicLong nanos, long s) {
        nanos.addAndGet(s * 1_000_000_000L);
    }

    @Test
    void a_session_in_long_use_is_kept() {
        SessionRepository a = node((n, v) -> true);
        create(a, ID);
        RequestScope running = begin(a, false);
        a.find(ID);
        RequestScope.exit(null);
        for (int i = 0; i < 59; i++) {
            seconds(nanos, 1);
            a.keepWhatIsInUse();
        }
        assertThat(calls).contains("keep");
        running.close();
    }

    @Test
    void a_session_in_long_use_is_kept_also_if_a_thread_of_no_request_reads_it() {
        SessionRepository a = node((n, v) -> true);
        create(a, ID);
        RequestScope running = begin(a, false);
        LiveSession session = a.find(ID).orElseThrow();
        RequestScope.exit(null);
        for (int i = 0; i < 59; i++) {
            seconds(nanos, 1);
            assertThat(a.outsideUse().mayUse(session)).isTrue();
            a.keepWhatIsInUse();
        }
        a.usedUntilNow(session);
        assertThat(calls).contains("keep");
        running.close();
    }

    @Test
    void a_copy_that_is_healed_gets_no_attribute_whose_name_is_refused() {
        AttributeFilter filter = new AttributeFilter() {
            @Override
            public boolean mayLeave(String name, Object value) {
                return true;
            }

            @Override
            public boolean mayEnter(String name) {
                return !name.equals("hidden");
            }
        };
        SessionRepository a = node(filter);
        SessionRepository b = node((n, v) -> true);
        create(b, ID);
        RequestScope scope = begin(b, false);
        b.find(ID).orElseThrow().attributes().put("hidden", "secret");
        end(scope);
        LiveSession session = a.find(ID).orElseThrow();
        assertThat(session.attributes()).doesNotContainKey("hidden");
        session.fence(null);
        seconds(nanos, 1);
        assertThat(a.outsideUse().mayUse(session)).isTrue();
        assertThat(session.attributes().get("hidden")).isNull();
    }

    @Test
    void a_stop_writes_the_other_sessions_when_two_of_them_cannot_be_written() {
        SessionRepository a = node((n, v) -> true);
        SessionRepository b = node((n, v) -> true);
        for (int i = 0; i < 20; i++) {
            create(a, id(i));
        }
        a.localCopies().forEach(copy -> copy.attributes().put("n", "1"));
        before.set((name, args) -> {
            if (name.equals("commit") && (args[0].equals(id(3)) || args[0].equals(id(4)))) {
                throw new StoreException(StoreException.Reason.INCOMPATIBLE, "newer layout");
            }
        });
        Leftovers left = a.departures().releaseAll(Deadline.in(Duration.ofSeconds(10)));
        int lost = 0;
        for (int i = 0; i < 20; i++) {
            lost += "1".equals(b.find(id(i)).orElseThrow().attributes().get("n")) ? 0 : 1;
        }
        assertThat(lost).as("%s", left).isEqualTo(2);
    }

    @Test
    void a_lock_that_the_store_was_not_asked_for_is_not_given_back() {
        SessionRepository a = node((n, v) -> true);
        create(a, ID);
        before.set((name, args) -> {
            if (name.equals("load")) {
                throw StoreException.notAsked("HF-601");
            }
        });
        for (int i = 0; i < 100; i++) {
            RequestScope scope = begin(a, true);
            var unused = catchThrowable(() -> a.find(ID));
            end(scope);
        }
        before.set((name, args) -> {});
        calls.clear();
        a.renewLocks();
        assertThat(calls).doesNotContain("unlock");
    }

    @Test
    void a_lock_is_renewed_also_if_the_store_does_not_answer_for_another_session() {
        SessionRepository a = node((n, v) -> true);
        create(a, id(1));
        create(a, id(2));
        RequestScope down = begin(a, true);
        a.find(id(1));
        end(down);
        before.set((name, args) -> {
            if (args.length > 0 && args[0].equals(id(1))) {
                throw new StoreException(StoreException.Reason.TIMEOUT, "shard down");
            }
        });
        RequestScope timedOut = begin(a, true);
        var unused = catchThrowable(() -> a.find(id(1)));
        RequestScope.exit(null);
        RequestScope running = begin(a, true);
        a.find(id(2));
        RequestScope.exit(null);
        seconds(nanos, 15);
        calls.clear();
        var thrown = catchThrowable(a::renewLocks);
        assertThat(calls).as("%s", thrown).contains("renew");
        timedOut.close();
        running.close();
    }

    @Test
    void what_a_passivation_listener_set_in_vain_is_not_written_later() {
        SessionRepository b = node((n, v) -> true);
        SessionRepository a = new SessionRepository(
                store,
                new SerializationCodec(),
                (n, v) -> true,
                InstantSource.system(),
                nanos::get,
                new LockOptions(Duration.ZERO, Duration.ofSeconds(30), false),
                OutageOptions.STRICT,
                new CopyLifecycle() {
                    @Override
                    public void willPassivate(LiveSession copy, Map<String, Object> listeners, FailedListener failed) {
                        copy.attributes().put("n", "passivated");
                    }
                });
        create(b, ID);
        LiveSession stray = a.find(ID).orElseThrow();
        stray.attributes().put("other", "1"); // watched from now on
        before.set((name, args) -> {
            if (name.equals("commitLeaving")) {
                throw new StoreException(StoreException.Reason.TIMEOUT, "lost");
            }
        });
        assertThat(a.departures().release(stray)).isTrue();
        before.set((name, args) -> {});
        RequestScope scope = begin(b, false);
        b.find(ID).orElseThrow().attributes().put("n", "newer");
        end(scope);
        a.outsideUse().settleAll();
        assertThat(b.find(ID).orElseThrow().attributes().get("n")).isEqualTo("newer");
    }

    @Test
    void who_touches_a_session_and_who_looks_at_it_do_not_lock_each_other_out() throws Exception {
        SessionRepository a = node((n, v) -> true);
        create(a, ID);
        LiveSession session = a.localCopies().iterator().next();
        session.attributes().put("n", "1");
        a.settle(session);
        OutsideUse outside = new OutsideUse(
                a,
                new Looks(
                        a,
                        store,
                        new Locks(
                                store.locks(),
                                new LockOptions(Duration.ZERO, Duration.ofSeconds(30), false),
                                nanos::get,
                                a.reports()),
                        new Restoration(a, store, new Ends(store, new ConcurrentHashMap<>(), nanos::get)),
                        new ConcurrentHashMap<>(),
                        nanos::get),
                nanos::get);
        outside.touched(session, null, null);
        for (int i = 0; i < 5; i++) {
            seconds(nanos, 61);
            assertThat(outside.due()).hasSize(1);
        }
        Thread looker = new Thread(() -> outside.looked(session), "looker");
        looker.setDaemon(true);
        Thread toucher = new Thread(
                () -> session.decoded(value -> {
                    // Here as in LiveSession.put: the lock of the session is held, its watch is about to be touched.
                    if (looker.getState() == Thread.State.NEW) {
                        blockable.countDown();
                        await().until(() -> looker.getState() == Thread.State.BLOCKED
                                || looker.getState() == Thread.State.TERMINATED);
                        looked.add(looker.getStackTrace()[0].toString());
                        outside.touched(session, null, null);
                    }
                    return false;
                }),
                "toucher");
        toucher.setDaemon(true);
        toucher.start();
        blockable.await();
        looker.start();
        toucher.join(5_000);
        long[] deadlocked = ManagementFactory.getThreadMXBean().findDeadlockedThreads();
        assertThat(deadlocked).as("%s", Arrays.toString(looker.getStackTrace())).isNull();
    }

    private final CountDownLatch blockable = new CountDownLatch(1);
    private final List<String> looked = new ArrayList<>();
}
