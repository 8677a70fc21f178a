package dev.holdfast.config;

/**
 * Text that must not be shown: {@link #toString()} is {@code ***}. Immutable.
 *
 * @param value the text itself; give it to the connection, and to nothing that logs
 */
public record Secret(String value) {

    /** What stands in messages in place of a secret. */
    static final String MASK = "***";

    /** Always {@code ***}. */
    @Override
    public String toString() {
        return MASK;
    }
}
