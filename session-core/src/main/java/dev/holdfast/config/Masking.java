package dev.holdfast.config;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Makes a value fit to be shown in a message, also a value that is wrong: in a malformed URI nobody knows where the
 * password is, so only what surely is none of it stays.
 */
final class Masking {

    private static final int MAX_SHOWN_CHARACTERS = 120;
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z+-]{0,19}://");
    private static final Pattern SERVER = Pattern.compile("\\s*([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{0,9})?\\s*");
    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9._/-]*");

    private Masking() {}

    /** A value of a setting that holds no secret; if it holds something like a URI with one, that is masked. */
    static String shown(String text) {
        return printable(text.indexOf('@') >= 0 ? maskedUri(text) : text);
    }

    /** A value of the setting {@code redis}. */
    static String shownUri(String text) {
        return printable(maskedUri(text));
    }

    private static String maskedUri(String text) {
        var scheme = SCHEME.matcher(text);
        int schemeEnd = scheme.lookingAt() ? scheme.end() : 0;
        String rest = text.substring(schemeEnd);
        int at = rest.lastIndexOf('@');
        String userInfo = at < 0 ? "" : Secret.MASK + "@";
        return text.substring(0, schemeEnd) + userInfo + maskedLocation(rest.substring(at + 1));
    }

    private static String maskedLocation(String location) {
        int pathStart = location.indexOf('/');
        String servers = pathStart < 0 ? location : location.substring(0, pathStart);
        String path = pathStart < 0 ? "" : location.substring(pathStart);
        String shownServers = Arrays.stream(servers.split(",", -1))
                .map(server -> keepIf(SERVER, server))
                .collect(Collectors.joining(","));
        return shownServers + keepIf(PATH, path);
    }

    private static String keepIf(Pattern harmless, String part) {
        return part.isEmpty() || harmless.matcher(part).matches() ? part : Secret.MASK;
    }

    private static String printable(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints()
                .limit(MAX_SHOWN_CHARACTERS)
                .map(character -> Characters.isPrintable(character) ? character : '?')
                .forEach(shown::appendCodePoint);
        return text.codePointCount(0, text.length()) > MAX_SHOWN_CHARACTERS
                ? shown.append('…').toString()
                : shown.toString();
    }
}
