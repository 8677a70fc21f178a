package dev.holdfast.store.redis;

import dev.holdfast.model.SessionId;
import dev.holdfast.model.SignOnId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The names of keys in Redis. A session and all that belongs to it share a hash tag, and so a slot of a cluster: only
 * there can one script change them together.
 */
final class Keys {

    private static final Pattern SPECIAL_IN_PATTERNS = Pattern.compile("[\\\\*?\\[\\]^-]");

    private static final String RECORD = "}:s:";

    private final String prefix;
    private final String application;
    private final int partitions;
    private final IdNames ids;

    Keys(RedisStoreOptions options) {
        this.prefix = options.prefix();
        this.application = options.application();
        this.partitions = options.partitions();
        this.ids = options.ids();
    }

    /** How ids are written. */
    IdNames ids() {
        return ids;
    }

    int partitions() {
        return partitions;
    }

    int partition(SessionId id) {
        CRC32 checksum = new CRC32();
        checksum.update(id.value().getBytes(StandardCharsets.US_ASCII));
        return (int) (checksum.getValue() % partitions);
    }

    String record(int partition, SessionId id) {
        return tag(partition) + "s:" + ids.of(id);
    }

    /** What the names of all records match, as Redis understands patterns; names of others may match, too. */
    String patternOfRecords() {
        return quoted(prefix) + ":{" + quoted(application) + ":*}:s:*";
    }

    private static String quoted(String name) {
        return SPECIAL_IN_PATTERNS.matcher(name).replaceAll("\\\\$0");
    }

    /** The session whose record has this name; empty if it is not one of ours. */
    Optional<SessionId> idOfRecord(String name) {
        int mark = name.lastIndexOf(RECORD);
        return mark < 0 ? Optional.empty() : idOfRecord(name, name.substring(mark + RECORD.length()));
    }

    private Optional<SessionId> idOfRecord(String name, String id) {
        return ids.session(id).filter(session -> name.equals(record(partition(session), session)));
    }

    String due(int partition) {
        return tag(partition) + "due";
    }

    String epoch(int partition) {
        return tag(partition) + "epoch";
    }

    String moved(int partition, SessionId id) {
        return tag(partition) + "moved:" + ids.of(id);
    }

    /** That this very session was buried: another one of its id has another creation time, and so another name. */
    String ended(int partition, SessionId id, long createdMillis) {
        return tag(partition) + "ended:" + ids.of(id) + ":" + createdMillis;
    }

    String lock(int partition, SessionId id) {
        return tag(partition) + "lock:" + ids.of(id);
    }

    /** The channel on which nodes tell of locks that were given back. */
    String unlocked() {
        return prefix + ":" + application + ":unlocked";
    }

    /** The channel on which nodes tell of sessions that have ended, and of ids that were given up. */
    String ended() {
        return prefix + ":" + application + ":ended";
    }

    /** A single sign-on: one key, so that its id alone decides on the slot. */
    String signOn(SignOnId id) {
        return prefix + ":sso:" + application + ":{" + ids.of(id) + "}";
    }

    /** The epoch of all sign-ons of one server. */
    String signOnEpoch() {
        return prefix + ":signon:" + application + ":epoch";
    }

    /** The epoch of the sign-ons in the slot of this one, for a cluster, where each slot may be lost by itself. */
    String signOnEpochInSlotOf(SignOnId id) {
        return prefix + ":signon:" + application + ":{" + SlotTags.inSlotOf(ids.of(id)) + "}:epoch";
    }

    private String tag(int partition) {
        return prefix + ":{" + application + ":" + partition + "}:";
    }
}
