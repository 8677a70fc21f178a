package dev.holdfast.tomcat;

import dev.holdfast.session.RequestScope;
import dev.holdfast.session.SessionLockedException;
import dev.holdfast.store.Deadline;
import dev.holdfast.store.StoreException;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.jspecify.annotations.Nullable;

/**
 * Marks where a request enters and leaves the application. The manager installs it by itself, first in the pipeline of
 * its context, so that sessions used by authenticators and other valves are covered, too.
 */
public final class RequestBoundaryValve extends ValveBase {

    private static final int MOST_CAUSES = 20;
    private static final long PAUSE_NANOS = 1_000_000;
    private static final double SHARE_OF_STOP = 0.5;

    private final RedisSessionManager manager;
    private final AtomicInteger inside = new AtomicInteger();

    RequestBoundaryValve(RedisSessionManager manager) {
        super(true);
        this.manager = manager;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        inside.incrementAndGet();
        try {
            if (manager.isRunning()) {
                pass(request, response);
            } else {
                response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE, "The application is stopping");
            }
        } finally {
            inside.decrementAndGet();
        }
    }

    /**
     * Waits until no request is inside the application. Tomcat has waited for the servlets; what is not out yet is on its
     * way out, or stuck.
     *
     * @param stop when the whole stop has to be done
     * @param shutdownTimeout how long that may take; half of it is for this
     */
    void awaitLastRequest(Deadline stop, Duration shutdownTimeout) {
        Deadline deadline = stop.part(SHARE_OF_STOP, shutdownTimeout);
        while (inside.get() > 0 && !deadline.isOver()) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void pass(Request request, Response response) throws IOException, ServletException {
        RequestBoundary boundary = RequestBoundary.of(request, manager);
        RequestScope previous = boundary.enter();
        try {
            boundary.lockSessionAtHand();
            getNext().invoke(request, response);
            answerUnavailable(request, response, errorOf(request));
        } catch (IOException | ServletException | RuntimeException thrown) {
            if (!answerUnavailable(request, response, thrown)) {
                throw thrown;
            }
        } finally {
            boundary.leave(previous);
        }
    }

    private static @Nullable Throwable errorOf(Request request) {
        return request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof Throwable error ? error : null;
    }

    /** A request whose session could not be read is answered with 503: another node, or a moment later, may do better. */
    private static boolean answerUnavailable(Request request, Response response, @Nullable Throwable error)
            throws IOException {
        String reason = whyUnavailable(error);
        if (reason == null || response.isCommitted()) {
            return false;
        }
        request.removeAttribute(RequestDispatcher.ERROR_EXCEPTION);
        response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE, reason);
        return true;
    }

    private static @Nullable String whyUnavailable(@Nullable Throwable error) {
        Throwable cause = error;
        for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
            if (cause instanceof StoreException) {
                return "The session store does not answer";
            }
            if (cause instanceof SessionLockedException) {
                return "Another request uses the session";
            }
            if (cause instanceof UnreadableBindingException) {
                return "The session cannot be read on this node";
            }
            cause = cause instanceof ServletException servlet && servlet.getRootCause() != null
                    ? servlet.getRootCause()
                    : cause.getCause();
        }
        return null;
    }
}
