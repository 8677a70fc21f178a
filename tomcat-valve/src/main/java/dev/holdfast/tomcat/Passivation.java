package dev.holdfast.tomcat;

import dev.holdfast.session.CopyLifecycle;
import dev.holdfast.session.LiveSession;
import jakarta.servlet.http.HttpSessionActivationListener;
import jakarta.servlet.http.HttpSessionEvent;
import java.util.Map;
import org.apache.catalina.Context;
import org.apache.catalina.Session;
import org.apache.tomcat.util.ExceptionUtils;

/**
 * Tells Tomcat's session objects and the attributes of the application when a copy of a session comes to this node or
 * leaves it. Servlet 6.0, 7.7.2. Under the class loader of the web application: who calls is often a thread of ours.
 *
 * <p>Tomcat's event of an activated session is not fired: its listeners are added to a session object, and that of a copy
 * that has just come is new and has none.
 */
final class Passivation implements CopyLifecycle {

    private final RedisSessionManager manager;
    private final SessionObjects objects;

    Passivation(RedisSessionManager manager, SessionObjects objects) {
        this.manager = manager;
        this.objects = objects;
    }

    /** A login that is not shared, and what a login by form has noted. */
    @Override
    public boolean keepsMore(LiveSession copy) {
        HoldfastSession session = objects.present(copy);
        return session != null && session.keepsMoreThanItsCopy();
    }

    @Override
    public boolean isListener(Object value) {
        return value instanceof HttpSessionActivationListener;
    }

    @Override
    public void willPassivate(LiveSession copy, Map<String, Object> listeners, FailedListener failed) {
        HoldfastSession session = listeners.isEmpty() ? objects.present(copy) : objects.presentOrPassing(copy);
        if (session == null) {
            return;
        }
        underApplication(() -> {
            session.fireSessionEvent(Session.SESSION_PASSIVATED_EVENT, null);
            HttpSessionEvent event = new HttpSessionEvent(session.getSession());
            listeners.forEach((name, listener) -> {
                try {
                    ((HttpSessionActivationListener) listener).sessionWillPassivate(event);
                } catch (Throwable thrown) {
                    ExceptionUtils.handleThrowable(thrown);
                    failed.failed(name, thrown);
                }
            });
        });
    }

    @Override
    public void didActivate(LiveSession copy, Object value) {
        HttpSessionEvent event =
                new HttpSessionEvent(objects.presentOrPassing(copy).getSession());
        underApplication(() -> ((HttpSessionActivationListener) value).sessionDidActivate(event));
    }

    @Override
    public void left(LiveSession copy) {
        objects.left(copy);
    }

    private void underApplication(Runnable step) {
        Context context = manager.getContext();
        ClassLoader before = context.bind(false, null);
        try {
            step.run();
        } finally {
            context.unbind(false, before);
        }
    }
}
