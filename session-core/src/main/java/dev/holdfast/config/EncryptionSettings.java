package dev.holdfast.config;

import dev.holdfast.crypto.KeyRing;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether session content is encrypted, and with what. Immutable; {@link #toString()} shows no key.
 *
 * @param mode what becomes of session content
 * @param keys the keys; null if there are none, and then nothing is encrypted
 * @param opaqueIds whether Redis has no id of a session or a sign-on as clients have it
 */
public record EncryptionSettings(Encryption mode, @Nullable KeyRing keys, boolean opaqueIds) {

    /** Without encryption. */
    static final EncryptionSettings NONE = new EncryptionSettings(Encryption.OFF, null, false);

    /** Who gives keys wants encryption: so it is on, unless it is said that it is not. */
    static EncryptionSettings of(@Nullable Encryption mode, @Nullable KeyRing keys, boolean opaqueIds) {
        Encryption meant = keys == null ? Encryption.OFF : Encryption.ON;
        return new EncryptionSettings(mode == null ? meant : mode, keys, opaqueIds);
    }

    /** What is wrong, if anything is. */
    Optional<String> problem() {
        if (opaqueIds && (mode == Encryption.OFF || keys == null || !keys.hidesIds())) {
            return Optional.of(Origin.ATTRIBUTE.assignment(Vocabulary.OPAQUE_IDS.name(), "true")
                    + (keys == null || !keys.hidesIds()
                            ? ": there is no key with the name ids. Add one to the keys, beside those that encrypt"
                            : ": encryption is off, and sessions hold ids of sign-ons, too. Set it to migrate or on"));
        }
        if (mode == Encryption.OFF || keys != null) {
            return Optional.empty();
        }
        return Optional.of(Origin.ATTRIBUTE.assignment(
                        Vocabulary.ENCRYPTION.name(),
                        Vocabulary.ENCRYPTION.kind().write(mode))
                + ": there are no keys. Write "
                + Origin.ATTRIBUTE.assignment(
                        Vocabulary.ENCRYPTION_KEYS_FILE.name(), Vocabulary.ENCRYPTION_KEYS_FILE.example())
                + " or "
                + Origin.ATTRIBUTE.assignment(Vocabulary.ENCRYPTION_KEYS.name(), Vocabulary.ENCRYPTION_KEYS.example()));
    }
}
