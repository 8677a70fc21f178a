package dev.holdfast;

import dev.holdfast.codec.KryoAttributeCodec;
import dev.holdfast.config.Settings;
import dev.holdfast.config.Startup;
import dev.holdfast.fallback.Connector;
import dev.holdfast.fallback.GuardedSignOnStore;
import dev.holdfast.fallback.JournalOptions;
import dev.holdfast.fallback.JournalingSignOnStore;
import dev.holdfast.fallback.LateSignOnStore;
import dev.holdfast.model.SignOnMember;
import dev.holdfast.session.PrincipalRules;
import dev.holdfast.session.SignOns;
import dev.holdfast.store.SignOnStore;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.redis.RedisSignOnStore;
import dev.holdfast.store.redis.RedisStoreOptions;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Consumer;

/** Single sign-on over the applications of one virtual host on this node, from its start to its stop. Thread-safe. */
public final class HoldfastSignOn implements AutoCloseable {

    private static final String WITHOUT_REDIS =
            "Sign-ons live in the memory of this node meanwhile: logins count in all its applications, and are brought to"
                    + " Redis when it is there.";

    private final SignOnStore store;
    private final SignOns signOns;

    private HoldfastSignOn(SignOnStore store, SignOns signOns) {
        this.store = store;
        this.signOns = signOns;
    }

    /**
     * Connects to Redis, or begins to, as {@link Holdfast#open} does.
     *
     * @param settings how sign-ons are kept there; the application name is that of the sign-ons
     * @param redis the Redis, which others may use, too
     * @param classes knows the classes of principals
     * @param rules which principals may leave this node
     * @param ended hears of the sessions of sign-ons that have ended here while Redis did not answer, when it does again
     * @return the sign-ons; to be closed
     * @throws StoreException if Redis does not fit; or if it does not answer, and the start is strict
     * @throws IllegalArgumentException if the Redisson file cannot be understood
     * @throws java.io.UncheckedIOException if it cannot be read
     */
    public static HoldfastSignOn open(
            Settings settings,
            SharedRedis redis,
            ClassLoader classes,
            PrincipalRules rules,
            Consumer<List<SignOnMember>> ended) {
        RedisStoreOptions options = Holdfast.optionsOf(settings, false);
        Connector<SignOnStore> connector = new Connector<>(
                new Connector.Names(
                        "sign-on " + settings.applicationName(),
                        redis.location() + " for single sign-on",
                        WITHOUT_REDIS),
                () -> redis.open(use -> RedisSignOnStore.open(use.connections(), options, use::close)),
                SignOnStore::close,
                redis::reacts,
                new SecureRandom(),
                System::nanoTime);
        connector.start(settings.startup() == Startup.STRICT);
        GuardedSignOnStore guarded = new GuardedSignOnStore(
                new LateSignOnStore(connector),
                settings.applicationName(),
                redis.location(),
                Holdfast.breakerOptionsOf(settings));
        SignOnStore store = new JournalingSignOnStore(
                guarded,
                settings.applicationName(),
                settings.maxLocalSessions(),
                new JournalOptions(settings.journalMaxBytes(), settings.requestBudget()),
                ended,
                System::nanoTime);
        return new HoldfastSignOn(
                store,
                new SignOns(
                        store,
                        new KryoAttributeCodec(classes, Holdfast.codecOptionsOf(settings, classes)).unfiltered(),
                        rules,
                        settings.ttlMargin(),
                        System::nanoTime));
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
