package dev.holdfast.fallback;

import dev.holdfast.crypto.Protection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the journal of one application in a file, so that it survives the end of the process. What happens to an entry is
 * appended; when most of the file is out of date, what counts is written anew, into a file that then takes its place. When
 * there is nothing left to bring, the file is emptied. While the store answers, it is not touched. Thread-safe.
 *
 * <p>What was appended survives the end of this process, however it comes, and after {@link #SYNC_NANOS} about, that of
 * the machine, too. If it cannot be appended, the node goes on without, and writes everything anew when that works again.
 *
 * <p><b>Locks.</b> Who writes all of it anew has the lock for that, and locks one entry after the other. An entry is locked
 * by who writes it; inside of that, and only for the time of one append, the monitor of this object.
 */
public final class JournalFile implements AutoCloseable {

    static final long RETRY_SECONDS = 5;

    /** How much of it may be out of date, besides as much as counts. */
    private static final long SLACK_BYTES = 1 << 20;

    private static final long SYNC_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(RETRY_SECONDS);

    /** An entry may be on its way to the store for so long. */
    private static final long LOCK_MILLIS = 2000;

    /** How many times as large as the journal in memory it may get, and how much more, if it cannot be made smaller. */
    private static final int MOST_TIMES = 4;

    private static final long MOST_MORE_BYTES = 16 << 20;

    private final Path path;

    /** Of the file that is to take its place. */
    private final Path newPath;

    private final byte[] header;
    private final JournalFileLock lock;
    private final JournalFileReport report;
    private final JournalTimes times;
    private final JournalSeal seal;
    private final AtomicLong lastNumber = new AtomicLong();
    private final long mostBytes;
    private final ReentrantLock rewriting = new ReentrantLock();
    private List<JournalEntry> found = List.of();

    private JournalGeneration current;
    /** What is to take its place; null if that is not under way. */
    private @Nullable JournalGeneration next;

    /** Whether it lacks something that could not be appended. */
    private boolean broken;

    private boolean closed;
    private boolean unsynced;
    private long syncedNanos = System.nanoTime();
    private long failedNanos = System.nanoTime() - RETRY_NANOS;

    private JournalFile(JournalFileOpening opened, JournalTimes times, long maxBytes) {
        this.path = opened.path();
        this.newPath = opened.newPath();
        this.header = opened.header();
        this.lock = opened.lock();
        this.report = opened.report();
        this.seal = opened.seal();
        this.current = opened.generation();
        this.found = opened.found();
        this.times = times;
        this.mostBytes = MOST_TIMES * maxBytes + MOST_MORE_BYTES;
        found.forEach(entry -> lastNumber.accumulateAndGet(entry.number(), Math::max));
    }

    /**
     * Takes the file of an application for this process, and reads what an earlier one has left in it.
     *
     * @param setting where it is to be; the name of the application is added to its name
     * @param application the name of the application
     * @param maxBytes how much the journal may hold, in bytes; the file takes up to four times as much and 16 MiB
     * @return the file; to be given to a {@link JournalingSessionStore}, which closes it
     * @throws JournalFileRefusedException if it belongs to somebody else, is used by another process, cannot be read or
     *     cannot be written
     */
    public static JournalFile open(Path setting, String application, long maxBytes) throws JournalFileRefusedException {
        return open(setting, application, maxBytes, JournalSeal.none(application));
    }

    /**
     * As {@link #open(Path, String, long)}, with records that are encrypted if session content is. Those that are there
     * are read whether they are encrypted or not, and then written as they are to be.
     */
    public static JournalFile open(Path setting, String application, long maxBytes, Protection protection)
            throws JournalFileRefusedException {
        return open(setting, application, maxBytes, new JournalSeal(protection, application));
    }

    private static JournalFile open(Path setting, String application, long maxBytes, JournalSeal seal)
            throws JournalFileRefusedException {
        JournalTimes times = JournalTimes.ofThisMachine();
        return new JournalFile(JournalFileOpening.open(setting, application, times, seal), times, maxBytes);
    }

    /** What was in it at the beginning; once. */
    List<JournalEntry> takeFound() {
        List<JournalEntry> entries = found;
        found = List.of();
        report.read(entries);
        entries.forEach(entry -> entry.allRead(System.nanoTime()));
        return entries;
    }

    JournalFileReport report() {
        return report;
    }

    /** Appends what has changed in an entry since it was last written. Call with the entry locked. Fails never. */
    void write(JournalEntry entry) {
        if (entry.number() == 0) {
            entry.number(lastNumber.incrementAndGet());
        }
        if (append(entry.number(), JournalFormat.encode(entry.toWrite(false, times), seal))) {
            entry.written();
        } else {
            entry.unwritten();
        }
    }

    private synchronized boolean append(long number, byte[] record) {
        if (closed) {
            return false;
        }
        JournalGeneration coming = next;
        boolean kept = false;
        if (coming != null) {
            try {
                coming.append(number, record);
                kept = true;
            } catch (IOException failed) {
                abandon();
            }
        }
        if (!broken) {
            try {
                if (current.size() + record.length > mostBytes) {
                    throw new IOException("it is larger than " + mostBytes + " bytes and cannot be made smaller");
                }
                current.append(number, record);
                unsynced = true;
                kept = true;
            } catch (IOException failed) {
                failed(failed);
            }
        }
        return kept;
    }

    /** An entry need not be brought any more. */
    synchronized void finished(JournalEntry entry) {
        if (closed || entry.number() == 0) {
            return;
        }
        JournalGeneration coming = next;
        if (coming != null) {
            try {
                coming.finish(entry.number());
            } catch (IOException failed) {
                abandon();
            }
        }
        if (!broken) {
            try {
                current.finish(entry.number());
                unsynced = true;
            } catch (IOException failed) {
                failed(failed);
            }
        }
        if (broken && !current.isEmpty()) {
            // It would say that this entry is still to be brought.
            try {
                current.clear();
            } catch (IOException failed) {
                report.cannotBeEmptied(failed);
            }
        }
    }

    private void failed(IOException cause) {
        broken = true;
        failedNanos = System.nanoTime();
        report.failed(cause);
    }

    /**
     * Makes it smaller, whole, or safe, if that is due. Not with an entry locked.
     *
     * @param entries all that is to be brought
     * @param isLive whether an entry is still to be brought
     * @param liveBytes how much that is, about
     */
    void tend(Supplier<Collection<JournalEntry>> entries, Predicate<JournalEntry> isLive, long liveBytes) {
        if (isRewriteDue(liveBytes)) {
            rewrite(entries, isLive);
        }
        // What is done must not look as if it were not.
        sync(liveBytes == 0 ? 0 : SYNC_NANOS);
    }

    private synchronized boolean isRewriteDue(long liveBytes) {
        return !closed
                && System.nanoTime() - failedNanos > RETRY_NANOS
                && (broken || current.size() > 2 * liveBytes + SLACK_BYTES);
    }

    /** While it is under way, what happens is appended to both files. */
    private void rewrite(Supplier<Collection<JournalEntry>> entries, Predicate<JournalEntry> isLive) {
        rewriting.lock();
        try {
            JournalGeneration coming = JournalGeneration.create(newPath, header);
            synchronized (this) {
                next = coming;
            }
            for (JournalEntry entry : entries.get()) {
                copy(entry, isLive);
            }
            coming.sync();
            replace(coming);
        } catch (IOException failed) {
            synchronized (this) {
                failedNanos = System.nanoTime();
                abandon();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            synchronized (this) {
                abandon();
            }
        } finally {
            rewriting.unlock();
        }
    }

    private void copy(JournalEntry entry, Predicate<JournalEntry> isLive) throws IOException, InterruptedException {
        if (!entry.lock.tryLock(LOCK_MILLIS, TimeUnit.MILLISECONDS)) {
            throw new IOException("an entry is being brought to the store for long");
        }
        try {
            if (entry.number() == 0) {
                entry.number(lastNumber.incrementAndGet());
            }
            byte[] record = JournalFormat.encode(entry.toWrite(true, times), seal);
            synchronized (this) {
                JournalGeneration coming = next;
                if (coming == null) {
                    throw new IOException("given up");
                }
                if (isLive.test(entry)) {
                    coming.append(entry.number(), record);
                }
            }
        } finally {
            entry.lock.unlock();
        }
    }

    private synchronized void replace(JournalGeneration coming) throws IOException {
        if (next != coming || closed) {
            throw new IOException("given up");
        }
        current.close();
        try {
            coming.moveTo(newPath, path);
        } catch (IOException failed) {
            current = JournalGeneration.append(path, header.length, List.of());
            failed(failed);
            throw failed;
        }
        current = coming;
        next = null;
        unsynced = true;
        if (broken) {
            broken = false;
            report.worksAgain();
        }
    }

    private void abandon() {
        JournalGeneration given = next;
        next = null;
        if (given != null) {
            closeQuietly(given);
        }
        try {
            Files.deleteIfExists(newPath);
        } catch (IOException stays) {
            // The next attempt deletes it.
        }
    }

    /** Outside of the monitor: others may go on appending. */
    private void sync(long everyNanos) {
        JournalGeneration now;
        synchronized (this) {
            if (closed || broken || !unsynced || System.nanoTime() - syncedNanos < everyNanos) {
                return;
            }
            unsynced = false;
            syncedNanos = System.nanoTime();
            now = current;
        }
        try {
            now.sync();
        } catch (IOException failed) {
            synchronized (this) {
                if (now == current && !closed) {
                    failed(failed);
                }
            }
        }
    }

    /**
     * The node stops: a last attempt to have everything in it, safely.
     *
     * @return whether that is so
     */
    boolean complete(Supplier<Collection<JournalEntry>> entries, Predicate<JournalEntry> isLive) {
        if (!isWhole()) {
            rewrite(entries, isLive);
        }
        sync(0);
        return isWhole();
    }

    /** Whether it has everything that was to be written. */
    synchronized boolean isWhole() {
        return !broken && !closed;
    }

    /** Gives the file to whoever comes next. Idempotent. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            abandon();
            closeQuietly(current);
        }
        closeQuietly(lock);
    }

    private static void closeQuietly(AutoCloseable closed) {
        try {
            closed.close();
        } catch (Exception ignored) {
            // All that matters is in the file already.
        }
    }
}
