package dev.holdfast.store.redis;

import dev.holdfast.crypto.Vault;
import dev.holdfast.model.Metadata;
import dev.holdfast.model.SessionId;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.StoreException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the reply of a script from its first item to the last. What is not as the header of the script says is an
 * exception, never a guess: a reply that is misread could end a session.
 */
final class ReplyReader {

    private static final int METADATA_LENGTH = 32;
    private static final int REVISIONS_LENGTH = 18;
    private static final int INSTANT_LENGTH = StampedValue.INSTANT_LENGTH;

    private final Script script;
    private final List<?> items;
    private final LongConsumer clock;
    private int next;

    /**
     * @param script the script
     * @param reply what it returned: a list of byte arrays and nulls
     * @param partitions the number of partitions that this node uses, for a message
     */
    ReplyReader(Script script, @Nullable Object reply, int partitions) {
        this(script, reply, partitions, millis -> {});
    }

    /** @param clock is told what time it was in Redis, in milliseconds since the epoch, if the reply has it */
    ReplyReader(Script script, @Nullable Object reply, int partitions, LongConsumer clock) {
        this.script = script;
        this.clock = clock;
        if (!(reply instanceof List<?> list) || list.isEmpty()) {
            throw malformed("it is no list, or an empty one");
        }
        this.items = list;
        switch (peekStatus()) {
            case 'P' -> throw otherPartitions(list, partitions);
            case 'V' -> throw otherLayout(list);
            default -> {}
        }
    }

    /** The first item: one letter. */
    char status() {
        char status = peekStatus();
        next = 1;
        return status;
    }

    boolean hasNext() {
        return next < items.size();
    }

    byte[] bytes() {
        byte[] bytes = bytesOrNull();
        if (bytes == null) {
            throw malformed("item " + (next - 1) + " is nil");
        }
        return bytes;
    }

    String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    /** The next item as text, or null if it is nil. */
    @Nullable
    String textOrNull() {
        byte[] bytes = bytesOrNull();
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    /** A whole number in decimal digits. */
    long number() {
        try {
            return Long.parseLong(text());
        } catch (NumberFormatException e) {
            throw malformed("item " + (next - 1) + " is no number");
        }
    }

    SessionId id(IdNames ids) {
        return ids.session(text()).orElseThrow(() -> malformed("item " + (next - 1) + " is no session id"));
    }

    Metadata metadata() {
        ByteBuffer packed = ByteBuffer.wrap(bytesOfLength(METADATA_LENGTH));
        long revision = uint48(packed);
        if (revision < 1) {
            throw malformed("the revision is 0");
        }
        Metadata metadata = new Metadata(revision, uint48(packed), uint48(packed), packed.getInt(), packed.getInt());
        clock.accept(uint48(packed));
        return metadata;
    }

    /** The revision before a commit, and the one after it. */
    long[] revisions() {
        ByteBuffer packed = ByteBuffer.wrap(bytesOfLength(REVISIONS_LENGTH));
        long[] revisions = {uint48(packed), uint48(packed)};
        clock.accept(uint48(packed));
        return revisions;
    }

    /** What time it was in Redis; for the clock. */
    ReplyReader instant() {
        clock.accept(uint48(ByteBuffer.wrap(bytesOfLength(INSTANT_LENGTH))));
        return this;
    }

    /** So many attribute names. */
    Set<String> names(long count) {
        Set<String> names = new HashSet<>();
        for (long i = 0; i < count; i++) {
            names.add(AttributeNames.decode(bytes(), 0));
        }
        return names;
    }

    /** All that follows, as attribute names. */
    Set<String> names() {
        return names(items.size() - next);
    }

    /** All that follows, as names of attributes with the letter that marks them in the hash. */
    Set<String> fieldNames() {
        Set<String> names = new HashSet<>();
        while (hasNext()) {
            names.add(AttributeNames.decode(fieldName(), 1));
        }
        return names;
    }

    private byte[] fieldName() {
        byte[] field = bytes();
        if (field.length == 0 || field[0] != 'a') {
            throw malformed("item " + (next - 1) + " is no attribute");
        }
        return field;
    }

    /**
     * All that follows, as certificates and attributes; the names of these still carry the letter that marks them in the
     * hash.
     *
     * @param vault opens the values
     */
    Map<String, byte[]> attributes(Vault vault) {
        vault.certified(bytesOrNull());
        Map<String, byte[]> attributes = new HashMap<>();
        while (hasNext()) {
            String name = AttributeNames.decode(fieldName(), 1);
            attributes.put(name, opened(vault, name, bytes()));
        }
        return attributes;
    }

    /**
     * All that follows, as certificates and changes.
     *
     * @param vault opens the values
     */
    Changes changes(Vault vault) {
        vault.certified(bytesOrNull());
        Changes changes = new Changes(new HashMap<>(), new HashSet<>());
        while (hasNext()) {
            String name = AttributeNames.decode(bytes(), 0);
            byte[] value = bytesOrNull();
            if (value == null) {
                changes.removed.add(name);
            } else {
                changes.set.put(name, opened(vault, name, value));
            }
        }
        return changes;
    }

    private byte[] opened(Vault vault, String name, byte[] value) {
        return vault.opened(Arguments.FIELD + name, withoutInstant(value));
    }

    /** Redis keeps with each value when it was written; only its scripts look at that. */
    private byte[] withoutInstant(byte[] value) {
        if (value.length < INSTANT_LENGTH) {
            throw malformed("item " + (next - 1) + " is an attribute of only " + value.length + " bytes");
        }
        return Arrays.copyOfRange(value, INSTANT_LENGTH, value.length);
    }

    /** Nothing may follow. */
    <T> T last(T result) {
        if (hasNext()) {
            throw malformed("it has " + items.size() + " items, " + next + " were expected");
        }
        return result;
    }

    StoreException unknownStatus() {
        return malformed("its status is unknown");
    }

    private StoreException malformed(String what) {
        return new StoreException(
                Reason.SCRIPT,
                "HF-209 The answer of script " + script.label() + " is not understood: " + what
                        + ". The session was left as it is in Redis. Check whether something between this node and Redis"
                        + " alters answers, and whether all nodes run the same release.");
    }

    private char peekStatus() {
        if (!(items.get(0) instanceof byte[] status) || status.length != 1) {
            throw malformed("it does not begin with a status");
        }
        return (char) status[0];
    }

    /** The next item, which may be nil. */
    byte @Nullable [] bytesOrNull() {
        if (!hasNext()) {
            throw malformed("it ends after " + next + " items");
        }
        Object item = items.get(next++);
        if (item != null && !(item instanceof byte[])) {
            throw malformed("item " + (next - 1) + " is no string");
        }
        return (byte[]) item;
    }

    private byte[] bytesOfLength(int length) {
        byte[] bytes = bytes();
        if (bytes.length != length) {
            throw malformed("item " + (next - 1) + " has " + bytes.length + " bytes instead of " + length);
        }
        return bytes;
    }

    private static long uint48(ByteBuffer packed) {
        return ((packed.getShort() & 0xFFFFL) << 32) | (packed.getInt() & 0xFFFFFFFFL);
    }

    private static StoreException otherIds() {
        return new StoreException(
                Reason.INCOMPATIBLE,
                "HF-235 The sessions in Redis are of nodes with another opaqueIds, or with another key of the name"
                        + " \"ids\". Nothing was read or written. Give all nodes of an application"
                        + " the same, or give this one another application name.");
    }

    private static StoreException otherPartitions(List<?> items, int partitions) {
        String epoch = items.size() > 1 && items.get(1) instanceof byte[] bytes
                ? new String(bytes, StandardCharsets.UTF_8)
                : "?";
        String theirs = epoch.replaceAll("\\D.*", "");
        if (theirs.equals(Integer.toString(partitions))) {
            return otherIds();
        }
        return new StoreException(
                Reason.INCOMPATIBLE,
                "HF-211 This node is set to " + partitions + " partitions, but the sessions in Redis are spread over "
                        + theirs
                        + ". Nothing was read or written. All nodes of an application name need the same number: set"
                        + " partitions to that of the other nodes, or give this one another application name.");
    }

    private static StoreException otherLayout(List<?> items) {
        String version = items.size() > 1 && items.get(1) instanceof byte[] bytes && bytes.length > 0
                ? Integer.toString(bytes[0] & 0xFF)
                : "?";
        return new StoreException(
                Reason.INCOMPATIBLE,
                "HF-213 A session in Redis has record layout " + version + ", and this release reads layout 1 only. The"
                        + " session was left as it is. A node with a newer release has written it: upgrade this one.");
    }

    /**
     * @param set values by name
     * @param removed names
     */
    record Changes(Map<String, byte[]> set, Set<String> removed) {}
}
