package dev.holdfast.tomcat;

import dev.holdfast.model.SessionId;
import dev.holdfast.session.RequestScope;
import dev.holdfast.store.StoreException;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Request;
import org.apache.coyote.HoldfastResponseHook;
import org.apache.juli.logging.Log;
import org.apache.juli.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Knows where a request begins and ends, and commits its sessions before bytes of its response leave.
 *
 * <p>A request enters through the valve, perhaps several times if it is asynchronous. It is over when no application
 * code of it runs any more and its response is complete, in whichever order these come: a servlet may close its response
 * and go on working, and an ordinary one returns long before the connector closes its response.
 *
 * <p>A commit looks for changes in every object that was handed out, so it is not repeated without need: the first bytes
 * and every flush get a whole one; further bytes of a streamed body only write what was set or removed, because looking
 * into all objects for each 8 KB would cost more than the body.
 */
final class RequestBoundary implements HoldfastResponseHook.Listener, AsyncListener {

    private static final Log log = LogFactory.getLog(RequestBoundary.class);
    private static final String NOTE = RequestBoundary.class.getName();
    private static final ThreadLocal<Request> CURRENT_REQUEST = new ThreadLocal<>();

    private final RedisSessionManager manager;
    private final Request request;
    private final RequestScope scope;
    private final @Nullable StoreException unanswered;
    private final ClientBindings bindings;
    private int inside;
    private boolean bytesLeft;
    private boolean responseClosed;
    private volatile boolean over;

    private RequestBoundary(RedisSessionManager manager, Request request) {
        this.manager = manager;
        this.request = request;
        this.scope = new RequestScope(manager.run().repository(), manager.run().locks(request));
        this.unanswered = VersionChoice.take(request.getRequestedSessionId());
        this.bindings = manager.run().bindings();
    }

    /** The boundary of a request that enters the context, made when it enters for the first time. */
    static RequestBoundary of(Request request, RedisSessionManager manager) {
        if (request.getNote(NOTE) instanceof RequestBoundary present && !present.over) {
            return present;
        }
        RequestBoundary created = new RequestBoundary(manager, request);
        request.setNote(NOTE, created);
        created.bindings.entered(created);
        HoldfastResponseHook.install(request.getResponse().getCoyoteResponse(), created);
        return created;
    }

    /**
     * Application code begins to run on this thread.
     *
     * @return to be given to {@link #leave}
     */
    @Nullable
    RequestScope enter() {
        synchronized (this) {
            inside++;
        }
        CURRENT_REQUEST.set(request);
        return scope.enter();
    }

    /** A session that was looked up before the request came here, as by a listener, was looked up without its lock. */
    void lockSessionAtHand() {
        HoldfastSession session = scope.isExclusive() ? manager.looks().atHand(request) : null;
        if (session != null && session.live().isStored() && !session.live().hasEnded()) {
            manager.run().repository().find(session.live().id());
        }
    }

    /** The request that application code of the calling thread works for; null outside a request. */
    static @Nullable Request currentRequest() {
        return CURRENT_REQUEST.get();
    }

    /** The id, with a route, that the client of the calling thread's request sent; null outside a request. */
    static @Nullable String currentRequestedId() {
        Request current = CURRENT_REQUEST.get();
        return current == null ? null : current.getRequestedSessionId();
    }

    /**
     * The session that a client asks for may belong to another version of the application, which could not be asked.
     *
     * @throws StoreException if that is so for the request of the calling thread
     */
    static void requireAnswer(SessionId id) {
        Request current = CURRENT_REQUEST.get();
        if (current != null
                && current.getNote(NOTE) instanceof RequestBoundary boundary
                && boundary.unanswered != null
                && RoutedId.idOf(current.getRequestedSessionId())
                        .filter(id::equals)
                        .isPresent()) {
            throw boundary.unanswered;
        }
    }

    /** Whether the calling thread runs application code of a request to this context. */
    static boolean isInside(Context context) {
        Request current = CURRENT_REQUEST.get();
        return current != null && current.getContext() == context;
    }

    /** The application code has returned. */
    void leave(@Nullable RequestScope previous) {
        RequestScope.exit(previous);
        CURRENT_REQUEST.remove();
        boolean goesOn = request.isAsync();
        boolean commitNow;
        synchronized (this) {
            inside--;
            commitNow = bytesLeft && inside == 0;
        }
        if (goesOn) {
            request.getAsyncContextInternal().addListener(this);
            return;
        }
        if (commitNow) {
            commitLast();
        }
        scope.finish();
        endIfComplete();
    }

    @Override
    public void beforeFlush() {
        if (isCurrent()) {
            prepareFirstBytes();
            commit();
        }
    }

    @Override
    public void beforeWrite() {
        if (!isCurrent()) {
            return;
        }
        if (prepareFirstBytes()) {
            commit();
        } else {
            includeSession();
            guarded(scope::commitExplicitChanges);
        }
    }

    @Override
    public void beforeClose() {
        if (!isCurrent()) {
            return;
        }
        if (!prepareFirstBytes() && scope.isFinished()) {
            includeSession();
            guarded(scope::commitWhatIsTouched);
            guarded(scope::unlock);
        } else {
            commit();
        }
        synchronized (this) {
            responseClosed = true;
        }
        endIfComplete();
    }

    /**
     * Whether the connector still works for this request. It does not tell when a connection breaks, and uses its objects
     * again for another request, perhaps of an application that has nothing to do with us.
     */
    private boolean isCurrent() {
        if (!over && request.getNote(NOTE) != this) {
            abandoned();
        }
        return !over;
    }

    @Override
    public void abandoned() {
        over = true;
        bindings.left(this);
        HoldfastResponseHook.uninstall(request.getResponse().getCoyoteResponse(), this);
        scope.finish();
        scope.close();
    }

    /** Whether these are the first bytes of the response; headers can still be set then. */
    private boolean prepareFirstBytes() {
        synchronized (this) {
            if (bytesLeft) {
                return false;
            }
            bytesLeft = true;
        }
        guarded(() -> RouteCookie.renew(request, manager));
        return true;
    }

    private void commit() {
        if (isLast()) {
            commitLast();
        } else {
            includeSession();
            guarded(scope::commit);
        }
    }

    /** The session is given up before the last bytes leave, so that the client's next request need not wait for it. */
    private void commitLast() {
        includeSession();
        guarded(scope::commitAndUnlock);
    }

    /** Whether the application has done its work, and only the container is still at it. */
    private boolean isLast() {
        synchronized (this) {
            return scope.isFinished() || (inside == 0 && request.isAsyncCompleting());
        }
    }

    /** The session of the request may have been looked up where the valve does not reach, as on an error page. */
    private void includeSession() {
        guarded(() -> {
            HoldfastSession session = manager.looks().atHand(request);
            if (session != null && !session.live().hasEnded()) {
                scope.include(session.live());
            }
        });
    }

    private void endIfComplete() {
        synchronized (this) {
            if (over || !responseClosed || inside > 0 || !scope.isFinished()) {
                return;
            }
            over = true;
        }
        bindings.left(this);
        HoldfastResponseHook.uninstall(request.getResponse().getCoyoteResponse(), this);
        scope.close();
    }

    /** A response must not break because of us: trouble with the store is reported where it happens, the rest here. */
    private static void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException unexpected) {
            log.error(
                    "HF-309 Unexpected error at the boundary of a response, which is sent all the same. Changes of its"
                            + " session stay in this node's memory, and are written with its next commit here. Please"
                            + " report this.",
                    unexpected);
        }
    }

    @Override
    public void onComplete(AsyncEvent event) {
        commitLast();
        scope.finish();
        endIfComplete();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        // The application's own listeners decide; completion follows in any case.
    }

    @Override
    public void onError(AsyncEvent event) {
        // As for a time-out.
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        event.getAsyncContext().addListener(this);
    }
}
