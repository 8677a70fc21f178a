package dev.holdfast.it;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What is logged while it is open, by Holdfast and its libraries; and by others, as they are set. */
final class LogRecords implements AutoCloseable {

    private static final Logger ROOT = Logger.getLogger("");
    private static final Logger OURS = Logger.getLogger("dev.holdfast");

    private final Queue<Line> lines = new ConcurrentLinkedQueue<>();
    private final Level levelBefore = OURS.getLevel();
    private final Handler handler = new Handler() {

        private final SimpleFormatter formatter = new SimpleFormatter();

        @Override
        public void publish(LogRecord record) {
            lines.add(new Line(record.getLevel(), formatter.formatMessage(record) + stackTraceOf(record.getThrown())));
        }

        @Override
        public void flush() {
            // Nothing is buffered.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    };

    /** All, on the finest level. */
    LogRecords() {
        this(Level.ALL);
    }

    private LogRecords(Level finest) {
        handler.setLevel(finest);
        ROOT.addHandler(handler);
        OURS.setLevel(finest);
    }

    /** What operators see. Tests that run for minutes under load would fill the memory with all that the driver has to say. */
    static LogRecords forOperators() {
        return new LogRecords(Level.INFO);
    }

    /**
     * A record.
     *
     * @param text the message, and the stack trace if there is one
     */
    record Line(Level level, String text) {}

    List<Line> lines() {
        return List.copyOf(lines);
    }

    /** Those that contain a text. */
    List<Line> with(String text) {
        return lines.stream().filter(line -> line.text.contains(text)).toList();
    }

    private static String stackTraceOf(Throwable thrown) {
        if (thrown == null) {
            return "";
        }
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        return "\n" + text;
    }

    @Override
    public void close() {
        ROOT.removeHandler(handler);
        OURS.setLevel(levelBefore);
    }
}
