package dev.holdfast.tomcat;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.Container;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.jspecify.annotations.Nullable;

/**
 * Notes who has sent a request. It stands last in the pipeline of a host: behind a {@code RemoteIpValve}, which knows the
 * clients of trusted proxies, and before listeners and error pages of the application, which may look for the session
 * where the valve of the context does not reach. Applications that bind their sessions to clients install it by
 * themselves; there is one for all of a host, gone with the last of them.
 */
public final class ClientValve extends ValveBase {

    /** Applications start and stop at the same time; of any host, for that is rare enough. */
    private static final Object INSTALLATION = new Object();

    private int users;

    private ClientValve() {
        super(true);
    }

    /** An application begins to need it. */
    static void use(Context context) {
        Container host = context.getParent();
        synchronized (INSTALLATION) {
            ClientValve valve = of(host);
            if (valve == null) {
                valve = new ClientValve();
                // Before it is put in, so that a request which comes just now finds its way on.
                valve.setNext(host.getPipeline().getBasic());
                host.getPipeline().addValve(valve);
            }
            valve.users++;
        }
    }

    /** An application does not need it any more. */
    static void leave(Context context) {
        Container host = context.getParent();
        synchronized (INSTALLATION) {
            ClientValve valve = of(host);
            if (valve != null && --valve.users == 0) {
                host.getPipeline().removeValve(valve);
            }
        }
    }

    private static @Nullable ClientValve of(Container host) {
        for (var valve : host.getPipeline().getValves()) {
            if (valve instanceof ClientValve present) {
                return present;
            }
        }
        return null;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        ClientOfRequest before = ClientOfRequest.of(request).enter();
        try {
            getNext().invoke(request, response);
        } finally {
            ClientOfRequest.leave(before);
        }
    }
}
