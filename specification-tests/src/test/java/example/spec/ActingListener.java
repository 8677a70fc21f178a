package example.spec;

import example.probe.Journal;
import example.probe.Journal.Topic;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;

/** A listener that does not only listen: whatever it hears of, it changes the session. */
public final class ActingListener
        implements HttpSessionListener, HttpSessionIdListener, HttpSessionAttributeListener, ServletRequestListener {

    @Override
    public void sessionCreated(HttpSessionEvent event) {
        event.getSession().setAttribute("greeting", "hello");
        event.getSession().setMaxInactiveInterval(42);
    }

    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
        HttpSession session = event.getSession();
        session.setAttribute("last", "words");
        String readable = (String) session.getAttribute("last");
        session.removeAttribute("greeting");
        session.invalidate();
        Journal.note(
                session.getServletContext(),
                Topic.SESSION,
                "acting sessionDestroyed last=" + readable + " greeting=" + session.getAttribute("greeting"));
    }

    @Override
    public void sessionIdChanged(HttpSessionEvent event, String oldSessionId) {
        event.getSession().setAttribute("oldId", oldSessionId);
    }

    @Override
    public void attributeAdded(HttpSessionBindingEvent event) {
        if (event.getName().equals("a")) {
            event.getSession().setAttribute("copyOfA", event.getValue());
        }
    }

    @Override
    public void attributeReplaced(HttpSessionBindingEvent event) {
        if (event.getName().equals("a")) {
            event.getSession().setAttribute("formerA", event.getValue());
        }
    }

    @Override
    public void attributeRemoved(HttpSessionBindingEvent event) {
        if (event.getName().equals("a")) {
            event.getSession().removeAttribute("copyOfA");
        }
    }

    @Override
    public void requestInitialized(ServletRequestEvent event) {
        HttpServletRequest request = (HttpServletRequest) event.getServletRequest();
        HttpSession session = request.getSession(false);
        if (session != null) {
            Object requests = session.getAttribute("requests");
            session.setAttribute("requests", requests == null ? 1 : (Integer) requests + 1);
        }
    }
}
