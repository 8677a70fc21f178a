package dev.holdfast.store;

/** What became of a lock that an owner gives back or renews. */
public sealed interface LockAnswer permits LockAnswer.Done, LockAnswer.NotHeld, Moved {

    /** It was the owner's, and is given back or renewed. */
    record Done() implements LockAnswer {}

    /** It is not the owner's: it was given back before, its lease has run out, or the session has ended. */
    record NotHeld() implements LockAnswer {}
}
