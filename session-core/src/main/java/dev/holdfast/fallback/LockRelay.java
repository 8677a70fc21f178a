package dev.holdfast.fallback;

import dev.holdfast.model.SessionId;
import dev.holdfast.store.SessionLocks;
import org.jspecify.annotations.Nullable;

/**
 * Tells of locks that have become free to somebody who may not be known yet when the store begins to tell. So a store that
 * cannot be listened to counts as one that is not there. Thread-safe.
 */
public final class LockRelay implements SessionLocks.Listener {

    private volatile SessionLocks.@Nullable Listener listener;

    /** To be given to the store when it is opened. */
    public LockRelay() {}

    /** Whom to tell from now on. */
    void to(SessionLocks.Listener newListener) {
        listener = newListener;
    }

    @Override
    public void unlocked(SessionId id) {
        SessionLocks.Listener told = listener;
        if (told != null) {
            told.unlocked(id);
        }
    }

    @Override
    public void missedSome() {
        SessionLocks.Listener told = listener;
        if (told != null) {
            told.missedSome();
        }
    }
}
