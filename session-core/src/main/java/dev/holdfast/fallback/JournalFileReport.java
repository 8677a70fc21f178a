package dev.holdfast.fallback;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells operators what becomes of the file of the journal. Thread-safe. */
final class JournalFileReport {

    private static final Logger log = LoggerFactory.getLogger("dev.holdfast.fallback");

    private final String application;
    private final Path path;

    JournalFileReport(String application, Path path) {
        this.application = application;
        this.path = path;
    }

    void read(Collection<JournalEntry> entries) {
        if (!entries.isEmpty()) {
            log.warn(
                    "HF-630 The journal {} of {} holds what an earlier run of this node did to {} sessions ({} changed"
                            + " attributes) and Redis has not heard of. It is brought to Redis as soon as that answers."
                            + " Sessions that began here meanwhile are known on this node at once.",
                    path,
                    application,
                    entries.size(),
                    entries.stream().mapToInt(entry -> entry.changes().size()).sum());
        }
    }

    void torn(JournalContent content, Path copy) {
        log.error(
                "HF-631 The journal {} of {} is torn: {} of its {} bytes are whole, with {} sessions, which are used. The"
                        + " rest cannot be read, so the latest changes of some sessions may be lost. The file as it was is"
                        + " kept as {}; it holds session content: delete it when you do not need it. This happens when the"
                        + " machine loses power or the disk is full.",
                path,
                application,
                content.wholeBytes(),
                content.fileBytes(),
                content.entries().size(),
                copy);
    }

    JournalFileRefusedException locked() {
        return new JournalFileRefusedException("The journal " + path + " of " + application
                + " is in use by another process, or by another application"
                + " of this one with the same applicationName. Give each node a journalFile of its own, for"
                + " example below ${catalina.base}.");
    }

    JournalFileRefusedException foreign(Exception what) {
        return new JournalFileRefusedException(
                "The journal " + path + " of " + application + " cannot be used: " + what.getMessage()
                        + ". It was left as it is. Move it away if nobody needs it, start the version of Holdfast or the"
                        + " application that it belongs to, or set another journalFile.",
                what);
    }

    JournalFileRefusedException unusable(IOException cause) {
        return new JournalFileRefusedException(
                "The journal " + path + " of " + application + " cannot be read or written (" + cause
                        + "). The directory has to be there, and this process has to be allowed to make files in it. Put"
                        + " that right and restart, or set another journalFile.",
                cause);
    }

    void failed(IOException cause) {
        log.error(
                "HF-633 The journal {} of {} cannot be written: {}. Sessions go on, and what is done to them while Redis"
                        + " does not answer is kept in memory only: it is lost if this node stops before Redis is back."
                        + " Check the disk. It is tried again every {} seconds.",
                path,
                application,
                cause.toString(),
                JournalFile.RETRY_SECONDS);
    }

    void worksAgain() {
        log.warn("HF-634 The journal {} of {} can be written again, and has everything.", path, application);
    }

    void cannotBeEmptied(IOException cause) {
        log.error(
                "HF-636 The journal {} of {} holds changes that Redis knows by now, and cannot be emptied: {}. Delete it"
                        + " before this node is started again, or sessions that have ended since may come back.",
                path,
                application,
                cause.toString());
    }

    /** The node stops. */
    void kept(int sessions, int changes) {
        log.warn(
                "HF-635 This node stops while Redis does not answer. What was done here to {} sessions of {} since the"
                        + " outage began ({} changed attributes) is kept in {}, and brought to Redis when this node is"
                        + " started again. Do not delete the file.",
                sessions,
                application,
                changes,
                path);
    }
}
