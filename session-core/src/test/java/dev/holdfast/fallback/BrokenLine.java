package dev.holdfast.fallback;

import dev.holdfast.model.NewSession;
import dev.holdfast.model.SessionId;
import dev.holdfast.store.FailureDomains;
import dev.holdfast.store.RequestBudget;
import dev.holdfast.store.SessionLocks;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoreException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The way from one node to a store that others share: it can be cut, and lose answers, and deliver calls late. */
final class BrokenLine {

    /** What asks nothing. */
    private static final Set<String> LOCAL = Set.of("nowMillis", "due", "isAway", "close", "listen");

    enum State {
        WHOLE,
        CUT,
        LOSES_ANSWERS,
        /** Calls take as long as they may, and time out. */
        HANGS,
        /** Calls time out, and are done when {@link #deliverLate} says so. */
        HOLDS_CALLS
    }

    private static final Duration LONGEST_CALL = Duration.ofSeconds(2);

    private final SessionStore store;
    private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();

    /** Sessions with which the store cannot do anything, for reasons of their own. */
    final Set<SessionId> refused = ConcurrentHashMap.newKeySet();

    /** Ids in another partition than all the others. */
    final Set<SessionId> elsewhere = ConcurrentHashMap.newKeySet();

    /** Runs once, when the store has answered such a call, before the answer arrives. */
    final Map<String, Runnable> meanwhile = new ConcurrentHashMap<>();

    final AtomicInteger hanging = new AtomicInteger();
    final List<String> calls = new CopyOnWriteArrayList<>();
    volatile State state = State.WHOLE;

    BrokenLine(SessionStore store) {
        this.store = store;
    }

    SessionStore nodeSide() {
        return proxy(SessionStore.class, store);
    }

    void deliverLate() {
        for (Runnable call = held.poll(); call != null; call = held.poll()) {
            call.run();
        }
    }

    private <T> T proxy(Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    String name = method.getName();
                    if (name.equals("locks")) {
                        return proxy(SessionLocks.class, store.locks());
                    }
                    if (name.equals("failureDomains")) {
                        return FailureDomains.single(this::probe);
                    }
                    if (name.equals("colocated")) {
                        return areColocated(arguments[0], arguments[1]);
                    }
                    if (name.equals("rename") && !areColocated(arguments[0], arguments[2])) {
                        throw new IllegalArgumentException("The ids are not colocated");
                    }
                    if (LOCAL.contains(name)) {
                        return call(method, target, arguments);
                    }
                    calls.add(name);
                    if (state == State.WHOLE && refused.stream().anyMatch(id -> isAbout(id, arguments))) {
                        throw new StoreException(StoreException.Reason.SCRIPT, "refused by intent");
                    }
                    switch (state) {
                        case WHOLE -> {
                            Object answer = call(method, target, arguments);
                            Runnable action = meanwhile.remove(name);
                            if (action != null) {
                                action.run();
                            }
                            return answer;
                        }
                        case CUT -> throw new StoreException(StoreException.Reason.CONNECT, "cut by intent");
                        case LOSES_ANSWERS -> call(method, target, arguments);
                        case HANGS -> hang();
                        case HOLDS_CALLS -> held.add(() -> callLate(method, target, arguments));
                    }
                    throw new StoreException(StoreException.Reason.TIMEOUT, "no answer by intent");
                }));
    }

    private boolean areColocated(Object one, Object other) {
        return elsewhere.contains(one) == elsewhere.contains(other);
    }

    private void hang() throws InterruptedException {
        hanging.incrementAndGet();
        try {
            new CountDownLatch(1).await(RequestBudget.limit(LONGEST_CALL).toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            hanging.decrementAndGet();
        }
    }

    private static boolean isAbout(SessionId id, Object[] arguments) {
        return id.equals(arguments[0])
                || (arguments[0] instanceof NewSession session && session.id().equals(id));
    }

    private void probe() {
        if (state != State.WHOLE) {
            throw new StoreException(StoreException.Reason.CONNECT, "cut by intent");
        }
    }

    private static Object call(java.lang.reflect.Method method, Object target, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static void callLate(java.lang.reflect.Method method, Object target, Object[] arguments) {
        try {
            method.invoke(target, arguments);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
