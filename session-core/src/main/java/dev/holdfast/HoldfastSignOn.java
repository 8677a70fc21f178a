package dev.holdfast;

import dev.holdfast.codec.KryoAttributeCodec;
import dev.holdfast.config.Settings;
import dev.holdfast.session.PrincipalRules;
import dev.holdfast.session.SignOns;
import dev.holdfast.store.SignOnStore;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.redis.RedisSignOnStore;

/** Single sign-on over the applications of one virtual host on this node, from its start to its stop. Thread-safe. */
public final class HoldfastSignOn implements AutoCloseable {

    private final SignOnStore store;
    private final SignOns signOns;

    private HoldfastSignOn(SignOnStore store, SignOns signOns) {
        this.store = store;
        this.signOns = signOns;
    }

    /**
     * Connects to Redis.
     *
     * @param settings how to reach it; the application name is that of the sign-ons
     * @param classes knows the classes of principals
     * @param rules which principals may leave this node
     * @return the sign-ons; to be closed
     * @throws StoreException if Redis does not answer or does not fit
     * @throws IllegalArgumentException if the Redisson file cannot be read
     */
    public static HoldfastSignOn open(Settings settings, ClassLoader classes, PrincipalRules rules) {
        return of(
                RedisSignOnStore.open(Holdfast.sourceOf(settings), Holdfast.optionsOf(settings)),
                settings,
                classes,
                rules);
    }

    private static HoldfastSignOn of(SignOnStore store, Settings settings, ClassLoader classes, PrincipalRules rules) {
        return new HoldfastSignOn(
                store,
                new SignOns(store, new KryoAttributeCodec(classes), rules, settings.ttlMargin(), System::nanoTime));
    }

    /** The sign-ons. */
    public SignOns signOns() {
        return signOns;
    }

    /** Gives connections and threads back. Sign-ons stay in Redis. Idempotent. */
    @Override
    public void close() {
        store.close();
    }
}
