package dev.holdfast.tomcat;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.catalina.Pipeline;
import org.apache.catalina.Valve;
import org.apache.catalina.authenticator.AuthenticatorBase;
import org.apache.catalina.authenticator.NonLoginAuthenticator;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;

/**
 * Does what Tomcat's {@link NonLoginAuthenticator} does for applications without a login configuration, but asks Redis
 * for the session only if somebody has logged in to it on this node.
 *
 * <p>Tomcat's own looks at the session of every request, to see whether the application has called {@code
 * request.login()} before. In memory that is free; here it would cost a round trip for every image, and would count as
 * an access.
 */
final class QuietAuthenticator extends AuthenticatorBase {

    private QuietAuthenticator() {}

    /** Takes the place of Tomcat's own authenticator, if that is the one for applications without a login. */
    static void replace(Pipeline pipeline) {
        for (Valve valve : pipeline.getValves()) {
            if (valve.getClass() == NonLoginAuthenticator.class) {
                pipeline.removeValve(valve);
                pipeline.addValve(new QuietAuthenticator());
            }
        }
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        LookLimit.LOGGED_IN_HERE.begin();
        try {
            super.invoke(request, response);
        } finally {
            LookLimit.end();
        }
    }

    /** What follows is the application: it may look. */
    @Override
    public Valve getNext() {
        LookLimit.end();
        return super.getNext();
    }

    @Override
    protected boolean doAuthenticate(Request request, HttpServletResponse response) throws IOException {
        if (checkForCachedAuthentication(request, response, true) && cache) {
            request.getSessionInternal(true).setPrincipal(request.getPrincipal());
        }
        return true;
    }

    @Override
    protected String getAuthMethod() {
        return "NONE";
    }
}
