package dev.holdfast.session;

import dev.holdfast.codec.AttributeCodec;
import dev.holdfast.codec.CodecException;
import dev.holdfast.session.ChangeSet.Change;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** One pass over the changes of a draft: what becomes of each attribute. */
final class Encoding {

    final Map<String, byte[]> set = new HashMap<>();
    final Map<String, Draft.Written> written = new HashMap<>();
    final Set<String> removed = new HashSet<>();

    /** Attributes that another request would not stop changing: they wait for the next commit. */
    final Set<String> postponed = new HashSet<>();

    private final AttributeCodec codec;
    private final AttributeFilter filter;
    private final Draft.UnwritableReport unwritable;

    Encoding(AttributeCodec codec, AttributeFilter filter, Draft.UnwritableReport unwritable) {
        this.codec = codec;
        this.filter = filter;
        this.unwritable = unwritable;
    }

    /** An attribute that was set or removed. */
    void explicit(String name, Change change) {
        if (!(change instanceof ChangeSet.Put put)) {
            remove(name);
            return;
        }
        Object value = put.attribute.valueIfDecoded();
        if (value == null || !mayLeave(name, value)) {
            keepHere(name, put.attribute);
            return;
        }
        try {
            write(name, put.attribute, put.attribute.encode(codec));
        } catch (CodecException cause) {
            unwritable.unwritable(name, cause);
            keepHere(name, put.attribute);
        } catch (ConcurrentModificationException stillChanging) {
            postponed.add(name);
        }
    }

    private boolean mayLeave(String name, Object value) {
        return ContainerAttributes.isReserved(name) || filter.mayLeave(name, value);
    }

    /** An attribute that may have been changed in place. */
    void handedOut(String name, Attribute attribute) {
        try {
            byte[] changed = attribute.encodeIfChanged(codec);
            if (changed != null) {
                write(name, attribute, changed);
            }
        } catch (CodecException cause) {
            unwritable.unwritable(name, cause);
            if (attribute.wasEncoded()) {
                keepHere(name, attribute);
            }
        } catch (ConcurrentModificationException stillChanging) {
            postponed.add(name);
        }
    }

    /** An attribute of a copy that leaves. What cannot be encoded stays in the store as it was. */
    void leaving(String name, Attribute attribute) {
        try {
            byte[] changed = attribute.encodeLeaving(codec);
            if (changed != null) {
                write(name, attribute, changed);
            }
        } catch (CodecException cause) {
            unwritable.unwritable(name, cause);
        } catch (ConcurrentModificationException stillChanging) {
            postponed.add(name);
        }
    }

    private void write(String name, Attribute attribute, byte[] bytes) {
        Fingerprint print = Fingerprint.of(bytes);
        attribute.sent(print);
        set.put(name, bytes);
        written.put(name, new Draft.Written(attribute, print));
    }

    /** It lives on this node only. Other nodes shall see no such attribute, rather than what it was before. */
    private void keepHere(String name, Attribute attribute) {
        attribute.keepLocal();
        remove(name);
    }

    /** If the store holds an attribute of a name that may not enter, it is none of this node's. */
    private void remove(String name) {
        if (ContainerAttributes.isReserved(name) || filter.mayEnter(name)) {
            removed.add(name);
        }
    }
}
