package dev.holdfast.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Replaces a name in braces after a dollar sign, with or without a default, by the variable of the environment. A second
 * dollar sign before it keeps it as it is. What comes out is not looked through again, so a variable may contain anything.
 */
final class Placeholders {

    private static final String OPENING = "${";
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");

    private final Function<String, @Nullable String> environment;

    Placeholders(Function<String, @Nullable String> environment) {
        this.environment = environment;
    }

    /**
     * @throws BadValueException if a placeholder is malformed, or its variable is not set and it has no default
     */
    String replace(String text) {
        StringBuilder replaced = new StringBuilder();
        List<String> unset = new ArrayList<>();
        int position = 0;
        for (int open = text.indexOf(OPENING); open >= 0; open = text.indexOf(OPENING, position)) {
            if (open > position && text.charAt(open - 1) == '$') {
                replaced.append(text, position, open - 1).append(OPENING);
                position = open + OPENING.length();
                continue;
            }
            int close = text.indexOf('}', open);
            if (close < 0) {
                throw BadValueException.because("a ${ has no }; $${ stands for a ${ that is meant as it is");
            }
            replaced.append(text, position, open).append(value(text.substring(open + OPENING.length(), close), unset));
            position = close + 1;
        }
        if (!unset.isEmpty()) {
            throw BadValueException.because("not set in the environment of the server: " + String.join(", ", unset)
                    + ". Set it there, or give a default: ${NAME:default}");
        }
        return replaced.append(text, position, text.length()).toString();
    }

    private String value(String placeholder, List<String> unset) {
        int colon = placeholder.indexOf(':');
        String name = colon < 0 ? placeholder : placeholder.substring(0, colon);
        @Nullable String defaultValue = colon < 0 ? null : placeholder.substring(colon + 1);
        if (!NAME.matcher(name).matches()) {
            throw BadValueException.because("what stands in ${ } is not the name of a variable");
        }
        if (defaultValue != null && (defaultValue.startsWith("-") || defaultValue.contains(OPENING))) {
            throw BadValueException.because("a default is written ${NAME:default}, without - and without a further ${");
        }
        String value = environment.apply(name);
        if (value != null) {
            return value;
        }
        if (defaultValue != null) {
            return defaultValue;
        }
        unset.add(name);
        return "";
    }
}
