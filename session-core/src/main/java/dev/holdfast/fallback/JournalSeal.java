package dev.holdfast.fallback;

import dev.holdfast.crypto.Place;
import dev.holdfast.crypto.Protection;
import org.jspecify.annotations.Nullable;

/** Encrypts the records of a journal file, if session content is encrypted. Thread-safe. */
final class JournalSeal {

    private final Protection protection;
    private final Place place;

    JournalSeal(Protection protection, String application) {
        this.protection = protection;
        this.place = new Place("journal", application, "", 0);
    }

    /** Without encryption. */
    static JournalSeal none(String application) {
        return new JournalSeal(Protection.none(application), application);
    }

    /** Whether what is written is encrypted. */
    boolean isOn() {
        return protection.encrypts();
    }

    byte[] seal(long number, byte[] content) {
        return protection.in(place).sealed(nameOf(number), content);
    }

    /** Null if it does not open here: a key is missing, or another one has its name. */
    byte @Nullable [] open(long number, byte[] sealed) {
        return protection.in(place).openedOrNull(nameOf(number), sealed);
    }

    /** A record cannot be put into the place of another one. */
    private static String nameOf(long number) {
        return Long.toString(number);
    }
}
