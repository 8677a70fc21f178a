package dev.holdfast.fallback;

import dev.holdfast.model.SessionId;
import dev.holdfast.store.StoreException;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls to a store in the order in which things happened here: as long as a session has an entry in the journal, its
 * calls bring the entry to the store first. If that fails, or the store does not answer, what would have been told is
 * noted. Thread-safe.
 */
final class OrderedCalls {

    private final GuardedSessionStore store;
    private final Journal journal;
    private final Replay replay;

    /** How long to wait for who brings an entry, when an id is to be ended. */
    private final Duration patienceOfEnds;

    OrderedCalls(GuardedSessionStore store, Journal journal, Replay replay, Duration patienceOfEnds) {
        this.store = store;
        this.journal = journal;
        this.replay = replay;
        this.patienceOfEnds = patienceOfEnds;
    }

    /** What this node does instead of a call. */
    interface Here<T> {

        /** The session has an entry, which cannot be brought to the store now. It is locked. */
        T entered(JournalEntry entry);

        /** The session has no entry, and the store does not answer. */
        T unanswered(StoreException away);
    }

    /** What this node notes instead of a call. */
    interface Note<T> {

        /** Notes it. {@code away} says why the store did not answer this very call; it is null if it was not made. */
        T in(JournalEntry entry, @Nullable StoreException away);
    }

    <T> T write(SessionId id, long createdMillis, long knownRevision, Supplier<T> call, Note<T> note) {
        return write(id, createdMillis, knownRevision, null, call, note);
    }

    /** Ends an id. A change that has to wait for too long stays with its copy; this must not fail. */
    <T> T end(SessionId id, long createdMillis, Supplier<T> call, Note<T> note) {
        return write(id, createdMillis, 0, patienceOfEnds, call, note);
    }

    <T> T write(
            SessionId id,
            long createdMillis,
            long knownRevision,
            @Nullable Duration patience,
            Supplier<T> call,
            Note<T> note) {
        long begunNanos = System.nanoTime();
        return inOrder(id, patience, call, new Here<>() {
            @Override
            public T entered(JournalEntry entry) {
                return note.in(entry, null);
            }

            @Override
            public T unanswered(StoreException away) {
                return note(
                        id, createdMillis, knownRevision, rest(patience, begunNanos), entry -> note.in(entry, away));
            }
        });
    }

    private static @Nullable Duration rest(@Nullable Duration patience, long begunNanos) {
        if (patience == null) {
            return null;
        }
        Duration rest = patience.minusNanos(System.nanoTime() - begunNanos);
        return rest.isNegative() ? Duration.ZERO : rest;
    }

    <T> T inOrder(SessionId id, Supplier<T> call, Here<T> here) {
        return inOrder(id, null, call, here);
    }

    /** @param patience how long to wait for who brings the entry to the store; null: as the budget of the request allows */
    <T> T inOrder(SessionId id, @Nullable Duration patience, Supplier<T> call, Here<T> here) {
        while (journal.entryOf(id) != null) {
            Noted<T> noted = journal.ifPresent(
                    id,
                    patience,
                    entry -> store.permits(id) && replay.bring(entry) ? null : new Noted<>(here.entered(entry)));
            if (noted != null) {
                return noted.answer;
            }
        }
        try {
            return call.get();
        } catch (StoreException unanswered) {
            if (!unanswered.storeIsAway()) {
                throw unanswered;
            }
            return here.unanswered(unanswered);
        }
    }

    <T> T note(
            SessionId id,
            long createdMillis,
            long knownRevision,
            @Nullable Duration patience,
            Function<JournalEntry, T> change) {
        T answer = journal.note(
                id,
                patience,
                () -> new JournalEntry(
                        id,
                        createdMillis,
                        journal.brought().known(id, createdMillis, knownRevision),
                        System.nanoTime(),
                        store.answeredNanos(id)),
                change);
        replay.wake();
        return answer;
    }

    private record Noted<T>(T answer) {}
}
