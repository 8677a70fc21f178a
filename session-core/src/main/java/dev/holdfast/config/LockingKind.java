package dev.holdfast.config;

import java.util.Locale;

/** Which requests use their session one at a time. */
final class LockingKind implements Kind<Locking> {

    @Override
    public Locking read(String text) {
        try {
            return new Locking(text);
        } catch (IllegalArgumentException bad) {
            String lower = text.toLowerCase(Locale.ROOT);
            if (!lower.equals(text) && (lower.equals("none") || lower.equals("request"))) {
                throw BadValueException.write(lower, "it is written in lower case");
            }
            throw BadValueException.because(String.valueOf(bad.getMessage()));
        }
    }

    @Override
    public void check(Locking value) {
        // It checks itself.
    }

    @Override
    public String write(Locking value) {
        return value.value();
    }

    @Override
    public String allowed() {
        return "none, request, uri:<regex>, with a regular expression for the path within the application";
    }
}
