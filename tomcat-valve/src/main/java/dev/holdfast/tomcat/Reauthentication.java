package dev.holdfast.tomcat;

import dev.holdfast.session.SignOn;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import org.apache.juli.logging.Log;
import org.apache.juli.logging.LogFactory;

/** What single sign-on, with {@code requireReauthentication}, can ask the realm again with, as in Tomcat. */
final class Reauthentication {

    private static final Log log = LogFactory.getLog(RedisSingleSignOn.class);

    private Reauthentication() {}

    /** Tells of applications that are to log users in again without their passwords. */
    static void warnWithoutPasswords(boolean required, boolean passwordsAreKept) {
        if (required && !passwordsAreKept) {
            log.warn("HF-508 requireReauthentication is set, but the realm cannot be asked without a password, and"
                    + " passwords are not kept. Applications with BASIC go by the header that browsers repeat; those"
                    + " with FORM ask again for each protected request. Set storePassword=\"true\" if passwords may be"
                    + " in Redis, or ssoReauthenticationMode=\"principal\" on the authenticators.");
        }
    }

    /** Whether a login was of a kind that can be repeated, if there is a password. */
    static boolean isPossible(SignOn signOn) {
        return HttpServletRequest.BASIC_AUTH.equals(signOn.authType())
                || HttpServletRequest.FORM_AUTH.equals(signOn.authType());
    }

    /** Whether a later login can do what the present one of a sign-on cannot. */
    static boolean isBetterWith(SignOn later, SignOn present) {
        return present.principal() == null
                || !isPossible(present)
                || (later.password() != null && isOutdated(present, later));
    }

    private static boolean isOutdated(SignOn present, SignOn later) {
        return present.password() == null
                || (Objects.equals(present.username(), later.username())
                        && !present.password().equals(later.password()));
    }
}
