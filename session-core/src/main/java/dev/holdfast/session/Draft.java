package dev.holdfast.session;

import dev.holdfast.codec.AttributeCodec;
import dev.holdfast.codec.CodecException;
import dev.holdfast.model.Delta;
import dev.holdfast.session.ChangeSet.Change;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * The changes that one commit writes, as they were when it began: first collected under the lock of the session, then
 * encoded without it.
 */
final class Draft {

    /** Where it comes from, each with the max-inactive interval that it had set then. */
    private final Map<ChangeSet, OptionalInt> sources = new LinkedHashMap<>();

    private final Map<String, Change> explicit = new LinkedHashMap<>();
    private final Map<String, Attribute> handedOut = new LinkedHashMap<>();
    private final Set<String> postponed = new HashSet<>();
    private OptionalInt maxInactiveSeconds = OptionalInt.empty();

    /** Under the lock of the session. Of an attribute the later change wins; of intervals, what is added later. */
    void add(ChangeSet changes) {
        sources.put(changes, changes.maxInactiveSeconds);
        changes.touched = false;
        changes.explicit.forEach((name, change) -> explicit.merge(name, change, Change::later));
        handedOut.putAll(changes.handedOut);
        if (changes.maxInactiveSeconds.isPresent()) {
            maxInactiveSeconds = changes.maxInactiveSeconds;
        }
    }

    /** Whether it sets or removes attributes, and not only looks at those that may have changed in place. */
    boolean hasExplicitChanges() {
        return !explicit.isEmpty();
    }

    /**
     * Encodes what has changed.
     *
     * @param filter which attributes may leave this node
     * @param sizes how large they may be
     * @param unwritable hears of attributes that cannot be encoded; they stay on this node
     */
    Encoded encode(AttributeCodec codec, AttributeFilter filter, SizeCheck sizes, UnwritableReport unwritable) {
        Encoding encoding = new Encoding(codec, filter, sizes, unwritable);
        explicit.forEach(encoding::explicit);
        handedOut.forEach((name, attribute) -> {
            if (!explicit.containsKey(name)) {
                encoding.handedOut(name, attribute);
            }
        });
        postponed.addAll(encoding.postponed);
        encoding.checkSession();
        return new Encoded(new Delta(encoding.set, encoding.removed, maxInactiveSeconds), encoding.written);
    }

    /** Encodes what has changed in a copy that leaves this node; nobody else gets its objects any more. */
    Encoded encodeLeaving(AttributeCodec codec, AttributeFilter filter, SizeCheck sizes, UnwritableReport unwritable) {
        Encoding encoding = new Encoding(codec, filter, sizes, unwritable);
        explicit.forEach(encoding::explicit);
        handedOut.forEach((name, attribute) -> {
            if (!explicit.containsKey(name)) {
                encoding.leaving(name, attribute);
            }
        });
        encoding.checkSession();
        return new Encoded(new Delta(encoding.set, encoding.removed, maxInactiveSeconds), encoding.written);
    }

    /**
     * Under the lock of the session: the sources forget what is written, and what is older than that. A later change of
     * theirs stays.
     */
    void done(Encoded encoded) {
        sources.forEach((source, interval) -> {
            source.unwritten = !postponed.isEmpty();
            explicit.forEach((name, change) -> {
                if (!postponed.contains(name)) {
                    forget(source, name, change);
                }
            });
            if (source.maxInactiveSeconds.equals(interval)) {
                source.maxInactiveSeconds = OptionalInt.empty();
            }
        });
    }

    /**
     * Under the lock of the session, when what it writes is written: what another request of this node did before to the same
     * attributes is past, as it would be without us, and not to be written after it. Of objects, those that were replaced.
     *
     * @param isPresent whether a version of an attribute is the present one on this node
     */
    void overtake(ChangeSet other, BiPredicate<String, Attribute> isPresent) {
        if (sources.containsKey(other)) {
            return;
        }
        explicit.forEach((name, change) -> {
            if (postponed.contains(name)) {
                return;
            }
            Change theirs = other.explicit.get(name);
            if (theirs != null && change.isLaterThan(theirs)) {
                other.explicit.remove(name);
            }
            Attribute lent = other.handedOut.get(name);
            if (lent != null && !isPresent.test(name, lent)) {
                other.handedOut.remove(name);
            }
        });
    }

    private static void forget(ChangeSet source, String name, Change written) {
        Change own = source.explicit.get(name);
        if (own == null || own.isLaterThan(written)) {
            return;
        }
        source.explicit.remove(name);
        if (own == written && own instanceof ChangeSet.Put put && !ContainerAttributes.isReserved(name)) {
            source.handedOut.putIfAbsent(name, put.attribute);
        }
    }

    /** The store did not answer: the sources keep everything. */
    void failed() {
        sources.keySet().forEach(source -> source.unwritten = true);
    }

    /** What was looked at for changes in place, and needs no other look. */
    Collection<Attribute> settledHandOuts() {
        Map<String, Attribute> settled = new HashMap<>(handedOut);
        settled.keySet().removeAll(postponed);
        return settled.values();
    }

    /**
     * An attribute that the delta sets.
     *
     * @param print of what it was encoded to
     * @param packed of what the delta has of it
     */
    record Written(Attribute attribute, Fingerprint print, Fingerprint packed) {}

    /** What goes to the store. */
    static final class Encoded {
        final Delta delta;
        final Map<String, Written> written;

        Encoded(Delta delta, Map<String, Written> written) {
            this.delta = delta;
            this.written = written;
        }
    }

    /** Hears of attributes that no bytes can be made of. */
    @FunctionalInterface
    interface UnwritableReport {
        void unwritable(String name, CodecException cause);
    }
}
