package dev.holdfast.store.redis;

import dev.holdfast.model.Delta;
import dev.holdfast.model.NewSession;
import dev.holdfast.model.SessionId;
import dev.holdfast.store.Committed;
import dev.holdfast.store.Created;
import dev.holdfast.store.Loaded;
import dev.holdfast.store.LockAnswer;
import dev.holdfast.store.LockRequest;
import dev.holdfast.store.SessionLocks;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RTopic;
import org.redisson.api.listener.StatusListener;
import org.redisson.client.codec.ByteArrayCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Locks in Redis: a string for each, with the lease as its TTL. Locks that are given back are told of on one channel of
 * the application. Thread-safe.
 */
final class RedisSessionLocks implements SessionLocks {

    private static final Logger log = LoggerFactory.getLogger(RedisSessionLocks.class);

    private final RedisSessionStore store;
    private final RedisConnections connections;
    private final String channel;
    private final List<Integer> subscriptions = new CopyOnWriteArrayList<>();

    /**
     * Who is told. The driver, whose connections may outlive an application, knows it through this field only, and so lets
     * go of the application when it stops, even if Redis does not answer then.
     */
    private volatile @Nullable Listener listener;

    RedisSessionLocks(RedisSessionStore store, Keys keys, RedisConnections connections) {
        this.store = store;
        this.connections = connections;
        this.channel = keys.unlocked();
    }

    @Override
    public Loaded load(SessionId id, long knownRevision, long knownCreatedMillis, boolean touch, LockRequest lock) {
        return store.load(id, knownRevision, knownCreatedMillis, touch, lock);
    }

    @Override
    public Created create(NewSession session, LockRequest lock) {
        return store.create(session, lock);
    }

    @Override
    public Committed commit(
            SessionId id,
            long createdMillis,
            long knownRevision,
            Delta delta,
            int token,
            String owner,
            boolean release) {
        return store.commit(id, createdMillis, knownRevision, delta, token, owner + (release ? channel : ""));
    }

    @Override
    public LockAnswer unlock(SessionId id, long createdMillis, String owner) {
        return store.unlock(id, createdMillis, owner);
    }

    @Override
    public LockAnswer renew(SessionId id, long createdMillis, LockRequest lock) {
        return store.renew(id, createdMillis, lock);
    }

    @Override
    public void listen(Listener newListener) {
        listener = newListener;
        try {
            subscriptions.add(topic().addListener(
                            byte[].class,
                            (name, message) ->
                                    tell(told -> SessionId.parse(new String(message, StandardCharsets.US_ASCII))
                                            .ifPresent(told::unlocked))));
            subscriptions.add(topic().addListener(new StatusListener() {
                @Override
                public void onSubscribe(String name) {
                    tell(Listener::missedSome);
                }

                @Override
                public void onUnsubscribe(String name) {
                    log.debug("No longer listening on {}", name);
                }
            }));
        } catch (RuntimeException e) {
            throw connections.faults().classify(e, "subscribe", UriConfig.LEAST_TIMEOUT);
        }
    }

    private void tell(Consumer<Listener> what) {
        Listener told = listener;
        if (told != null) {
            what.accept(told);
        }
    }

    /** Stops listening, without waiting for it: a node must also stop if Redis does not answer. */
    void close() {
        listener = null;
        for (Integer subscription : List.copyOf(subscriptions)) {
            subscriptions.remove(subscription);
            try {
                var unused = topic().removeListenerAsync(subscription);
            } catch (RuntimeException gone) {
                log.debug("Not unsubscribed from {}: {}", channel, gone.toString());
            }
        }
    }

    private RTopic topic() {
        return connections.client().getTopic(channel, ByteArrayCodec.INSTANCE);
    }
}
