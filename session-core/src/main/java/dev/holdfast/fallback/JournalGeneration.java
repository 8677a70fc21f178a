package dev.holdfast.fallback;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * A file of records that is written to, until a smaller one takes its place. Not thread-safe, but for {@link #sync}. Not a
 * channel: that would be closed for all if one thread that writes to it is interrupted.
 */
final class JournalGeneration implements AutoCloseable {

    private static final Set<PosixFilePermission> OURS_ALONE = PosixFilePermissions.fromString("rw-------");

    /** What is finished is only a number. */
    private static final JournalSeal UNSEALED = JournalSeal.none("");

    /** The entries that have records here, and are not finished. */
    private final Set<Long> live = new HashSet<>();

    private final int headerBytes;
    private volatile RandomAccessFile file;
    private long size;

    private JournalGeneration(RandomAccessFile file, int headerBytes, Collection<Long> live) throws IOException {
        this.file = file;
        this.headerBytes = headerBytes;
        this.live.addAll(live);
        this.size = file.length();
        file.seek(size);
    }

    /** Begins a file; one that is there goes. */
    static JournalGeneration create(Path path, byte[] header) throws IOException {
        Files.deleteIfExists(path);
        createForUsAlone(path);
        JournalGeneration created =
                new JournalGeneration(new RandomAccessFile(path.toFile(), "rw"), header.length, Set.of());
        try {
            created.write(header);
            syncDirectory(path);
            return created;
        } catch (IOException failed) {
            created.close();
            throw failed;
        }
    }

    /** Goes on with a file. */
    static JournalGeneration append(Path path, int headerBytes, Collection<Long> live) throws IOException {
        restrict(path);
        return new JournalGeneration(new RandomAccessFile(path.toFile(), "rw"), headerBytes, live);
    }

    /** Makes an empty file that no other user of the machine can read. */
    static void createForUsAlone(Path path) throws IOException {
        try {
            if (hasPosixPermissions(path)) {
                Files.createFile(path, PosixFilePermissions.asFileAttribute(OURS_ALONE));
            } else {
                Files.createFile(path);
            }
        } catch (FileAlreadyExistsException present) {
            // As it should be.
        }
    }

    /** No other user of the machine can read it. */
    static void restrict(Path path) throws IOException {
        if (hasPosixPermissions(path)) {
            Files.setPosixFilePermissions(path, OURS_ALONE);
        }
    }

    private static boolean hasPosixPermissions(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private void write(byte[] bytes) throws IOException {
        file.write(bytes);
        size += bytes.length;
    }

    void append(long number, byte[] record) throws IOException {
        write(record);
        live.add(number);
    }

    /** An entry need not be brought any more. When that holds for all, nothing is left in the file. */
    void finish(long number) throws IOException {
        if (!live.contains(number)) {
            return;
        }
        if (live.size() == 1) {
            clear();
        } else {
            write(JournalFormat.encode(new JournalRecord.Finished(number), UNSEALED));
            live.remove(number);
        }
    }

    void clear() throws IOException {
        file.setLength(headerBytes);
        file.seek(headerBytes);
        size = headerBytes;
        live.clear();
    }

    boolean isEmpty() {
        return size <= headerBytes;
    }

    long size() {
        return size;
    }

    /** Returns when all that was written before survives a loss of power. */
    void sync() throws IOException {
        file.getFD().sync();
    }

    /** Puts it in the place of another file, which is not open any more. */
    void moveTo(Path from, Path to) throws IOException {
        // Some systems do not move files that are open.
        file.close();
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        file = new RandomAccessFile(to.toFile(), "rw");
        file.seek(size);
        syncDirectory(to);
    }

    /** Or the file may be safe on the disk, and its name not. Some systems cannot do this, and need not. */
    private static void syncDirectory(Path file) {
        try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        } catch (IOException notHere) {
            // The file itself is written all the same.
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
