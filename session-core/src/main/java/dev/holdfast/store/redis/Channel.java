package dev.holdfast.store.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RTopic;
import org.redisson.api.listener.StatusListener;
import org.redisson.client.codec.ByteArrayCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A channel on which scripts tell of sessions. Thread-safe. */
final class Channel {

    private static final Logger log = LoggerFactory.getLogger(Channel.class);

    private final RedisConnections connections;
    private final String name;
    private final List<Integer> subscriptions = new CopyOnWriteArrayList<>();
    private final AtomicBoolean subscribed = new AtomicBoolean();

    /**
     * Who is told. The driver, whose connections may outlive an application, knows it through this field only, and so lets
     * go of the application when it stops, even if Redis does not answer then.
     */
    private volatile @Nullable Listener listener;

    Channel(RedisConnections connections, String name) {
        this.connections = connections;
        this.name = name;
    }

    String name() {
        return name;
    }

    /**
     * Begins to listen.
     *
     * @param told hears what is said
     * @param missedSome hears that the connection was away: something may have been said meanwhile
     */
    void listen(Consumer<String> told, Runnable missedSome) {
        listener = new Listener(told, missedSome);
        try {
            // First, or it would not hear of the beginning, and take the next one for it.
            subscriptions.add(topic().addListener(new StatusListener() {
                @Override
                public void onSubscribe(String channel) {
                    subscribed();
                }

                @Override
                public void onUnsubscribe(String channel) {
                    log.debug("No longer listening on {}", channel);
                }
            }));
            subscriptions.add(topic().addListener(byte[].class, (channel, message) -> heard(message)));
        } catch (RuntimeException e) {
            throw connections.faults().classify(e, "subscribe", UriConfig.LEAST_TIMEOUT);
        }
    }

    private void heard(byte[] message) {
        Listener present = listener;
        if (present != null) {
            present.told.accept(new String(message, StandardCharsets.US_ASCII));
        }
    }

    /** The first time is the beginning. */
    private void subscribed() {
        Listener present = listener;
        if (!subscribed.compareAndSet(false, true) && present != null) {
            present.missedSome.run();
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
                log.debug("Not unsubscribed from {}: {}", name, gone.toString());
            }
        }
    }

    private RTopic topic() {
        return connections.client().getTopic(name, ByteArrayCodec.INSTANCE);
    }

    private record Listener(Consumer<String> told, Runnable missedSome) {}
}
