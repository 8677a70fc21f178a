package dev.holdfast;

import dev.holdfast.codec.KryoAttributeCodec;
import dev.holdfast.config.Settings;
import dev.holdfast.fallback.GuardedSignOnStore;
import dev.holdfast.session.PrincipalRules;
import dev.holdfast.session.SignOns;
import dev.holdfast.store.SignOnStore;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.redis.RedisSignOnStore;

/** Single sign-on over the applications of one virtual host on this node, from its start to its stop. Thread-safe. */
public final class HoldfastSignOn implements AutoCloseable {

    private final SharedRedis.Use redis;
    private final SignOnStore store;
    private final SignOns signOns;

    private HoldfastSignOn(SharedRedis.Use redis, SignOnStore store, SignOns signOns) {
        this.redis = redis;
        this.store = store;
        this.signOns = signOns;
    }

    /**
     * Connects to Redis.
     *
     * @param settings how sign-ons are kept there; the application name is that of the sign-ons
     * @param redis the Redis, which others may use, too
     * @param classes knows the classes of principals
     * @param rules which principals may leave this node
     * @return the sign-ons; to be closed
     * @throws StoreException if Redis does not answer or does not fit
     * @throws IllegalArgumentException if the Redisson file cannot be read
     */
    public static HoldfastSignOn open(Settings settings, SharedRedis redis, ClassLoader classes, PrincipalRules rules) {
        SharedRedis.Use use = redis.use();
        try {
            SignOnStore store = new GuardedSignOnStore(
                    RedisSignOnStore.open(use.connections(), Holdfast.optionsOf(settings, false)),
                    settings.applicationName(),
                    redis.location(),
                    Holdfast.breakerOptionsOf(settings));
            return new HoldfastSignOn(
                    use,
                    store,
                    new SignOns(store, new KryoAttributeCodec(classes), rules, settings.ttlMargin(), System::nanoTime));
        } catch (RuntimeException failed) {
            use.close();
            throw failed;
        }
    }

    /** The sign-ons. */
    public SignOns signOns() {
        return signOns;
    }

    /** Gives connections and threads back. Sign-ons stay in Redis. Idempotent. */
    @Override
    public void close() {
        store.close();
        redis.close();
    }
}
