package dev.holdfast.fallback;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * That one process alone has a journal. It is a file of its own, because the journal itself is replaced now and then; it
 * stays when it is not locked any more, because who deletes it may delete that of the next one.
 */
final class JournalFileLock implements AutoCloseable {

    private final FileChannel channel;

    private JournalFileLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes it; null if somebody else has it, in this process or in another one. */
    static @Nullable JournalFileLock take(Path journal) throws IOException {
        Path file = JournalFileName.sibling(journal, ".lock");
        JournalGeneration.createForUsAlone(file);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        boolean taken = false;
        try {
            FileLock lock = channel.tryLock();
            taken = lock != null;
        } catch (OverlappingFileLockException inThisProcess) {
            return null;
        } finally {
            if (!taken) {
                channel.close();
            }
        }
        return taken ? new JournalFileLock(channel) : null;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
