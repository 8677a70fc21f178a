package dev.holdfast.config;

import org.jspecify.annotations.Nullable;

/** One value is not allowed. Its message says why, and never shows a secret. */
final class BadValueException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final @Nullable String betterName;
    private final @Nullable String betterValue;

    private BadValueException(String reason, @Nullable String betterName, @Nullable String betterValue) {
        super(reason);
        this.betterName = betterName;
        this.betterValue = betterValue;
    }

    /** Nothing better can be suggested than the default. */
    static BadValueException because(String reason) {
        return new BadValueException(reason, null, null);
    }

    /** The person probably meant this value. */
    static BadValueException write(String betterValue, String reason) {
        return new BadValueException(reason, null, betterValue);
    }

    /** The person probably meant another setting. */
    static BadValueException writeElsewhere(String betterName, String betterValue, String reason) {
        return new BadValueException(reason, betterName, betterValue);
    }

    String reason() {
        return String.valueOf(getMessage());
    }

    String betterNameOr(String name) {
        return betterName == null ? name : betterName;
    }

    String betterValueOr(String value) {
        return betterValue == null ? value : betterValue;
    }
}
