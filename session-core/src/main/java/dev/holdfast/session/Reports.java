package dev.holdfast.session;

import dev.holdfast.codec.DeniedClassException;
import dev.holdfast.codec.EncryptedException;
import dev.holdfast.codec.RefusedClassException;
import dev.holdfast.codec.UnknownClassException;
import dev.holdfast.model.SessionId;
import dev.holdfast.store.StoreException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What operators read. Each kind of trouble is told once, then once a minute with a count: a log that repeats itself for
 * every request hides what matters. Names of classes and attributes only, never a value, never a whole id. Thread-safe.
 */
final class Reports {

    private static final Logger log = LoggerFactory.getLogger("dev.holdfast.session");
    private static final int MOST_KINDS = 1000;

    private final AttributeFilter filter;
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private final LongAdder undecodable = new LongAdder();
    private final LongAdder unwritable = new LongAdder();
    private final OversizeReports oversize;
    private final Recurrence uncommitted;
    private final Recurrence lockTimeouts;
    private final Recurrence farewells;
    private final Recurrence ownCopies;
    private final Recurrence surplus;
    private final Recurrence restored;
    private final Recurrence unknown;
    private final Recurrence uncompared;

    Reports(LongSupplier nanoTicker, AttributeFilter filter) {
        this.filter = filter;
        this.oversize = new OversizeReports(nanoTicker);
        this.uncommitted = new Recurrence(nanoTicker);
        this.lockTimeouts = new Recurrence(nanoTicker);
        this.farewells = new Recurrence(nanoTicker);
        this.ownCopies = new Recurrence(nanoTicker);
        this.surplus = new Recurrence(nanoTicker);
        this.restored = new Recurrence(nanoTicker);
        this.unknown = new Recurrence(nanoTicker);
        this.uncompared = new Recurrence(nanoTicker);
    }

    void undecodable(SessionId id, String name, Throwable cause) {
        undecodable.increment();
        if (cause instanceof RefusedClassException refused) {
            filter.refusedClass(name, String.valueOf(refused.getMessage()));
            return;
        }
        if (!tellOnce("undecodable " + name)) {
            return;
        }
        if (ContainerAttributes.isReserved(name)) {
            log.error(
                    "HF-306 What the container has kept as \"{}\" in session {} cannot be read: {}. The container works"
                            + " as if it were not there; a user who is logged in is asked to log in again. Run the same"
                            + " container with the same realm on all nodes. Told once per name.",
                    ContainerAttributes.shown(name),
                    id,
                    cause.getMessage());
        } else if (!(cause instanceof DeniedClassException
                || cause instanceof UnknownClassException
                || cause instanceof EncryptedException)) {
            // Those are told of once per class, or per key.
            log.error(
                    "HF-301 The attribute \"{}\" of session {} cannot be read: {}. The application sees no such"
                            + " attribute; its bytes stay in Redis untouched. Deploy the classes that wrote it, or let"
                            + " the session end. Told once per attribute name.",
                    name,
                    id,
                    cause.getMessage());
        }
    }

    /** Those of what is too large. */
    OversizeReports oversize() {
        return oversize;
    }

    /** How often an attribute could not be read, for whatever reason. */
    long undecodable() {
        return undecodable.sum();
    }

    /** How often an attribute could not be written. */
    long unwritable() {
        return unwritable.sum();
    }

    void unwritable(SessionId id, String name, Throwable cause) {
        unwritable.increment();
        if (tellOnce("unwritable " + name)) {
            log.warn(
                    "HF-302 The attribute \"{}\" of session {} cannot be written: {}. It stays in this node's memory;"
                            + " other nodes do not see it, and it is gone when this node stops. Make the class"
                            + " serializable, or keep the object elsewhere. Told once per attribute name.",
                    ContainerAttributes.shown(name),
                    id,
                    cause.toString());
        }
    }

    void uncommitted(SessionId id, StoreException cause) {
        if (uncommitted.isToBeTold()) {
            log.error(
                    "HF-303 The changes of session {} were not written ({} such commits since the start): {} They stay"
                            + " in this node's memory and are written with the session's next commit on this node.",
                    id,
                    uncommitted.count(),
                    cause.getMessage());
        }
    }

    void restored(SessionId id) {
        if (restored.isToBeTold()) {
            log.warn(
                    "HF-318 Redis has lost session {} or its latest changes, and has them again from this node's memory ({}"
                            + " such sessions since the start). Nobody is logged out. See why Redis lost data: a restart"
                            + " without persistence, FLUSHALL, or a failover to a replica that was behind.",
                    id,
                    restored.count());
        }
    }

    void unknownWhileAway(SessionId id, StoreException cause) {
        if (unknown.isToBeTold()) {
            log.warn(
                    "HF-319 Session {} is not known to this node, and Redis does not answer: its user is treated as one"
                            + " without a session ({} such requests since the start): {} With onUnknown=\"503\" a load"
                            + " balancer can try the node that knows it.",
                    id,
                    unknown.count(),
                    cause.getMessage());
        }
    }

    void uncompared(SessionId id, StoreException cause) {
        if (uncompared.isToBeTold()) {
            log.warn(
                    "HF-322 Whether Redis still has session {} after it was away could not be found out ({} such sessions since"
                            + " the start): {} Its next request asks again.",
                    id,
                    uncompared.count(),
                    cause.getMessage());
        }
    }

    void listenerFailed(SessionId id, String name, String what, Throwable thrown) {
        if (tellOnce(what + " " + name)) {
            log.error(
                    "HF-314 The {} listener that is the attribute \"{}\" of session {} failed. The session goes on, and"
                            + " other listeners are told; the attribute is kept as the listener left it. Told once per"
                            + " attribute name.",
                    what,
                    name,
                    id,
                    thrown);
        }
    }

    void unwrittenFarewell(SessionId id, StoreException cause) {
        if (farewells.isToBeTold()) {
            log.warn(
                    "HF-407 What passivation listeners of session {} changed was not written ({} such copies since the"
                            + " start): {} The session goes on as it was before they were called.",
                    id,
                    farewells.count(),
                    cause.getMessage());
        }
    }

    void leftWithItsOwn(SessionId id) {
        if (ownCopies.isToBeTold()) {
            log.warn(
                    "HF-315 The copy of session {} had not been used for localIdleTimeout and has left this node, with"
                            + " what only this node had of it: attributes that could not be or were not to be written,"
                            + " or a login ({} such copies since the start). The session goes on without them. Make the"
                            + " attributes serializable, set persistAuthentication=\"true\", or raise"
                            + " localIdleTimeout.",
                    id,
                    ownCopies.count());
        }
    }

    void tooMany(int copies, int most, long keepOwn) {
        if (surplus.isToBeTold()) {
            log.warn(
                    "HF-317 This node holds {} copies of sessions, more than maxLocalSessions, {}: {} of them have"
                            + " something that only this node knows, the others are in use or not yet written. Nothing"
                            + " is lost, but memory"
                            + " may become scarce. Raise maxLocalSessions, or see what keeps sessions on this node.",
                    copies,
                    most,
                    keepOwn);
        }
    }

    void leftWhileAway(int left, int most) {
        log.error(
                "HF-625 Redis does not answer, and this node holds more copies of sessions than maxLocalSessions, {}: {}"
                        + " that had not been used for longest have left it. Until Redis is back, their users are logged"
                        + " out on this node; the sessions themselves are in Redis. Check Redis, or raise"
                        + " maxLocalSessions.",
                most,
                left);
    }

    void unexpected(SessionId id, RuntimeException cause) {
        log.error(
                "HF-304 Unexpected error while session {} was being written. Its changes stay in this node's memory and"
                        + " are written with its next commit on this node. Please report this.",
                id,
                cause);
    }

    void fenced(SessionId id) {
        log.error(
                "HF-310 The changes of a request to session {} were dropped: it had the session for itself, but its lease"
                        + " ran out before it wrote, and another request may have followed. The session in Redis is"
                        + " as others left it; the client may have been told otherwise. This happens if a node, or"
                        + " its connection to Redis, stands still for longer than lockLease: look for long pauses of"
                        + " the JVM, or raise lockLease.",
                id);
    }

    void lockTimeout(SessionId id, Duration timeout, boolean proceeds) {
        if (lockTimeouts.isToBeTold()) {
            log.warn(
                    "HF-312 A request waited {} ms for session {}, which another request uses exclusively, and {} ({}"
                            + " such requests since the start). Look for slow requests of one user, or raise"
                            + " lockTimeout.",
                    timeout.toMillis(),
                    id,
                    proceeds ? "went on without the lock" : "was answered with 503",
                    lockTimeouts.count());
        }
    }

    private boolean tellOnce(String kind) {
        return told.size() < MOST_KINDS && told.add(kind);
    }
}
