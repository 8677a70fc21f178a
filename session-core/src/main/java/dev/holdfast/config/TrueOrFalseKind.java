package dev.holdfast.config;

import java.util.Locale;

/** Yes or no. */
final class TrueOrFalseKind implements Kind<Boolean> {

    @Override
    public Boolean read(String text) {
        String word = text.toLowerCase(Locale.ROOT);
        if (!word.equals("true") && !word.equals("false")) {
            throw BadValueException.because("it is neither true nor false");
        }
        if (!word.equals(text)) {
            throw BadValueException.write(word, "it is written in lower case");
        }
        return Boolean.valueOf(word);
    }

    @Override
    public void check(Boolean value) {
        // Both are allowed.
    }

    @Override
    public String write(Boolean value) {
        return value.toString();
    }

    @Override
    public String allowed() {
        return "true, false";
    }
}
