package dev.holdfast.session;

import dev.holdfast.codec.AttributeCodec;
import dev.holdfast.codec.CodecException;
import java.util.ConcurrentModificationException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the container keeps in a session beside the attributes of the application: who is logged in, for example. It is
 * part of the same record: a commit writes both, a look merges both, and a request sees both as of the same moment. The
 * application sees nothing of it. Thread-safe.
 *
 * <p>A value counts as one that does not change: changes inside it are not looked for. Put it again to have them written.
 * {@link AttributeFilter}s are for the application's attributes only.
 */
public final class ContainerAttributes {

    /** What the names begin with in the record. No attribute of an application may begin with it. */
    private static final char MARK = '\u0001';

    private final LiveSession session;

    ContainerAttributes(LiveSession session) {
        this.session = session;
    }

    /** Whether a name in the record is one of the container's. */
    static boolean isReserved(String recordName) {
        return !recordName.isEmpty() && recordName.charAt(0) == MARK;
    }

    /** A name in the record as people may read it. */
    static String shown(String recordName) {
        return isReserved(recordName) ? recordName.substring(1) : recordName;
    }

    /**
     * The value as the calling request sees it, decoded if need be. It is the same object as long as nobody puts another
     * one, on whichever node.
     *
     * @return null if there is none, or if its bytes cannot be decoded, which is reported to the log
     */
    public @Nullable Object get(String name) {
        return open(MARK + name, session.look(MARK + name));
    }

    /**
     * The value as this node knows it. The calling request has not looked at the session yet, and what others have written
     * is still to come: it must not be kept from seeing that, as {@link #get} would.
     *
     * @return null if there is none, or if its bytes cannot be decoded
     */
    public @Nullable Object peek(String name) {
        return open(MARK + name, session.peek(MARK + name));
    }

    private @Nullable Object open(String recordName, @Nullable Attribute attribute) {
        return attribute == null ? null : attribute.value(new Opening(session, recordName));
    }

    /** Whether there is such a value, readable or not, as far as this node knows; as {@link #peek}. */
    public boolean has(String name) {
        return session.peek(MARK + name) != null;
    }

    /**
     * Keeps a value. Written with the next commit.
     *
     * @return why it cannot be encoded, and nothing has changed; empty if it is kept
     */
    public Optional<String> put(String name, Object value) {
        Optional<String> obstacle = obstacleTo(session.repository().codec(), Objects.requireNonNull(value, "value"));
        if (obstacle.isEmpty()) {
            session.put(MARK + name, Attribute.set(value));
        }
        return obstacle;
    }

    private static Optional<String> obstacleTo(AttributeCodec codec, Object value) {
        if (codec.isImmutable(value)) {
            return Optional.empty();
        }
        try {
            PatientEncoder.encode(codec, value);
            return Optional.empty();
        } catch (CodecException unwritable) {
            return Optional.of(String.valueOf(unwritable.getMessage()));
        } catch (ConcurrentModificationException changing) {
            // It is the commit that matters.
            return Optional.empty();
        }
    }

    /** Keeps no such value any more. */
    public void remove(String name) {
        session.remove(MARK + name);
    }
}
