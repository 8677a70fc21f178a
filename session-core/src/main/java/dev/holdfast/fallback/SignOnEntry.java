package dev.holdfast.fallback;

import dev.holdfast.model.SignOnMember;
import dev.holdfast.store.OfflineSignOn;
import dev.holdfast.store.StoredSignOn;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What this node knows of one single sign-on: a copy of what the store has, and what the store has not heard of yet. What
 * was done twice to one thing is kept once. Thread-safe: the monitor is held for moments only.
 *
 * <p>A sign-on that has ended stays as a note of that for a while: an answer of the store that is older must not make a copy
 * of it. Ids are never used twice.
 */
final class SignOnEntry {

    /** About what objects cost, beside the bytes of the login. */
    private static final long WEIGHT = 300;

    private static final long WEIGHT_OF_SESSION = 200;

    /** How long an end is remembered: longer than any answer may be under way. */
    private static final Duration AFTER_END = Duration.ofMinutes(2);

    /** Held by who brings it to the store, calls included. Nobody waits for it. */
    final ReentrantLock bringing = new ReentrantLock();

    private final Map<SignOnMember, Integer> sessions = new HashMap<>();
    private final Map<SignOnMember, Integer> joined = new HashMap<>();
    private final Set<SignOnMember> left = new HashSet<>();
    private @Nullable StoredSignOn login;
    private String epoch = "";

    /** Of all sessions, if they are too many to be known. */
    private OptionalInt longest = OptionalInt.empty();

    private boolean knowsSessions;
    private boolean born;
    private boolean loginChanged;
    private boolean ended;
    private boolean endUntold;
    private long usedNanos;
    private long changes;
    private long weight;

    SignOnEntry(long nowNanos) {
        this.usedNanos = nowNanos;
    }

    // ---- what the store says -------------------------------------------------------------------------------------

    /** It has begun in the store. */
    synchronized void began(StoredSignOn signOn, SignOnMember first, int seconds, String newEpoch, long nowNanos) {
        login = signOn;
        sessions.put(first, seconds);
        knowsSessions = true;
        epoch = newEpoch;
        usedNanos = nowNanos;
    }

    /** A look has found it. What this node has done meanwhile, or knows to be over, counts more. */
    synchronized void found(StoredSignOn.Found found, long nowNanos) {
        if (ended || hasUntold()) {
            return;
        }
        boolean putBackByOthers = !epoch.isEmpty() && !epoch.equals(found.epoch());
        Map<SignOnMember, Integer> before = Map.copyOf(sessions);
        copy(found);
        usedNanos = nowNanos;
        if (putBackByOthers && knowsSessions) {
            before.forEach((session, seconds) -> {
                if (sessions.putIfAbsent(session, seconds) == null) {
                    joined.put(session, seconds);
                    changes++;
                }
            });
        }
    }

    private void copy(StoredSignOn.Found found) {
        login = found.signOn();
        epoch = found.epoch();
        longest = found.longestIntervalSeconds();
        knowsSessions = !found.sessions().isEmpty();
        sessions.clear();
        sessions.putAll(found.sessions());
    }

    // ---- what this node does -------------------------------------------------------------------------------------

    /** It has begun here, and the store has not answered. */
    synchronized void born(StoredSignOn signOn, SignOnMember first, int seconds, long nowNanos) {
        began(signOn, first, seconds, "", nowNanos);
        born = true;
        changes++;
    }

    /** @param told whether the store knows it */
    synchronized void updated(StoredSignOn signOn, boolean told) {
        login = signOn;
        if (!told) {
            loginChanged = true;
            changes++;
        }
    }

    /** @param told whether the store knows it */
    synchronized void joined(SignOnMember session, int seconds, boolean told) {
        sessions.put(session, seconds);
        if (!told) {
            left.remove(session);
            joined.put(session, seconds);
            changes++;
        }
    }

    /** @param told whether the store knows it */
    synchronized void left(SignOnMember session, boolean told) {
        sessions.remove(session);
        if (!told) {
            joined.remove(session);
            left.add(session);
            changes++;
        }
    }

    /** @param told whether the store knows it */
    synchronized List<SignOnMember> ended(boolean told, long nowNanos) {
        List<SignOnMember> known = ended ? List.of() : List.copyOf(sessions.keySet());
        ended = true;
        endUntold |= !told;
        changes++;
        usedNanos = nowNanos;
        return known;
    }

    /** Somebody has used it while the store was away. */
    synchronized void used(long nowNanos) {
        usedNanos = nowNanos;
    }

    // ---- what is known -------------------------------------------------------------------------------------------

    synchronized boolean hasEnded() {
        return ended;
    }

    /** Whether the store has yet to hear of something. */
    synchronized boolean hasUntold() {
        return endUntold || (!ended && (born || loginChanged || !joined.isEmpty() || !left.isEmpty()));
    }

    synchronized boolean isEndUntold() {
        return endUntold;
    }

    /** Whether it counts while the store does not answer. */
    synchronized boolean isAlive(long nowNanos) {
        return !ended && login != null && !isOverdue(nowNanos) && !(knowsSessions && sessions.isEmpty());
    }

    private boolean isOverdue(long nowNanos) {
        OptionalInt limit = longestInterval();
        return limit.isPresent() && nowNanos - usedNanos >= TimeUnit.SECONDS.toNanos(limit.getAsInt());
    }

    synchronized OptionalInt longestInterval() {
        if (!knowsSessions) {
            return longest;
        }
        return sessions.values().stream().anyMatch(seconds -> seconds <= 0)
                ? OptionalInt.empty()
                : OptionalInt.of(sessions.values().stream()
                        .mapToInt(Integer::intValue)
                        .max()
                        .orElse(0));
    }

    /** What a look finds here; empty without a login. */
    synchronized Optional<StoredSignOn.Found> copy() {
        StoredSignOn known = login;
        return known == null
                ? Optional.empty()
                : Optional.of(new StoredSignOn.Found(known, longestInterval(), Map.copyOf(sessions), epoch));
    }

    synchronized long usedNanos() {
        return usedNanos;
    }

    /** Whether nobody needs it any more. */
    synchronized boolean isGarbage(long nowNanos) {
        if (hasUntold()) {
            return false;
        }
        return ended ? nowNanos - usedNanos > AFTER_END.toNanos() : login == null || isOverdue(nowNanos);
    }

    /** What is remembered for the store, in bytes, about; and how much more that is than when this was asked last. */
    synchronized long grownBy() {
        long before = weight;
        StoredSignOn known = login;
        byte[] principal = known == null ? null : known.principal();
        weight = !hasUntold()
                ? 0
                : WEIGHT
                        + (ended || principal == null ? 0 : principal.length)
                        + WEIGHT_OF_SESSION * (ended ? 0L : sessions.size() + joined.size() + left.size());
        return weight - before;
    }

    // ---- bringing it to the store --------------------------------------------------------------------------------

    synchronized Untold untold(long nowNanos) {
        return new Untold(
                changes,
                new OfflineSignOn(
                        epoch,
                        login,
                        loginChanged,
                        Map.copyOf(sessions),
                        Map.copyOf(joined),
                        Set.copyOf(left),
                        Math.max(0, TimeUnit.NANOSECONDS.toMillis(nowNanos - usedNanos))));
    }

    /** The store has heard of it, and has it. What has been done since stays. */
    synchronized void told(Untold untold, StoredSignOn.Found found) {
        born = false;
        epoch = found.epoch();
        if (changes == untold.changes) {
            loginChanged = false;
            joined.clear();
            left.clear();
            copy(found);
        }
    }

    /** The store has heard that it has ended. */
    synchronized void endTold() {
        endUntold = false;
    }

    /**
     * What the store has not heard of.
     *
     * @param changes how much had been done until then
     */
    record Untold(long changes, OfflineSignOn signOn) {}
}
