package dev.holdfast.store;

import dev.holdfast.model.Metadata;

/** What became of a new session. */
public sealed interface Created {

    /**
     * The session is stored.
     *
     * @param metadata its metadata
     * @param epoch see {@link Loaded.Absent#epoch()}
     */
    record Done(Metadata metadata, String epoch) implements Created {}

    /**
     * Another session has this id; nothing was written.
     *
     * @param metadata the metadata of the other session
     */
    record Exists(Metadata metadata) implements Created {}

    /** The very same session was {@linkplain SessionStore#bury buried}: it is over. Nothing was written. */
    record Buried() implements Created {}
}
