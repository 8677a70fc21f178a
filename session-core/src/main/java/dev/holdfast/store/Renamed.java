package dev.holdfast.store;

/** What became of a change of id. */
public sealed interface Renamed permits Renamed.Done, Renamed.Gone, Renamed.Taken, Moved {

    /** The session is known by its new id only. */
    record Done() implements Renamed {}

    /** The session has ended. */
    record Gone() implements Renamed {}

    /** The new id is taken: draw another one. */
    record Taken() implements Renamed {}
}
