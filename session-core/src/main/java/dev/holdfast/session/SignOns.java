package dev.holdfast.session;

import dev.holdfast.codec.AttributeCodec;
import dev.holdfast.model.SignOnId;
import dev.holdfast.model.SignOnMember;
import dev.holdfast.store.SignOnStore;
import dev.holdfast.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Single sign-on as container adapters use it: logins that the sessions of several applications share, on all nodes.
 * Thread-safe.
 *
 * <p>The store decides whether a sign-on lives, each time that it is asked; here nothing is remembered but the objects of
 * principals. Every method throws a {@link StoreException} if the store does not answer; nothing here turns that into
 * "not signed on". What a node knows while its database is away, the store itself answers.
 */
public final class SignOns {

    private final SignOnStore store;
    private final SignOnPrincipals principals;

    /**
     * @param store where they are kept; closed by whoever opened it
     * @param codec how principals become bytes
     * @param rules which principals may leave this node
     * @param margin how long a sign-on outlives its sessions in the store
     * @param nanoTicker a monotonic time in nanoseconds, for idle times
     */
    public SignOns(
            SignOnStore store, AttributeCodec codec, PrincipalRules rules, Duration margin, LongSupplier nanoTicker) {
        this.store = store;
        this.principals = new SignOnPrincipals(codec, rules, margin, nanoTicker);
    }

    /**
     * Somebody has logged in.
     *
     * @param id a new id
     * @param signOn the login
     * @param first the session that begins it
     * @param maxInactiveSeconds the interval of that session; 0 or less means for ever
     */
    public void begin(SignOnId id, SignOn signOn, SignOnMember first, int maxInactiveSeconds) {
        store.begin(id, principals.stored(id, signOn), first, maxInactiveSeconds);
    }

    /**
     * Looks a sign-on up, and uses it.
     *
     * @return empty if the store says that there is none
     */
    public Optional<SignOn> look(SignOnId id) {
        Optional<SignOn> found = store.look(id)
                .map(present -> new SignOn(
                        principals.of(id, present),
                        present.signOn().authType(),
                        present.signOn().username(),
                        present.signOn().password()));
        if (found.isEmpty()) {
            principals.forget(id);
        }
        return found;
    }

    /**
     * Somebody has logged in again.
     *
     * @return false if there is no such sign-on any more
     */
    public boolean update(SignOnId id, SignOn signOn) {
        return store.update(id, principals.stored(id, signOn));
    }

    /**
     * A session belongs to a sign-on from now on, or has another interval.
     *
     * @return false if there is no such sign-on any more
     */
    public boolean join(SignOnId id, SignOnMember session, int maxInactiveSeconds) {
        return store.join(id, session, maxInactiveSeconds);
    }

    /**
     * A session has got another id.
     *
     * @return false if there is no such sign-on any more
     */
    public boolean move(SignOnId id, SignOnMember before, SignOnMember now, int maxInactiveSeconds) {
        return store.move(id, before, now, maxInactiveSeconds);
    }

    /** A session does not belong to a sign-on any more; the last one ends it. */
    public void leave(SignOnId id, SignOnMember session) {
        if (!store.leave(id, session)) {
            principals.forget(id);
        }
    }

    /**
     * Logs out.
     *
     * @return the sessions that are to end with it, for exactly one caller in the cluster; nothing for others
     */
    public List<SignOnMember> end(SignOnId id) {
        List<SignOnMember> sessions = store.end(id).orElse(List.of());
        principals.forget(id);
        return sessions;
    }

    /** Lets go of what nobody has used on this node for long; to be called now and then. */
    public void tidy() {
        principals.tidy();
    }
}
