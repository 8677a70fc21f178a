package dev.holdfast.session;

import dev.holdfast.model.SessionId;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoreException;
import java.util.Map;

/**
 * Compares the copies of this node with the store when it was away, or has lost data; and lets those go whose
 * sessions others have ended. Thread-safe, if one thread runs it.
 */
final class Comparison {

    private final SessionStore store;
    private final Looks looks;
    private final Ends ends;
    private final Map<SessionId, LiveSession> local;
    private final Reports reports;

    /** How many reasons there were when the copies were compared last. */
    private volatile long compared;

    /** @param local the copies of this node */
    Comparison(SessionStore store, Looks looks, Ends ends, Map<SessionId, LiveSession> local, Reports reports) {
        this.store = store;
        this.looks = looks;
        this.ends = ends;
        this.local = local;
        this.reports = reports;
    }

    /** Whether the store was away, and may lack sessions that copies of this node could give back to it. */
    boolean isDue() {
        return reasons() != compared;
    }

    /** @throws StoreException if the store does not answer; the rest is compared later */
    void run() {
        long reasons = reasons();
        ends.followOthers();
        if (reasons == compared) {
            return;
        }
        ends.repeat();
        StoreException trouble = null;
        for (LiveSession copy : local.values()) {
            try {
                compare(copy);
            } catch (StoreException unanswered) {
                trouble = unanswered;
            }
        }
        if (trouble != null) {
            throw trouble;
        }
        compared = reasons;
    }

    private long reasons() {
        return store.recoveries() + ends.silences();
    }

    private void compare(LiveSession copy) {
        try {
            // What is away, or has something to bring, is compared after that.
            if (copy.isStored() && !copy.hasEnded() && !store.isAway(copy.id())) {
                looks.compare(copy);
            }
        } catch (StoreException unanswered) {
            if (unanswered.storeIsAway()) {
                throw unanswered;
            }
            // About this session only, and the same the next time: its requests hear of it.
            reports.uncompared(copy.id(), unanswered);
        }
    }
}
