package dev.holdfast.tomcat;

import dev.holdfast.Holdfast;
import dev.holdfast.model.SessionId;
import dev.holdfast.store.Listing;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.StoreException.Reason;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.juli.logging.Log;
import org.apache.juli.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Lists the sessions of all nodes for people who look. If Redis does not tell, they see those of this node, and the log
 * says why: once, until it works again. Thread-safe.
 */
final class SessionsOfAllNodes {

    private final Log log = LogFactory.getLog(SessionsOfAllNodes.class);
    private final AtomicReference<@Nullable String> trouble = new AtomicReference<>();

    /**
     * What is known of all nodes.
     *
     * @param ids of the sessions; may be changed
     * @param complete false if there may be more
     */
    record Known(Set<String> ids, boolean complete) {}

    /**
     * Asks Redis.
     *
     * @param open null if the application is not running
     * @param unsaved sessions of this node that Redis does not know yet
     * @param here all sessions that this node has a copy of, for when Redis does not tell
     */
    Known list(@Nullable Holdfast open, Set<String> unsaved, Set<String> here) {
        Set<String> ids = new HashSet<>(unsaved);
        if (open == null) {
            return new Known(ids, false);
        }
        try {
            Listing listing = open.listSessions();
            for (SessionId id : listing.ids()) {
                ids.add(id.value());
            }
            if (!listing.complete()) {
                ids.addAll(here);
            }
            told(listing.complete() ? null : "HF-217 There are so many keys in Redis that not all were looked at.");
            return new Known(ids, listing.complete());
        } catch (StoreException unanswered) {
            told(
                    unanswered.reason() == Reason.ACL
                            ? "HF-215 The Redis user may not run SCAN, which lists the sessions of all nodes. Allow +scan, as"
                                    + " conf/redis-acl.conf does."
                            : "HF-216 The sessions of all nodes cannot be listed now: " + unanswered.getMessage());
            ids.addAll(here);
            return new Known(ids, false);
        }
    }

    private void told(@Nullable String now) {
        String before = trouble.getAndSet(now);
        if (now != null && before == null) {
            log.warn(
                    now + " The manager application and JMX show fewer sessions than there are; the sessions themselves"
                            + " are not affected. Told once, until it works again.");
        }
    }
}
