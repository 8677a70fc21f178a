package dev.holdfast.demo;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Proves that a form comes from a page that was made for this session, and not from a page of somebody else. Both nodes
 * know it, because it is in the session.
 */
record FormToken(String value) {

    /** The name of the form's field. */
    static final String FIELD = "token";

    private static final String ATTRIBUTE = "formToken";
    private static final int BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** The token of a session; a new one at its first use. */
    static FormToken of(HttpSession session) {
        return session.getAttribute(ATTRIBUTE) instanceof String value ? new FormToken(value) : renew(session);
    }

    /** Makes the forms of all earlier pages useless. */
    static FormToken renew(HttpSession session) {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        FormToken token = new FormToken(HexFormat.of().formatHex(bytes));
        session.setAttribute(ATTRIBUTE, token.value());
        return token;
    }

    /** Whether the request has a session and a form that was made for it. Does not make a session. */
    static boolean isIn(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        String given = request.getParameter(FIELD);
        return session != null
                && given != null
                && session.getAttribute(ATTRIBUTE) instanceof String value
                && MessageDigest.isEqual(
                        value.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }
}
