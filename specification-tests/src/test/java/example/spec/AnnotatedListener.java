package example.spec;

import example.probe.Journal;
import example.probe.Journal.Topic;
import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;

/** Found by its annotation, and not named in {@code web.xml}. */
@WebListener
public final class AnnotatedListener implements HttpSessionListener, HttpSessionAttributeListener {

    @Override
    public void sessionCreated(HttpSessionEvent event) {
        Journal.note(event.getSession().getServletContext(), Topic.SESSION, "annotated sessionCreated");
    }

    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
        Journal.note(event.getSession().getServletContext(), Topic.SESSION, "annotated sessionDestroyed");
    }

    @Override
    public void attributeAdded(HttpSessionBindingEvent event) {
        Journal.note(
                event.getSession().getServletContext(), Topic.ATTRIBUTE, "annotated attributeAdded " + event.getName());
    }
}
