package dev.holdfast.fallback;

import dev.holdfast.model.SessionId;
import dev.holdfast.store.SessionStore;
import org.jspecify.annotations.Nullable;

/** Tells of the ends of sessions, as {@link LockRelay} does of locks. Thread-safe. */
public final class EndRelay implements SessionStore.EndListener {

    private volatile SessionStore.@Nullable EndListener listener;

    /** To be given to the store when it is opened. */
    public EndRelay() {}

    /** Whom to tell from now on. */
    void to(SessionStore.EndListener newListener) {
        listener = newListener;
    }

    @Override
    public void ended(SessionId id, long createdMillis) {
        SessionStore.EndListener told = listener;
        if (told != null) {
            told.ended(id, createdMillis);
        }
    }

    @Override
    public void missedEnds() {
        SessionStore.EndListener told = listener;
        if (told != null) {
            told.missedEnds();
        }
    }
}
