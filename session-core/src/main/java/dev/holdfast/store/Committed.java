package dev.holdfast.store;

/** What became of a commit. */
public sealed interface Committed permits Committed.Applied, Committed.Gone, Committed.Fenced, Behind, Moved {

    /**
     * The changes are stored.
     *
     * @param previousRevision the revision before; if it is not the caller's, others have written meanwhile
     * @param revision the revision now
     */
    record Applied(long previousRevision, long revision) implements Committed {}

    /**
     * The session has ended, and nothing was written.
     *
     * @param epoch see {@link Loaded.Absent#epoch()}
     */
    record Gone(String epoch) implements Committed {}

    /**
     * The lock under which the changes were made is not the caller's any more; nothing was written. Only for a commit
     * that names the owner of a lock.
     */
    record Fenced() implements Committed {}
}
