package dev.holdfast.fallback;

import dev.holdfast.fallback.JournalFormat.ForeignFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * The file of a journal, as it is found at a start, and made fit to be written to.
 *
 * @param newPath of the file that takes its place, when it is written anew
 * @param generation to be written to from now on
 * @param found what an earlier process has left
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares these.
record JournalFileOpening(
        Path path,
        Path newPath,
        byte[] header,
        JournalFileLock lock,
        JournalFileReport report,
        JournalSeal seal,
        JournalGeneration generation,
        List<JournalEntry> found) {

    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);

    static JournalFileOpening open(Path setting, String application, JournalTimes times, JournalSeal seal)
            throws JournalFileRefusedException {
        Path path = JournalFileName.of(setting, application);
        JournalFileReport report = new JournalFileReport(application, path);
        try {
            JournalFileLock lock = JournalFileLock.take(path);
            if (lock == null) {
                throw report.locked();
            }
            boolean opened = false;
            try {
                JournalFileOpening opening = open(path, application, lock, report, times, seal);
                opened = true;
                return opening;
            } finally {
                if (!opened) {
                    lock.close();
                }
            }
        } catch (ForeignFileException foreign) {
            throw report.foreign(foreign);
        } catch (IOException unusable) {
            throw report.unusable(unusable);
        }
    }

    private static JournalFileOpening open(
            Path path,
            String application,
            JournalFileLock lock,
            JournalFileReport report,
            JournalTimes times,
            JournalSeal seal)
            throws IOException, ForeignFileException {
        int version = seal.isOn() ? JournalFormat.ENCRYPTED_VERSION : JournalFormat.VERSION;
        byte[] header = JournalFormat.header(application, version);
        Path newPath = JournalFileName.sibling(path, ".new");
        JournalContent content = contentOf(path, application, times, seal);
        JournalGeneration generation;
        if (content.fileBytes() == 0) {
            generation = JournalGeneration.create(path, header);
        } else if (content.isTorn() || content.version() != version) {
            if (content.isTorn()) {
                report.torn(content, copyOf(path));
            }
            generation = onlyWhatIsWhole(content, newPath, header, times, seal);
            generation.moveTo(newPath, path);
        } else {
            generation = JournalGeneration.append(
                    path,
                    header.length,
                    content.entries().stream().map(JournalEntry::number).toList());
        }
        return new JournalFileOpening(path, newPath, header, lock, report, seal, generation, content.entries());
    }

    private static JournalContent contentOf(Path path, String application, JournalTimes times, JournalSeal seal)
            throws IOException, ForeignFileException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return new JournalContent(List.of(), 0, 0, JournalFormat.VERSION);
        }
        if (!Files.isRegularFile(path)) {
            throw new ForeignFileException("it is not a file");
        }
        return JournalContent.read(path, application, times, seal);
    }

    private static Path copyOf(Path torn) throws IOException {
        Path copy = JournalFileName.sibling(
                torn, ".torn-" + NAME.format(InstantSource.system().instant()));
        Files.copy(torn, copy, StandardCopyOption.COPY_ATTRIBUTES);
        JournalGeneration.restrict(copy);
        return copy;
    }

    private static JournalGeneration onlyWhatIsWhole(
            JournalContent content, Path newPath, byte[] header, JournalTimes times, JournalSeal seal)
            throws IOException {
        JournalGeneration whole = JournalGeneration.create(newPath, header);
        try {
            for (JournalEntry entry : content.entries()) {
                whole.append(entry.number(), JournalFormat.encode(entry.toWrite(true, times), seal));
            }
            whole.sync();
            return whole;
        } catch (IOException failed) {
            whole.close();
            throw failed;
        }
    }
}
