package dev.holdfast.fallback;

import dev.holdfast.model.SignOnId;
import dev.holdfast.model.SignOnMember;
import dev.holdfast.store.OfflineSignOn;
import dev.holdfast.store.SignOnStore;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.StoredSignOn;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Single sign-ons that go on while their store does not answer: this node keeps copies of those that it knows, and
 * remembers what is done to them until the store has heard of it. Thread-safe.
 *
 * <p>It is for sign-ons what {@link JournalingSessionStore} is for sessions. Nothing but a look-up fails because the store is
 * away, and that only for a sign-on of which this node has no copy: nobody can make up the store's answer. As long as there
 * is something that the store has not heard of, a call brings that first; if it cannot, or if another thread is just at it,
 * this node answers.
 *
 * <p>A sign-on that the store does not know any more is compared with the copy of this node, if there is one: by the epoch
 * the store tells whether it has ended or was lost, and in the latter case it is put back.
 */
public final class JournalingSignOnStore implements SignOnStore {

    private final GuardedSignOnStore store;
    private final SignOnEntries entries;
    private final SignOnReplay replay;
    private final LongSupplier nanoTicker;

    /**
     * @param store the store; closed with this one
     * @param name of the sign-ons, for the name of a thread
     * @param maxCopies how many copies are kept; the least recently used leave first
     * @param journal how much is remembered while the store is away
     * @param ended hears of the sessions of sign-ons that have ended here while the store was away, when it is back
     * @param nanoTicker a monotonic time in nanoseconds
     */
    public JournalingSignOnStore(
            GuardedSignOnStore store,
            String name,
            int maxCopies,
            JournalOptions journal,
            Consumer<List<SignOnMember>> ended,
            LongSupplier nanoTicker) {
        this.store = store;
        this.nanoTicker = nanoTicker;
        this.entries = new SignOnEntries(maxCopies, journal.maxBytes(), nanoTicker);
        this.replay = new SignOnReplay(store, name, entries, journal.patience(), ended, nanoTicker);
    }

    @Override
    public String begin(SignOnId id, StoredSignOn signOn, SignOnMember first, int maxInactiveSeconds) {
        return inOrder(
                id,
                () -> {
                    String epoch = store.begin(id, signOn, first, maxInactiveSeconds);
                    entries.learn(id, entry -> entry.began(signOn, first, maxInactiveSeconds, epoch, now()));
                    return epoch;
                },
                () -> {
                    entries.requireRoom();
                    return note(id, entry -> {
                        entry.born(signOn, first, maxInactiveSeconds, now());
                        return "";
                    });
                });
    }

    @Override
    public Optional<StoredSignOn.Found> look(SignOnId id) {
        SignOnEntry known = entries.get(id);
        if (known != null && isUntoldStill(known, id)) {
            return ownCopy(id, StoreException.notAsked("HF-640 Redis has yet to hear what this node knows of it."));
        }
        Optional<StoredSignOn.Found> found;
        try {
            found = store.look(id);
        } catch (StoreException unanswered) {
            return ownCopy(id, unanswered);
        }
        if (found.isEmpty()) {
            return endedOrLost(id);
        }
        SignOnEntry entry = entries.learn(id, present -> present.found(found.get(), now()));
        if (entry.hasUntold()) {
            replay.wake();
        }
        // An answer may be older than what has been done here.
        return entry.hasEnded() ? Optional.empty() : found;
    }

    /** While the store is away, what this node knows counts. */
    private Optional<StoredSignOn.Found> ownCopy(SignOnId id, StoreException unanswered) {
        SignOnEntry entry = entries.get(id);
        if (!unanswered.storeIsAway() || entry == null) {
            throw unanswered;
        }
        if (entry.hasEnded()) {
            return Optional.empty();
        }
        if (!entry.isAlive(now())) {
            throw unanswered;
        }
        entry.used(now());
        return entry.copy();
    }

    /**
     * The store does not know it.
     *
     * @throws StoreException if it does not say which of both it is: the copy does not count then
     */
    private Optional<StoredSignOn.Found> endedOrLost(SignOnId id) {
        SignOnEntry entry = entries.get(id);
        return entry == null || !entry.isAlive(now()) ? Optional.empty() : replay.compare(id, entry);
    }

    @Override
    public boolean update(SignOnId id, StoredSignOn signOn) {
        return change(id, () -> store.update(id, signOn), entry -> entry.updated(signOn, true), entry -> {
            boolean known = entry.isAlive(now());
            if (known) {
                entry.updated(signOn, !hasRoom());
            }
            return known;
        });
    }

    @Override
    public boolean join(SignOnId id, SignOnMember session, int maxInactiveSeconds) {
        return change(
                id,
                () -> store.join(id, session, maxInactiveSeconds),
                entry -> entry.joined(session, maxInactiveSeconds, true),
                entry -> {
                    entry.joined(session, maxInactiveSeconds, !hasRoom());
                    return !entry.hasEnded();
                });
    }

    @Override
    public boolean move(SignOnId id, SignOnMember before, SignOnMember now, int maxInactiveSeconds) {
        return change(
                id,
                () -> store.move(id, before, now, maxInactiveSeconds),
                entry -> {
                    entry.left(before, true);
                    entry.joined(now, maxInactiveSeconds, true);
                },
                entry -> {
                    boolean forgotten = !hasRoom();
                    if (!before.equals(now)) {
                        entry.left(before, forgotten);
                    }
                    entry.joined(now, maxInactiveSeconds, forgotten);
                    return !entry.hasEnded();
                });
    }

    @Override
    public boolean leave(SignOnId id, SignOnMember session) {
        return inOrder(
                id,
                () -> {
                    boolean others = store.leave(id, session);
                    entries.ifPresent(id, entry -> {
                        if (others) {
                            entry.left(session, true);
                        } else {
                            entry.ended(true, now());
                        }
                    });
                    return others;
                },
                () -> note(id, entry -> {
                    entry.left(session, false);
                    return entry.isAlive(now());
                }));
    }

    private boolean change(
            SignOnId id, Supplier<Boolean> call, Consumer<SignOnEntry> done, Function<SignOnEntry, Boolean> here) {
        return inOrder(
                id,
                () -> {
                    boolean there = call.get() || (endedOrLost(id).isPresent() && call.get());
                    if (there) {
                        entries.ifPresent(id, done);
                    }
                    return there;
                },
                () -> note(id, here));
    }

    /** A logout never fails because the store is away, and is brought to it also if this node does not know the sign-on. */
    @Override
    public Optional<List<SignOnMember>> end(SignOnId id) {
        return inOrder(
                id,
                () -> {
                    Optional<List<SignOnMember>> sessions = store.end(id);
                    if (sessions.isEmpty() && endedOrLost(id).isPresent()) {
                        // It was lost, and another node could have put it back after this.
                        sessions = store.end(id);
                    }
                    entries.learn(id, entry -> entry.ended(true, now()));
                    return sessions;
                },
                () -> {
                    if (entries.get(id) == null && !hasRoom()) {
                        // Of a sign-on that this node does not know: anybody could fill the memory with those.
                        return Optional.empty();
                    }
                    List<SignOnMember> sessions = note(id, entry -> entry.ended(false, now()));
                    return Optional.of(sessions);
                });
    }

    private boolean hasRoom() {
        boolean room = entries.hasRoom();
        if (!room) {
            replay.tellFull();
        }
        return room;
    }

    @Override
    public Optional<List<SignOnMember>> bury(SignOnId id, OptionalInt longestIntervalSeconds) {
        return store.bury(id, longestIntervalSeconds);
    }

    @Override
    public Optional<StoredSignOn.Found> reconcile(SignOnId id, OfflineSignOn known) {
        return store.reconcile(id, known);
    }

    // ---- in order ------------------------------------------------------------------------------------------------

    private <T> T inOrder(SignOnId id, Supplier<T> call, Supplier<T> here) {
        SignOnEntry entry = entries.get(id);
        if (entry != null && isUntoldStill(entry, id)) {
            return here.get();
        }
        try {
            return call.get();
        } catch (StoreException unanswered) {
            if (!unanswered.storeIsAway()) {
                throw unanswered;
            }
            return here.get();
        }
    }

    /** Brings what the store has not heard of, and says whether there is still something. */
    private boolean isUntoldStill(SignOnEntry entry, SignOnId id) {
        return entry.hasUntold() && !replay.bring(id, entry);
    }

    private <T> T note(SignOnId id, Function<SignOnEntry, T> change) {
        T answer = entries.note(id, change);
        replay.wake();
        return answer;
    }

    private long now() {
        return nanoTicker.getAsLong();
    }

    @Override
    public void probe() {
        store.probe();
    }

    /** What the store has not heard of is tried a last time; what is left is lost, and the log says how much. */
    @Override
    public void close() {
        replay.close();
        store.close();
    }
}
