package dev.holdfast.fallback;

import dev.holdfast.model.SignOnId;
import dev.holdfast.model.SignOnMember;
import dev.holdfast.store.FailureDomains;
import dev.holdfast.store.OfflineSignOn;
import dev.holdfast.store.SignOnStore;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.StoredSignOn;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Single sign-ons of a store that is not asked while it does not answer: after some failures every call throws at once,
 * until a probe in the background has got an answer. All sign-ons are one failure domain, also in a cluster. Thread-safe.
 */
public final class GuardedSignOnStore implements SignOnStore {

    private static final String MEANING =
            "Sign-ons live in the memory of this node now: users that it knows stay logged in, in all applications, and"
                    + " logins and logouts are brought to Redis when it is back.";

    private final SignOnStore store;
    private final GuardedCalls calls;
    private final Prober prober;

    /**
     * @param store the store; closed with this one
     * @param name of the sign-ons, for the name of a thread
     * @param location where it is, for messages
     * @param options when to stop asking, and when to look again
     */
    public GuardedSignOnStore(SignOnStore store, String name, String location, BreakerOptions options) {
        this(store, name, location, options, () -> null);
    }

    /** A store that may not be there yet. While it is not, nothing is asked, and nothing is said of an outage. */
    public GuardedSignOnStore(LateSignOnStore store, String name, String location, BreakerOptions options) {
        this(store, name, location, options, store::absence);
        store.whenThere(calls::arrived);
    }

    private GuardedSignOnStore(
            SignOnStore store,
            String name,
            String location,
            BreakerOptions options,
            Supplier<@Nullable StoreException> absence) {
        FailureDomains domain = FailureDomains.single(store::probe);
        this.store = store;
        this.prober = new Prober("sign-on " + name, location + " for single sign-on", MEANING, domain.count(), options);
        this.calls = new GuardedCalls(domain, options, prober, new StoreErrors(), absence);
        prober.start(calls);
    }

    private <T> T call(Supplier<T> call) {
        return calls.forPartition("sign-on", 0, call);
    }

    @Override
    public String begin(SignOnId id, StoredSignOn signOn, SignOnMember first, int maxInactiveSeconds) {
        return call(() -> store.begin(id, signOn, first, maxInactiveSeconds));
    }

    @Override
    public Optional<StoredSignOn.Found> look(SignOnId id) {
        return call(() -> store.look(id));
    }

    @Override
    public boolean update(SignOnId id, StoredSignOn signOn) {
        return call(() -> store.update(id, signOn));
    }

    @Override
    public boolean join(SignOnId id, SignOnMember session, int maxInactiveSeconds) {
        return call(() -> store.join(id, session, maxInactiveSeconds));
    }

    @Override
    public boolean move(SignOnId id, SignOnMember before, SignOnMember now, int maxInactiveSeconds) {
        return call(() -> store.move(id, before, now, maxInactiveSeconds));
    }

    @Override
    public boolean leave(SignOnId id, SignOnMember session) {
        return call(() -> store.leave(id, session));
    }

    @Override
    public Optional<List<SignOnMember>> end(SignOnId id) {
        return call(() -> store.end(id));
    }

    @Override
    public Optional<List<SignOnMember>> bury(SignOnId id, OptionalInt longestIntervalSeconds) {
        return call(() -> store.bury(id, longestIntervalSeconds));
    }

    @Override
    public Optional<StoredSignOn.Found> reconcile(SignOnId id, OfflineSignOn known) {
        return call(() -> store.reconcile(id, known));
    }

    /** Whether calls go through at present. */
    boolean permits() {
        return calls.permitsPartition(0);
    }

    /** How often the store has come back. */
    long recoveries() {
        return calls.recoveries();
    }

    /** Not guarded: it is what finds out. */
    @Override
    public void probe() {
        store.probe();
    }

    @Override
    public void close() {
        prober.close();
        store.close();
    }
}
