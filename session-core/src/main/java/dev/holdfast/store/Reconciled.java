package dev.holdfast.store;

import java.util.Set;

/** What became of changes that a node made while the store did not answer. */
public sealed interface Reconciled permits Reconciled.Done, Reconciled.Gone, Behind, Moved {

    /**
     * The changes are stored, save those to attributes that another node wrote later. Two nodes that wrote the same bytes,
     * or both removed an attribute, are not in conflict.
     *
     * @param previousRevision the revision before; if it is not the caller's, others have written meanwhile
     * @param revision the revision now; the previous one, if there was nothing to write but an access
     * @param overruled names of attributes that another node wrote later: its value stays
     * @param overruling names of attributes that another node wrote, too, but earlier: its value is replaced
     */
    record Done(long previousRevision, long revision, Set<String> overruled, Set<String> overruling)
            implements Reconciled {

        /** Copies the names. */
        public Done {
            overruled = Set.copyOf(overruled);
            overruling = Set.copyOf(overruling);
        }
    }

    /**
     * The session has ended, and nothing was written.
     *
     * @param epoch see {@link Loaded.Absent#epoch()}
     */
    record Gone(String epoch) implements Reconciled {}
}
