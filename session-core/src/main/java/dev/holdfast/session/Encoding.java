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
    private final SizeCheck sizes;
    private final Draft.UnwritableReport unwritable;

    /** What was set that comes from a copy that leaves. */
    private final Set<String> leaving = new HashSet<>();

    Encoding(AttributeCodec codec, AttributeFilter filter, SizeCheck sizes, Draft.UnwritableReport unwritable) {
        this.codec = codec;
        this.filter = filter;
        this.sizes = sizes;
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
            write(name, put.attribute, value, put.attribute.encode(codec));
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
            Object value = attribute.valueIfDecoded();
            byte[] changed = attribute.encodeIfChanged(codec);
            if (value != null && changed != null) {
                write(name, attribute, value, changed);
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

    /** An attribute of a copy that leaves. What cannot be encoded, or is too large, stays in the store as it was. */
    void leaving(String name, Attribute attribute) {
        try {
            Object value = attribute.valueIfDecoded();
            byte[] changed = attribute.encodeLeaving(codec);
            if (value != null && changed != null) {
                leaving.add(name);
                write(name, attribute, value, changed);
            }
        } catch (CodecException cause) {
            unwritable.unwritable(name, cause);
        } catch (ConcurrentModificationException stillChanging) {
            postponed.add(name);
        }
    }

    private void write(String name, Attribute attribute, Object value, byte[] encoded) {
        byte[] packed = codec.pack(encoded);
        Fingerprint print = Fingerprint.of(encoded);
        Fingerprint packedPrint = packed == encoded ? print : Fingerprint.of(packed);
        set.put(name, packed);
        written.put(name, new Draft.Written(attribute, print, packedPrint));
        if (!sizes.allows(name, value, encoded.length, packed.length)) {
            reject(name);
            return;
        }
        attribute.sent(packedPrint);
    }

    /** To be called when all attributes have been looked at: whether the session as a whole is not too large. */
    void checkSession() {
        sizes.beyondSession(set, removed).forEach(this::reject);
    }

    /** An attribute that is too large stays on this node, as one that cannot be encoded. */
    private void reject(String name) {
        set.remove(name);
        Draft.Written rejected = written.remove(name);
        if (rejected != null && !leaving.contains(name)) {
            keepHere(name, rejected.attribute());
        }
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
