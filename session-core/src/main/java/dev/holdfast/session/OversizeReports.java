package dev.holdfast.session;

import dev.holdfast.model.SessionId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells operators of attributes and sessions that are too large: once a minute at most for each attribute name and class.
 * Thread-safe.
 */
final class OversizeReports {

    private static final Logger log = LoggerFactory.getLogger("dev.holdfast.session");
    private static final int MOST_KINDS = 1000;
    private static final String ALL_OTHERS = "";

    private final LongSupplier nanoTicker;
    private final Map<String, Recurrence> kinds = new ConcurrentHashMap<>();
    private final LongAdder attributes = new LongAdder();
    private final LongAdder sessions = new LongAdder();

    OversizeReports(LongSupplier nanoTicker) {
        this.nanoTicker = nanoTicker;
    }

    /** How often an attribute was larger than it may be, whether it was stored or not. */
    long attributes() {
        return attributes.sum();
    }

    /** How often an attribute made its session larger than it may be, whether it was stored or not. */
    long sessions() {
        return sessions.sum();
    }

    void attribute(SessionId id, String name, Class<?> type, int encoded, int stored, SizeLimits limits) {
        attributes.increment();
        Recurrence kind = kind("attribute", name, type);
        if (!kind.isToBeTold()) {
            return;
        }
        if (limits.rejects()) {
            log.error(
                    "HF-241 The attribute \"{}\" of session {}, a {}, takes {} bytes in Redis ({} before compression), more"
                            + " than maxAttributeBytes, {}. It is not stored, because onOversize is \"reject\": it stays in"
                            + " this node's memory, other nodes see no attribute of that name, and it is gone when this"
                            + " node stops. Keep less in the session, or raise maxAttributeBytes. ({} times since the"
                            + " start; told once a minute for each attribute name and class.)",
                    name,
                    id,
                    type.getTypeName(),
                    stored,
                    encoded,
                    limits.maxAttributeBytes(),
                    kind.count());
        } else {
            log.warn(
                    "HF-240 The attribute \"{}\" of session {}, a {}, takes {} bytes in Redis ({} before compression), more"
                            + " than maxAttributeBytes, {}. It is stored all the same, because onOversize is \"warn\"."
                            + " Nothing is lost; but each request that changes it sends all of it, and Redis serves"
                            + " nobody else meanwhile. Keep less in the session, or raise maxAttributeBytes. ({} times"
                            + " since the start; told once a minute for each attribute name and class.)",
                    name,
                    id,
                    type.getTypeName(),
                    stored,
                    encoded,
                    limits.maxAttributeBytes(),
                    kind.count());
        }
    }

    /**
     * An attribute makes its session too large.
     *
     * @param stored how many bytes it takes itself
     * @param sum how many the session takes with it
     */
    void session(SessionId id, String name, Class<?> type, int stored, long sum, SizeLimits limits) {
        sessions.increment();
        Recurrence kind = kind("session", name, type);
        if (!kind.isToBeTold()) {
            return;
        }
        if (limits.rejects()) {
            log.error(
                    "HF-243 With its attribute \"{}\", a {} of {} bytes, session {} would take {} bytes in Redis, more than"
                            + " maxSessionBytes, {}. The attribute is not stored, because onOversize is \"reject\": it"
                            + " stays in this node's memory, other nodes see no attribute of that name, and it is gone"
                            + " when this node stops. Keep less in the session, or raise maxSessionBytes. ({} times since"
                            + " the start; told once a minute for each attribute name and class.)",
                    name,
                    type.getTypeName(),
                    stored,
                    id,
                    sum,
                    limits.maxSessionBytes(),
                    kind.count());
        } else {
            log.warn(
                    "HF-242 With its attribute \"{}\", a {} of {} bytes, session {} takes {} bytes in Redis, more than"
                            + " maxSessionBytes, {}. It is stored all the same, because onOversize is \"warn\". Nothing is"
                            + " lost; but a node that does not know the session loads all of it, and Redis may run out of"
                            + " memory. Keep less in the session, or raise maxSessionBytes. ({} times since the start;"
                            + " told once a minute for each attribute name and class.)",
                    name,
                    type.getTypeName(),
                    stored,
                    id,
                    sum,
                    limits.maxSessionBytes(),
                    kind.count());
        }
    }

    private Recurrence kind(String what, String name, Class<?> type) {
        String key = what + ' ' + type.getName() + ' ' + name;
        Recurrence known = kinds.get(key);
        if (known != null) {
            return known;
        }
        return kinds.computeIfAbsent(kinds.size() < MOST_KINDS ? key : ALL_OTHERS, other -> new Recurrence(nanoTicker));
    }
}
