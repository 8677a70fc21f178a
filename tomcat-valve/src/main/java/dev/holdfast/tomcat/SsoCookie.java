package dev.holdfast.tomcat;

import dev.holdfast.model.SignOnId;
import jakarta.servlet.http.Cookie;
import java.util.Optional;
import org.apache.catalina.connector.Request;

/** The cookie that names a sign-on. */
final class SsoCookie {

    private SsoCookie() {}

    /** What a request carries; empty if it is malformed, so that Redis need not be asked. */
    static Optional<SignOnId> of(Request request, String cookieName) {
        Cookie[] cookies = request.getCookies();
        if (cookies != null) {
            for (Cookie cookie : cookies) {
                if (cookieName.equals(cookie.getName())) {
                    // Tomcat goes by the first one.
                    return SignOnId.parse(cookie.getValue());
                }
            }
        }
        return Optional.empty();
    }
}
