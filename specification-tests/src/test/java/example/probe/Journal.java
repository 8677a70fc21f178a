package example.probe;

import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What listeners have heard of, on all nodes, in this order. */
public final class Journal {

    /** What an entry is about. */
    public enum Topic {
        CONTEXT,
        CONTEXT_ATTRIBUTE,
        REQUEST,
        REQUEST_ATTRIBUTE,
        SESSION,
        SESSION_ID,
        ATTRIBUTE,
        BINDING,
        ACTIVATION
    }

    /** One call of one listener; the node is the one of the application that the listener belongs to. */
    public record Entry(String node, Topic topic, String text) {}

    private static final ConcurrentLinkedQueue<Entry> ENTRIES = new ConcurrentLinkedQueue<>();

    private Journal() {}

    /** Writes down that a listener was called. */
    public static void note(ServletContext application, Topic topic, String text) {
        ENTRIES.add(new Entry(application.getInitParameter("node"), topic, text));
    }

    /** All entries since the last {@link #clear()} of some topics; they stay. */
    public static List<Entry> entries(Topic... topics) {
        Set<Topic> wanted = Set.of(topics);
        return new ArrayList<>(ENTRIES)
                .stream().filter(entry -> wanted.contains(entry.topic())).toList();
    }

    /** Forgets everything. */
    public static void clear() {
        ENTRIES.clear();
    }
}
