package dev.holdfast.store.memory;

import dev.holdfast.model.SignOnId;
import dev.holdfast.model.SignOnMember;
import dev.holdfast.store.OfflineSignOn;
import dev.holdfast.store.SignOnStore;
import dev.holdfast.store.StoredSignOn;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Single sign-ons in the memory of this process: the reference of what a {@link SignOnStore} does. Nodes that share an
 * instance share them. Thread-safe; no call ever fails or waits.
 */
public final class MemorySignOnStore implements SignOnStore {

    /** Of a sign-on with more sessions than that, they are not told. */
    private static final int MOST_TOLD = 32;

    private final InstantSource clock;
    private final long marginMillis;
    private final Map<SignOnId, Entry> entries = new HashMap<>();

    /** Until when a sign-on that has ended cannot be brought back. */
    private final Map<SignOnId, Long> marks = new HashMap<>();

    private String epoch = newEpoch();

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
    public synchronized String begin(SignOnId id, StoredSignOn signOn, SignOnMember first, int maxInactiveSeconds) {
        entries.values().removeIf(entry -> entry.endMillis <= clock.millis());
        if (!isMarked(id)) {
            Entry entry = new Entry(signOn);
            entry.intervals.put(first, maxInactiveSeconds);
            use(entry);
            entries.put(id, entry);
        }
        return epoch;
    }

    private static String newEpoch() {
        return UUID.randomUUID().toString();
    }

    private boolean isMarked(SignOnId id) {
        Long until = marks.get(id);
        return until != null && clock.millis() < until;
    }

    /** Forgets everything, as a server that comes back empty. */
    public synchronized void loseData() {
        entries.clear();
        marks.clear();
        epoch = newEpoch();
    }

    @Override
    public synchronized Optional<StoredSignOn.Found> look(SignOnId id) {
        Optional<Entry> found = find(id);
        found.ifPresent(this::use);
        return found.map(this::told);
    }

    private StoredSignOn.Found told(Entry entry) {
        return new StoredSignOn.Found(
                entry.signOn,
                entry.longest(),
                entry.intervals.size() > MOST_TOLD ? Map.of() : Map.copyOf(entry.intervals),
                epoch);
    }

    @Override
    public synchronized Optional<StoredSignOn.Found> reconcile(SignOnId id, OfflineSignOn known) {
        Entry entry = find(id).orElse(null);
        StoredSignOn login = known.login();
        boolean lost = entry == null;
        if (isMarked(id) || (lost && (login == null || known.epoch().equals(epoch)))) {
            return Optional.empty();
        }
        if (entry == null) {
            entry = new Entry(Objects.requireNonNull(login));
            entry.putBack = !known.epoch().isEmpty();
        }
        if (lost || (!known.epoch().isEmpty() && !known.epoch().equals(epoch))) {
            known.sessions().forEach(entry.intervals::putIfAbsent);
        }
        entry.intervals.putAll(known.joined());
        entry.intervals.keySet().removeAll(known.left());
        if (known.loginChanged() && login != null) {
            entry.signOn = login;
        }
        if (entry.intervals.isEmpty()) {
            entries.remove(id);
            return Optional.empty();
        }
        long before = entry.endMillis;
        use(entry);
        if (entry.longest().isPresent()) {
            long end = Math.max(entry.endMillis - known.idleMillis(), clock.millis() + marginMillis);
            entry.endMillis = before == Long.MAX_VALUE ? end : Math.max(before, end);
        }
        entries.put(id, entry);
        return Optional.of(told(entry));
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
        ended.filter(entry -> entry.putBack)
                .ifPresent(entry -> marks.put(id, entry.longest().isEmpty() ? Long.MAX_VALUE : entry.endMillis));
        return ended.map(entry -> List.copyOf(entry.intervals.keySet()));
    }

    @Override
    public synchronized Optional<List<SignOnMember>> bury(SignOnId id, OptionalInt longestIntervalSeconds) {
        Optional<List<SignOnMember>> ended = end(id);
        marks.put(
                id,
                longestIntervalSeconds.isEmpty()
                        ? Long.MAX_VALUE
                        : clock.millis() + longestIntervalSeconds.getAsInt() * 1000L + marginMillis);
        return ended;
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
        private boolean putBack;

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
