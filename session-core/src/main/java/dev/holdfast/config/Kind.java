package dev.holdfast.config;

/**
 * How the text of a setting becomes its value, and which values are allowed.
 *
 * @param <T> the type of the value
 */
interface Kind<T> {

    /**
     * Reads and checks.
     *
     * @throws BadValueException if the text has another form, or its value is not allowed
     */
    T read(String text);

    /**
     * Checks a value that did not come from text.
     *
     * @throws BadValueException if it is not allowed
     */
    void check(T value);

    /** The text that is read back to the value; masked if it holds a secret. */
    String write(T value);

    /** Which values are allowed, with the unit, for a message. */
    String allowed();

    /** A text as a message may show it, whatever it contains. */
    default String shown(String text) {
        return Masking.shown(text);
    }
}
