package dev.holdfast.store.memory;

import dev.holdfast.model.SignOnId;
import dev.holdfast.model.SignOnMember;
import dev.holdfast.store.SignOnStore;
import dev.holdfast.store.StoredSignOn;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Single sign-ons in the memory of this process: the reference of what a {@link SignOnStore} does. Nodes that share an
 * instance share them. Thread-safe; no call ever fails or waits.
 */
public final class MemorySignOnStore implements SignOnStore {

    private final InstantSource clock;
    private final long marginMillis;
    private final Map<SignOnId, Entry> entries = new HashMap<>();

    /**
     * An empty store.
     *
     * @param clock the time by which sign-ons end
     * @param margin how long they outlive their sessions
     */
    public MemorySignOnStore(InstantSource clock, Duration margin) {
        this.clock = clock;
        this.marginMillis = margin.toMillis();
    }

    @Override
    public synchronized void begin(SignOnId id, StoredSignOn signOn, SignOnMember first, int maxInactiveSeconds) {
        entries.values().removeIf(entry -> entry.endMillis <= clock.millis());
        Entry entry = new Entry(signOn);
        entry.intervals.put(first, maxInactiveSeconds);
        use(entry);
        entries.put(id, entry);
    }

    @Override
    public synchronized Optional<StoredSignOn.Found> look(SignOnId id) {
        Optional<Entry> found = find(id);
        found.ifPresent(this::use);
        return found.map(entry -> new StoredSignOn.Found(entry.signOn, entry.longest()));
    }

    @Override
    public synchronized boolean update(SignOnId id, StoredSignOn signOn) {
        return change(id, entry -> {
            entry.signOn = signOn;
            return true;
        });
    }

    @Override
    public synchronized boolean join(SignOnId id, SignOnMember session, int maxInactiveSeconds) {
        return change(id, entry -> {
            entry.intervals.put(session, maxInactiveSeconds);
            return true;
        });
    }

    @Override
    public synchronized boolean move(SignOnId id, SignOnMember before, SignOnMember now, int maxInactiveSeconds) {
        return change(id, entry -> {
            entry.intervals.remove(before);
            entry.intervals.put(now, maxInactiveSeconds);
            return true;
        });
    }

    @Override
    public synchronized boolean leave(SignOnId id, SignOnMember session) {
        return change(id, entry -> {
            entry.intervals.remove(session);
            return !entry.intervals.isEmpty();
        });
    }

    /** @param step what happens to a sign-on, and whether it goes on */
    private boolean change(SignOnId id, Predicate<Entry> step) {
        Entry entry = find(id).orElse(null);
        if (entry == null) {
            return false;
        }
        boolean goesOn = step.test(entry);
        if (goesOn) {
            use(entry);
        } else {
            entries.remove(id);
        }
        return goesOn;
    }

    @Override
    public synchronized Optional<List<SignOnMember>> end(SignOnId id) {
        Optional<Entry> ended = find(id);
        entries.remove(id);
        return ended.map(entry -> List.copyOf(entry.intervals.keySet()));
    }

    /** Memory always answers. */
    @Override
    public void probe() {}

    /** Does nothing: the sign-ons stay until the store is garbage. */
    @Override
    public void close() {}

    /**
     * How long a sign-on still lives unless it is used, in seconds; empty: for ever.
     *
     * @throws NoSuchElementException if there is none
     */
    public synchronized OptionalInt secondsToLive(SignOnId id) {
        long endMillis = find(id).orElseThrow().endMillis;
        return endMillis == Long.MAX_VALUE
                ? OptionalInt.empty()
                : OptionalInt.of((int) ((endMillis - clock.millis()) / 1000));
    }

    private Optional<Entry> find(SignOnId id) {
        @Nullable Entry entry = entries.get(id);
        return Optional.ofNullable(entry).filter(present -> clock.millis() < present.endMillis);
    }

    private void use(Entry entry) {
        OptionalInt longest = entry.longest();
        entry.endMillis =
                longest.isEmpty() ? Long.MAX_VALUE : clock.millis() + longest.getAsInt() * 1000L + marginMillis;
    }

    private static final class Entry {
        private final Map<SignOnMember, Integer> intervals = new HashMap<>();
        private StoredSignOn signOn;
        private long endMillis;

        Entry(StoredSignOn signOn) {
            this.signOn = signOn;
        }

        OptionalInt longest() {
            return intervals.values().stream().anyMatch(interval -> interval <= 0)
                    ? OptionalInt.empty()
                    : intervals.values().stream().mapToInt(Integer::intValue).max();
        }
    }
}
