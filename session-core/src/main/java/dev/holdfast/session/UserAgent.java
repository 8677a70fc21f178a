package dev.holdfast.session;

/**
 * The part of a User-Agent that stays when a browser updates itself. Versions are left out: what follows a slash up to the
 * end of the word, and all digits with the points and underscores between them.
 *
 * <pre>{@code
 * Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0
 * Mozilla/ (X; Linux x; rv:) Gecko/ Firefox/
 * }</pre>
 */
final class UserAgent {

    private UserAgent() {}

    static String withoutVersions(String userAgent) {
        StringBuilder kept = new StringBuilder(userAgent.length());
        boolean inVersion = false;
        boolean afterDigit = false;
        for (int i = 0; i < userAgent.length(); i++) {
            char c = userAgent.charAt(i);
            inVersion = inVersion && !endsWord(c);
            boolean digit = c >= '0' && c <= '9';
            boolean between = afterDigit && (c == '.' || c == '_');
            afterDigit = digit || between;
            if (!inVersion && !afterDigit) {
                kept.append(c);
            }
            inVersion |= c == '/';
        }
        return kept.toString();
    }

    private static boolean endsWord(char c) {
        return c == ' ' || c == ';' || c == ',' || c == ')' || c == '(' || c == ']';
    }
}
