package dev.holdfast.store;

import dev.holdfast.model.Metadata;
import java.util.Map;
import java.util.Set;

/** What a look-up found. */
public sealed interface Loaded {

    /**
     * There is no such session.
     *
     * @param epoch a random token that the store drew when its data began. A caller that knows another one learns that
     *     the store has lost its data since, and that the session may not have been ended by anybody
     */
    record Absent(String epoch) implements Loaded {}

    /** There is a session, but its time is over. It was not touched, and is left to whoever ends sessions. */
    record Due() implements Loaded {}

    /**
     * Another owner uses the session exclusively; nothing was touched. Only for a look-up that asks for a lock.
     *
     * @param remainingMillis how long its lease lasts, in milliseconds, if it is not renewed
     */
    record Locked(long remainingMillis) implements Loaded {}

    /**
     * The caller's copy is up to date.
     *
     * @param metadata the present metadata
     */
    record Unchanged(Metadata metadata) implements Loaded {}

    /**
     * The caller's copy is behind.
     *
     * @param metadata the present metadata
     * @param set encoded attributes that were set since the caller's revision
     * @param removed names of the attributes that were removed since
     */
    record Changed(Metadata metadata, Map<String, byte[]> set, Set<String> removed) implements Loaded {}

    /**
     * The whole session, because the caller had no copy, or one that is too old or that belongs to another session.
     *
     * @param metadata the present metadata
     * @param attributes all encoded attributes
     * @param epoch see {@link Absent#epoch()}
     */
    record Everything(Metadata metadata, Map<String, byte[]> attributes, String epoch) implements Loaded {}

    /**
     * The store has lost commits that the caller's copy knows, as when a replica became master before it had them. What
     * is there may be older than the copy, and newer in part; {@link SessionStore#restore} puts the two together.
     *
     * @param metadata the present metadata
     * @param names of the attributes that are there
     */
    record Behind(Metadata metadata, Set<String> names) implements Loaded {}
}
