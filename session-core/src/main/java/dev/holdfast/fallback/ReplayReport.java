package dev.holdfast.fallback;

import dev.holdfast.model.SessionId;
import dev.holdfast.store.StoreException;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells operators what became of the journal. Thread-safe. */
final class ReplayReport {

    private static final Logger log = LoggerFactory.getLogger("dev.holdfast.fallback");

    /** A single call without an answer is no outage: its change is in the store in a moment, and nobody need know. */
    private static final long OUTAGE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long TROUBLE_INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final String application;
    private final Journal journal;
    private final AtomicInteger sessions = new AtomicInteger();
    private final AtomicInteger changes = new AtomicInteger();
    private final AtomicInteger conflicts = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicLong troubleNanos = new AtomicLong(System.nanoTime() - TROUBLE_INTERVAL_NANOS);
    private final AtomicLong stillNanos = new AtomicLong(System.nanoTime());
    private final AtomicLong outages = new AtomicLong();
    private volatile boolean outage;
    private volatile boolean stopping;

    ReplayReport(String application, Journal journal) {
        this.application = application;
        this.journal = journal;
    }

    void brought(JournalEntry entry, int changed) {
        sessions.incrementAndGet();
        if (System.nanoTime() - entry.begunNanos() > OUTAGE_NANOS) {
            outage = true;
        }
        changes.addAndGet(changed);
    }

    void ended(JournalEntry entry) {
        ended.incrementAndGet();
        log.info(
                "HF-617 Session {} was ended elsewhere while Redis was away from here: it stays ended, and its {} changes"
                        + " are dropped.",
                entry.id(),
                entry.changes().size());
    }

    /** Once for each attribute that two nodes have set: the names, and never the values. */
    void conflicts(JournalEntry entry, Set<String> overruled, Set<String> overruling) {
        overruled.forEach(name -> conflict(entry, name, "another node, which set it later"));
        overruling.forEach(name -> conflict(entry, name, "this node, which set it later"));
    }

    private void conflict(JournalEntry entry, String name, String winner) {
        conflicts.incrementAndGet();
        log.warn(
                "HF-612 Attribute {} of session {} was changed on two nodes that could not see each other's change. It has"
                        + " the value of {}.",
                name,
                entry.id(),
                winner);
    }

    /** @param other the id that this node has given the session: nobody may use it any more */
    void idConflict(JournalEntry entry, SessionId other) {
        conflicts.incrementAndGet();
        log.warn(
                "HF-621 The id of a session was changed on two nodes that could not see each other's change. It is {} now,"
                        + " with what both nodes did to it; whoever holds the other one, {}, has no session. Keep users on"
                        + " one node while Redis does not answer.",
                entry.id(),
                other);
    }

    /** From now on calls are interrupted, and that says nothing of them. */
    void stopping() {
        stopping = true;
    }

    void failed(JournalEntry entry, StoreException cause) {
        if (!cause.storeIsAway() && mayTellTrouble()) {
            log.error(
                    "HF-616 What this node did to session {} cannot be brought to Redis; it stays in the journal and is"
                            + " tried again: {}",
                    entry.id(),
                    cause.getMessage());
        }
    }

    void unexpected(Throwable cause) {
        if (mayTellTrouble()) {
            log.error("HF-618 Unexpected error while changes were brought to Redis; they are tried again", cause);
        }
    }

    /** Once a minute. */
    private boolean mayTellTrouble() {
        long now = System.nanoTime();
        long last = troubleNanos.get();
        return !stopping && now - last >= TROUBLE_INTERVAL_NANOS && troubleNanos.compareAndSet(last, now);
    }

    /** Once a minute while there is something in the journal. */
    void still() {
        long now = System.nanoTime();
        long last = stillNanos.get();
        if (journal.isEmpty()) {
            stillNanos.set(now);
        } else if (now - last >= TROUBLE_INTERVAL_NANOS && stillNanos.compareAndSet(last, now)) {
            log.warn(
                    "HF-620 Redis still does not know what was done to {} sessions of {} on this node: {} bytes, of which"
                            + " journalMaxBytes allows {}. Users stay logged in here. Check Redis or the network; changes"
                            + " are brought by themselves.",
                    journal.size(),
                    application,
                    journal.bytes(),
                    journal.maxBytes());
        }
    }

    /** The journal is empty again. */
    void allBrought() {
        int broughtSessions = sessions.getAndSet(0);
        int broughtChanges = changes.getAndSet(0);
        int found = conflicts.getAndSet(0);
        int over = ended.getAndSet(0);
        if (outage) {
            outage = false;
            outages.incrementAndGet();
            log.warn(
                    "HF-611 Redis knows everything that was done to sessions of {} while it did not answer: {} sessions"
                            + " with {} changed attributes, {} conflicts; {} more were ended elsewhere meanwhile.",
                    application,
                    broughtSessions,
                    broughtChanges,
                    found,
                    over);
        }
    }

    /** How many outages are over, with everything brought. */
    long outages() {
        return outages.get();
    }

    /**
     * The node stops, and the store has not heard of everything.
     *
     * @param kept whether that is in the file of the journal
     */
    void left(boolean kept) {
        Collection<JournalEntry> all = journal.all();
        if (all.isEmpty()) {
            return;
        }
        JournalFile file = journal.file();
        int changed = all.stream().mapToInt(entry -> entry.changes().size()).sum();
        if (kept && file != null) {
            file.report().kept(all.size(), changed);
            return;
        }
        log.error(
                "HF-619 This node stops while Redis does not answer. What was done here to {} sessions of {} since the"
                        + " outage began is lost ({} changed attributes, {} bytes). Sessions that Redis knows go on as they"
                        + " were before it.",
                all.size(),
                application,
                changed,
                journal.bytes());
    }
}
