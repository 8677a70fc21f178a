package dev.holdfast.fallback;

import dev.holdfast.model.SignOnId;
import dev.holdfast.store.StoreException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What this node knows of single sign-ons: bounded in number, and what the store has not heard of in bytes. Thread-safe. */
final class SignOnEntries {

    private final int maxCopies;
    private final long maxBytes;
    private final LongSupplier nanoTicker;
    private final Map<SignOnId, SignOnEntry> entries = new ConcurrentHashMap<>();
    private final Set<SignOnId> untold = ConcurrentHashMap.newKeySet();
    private final AtomicLong bytes = new AtomicLong();

    SignOnEntries(int maxCopies, long maxBytes, LongSupplier nanoTicker) {
        this.maxCopies = maxCopies;
        this.maxBytes = maxBytes;
        this.nanoTicker = nanoTicker;
    }

    @Nullable
    SignOnEntry get(SignOnId id) {
        return entries.get(id);
    }

    /** The store has said something of a sign-on. */
    SignOnEntry learn(SignOnId id, Consumer<SignOnEntry> step) {
        return present(id, step);
    }

    /** The store has said something of a sign-on of which there may be a copy. */
    void ifPresent(SignOnId id, Consumer<SignOnEntry> step) {
        entries.computeIfPresent(id, (key, entry) -> {
            step.accept(entry);
            return account(key, entry);
        });
    }

    /** Something is done that the store has not heard of. */
    <T> T note(SignOnId id, Function<SignOnEntry, T> change) {
        List<T> answer = new ArrayList<>(1);
        SignOnEntry unused = present(id, entry -> answer.add(change.apply(entry)));
        return answer.get(0);
    }

    private SignOnEntry present(SignOnId id, Consumer<SignOnEntry> step) {
        return entries.compute(id, (key, known) -> {
            SignOnEntry entry = known == null ? new SignOnEntry(nanoTicker.getAsLong()) : known;
            step.accept(entry);
            return account(key, entry);
        });
    }

    private SignOnEntry account(SignOnId id, SignOnEntry entry) {
        bytes.addAndGet(entry.grownBy());
        if (entry.hasUntold()) {
            untold.add(id);
        } else {
            untold.remove(id);
        }
        return entry;
    }

    boolean hasRoom() {
        return bytes.get() < maxBytes;
    }

    /** @throws StoreException if there is no room for more that the store has not heard of */
    void requireRoom() {
        if (!hasRoom()) {
            throw StoreException.notAsked(full());
        }
    }

    /** That there is no room for more. */
    String full() {
        return "HF-642 Redis does not answer, and this node remembers as much for single sign-on as journalMaxBytes allows, "
                + maxBytes + " bytes of " + untold.size() + " sign-ons. A login counts for its own application only,"
                + " until Redis is back; logouts of sign-ons that this node knows are still remembered. Check Redis, or"
                + " raise journalMaxBytes.";
    }

    /** Those of which the store has not heard everything: a snapshot. */
    List<SignOnId> untold() {
        return List.copyOf(untold);
    }

    int countUntold() {
        return untold.size();
    }

    /** Those that count: a snapshot. */
    List<SignOnId> alive() {
        long now = nanoTicker.getAsLong();
        return entries.entrySet().stream()
                .filter(entry -> entry.getValue().isAlive(now))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Lets go of what nobody needs, and of the least recently used copies if there are too many. */
    void tidy() {
        long now = nanoTicker.getAsLong();
        entries.keySet().forEach(id -> removeIf(id, entry -> entry.isGarbage(now)));
        int surplus = entries.size() - maxCopies;
        if (surplus > 0) {
            entries.entrySet().stream()
                    .map(entry -> Map.entry(entry.getKey(), entry.getValue().usedNanos() - now))
                    .sorted(Comparator.comparing(Map.Entry::getValue))
                    .limit(surplus)
                    .map(Map.Entry::getKey)
                    .toList()
                    .forEach(id -> removeIf(id, entry -> !entry.hasUntold()));
        }
    }

    private void removeIf(SignOnId id, Function<SignOnEntry, Boolean> condition) {
        entries.computeIfPresent(id, (key, entry) -> condition.apply(entry) ? null : entry);
    }
}
