package dev.holdfast.session;

import dev.holdfast.store.LockRequest;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What one request did to one session and has not written yet. Guarded by the lock of its session.
 *
 * <p>It also holds the request's <em>pins</em>: attributes as they were when the request first looked, that another
 * request has meanwhile brought up to date from the store. Without them a request could read one attribute from before
 * and one from after another node's commit.
 */
final class ChangeSet {

    /** Attributes that were set or removed, by name; the latest change of each. */
    final Map<String, Change> explicit = new LinkedHashMap<>();

    /** Attributes that were given to the application, which may change them in place. */
    final Map<String, Attribute> handedOut = new LinkedHashMap<>();

    /** What this request goes on seeing in place of the shared state; empty means that it sees no such attribute. */
    final Map<String, Optional<Attribute>> pins = new HashMap<>();

    /** The max-inactive interval that was set, in seconds. */
    OptionalInt maxInactiveSeconds = OptionalInt.empty();

    /** No application code of this request runs any more. */
    boolean finished;

    /** Something was set, removed or handed out since the last commit began. */
    boolean touched;

    /** The last commit of these changes failed. */
    boolean unwritten;

    /** The lock that the request wants for this session, if it wants one. */
    @Nullable
    LockRequest wanted;

    /** The lock under which the request uses the session, if it has or had one. */
    @Nullable
    HeldLock lock;

    /** The lock was lost before the changes were written: nothing of this request is written any more. */
    boolean fenced;

    boolean hasExplicitChanges() {
        return !explicit.isEmpty() || maxInactiveSeconds.isPresent();
    }

    boolean isEmpty() {
        return !hasExplicitChanges() && handedOut.isEmpty();
    }

    void clear() {
        explicit.clear();
        handedOut.clear();
        maxInactiveSeconds = OptionalInt.empty();
        unwritten = false;
    }

    /**
     * Takes over what a request that is over could not write. What is here already may be older, if it comes from an
     * earlier one that could not either.
     */
    void adopt(ChangeSet other) {
        other.explicit.forEach((name, change) -> explicit.merge(name, change, Change::later));
        other.handedOut.forEach(handedOut::putIfAbsent);
        if (other.maxInactiveSeconds.isPresent()) {
            maxInactiveSeconds = other.maxInactiveSeconds;
        }
        touched = true;
    }

    /**
     * One explicit change. Compared by identity: a later change of the same attribute is another one. To be made under the
     * lock of its session, so that changes of a session are numbered as they were made.
     */
    abstract static sealed class Change permits Put, Remove {
        private static final AtomicLong MADE = new AtomicLong();

        private final long number = MADE.incrementAndGet();

        boolean isLaterThan(Change other) {
            return number > other.number;
        }

        static Change later(Change one, Change other) {
            return one.isLaterThan(other) ? one : other;
        }
    }

    /** The attribute was set to this version. */
    static final class Put extends Change {
        final Attribute attribute;

        Put(Attribute attribute) {
            this.attribute = attribute;
        }
    }

    /** The attribute was removed. */
    static final class Remove extends Change {}
}
