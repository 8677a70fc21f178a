package dev.holdfast.store;

import dev.holdfast.model.SignOnId;
import dev.holdfast.model.SignOnMember;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Keeps single sign-ons for all nodes: who has logged in, and which sessions of which applications belong to the login.
 *
 * <p>A sign-on begins with its first session. It ends with its last one, or at once by {@link #end}, or when nobody has
 * used it for longer than the longest max-inactive interval of its sessions, plus a margin. Once it has ended, nothing but
 * {@link #begin} makes another one, and ids are never used twice.
 *
 * <p>Every method is one atomic step that all nodes see at once, and is safe to repeat. Every method throws a
 * {@link StoreException} when the store did not answer in time or refused to work; what was asked may then have happened
 * or not. Implementations are thread-safe.
 */
public interface SignOnStore extends AutoCloseable {

    /**
     * Begins a sign-on.
     *
     * @param id its id, which nobody has been given yet
     * @param signOn the login
     * @param first its first session
     * @param maxInactiveSeconds the interval of that session; 0 or less means for ever
     * @return the epoch of the store, as in {@link StoredSignOn.Found#epoch()}
     */
    String begin(SignOnId id, StoredSignOn signOn, SignOnMember first, int maxInactiveSeconds);

    /**
     * Looks a sign-on up, and uses it: it lives for the longest interval of its sessions from now on.
     *
     * @return empty if there is none
     */
    Optional<StoredSignOn.Found> look(SignOnId id);

    /**
     * Replaces the login; the sessions stay.
     *
     * @return false if there is no such sign-on
     */
    boolean update(SignOnId id, StoredSignOn signOn);

    /**
     * A session belongs to a sign-on from now on, or has another interval.
     *
     * @return false if there is no such sign-on
     */
    boolean join(SignOnId id, SignOnMember session, int maxInactiveSeconds);

    /**
     * A session has got another id.
     *
     * @return false if there is no such sign-on
     */
    boolean move(SignOnId id, SignOnMember before, SignOnMember now, int maxInactiveSeconds);

    /**
     * A session does not belong to a sign-on any more. The last one to leave ends it.
     *
     * @return whether there is still such a sign-on
     */
    boolean leave(SignOnId id, SignOnMember session);

    /**
     * Ends a sign-on.
     *
     * @return its sessions, in no order, for exactly one caller; empty if it had ended before
     */
    Optional<List<SignOnMember>> end(SignOnId id);

    /**
     * Ends a sign-on, and leaves a mark for as long as a node may have a copy of it: neither a call that is still under way
     * nor a copy brings it back.
     *
     * @param longestIntervalSeconds the longest max-inactive interval of its sessions, as far as it is known; empty if one
     *     of them never ends
     * @return as {@link #end}
     */
    Optional<List<SignOnMember>> bury(SignOnId id, OptionalInt longestIntervalSeconds);

    /**
     * Brings what a node has done while the store was away, and puts the sign-on back if the store has lost it. One that is
     * absent in the epoch in which the node knew it has ended. It is no use of the sign-on now, but counts as one when the
     * node says that it was.
     *
     * @return what there is now; empty if it has ended
     */
    Optional<StoredSignOn.Found> reconcile(SignOnId id, OfflineSignOn known);

    /**
     * Finds out whether the store answers, and accepts what is written. Leaves nothing.
     *
     * @throws StoreException if it does not
     */
    void probe();

    /** Gives back connections and threads. Sign-ons stay. Idempotent. */
    @Override
    void close();
}
