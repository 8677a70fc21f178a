package dev.holdfast.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * One of a few words.
 *
 * @param <E> the constants, whose texts in lower case are the words
 */
final class ChoiceKind<E extends Enum<E>> implements Kind<E> {

    private final E[] choices;
    private final List<String> plannedPrefixes;

    /**
     * @param type the constants
     * @param plannedPrefixes with what values start that are designed, and known to readers of the design, but not built
     */
    ChoiceKind(Class<E> type, String... plannedPrefixes) {
        this.choices = type.getEnumConstants();
        this.plannedPrefixes = List.of(plannedPrefixes);
    }

    @Override
    public E read(String text) {
        String word = text.toLowerCase(Locale.ROOT);
        for (E choice : choices) {
            if (write(choice).equals(text)) {
                return choice;
            }
            if (write(choice).equals(word)) {
                throw BadValueException.write(word, "it is written in lower case");
            }
        }
        if (plannedPrefixes.stream().anyMatch(word::startsWith)) {
            throw BadValueException.because("this value is not in this version");
        }
        throw BadValueException.because("it is not one of the known values");
    }

    @Override
    public void check(E value) {
        // Whatever is of the type is allowed.
    }

    @Override
    public String write(E value) {
        return value.toString().toLowerCase(Locale.ROOT);
    }

    @Override
    public String allowed() {
        return Arrays.stream(choices).map(this::write).collect(Collectors.joining(", "));
    }
}
