package dev.holdfast.store;

/** What became of the end of a session. */
public sealed interface Removed permits Removed.Done, Removed.Absent, Moved {

    /** The session was there and is gone. Exactly one caller is told so. */
    record Done() implements Removed {}

    /** There was no such session. */
    record Absent() implements Removed {}
}
