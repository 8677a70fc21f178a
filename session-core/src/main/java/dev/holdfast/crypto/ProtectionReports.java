package dev.holdfast.crypto;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What operators read of values that do not open: once for each key. Thread-safe. */
final class ProtectionReports {

    private static final Logger log = LoggerFactory.getLogger("dev.holdfast.crypto");

    /** The names come with the bytes, which may be anything. */
    private static final int MOST_NAMES = 100;

    private static final Pattern UNPRINTABLE = Pattern.compile("[^A-Za-z0-9._-]");

    private final String whose;
    private final @Nullable KeyRing keys;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    ProtectionReports(String whose, @Nullable KeyRing keys) {
        this.whose = whose;
        this.keys = keys;
    }

    void noSuchKey(String name) {
        if (tellOnce("none " + name)) {
            log.error(
                    "HF-230 Values of {} were encrypted with the key \"{}\", which this node does not have ({}). Here they"
                            + " are as if they were not there; their bytes stay as they are, and open on nodes that"
                            + " have the key. Add it to encryptionKeys of this node, after the first one, and start the"
                            + " application again. Told once for each key.",
                    whose,
                    shown(name),
                    keys == null ? "it has none" : "it has " + String.join(", ", keys.names()));
        }
    }

    void doesNotOpen(String name) {
        if (tellOnce("other " + name)) {
            log.error(
                    "HF-231 Values of {} do not open with the key \"{}\". Here they are as if they were not there; their"
                            + " bytes stay as they are. Either nodes have different keys of this name: compare"
                            + " encryptionKeys of all of them. Or somebody who can write to Redis has altered the"
                            + " values, or has moved them from another session or attribute: see who can. Told once"
                            + " for each key.",
                    whose,
                    shown(name));
        }
    }

    void plain() {
        if (tellOnce("plain")) {
            log.error(
                    "HF-232 Values of {} are not encrypted, and were refused, because encryption is \"on\". Here they are"
                            + " as if they were not there; their bytes stay as they are. If they are of the time before"
                            + " encryption, or of nodes without it, set encryption=\"migrate\" until those sessions are"
                            + " over. Otherwise see who can write to Redis. Told once.",
                    whose);
        }
    }

    private static String shown(String name) {
        return UNPRINTABLE.matcher(name).replaceAll("?");
    }

    private boolean tellOnce(String kind) {
        return told.size() < MOST_NAMES && told.add(kind);
    }
}
