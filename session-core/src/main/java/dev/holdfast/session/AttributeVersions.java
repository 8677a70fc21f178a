package dev.holdfast.session;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which version of each attribute of a session is the present one on this node, and which one a single request sees.
 * Guarded by the lock of its session.
 *
 * <p>A merge of what the store holds skips an attribute that this node has changed and not written yet, knows already,
 * or holds in a newer version. For requests that have looked before, it pins the versions that it replaces.
 *
 * <p>What a merge has skipped for a change that is not written yet is remembered, for the store tells it only once. The
 * store may have taken that change already and hold what another node wrote after it, while only the answer is still to
 * come. When the answer comes, or the change is dropped, the later of the two is the present version.
 */
final class AttributeVersions {

    /** The requests of this node that are under way, and what they changed. */
    final Set<ChangeSet> requests = new LinkedHashSet<>();

    /** What threads did that belong to no request: listeners of the container, background threads, JMX. */
    final ChangeSet ambient = new ChangeSet();

    private final Map<String, Attribute> present = new HashMap<>();

    /** Attributes that this node has removed, with the revision, until a look has gone past it. */
    private final Map<String, Long> removedAt = new HashMap<>();

    /** What has arrived for attributes that this node has changed and not written yet; the latest of each. */
    private final Map<String, Skipped> skipped = new HashMap<>();

    void stored(String name, byte[] bytes, long revision) {
        present.put(name, Attribute.stored(bytes, revision));
    }

    /** Forgets everything but what the store holds. */
    void reset(Map<String, byte[]> all, long revision) {
        present.clear();
        removedAt.clear();
        skipped.clear();
        ambient.clear();
        all.forEach((name, bytes) -> stored(name, bytes, revision));
    }

    /** The version that a request sees, or null. */
    @Nullable
    Attribute visible(ChangeSet request, String name) {
        Optional<Attribute> pinned = request.pins.get(name);
        return pinned != null ? pinned.orElse(null) : present.get(name);
    }

    /** Whether a version is the present one. */
    boolean isPresent(String name, Attribute attribute) {
        return present.get(name) == attribute;
    }

    /** The names that a request sees, those of the container among them. */
    Set<String> visibleNames(ChangeSet request) {
        Set<String> names = names();
        request.pins.forEach((name, pinned) -> {
            if (pinned.isPresent()) {
                names.add(name);
            } else {
                names.remove(name);
            }
        });
        return names;
    }

    Set<String> names() {
        return new LinkedHashSet<>(present.keySet());
    }

    /** The present versions of all attributes that were written once: a snapshot. The others are still to be written. */
    Map<String, Attribute> written() {
        Map<String, Attribute> written = new HashMap<>(present);
        written.values().removeIf(attribute -> attribute.revision() == Attribute.UNCOMMITTED);
        return written;
    }

    /** How many bytes the store is known to hold of each attribute. */
    Map<String, Integer> storedBytes() {
        Map<String, Integer> bytes = new HashMap<>();
        present.forEach((name, attribute) -> bytes.put(name, attribute.storedBytes()));
        return bytes;
    }

    /** Whether something of the application is on this node only. */
    boolean hasLocalOnly() {
        return present.values().stream().anyMatch(Attribute::isLocalOnly);
    }

    /** The present attributes whose objects are at hand and fit. */
    Map<String, Attribute> decoded(Predicate<Object> fitting) {
        Map<String, Attribute> decoded = new HashMap<>();
        present.forEach((name, attribute) -> {
            Object value = attribute.valueIfDecoded();
            if (value != null && fitting.test(value) && !ContainerAttributes.isReserved(name)) {
                decoded.put(name, attribute);
            }
        });
        return decoded;
    }

    void put(String name, Attribute attribute) {
        attribute.replaces(present.get(name));
        present.put(name, attribute);
        unpin(name);
    }

    void remove(String name) {
        present.remove(name);
        unpin(name);
    }

    /** What a change on this node does is seen by all requests of this node at once, as without us. */
    private void unpin(String name) {
        requests.forEach(request -> request.pins.remove(name));
    }

    private void pin(String name, @Nullable Attribute replaced) {
        requests.forEach(request -> request.pins.putIfAbsent(name, Optional.ofNullable(replaced)));
    }

    /** Whether this node has changed an attribute and not written it yet. */
    private boolean isPending(String name) {
        return ambient.explicit.containsKey(name)
                || requests.stream().anyMatch(request -> request.explicit.containsKey(name));
    }

    /** Whether this node has changed the max-inactive interval and not written it yet. */
    boolean isIntervalPending() {
        return ambient.maxInactiveSeconds.isPresent()
                || requests.stream().anyMatch(request -> request.maxInactiveSeconds.isPresent());
    }

    /** The store holds this version of an attribute. To be called in the order of revisions, as for removals. */
    void merge(String name, Attribute arriving) {
        skipped.remove(name);
        Attribute replaced = present.get(name);
        boolean newerHere =
                replaced != null && (replaced.revision() > arriving.revision() || replaced.isSourceOf(arriving));
        if (newerHere || removedAt.getOrDefault(name, 0L) > arriving.revision()) {
            return;
        }
        if (isPending(name)) {
            skipped.put(name, new Skipped(arriving, arriving.revision()));
            return;
        }
        pin(name, replaced);
        present.put(name, arriving);
    }

    /** The store holds no such attribute. */
    void mergeRemoval(String name, long revision) {
        skipped.remove(name);
        Attribute replaced = present.get(name);
        if (replaced == null || replaced.isLocalOnly() || replaced.revision() > revision) {
            return;
        }
        if (isPending(name)) {
            skipped.put(name, new Skipped(null, revision));
            return;
        }
        pin(name, replaced);
        present.remove(name);
    }

    /**
     * Merges once more what was skipped for changes that are pending no longer. To be called when they have been
     * written or dropped; what a commit has overwritten is then older than what is here.
     */
    void mergeSkipped() {
        if (skipped.isEmpty()) {
            return;
        }
        Map<String, Skipped> decided = new HashMap<>(skipped);
        decided.keySet().removeIf(this::isPending);
        decided.forEach((name, arrived) -> {
            Attribute arriving = arrived.arriving();
            if (arriving == null) {
                mergeRemoval(name, arrived.revision());
            } else {
                merge(name, arriving);
            }
        });
    }

    /**
     * The store has taken a commit of this node, whose changes are pending no longer.
     *
     * @param known the revision up to which everything was known here before
     */
    void committed(Draft.Encoded encoded, long revision, long known) {
        encoded.written.forEach((name, written) -> {
            written.attribute().committed(written.print(), written.packed(), revision);
            Attribute other = present.get(name);
            boolean isLatest = other == null
                    ? !isPending(name) && !isRemovedSince(name, revision, known)
                    : isOlder(other, revision);
            if (isLatest) {
                present.put(name, written.attribute());
            }
        });
        encoded.delta.removed().forEach(name -> removedAt.put(name, revision));
        mergeSkipped();
    }

    /** Whether an attribute that is not here was removed after a commit that set it, by this node or another one. */
    private boolean isRemovedSince(String name, long revision, long known) {
        return known >= revision || removedAt.getOrDefault(name, 0L) > revision;
    }

    private static boolean isOlder(Attribute other, long revision) {
        return other.revision() != Attribute.UNCOMMITTED && other.revision() < revision;
    }

    /** Everything up to this revision is known here: no answer of the store can be older. */
    void knownUpTo(long revision) {
        removedAt.values().removeIf(at -> at <= revision);
    }

    /** A version that has arrived; none is a removal. */
    private record Skipped(@Nullable Attribute arriving, long revision) {}
}
