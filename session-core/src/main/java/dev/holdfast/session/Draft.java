package dev.holdfast.session;

import dev.holdfast.codec.AttributeCodec;
import dev.holdfast.codec.CodecException;
import dev.holdfast.model.Delta;
import dev.holdfast.session.ChangeSet.Change;
import java.util.ArrayList;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The changes that one commit writes, as they were when it began: first collected under the lock of the session, then
 * encoded without it.
 */
final class Draft {

    private final List<ChangeSet> sources = new ArrayList<>();
    private final Map<String, Change> explicit = new LinkedHashMap<>();
    private final Map<String, Attribute> handedOut = new LinkedHashMap<>();
    private OptionalInt maxInactiveSeconds = OptionalInt.empty();

    /** Under the lock of the session. What is added later wins. */
    void add(ChangeSet changes) {
        sources.add(changes);
        changes.touched = false;
        explicit.putAll(changes.explicit);
        handedOut.putAll(changes.handedOut);
        if (changes.maxInactiveSeconds.isPresent()) {
            maxInactiveSeconds = changes.maxInactiveSeconds;
        }
    }

    /**
     * Encodes what has changed.
     *
     * @param filter which attributes may leave this node
     * @param unwritable hears of attributes that cannot be encoded; they stay on this node
     */
    Encoded encode(AttributeCodec codec, AttributeFilter filter, UnwritableReport unwritable) {
        Map<String, Written> written = new HashMap<>();
        Map<String, byte[]> set = new HashMap<>();
        Set<String> removed = new HashSet<>();
        explicit.forEach((name, change) -> {
            if (change instanceof ChangeSet.Put put) {
                if (mayLeave(name, put.attribute, filter)
                        && encodeInto(set, written, name, put.attribute, true, codec, unwritable)) {
                    return;
                }
                put.attribute.keepLocal();
            }
            removed.add(name);
        });
        handedOut.forEach((name, attribute) -> {
            if (!explicit.containsKey(name)) {
                encodeInto(set, written, name, attribute, false, codec, unwritable);
            }
        });
        return new Encoded(new Delta(set, removed, maxInactiveSeconds), written);
    }

    private static boolean mayLeave(String name, Attribute attribute, AttributeFilter filter) {
        Object value = attribute.valueIfDecoded();
        return value != null && filter.mayLeave(name, value);
    }

    private static boolean encodeInto(
            Map<String, byte[]> set,
            Map<String, Written> written,
            String name,
            Attribute attribute,
            boolean wasSet,
            AttributeCodec codec,
            UnwritableReport unwritable) {
        try {
            byte[] bytes = wasSet ? attribute.encode(codec) : attribute.encodeIfChanged(codec);
            if (bytes != null) {
                set.put(name, bytes);
                written.put(name, new Written(attribute, Fingerprint.of(bytes)));
            }
            return true;
        } catch (CodecException | ConcurrentModificationException cause) {
            unwritable.unwritable(name, attribute, cause);
            return false;
        }
    }

    /** Under the lock of the session: the sources forget what is written. A later change of theirs stays. */
    void done(Encoded encoded) {
        for (ChangeSet source : sources) {
            source.unwritten = false;
            explicit.forEach((name, change) -> {
                if (source.explicit.remove(name, change) && change instanceof ChangeSet.Put put) {
                    source.handedOut.putIfAbsent(name, put.attribute);
                }
            });
            if (source.maxInactiveSeconds.equals(maxInactiveSeconds)) {
                source.maxInactiveSeconds = OptionalInt.empty();
            }
        }
    }

    /** The store did not answer: the sources keep everything. */
    void failed() {
        sources.forEach(source -> source.unwritten = true);
    }

    /** What was looked at for changes in place. */
    Collection<Attribute> handedOut() {
        return handedOut.values();
    }

    /** An attribute that the delta sets, and what it was encoded to. */
    record Written(Attribute attribute, Fingerprint print) {}

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
        void unwritable(String name, Attribute attribute, RuntimeException cause);
    }
}
