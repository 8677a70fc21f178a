package dev.holdfast.session;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether what one commit writes is not too large. What the container keeps in a session counts, and is never refused.
 *
 * <p>What the whole session takes is known from the copy of this node: what is not known here yet, because another node has
 * just written it, is not counted.
 */
final class SizeCheck {

    private final SizeLimits limits;
    private final OversizeReports reports;
    private final LiveSession session;
    private final Map<String, Class<?>> types = new HashMap<>();

    SizeCheck(SizeLimits limits, OversizeReports reports, LiveSession session) {
        this.limits = limits;
        this.reports = reports;
        this.session = session;
    }

    /**
     * Whether an attribute may be stored; if it is too large, that is told.
     *
     * @param encoded how many bytes it was encoded to
     * @param stored how many the store would get
     */
    boolean allows(String name, Object value, int encoded, int stored) {
        types.put(name, value.getClass());
        if (limits.maxAttributeBytes() == 0
                || stored <= limits.maxAttributeBytes()
                || ContainerAttributes.isReserved(name)) {
            return true;
        }
        reports.attribute(session.id(), name, value.getClass(), encoded, stored, limits);
        return !limits.rejects();
    }

    /**
     * Which attributes of a commit make the session too large. Those that take no more than before are spared; of the
     * others the smallest ones come first.
     *
     * @param set what the commit would write
     * @param removed what it removes
     * @return the names of those that may not be written; none if that is only told
     */
    List<String> beyondSession(Map<String, byte[]> set, Set<String> removed) {
        if (limits.maxSessionBytes() == 0 || set.isEmpty()) {
            return List.of();
        }
        Map<String, Integer> before = session.storedBytes();
        long sum = 0;
        for (Map.Entry<String, Integer> stored : before.entrySet()) {
            if (!set.containsKey(stored.getKey()) && !removed.contains(stored.getKey())) {
                sum += stored.getValue();
            }
        }
        List<String> growing = new ArrayList<>();
        for (Map.Entry<String, byte[]> change : set.entrySet()) {
            String name = change.getKey();
            if (change.getValue().length > before.getOrDefault(name, 0) && !ContainerAttributes.isReserved(name)) {
                growing.add(name);
            } else {
                sum += change.getValue().length;
            }
        }
        growing.sort(
                Comparator.comparingInt((String name) -> lengthOf(set, name)).thenComparing(Comparator.naturalOrder()));
        List<String> rejected = new ArrayList<>();
        for (String name : growing) {
            int length = lengthOf(set, name);
            if (sum + length > limits.maxSessionBytes()) {
                reports.session(
                        session.id(), name, types.getOrDefault(name, Object.class), length, sum + length, limits);
                if (limits.rejects()) {
                    rejected.add(name);
                    continue;
                }
            }
            sum += length;
        }
        return rejected;
    }

    private static int lengthOf(Map<String, byte[]> set, String name) {
        byte[] bytes = set.get(name);
        return bytes == null ? 0 : bytes.length;
    }
}
