package dev.holdfast.store;

import dev.holdfast.model.SessionId;
import java.util.Set;

/**
 * The sessions of an application, on whichever node. Not a picture of one moment: a session that began or ended meanwhile
 * may be missing or there.
 *
 * @param ids those that were found
 * @param complete whether all were looked at; if not, time was over, and there may be more
 */
public record Listing(Set<SessionId> ids, boolean complete) {

    /** Copies the ids. */
    public Listing {
        ids = Set.copyOf(ids);
    }
}
