package example.spec;

import example.probe.Journal;
import example.probe.Journal.Topic;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextAttributeEvent;
import jakarta.servlet.ServletContextAttributeListener;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletRequestAttributeEvent;
import jakarta.servlet.ServletRequestAttributeListener;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;

/** A listener of every kind that an application can register. It writes down what it hears of, under its name. */
public abstract class AllKindsListener
        implements ServletContextListener,
                ServletContextAttributeListener,
                ServletRequestListener,
                ServletRequestAttributeListener,
                HttpSessionListener,
                HttpSessionIdListener,
                HttpSessionAttributeListener {

    private final String name;

    AllKindsListener(String name) {
        this.name = name;
    }

    // ---- the application -------------------------------------------------------------------------------------------

    @Override
    public void contextInitialized(ServletContextEvent event) {
        note(event.getServletContext(), Topic.CONTEXT, "contextInitialized");
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        note(event.getServletContext(), Topic.CONTEXT, "contextDestroyed");
    }

    @Override
    public void attributeAdded(ServletContextAttributeEvent event) {
        noteOwn(event, "attributeAdded");
    }

    @Override
    public void attributeReplaced(ServletContextAttributeEvent event) {
        noteOwn(event, "attributeReplaced");
    }

    @Override
    public void attributeRemoved(ServletContextAttributeEvent event) {
        noteOwn(event, "attributeRemoved");
    }

    /** Tomcat has attributes of its own. */
    private void noteOwn(ServletContextAttributeEvent event, String what) {
        if (event.getName().startsWith("spec.")) {
            note(
                    event.getServletContext(),
                    Topic.CONTEXT_ATTRIBUTE,
                    what + " " + event.getName() + "=" + event.getValue());
        }
    }

    // ---- requests --------------------------------------------------------------------------------------------------

    @Override
    public void requestInitialized(ServletRequestEvent event) {
        note(event.getServletContext(), Topic.REQUEST, "requestInitialized");
    }

    @Override
    public void requestDestroyed(ServletRequestEvent event) {
        note(event.getServletContext(), Topic.REQUEST, "requestDestroyed");
    }

    @Override
    public void attributeAdded(ServletRequestAttributeEvent event) {
        noteOwn(event, "attributeAdded");
    }

    @Override
    public void attributeReplaced(ServletRequestAttributeEvent event) {
        noteOwn(event, "attributeReplaced");
    }

    @Override
    public void attributeRemoved(ServletRequestAttributeEvent event) {
        noteOwn(event, "attributeRemoved");
    }

    private void noteOwn(ServletRequestAttributeEvent event, String what) {
        if (event.getName().startsWith("spec.")) {
            note(
                    event.getServletContext(),
                    Topic.REQUEST_ATTRIBUTE,
                    what + " " + event.getName() + "=" + event.getValue());
        }
    }

    // ---- sessions --------------------------------------------------------------------------------------------------

    @Override
    public void sessionCreated(HttpSessionEvent event) {
        HttpSession session = event.getSession();
        note(session, Topic.SESSION, "sessionCreated " + session.getId());
    }

    /** The attribute of the name "value" shows whether attributes can still be read. */
    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
        HttpSession session = event.getSession();
        note(session, Topic.SESSION, "sessionDestroyed " + session.getId() + " value=" + session.getAttribute("value"));
    }

    @Override
    public void sessionIdChanged(HttpSessionEvent event, String oldSessionId) {
        HttpSession session = event.getSession();
        note(session, Topic.SESSION_ID, "sessionIdChanged " + oldSessionId + " to " + session.getId());
    }

    @Override
    public void attributeAdded(HttpSessionBindingEvent event) {
        note(event, "attributeAdded");
    }

    @Override
    public void attributeReplaced(HttpSessionBindingEvent event) {
        note(event, "attributeReplaced");
    }

    @Override
    public void attributeRemoved(HttpSessionBindingEvent event) {
        note(event, "attributeRemoved");
    }

    private void note(HttpSessionBindingEvent event, String what) {
        note(event.getSession(), Topic.ATTRIBUTE, what + " " + event.getName() + "=" + event.getValue());
    }

    private void note(HttpSession session, Topic topic, String text) {
        note(session.getServletContext(), topic, text);
    }

    private void note(ServletContext application, Topic topic, String text) {
        Journal.note(application, topic, name + " " + text);
    }
}
