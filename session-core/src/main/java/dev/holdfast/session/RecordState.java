package dev.holdfast.session;

import dev.holdfast.model.Metadata;
import dev.holdfast.store.Known;

/**
 * What this node knows of the record of a session: whether there is one, and up to where its copy is that record. Written
 * under the lock of the session; may be read without.
 */
final class RecordState {

    private volatile boolean stored;
    private volatile boolean createTried;

    /** Up to here everything that the store holds is known here. */
    private volatile long revision;

    /** Names the call that wrote this revision. */
    private volatile int token;

    /** When that was last known to be the latest revision, by the time of the store. */
    private volatile long agreedMillis;

    /** The epoch of the store's data at which this node knew the record; empty if this node has not heard of it. */
    private volatile String epoch = "";

    boolean isStored() {
        return stored;
    }

    /** Whether there is a record, or may be one because the answer to its creation was lost. */
    boolean mayBeStored() {
        return stored || createTried;
    }

    /** There is a record. */
    void stored() {
        stored = true;
    }

    /**
     * The store is about to be told of the session.
     *
     * @return whether it was told before
     */
    boolean beginCreate() {
        boolean before = createTried;
        createTried = true;
        return before;
    }

    long revision() {
        return revision;
    }

    long agreedMillis() {
        return agreedMillis;
    }

    String epoch() {
        return epoch;
    }

    void knownAt(String newEpoch) {
        epoch = newEpoch;
    }

    /** For a store that is asked about it. */
    Known known(long createdMillis) {
        return Known.of(createdMillis, revision, token);
    }

    /** The copy is what the record is now. */
    void isAt(Metadata metadata, long storeMillis) {
        at(metadata.revision(), metadata.token(), storeMillis);
    }

    /** The record is still what it was. */
    void isUnchanged(long storeMillis) {
        agreedMillis = storeMillis;
    }

    /** A commit of this node was applied. The copy is that revision only if nobody else has written in between. */
    void committed(long previousRevision, long newRevision, int newToken, long storeMillis) {
        stored = true;
        if (previousRevision <= revision && newRevision > revision) {
            at(newRevision, newToken, storeMillis);
        }
    }

    private void at(long newRevision, int newToken, long storeMillis) {
        revision = newRevision;
        token = newToken;
        agreedMillis = storeMillis;
    }
}
