package dev.holdfast.config;

import dev.holdfast.crypto.KeyRing;

/** Keys with names. They never come out of here as text. */
final class KeyRingKind implements Kind<KeyRing> {

    @Override
    public KeyRing read(String text) {
        return parse(text);
    }

    static KeyRing parse(String text) {
        try {
            return KeyRing.parse(text);
        } catch (IllegalArgumentException bad) {
            throw BadValueException.because(String.valueOf(bad.getMessage()));
        }
    }

    @Override
    public void check(KeyRing value) {
        // A ring is checked where it is made.
    }

    @Override
    public String write(KeyRing value) {
        return Secret.MASK;
    }

    @Override
    public String allowed() {
        return "name:base64 with , between them: names of 1 to 32 letters, digits, dots, underscores and hyphens, and keys of"
                + " 32 bytes in base64, the first of which encrypts";
    }

    @Override
    public String shown(String text) {
        return Secret.MASK;
    }
}
