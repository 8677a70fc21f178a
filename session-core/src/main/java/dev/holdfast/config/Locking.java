package dev.holdfast.config;

import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which requests use their session one at a time. Immutable.
 *
 * @param value {@code none}, {@code request}, or {@code uri:} and a regular expression
 */
public record Locking(String value) {

    /** No lock: requests run side by side, and of two that set the same attribute the last one wins. */
    public static final Locking NONE = new Locking("none");

    /** All requests that look at their session. */
    public static final Locking REQUEST = new Locking("request");

    private static final String URI = "uri:";

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if it has another form, or if the expression is wrong
     */
    public Locking {
        if (!value.equals("none") && !value.equals("request") && !value.startsWith(URI)) {
            throw new IllegalArgumentException("it is not one of the known values");
        }
        if (value.equals(URI)) {
            throw new IllegalArgumentException("the regular expression is missing");
        }
        if (value.startsWith(URI)) {
            try {
                Pattern.compile(value.substring(URI.length()));
            } catch (PatternSyntaxException wrong) {
                throw new IllegalArgumentException(
                        "the regular expression is wrong: " + wrong.getDescription() + " near index "
                                + wrong.getIndex(),
                        wrong);
            }
        }
    }

    /**
     * The requests to some paths.
     *
     * @param regex matches the whole path within the application, decoded, without the query: {@code /cart/.*}
     * @throws IllegalArgumentException if the expression is wrong
     */
    public static Locking uri(String regex) {
        return new Locking(URI + regex);
    }

    /** Whether there are such requests at all. */
    public boolean isOn() {
        return !equals(NONE);
    }

    /** Tells by the path of a request, as {@link #uri} takes it, whether it is one of them. To be kept: it is compiled. */
    public Predicate<String> paths() {
        return value.startsWith(URI)
                ? Pattern.compile(value.substring(URI.length())).asMatchPredicate()
                : path -> isOn();
    }
}
