package dev.holdfast.crypto;

import org.jspecify.annotations.Nullable;

/**
 * What is done to the values of one application on their way out of this node and back. Immutable, thread-safe.
 *
 * <p>Without keys, values go out as they are, and encrypted ones that come back are told about and do not open.
 */
public final class Protection {

    private final @Nullable KeyRing keys;
    private final boolean encrypts;
    private final boolean acceptsPlain;
    private final ProtectionReports reports;
    private final @Nullable HiddenIds hiddenIds;

    private Protection(
            @Nullable KeyRing keys,
            boolean encrypts,
            boolean acceptsPlain,
            ProtectionReports reports,
            @Nullable HiddenIds hiddenIds) {
        this.keys = keys;
        this.encrypts = encrypts;
        this.acceptsPlain = acceptsPlain;
        this.reports = reports;
        this.hiddenIds = hiddenIds;
    }

    /**
     * Without keys.
     *
     * @param whose whose values they are, for messages, such as {@code localhost/shop}
     */
    public static Protection none(String whose) {
        return new Protection(null, false, true, new ProtectionReports(whose, null), null);
    }

    /**
     * With keys.
     *
     * @param keys the keys
     * @param encrypts whether values that go out are encrypted; those that come back are decrypted in any case
     * @param acceptsPlain whether values that come back and are not encrypted count
     * @param whose whose values they are, for messages
     */
    public static Protection with(KeyRing keys, boolean encrypts, boolean acceptsPlain, String whose) {
        return new Protection(keys, encrypts, acceptsPlain, new ProtectionReports(whose, keys), null);
    }

    /**
     * The same, with ids that are hidden, too.
     *
     * @param ring has the key for them
     * @param whose whose ids they are
     * @throws IllegalArgumentException if it has none
     */
    public Protection withHiddenIds(KeyRing ring, String whose) {
        HiddenIds hidden = ring.hiddenIds(whose);
        if (hidden == null) {
            throw new IllegalArgumentException("There is no key for ids");
        }
        return new Protection(keys, encrypts, acceptsPlain, reports, hidden);
    }

    /** How ids look to others; null if they look as they are. */
    public @Nullable HiddenIds hiddenIds() {
        return hiddenIds;
    }

    /** Whether values that go out are encrypted. */
    public boolean encrypts() {
        return encrypts;
    }

    /** A place for values. */
    public Vault in(Place place) {
        return new Vault(this, place);
    }

    @Nullable
    KeyRing keys() {
        return keys;
    }

    boolean acceptsPlain() {
        return acceptsPlain;
    }

    ProtectionReports reports() {
        return reports;
    }

    /** The names of the keys, and nothing else of them. */
    @Override
    public String toString() {
        return "Protection[" + (keys == null ? "no keys" : keys + (encrypts ? "" : ", only to read")) + "]";
    }
}
