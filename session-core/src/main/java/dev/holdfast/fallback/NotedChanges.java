package dev.holdfast.fallback;

import dev.holdfast.model.Delta;
import dev.holdfast.model.OfflineChange;
import dev.holdfast.model.OfflineDelta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What an entry of the journal has to tell of a session that the store knows: of everything the latest, and which of it is
 * not in the file yet. Instants are those of a monotonic ticker.
 */
final class NotedChanges {

    /** How often this node may have written it without hearing of it: more are forgotten, the oldest first. */
    private static final int MOST_TOKENS = 8;

    private final Map<String, Change> attributes = new LinkedHashMap<>();
    private final List<Integer> tokens = new ArrayList<>();
    private OptionalInt maxInactiveSeconds = OptionalInt.empty();
    private OptionalLong usedNanos = OptionalLong.empty();
    private long bytes;

    private final Set<String> unwritten = new HashSet<>();
    private boolean allUnwritten = true;

    void apply(Delta delta, long nowNanos) {
        delta.set().forEach((name, value) -> put(name, new Change(value, nowNanos)));
        delta.removed().forEach(name -> put(name, new Change(null, nowNanos)));
        if (delta.maxInactiveSeconds().isPresent()) {
            maxInactiveSeconds = delta.maxInactiveSeconds();
        }
        used(nowNanos);
    }

    private void put(String name, Change change) {
        Change before = attributes.put(name, change);
        bytes += change.bytes() - (before == null ? -2L * name.length() : before.bytes());
        unwritten.add(name);
    }

    void used(long nowNanos) {
        usedNanos = OptionalLong.of(nowNanos);
    }

    void maxInactive(int seconds) {
        maxInactiveSeconds = OptionalInt.of(seconds);
    }

    void clearAttributes() {
        attributes.clear();
        unwritten.clear();
        bytes = 0;
        allUnwritten = true;
    }

    /** The store knows all but the last use. */
    void clear() {
        clearAttributes();
        maxInactiveSeconds = OptionalInt.empty();
    }

    /** A call that carried some of it, and was not answered. */
    void addToken(int token) {
        tokens.add(token);
        forgetOldTokens();
    }

    /** A call is about to be made; until it is answered it counts as one that was not. */
    void sending(int token) {
        tokens.add(token);
    }

    /** It was not made, or its answer is known: the others are not to be forgotten for it. */
    void answered(int token) {
        tokens.remove((Integer) token);
    }

    void forgetOldTokens() {
        if (tokens.size() > MOST_TOKENS) {
            tokens.remove(0);
        }
    }

    // ---- what is known -------------------------------------------------------------------------------------------

    boolean isEmpty() {
        return usedNanos.isEmpty() && attributes.isEmpty() && maxInactiveSeconds.isEmpty();
    }

    /** How many attributes. */
    int size() {
        return attributes.size();
    }

    /** What names and values take. */
    long bytes() {
        return bytes;
    }

    Set<String> names() {
        return attributes.keySet();
    }

    OptionalLong usedNanos() {
        return usedNanos;
    }

    int maxInactiveSeconds() {
        return maxInactiveSeconds.orElse(0);
    }

    /** The attributes that are there, without those that were removed. */
    Map<String, byte[]> values() {
        Map<String, byte[]> values = new HashMap<>();
        attributes.forEach((name, change) -> {
            byte[] value = change.value;
            if (value != null) {
                values.put(name, value);
            }
        });
        return values;
    }

    /**
     * What the store is to be told.
     *
     * @param sinceNanos since when others may have written unnoticed
     * @param millisOf makes an instant of the store of one of the ticker
     */
    OfflineDelta delta(long sinceNanos, LongUnaryOperator millisOf) {
        Map<String, OfflineChange> changes = new HashMap<>();
        attributes.forEach((name, change) ->
                changes.put(name, new OfflineChange(change.value, millisOf.applyAsLong(change.nanos))));
        return new OfflineDelta(
                changes,
                maxInactiveSeconds,
                usedNanos.isPresent() ? millisOf.applyAsLong(usedNanos.getAsLong()) : 0,
                millisOf.applyAsLong(sinceNanos),
                List.copyOf(tokens));
    }

    // ---- in the file ---------------------------------------------------------------------------------------------

    /** @param whole all of it, whatever the file may have already */
    JournalRecord.Changes toWrite(boolean whole, JournalTimes times) {
        boolean all = whole || allUnwritten;
        Map<String, JournalRecord.Value> values = new LinkedHashMap<>();
        attributes.forEach((name, change) -> {
            if (all || unwritten.contains(name)) {
                values.put(name, new JournalRecord.Value(change.value, times.millisOf(change.nanos)));
            }
        });
        return new JournalRecord.Changes(
                all,
                usedNanos.isPresent() ? OptionalLong.of(times.millisOf(usedNanos.getAsLong())) : OptionalLong.empty(),
                maxInactiveSeconds,
                List.copyOf(tokens),
                values);
    }

    void written() {
        unwritten.clear();
        allUnwritten = false;
    }

    /** What the file has of it cannot be relied on: the next record has everything. */
    void unwritten() {
        allUnwritten = true;
    }

    void read(JournalRecord.Changes written, JournalTimes times) {
        if (written.whole()) {
            clearAttributes();
        }
        usedNanos = written.usedMillis().isPresent()
                ? OptionalLong.of(times.nanosOf(written.usedMillis().getAsLong()))
                : OptionalLong.empty();
        maxInactiveSeconds = written.maxInactiveSeconds();
        tokens.clear();
        tokens.addAll(written.tokens());
        written.values()
                .forEach((name, value) -> put(name, new Change(value.bytes(), times.nanosOf(value.changedMillis()))));
        written();
    }

    /** The latest change of an attribute. */
    private static final class Change {
        /** Null: it was removed. */
        final byte @Nullable [] value;

        final long nanos;

        Change(byte @Nullable [] value, long nanos) {
            this.value = value;
            this.nanos = nanos;
        }

        long bytes() {
            byte[] present = value;
            return present == null ? 0 : present.length;
        }
    }
}
